"""Messages by mail to a real SMTP server, and by webhook to a real HTTP server."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from click.testing import CliRunner
from starlette.responses import Response

from gateway.alerts.mail import Account, Mail
from gateway.alerts.message import Message, Told
from gateway.alerts.webhook import Webhook
from gateway.cli.main import root
from gateway.connectors.http import signature
from gateway.core.errors import ConnectorError, DeliveryRefusedError
from tests.connectors.receiving import Authority, receiver

_SECRET = "whsec_" + "c2VjcmV0" * 6
_TOLD = Told(
    what="opened",
    id=7,
    kind="transmissions",
    subject="far/stopped",
    severity="critical",
    text="Transmissions at far that are stopped: 2.",
    count=2,
    since="2026-11-23T08:15:00.000000Z",
)
MESSAGE = Message(id="alerts-1-2", gateway="dock", alerts=(_TOLD,))


class Postman:
    """Keeps the mails; ``refuse`` is the reply to recipients instead."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.refuse = ""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(envelope)
        return "250 OK"


def _login(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"dock", b"sesame")
    return AuthResult(success=good, handled=False)


class Office:
    """A mail server with a certificate and one account."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.authority = Authority(folder)
        chain, key = self.authority.issue("localhost")
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(chain, key)
        self.postman = Postman()
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.port = taken.getsockname()[1]
        self.controller = Controller(
            self.postman, hostname="127.0.0.1", port=self.port, tls_context=tls, authenticator=_login, **options
        )
        self.controller.start()

    def mail(self, **changed: Any) -> Mail:
        account = Account("localhost", self.port, "starttls", "dock", "sesame", str(self.authority.ca))
        return Mail(account._replace(**changed), "dock@example.com", ["ada@example.com", "bob@example.com"])


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    found = Office(tmp_path, require_starttls=True, auth_required=True)
    yield found
    found.controller.stop()


def test_a_mail_goes_over_starttls_with_a_password(office: Office) -> None:
    office.mail().send(MESSAGE)
    (envelope,) = office.postman.mails
    assert envelope.rcpt_tos == ["ada@example.com", "bob@example.com"]
    content = envelope.content.decode()
    assert "Subject: [dock] Alerts: 1 new" in content
    assert "! Transmissions at far that are stopped: 2." in content
    assert "Message-ID: <alerts-1-2@example.com>" in content


@pytest.mark.parametrize(
    ("changed", "permanent"),
    [({"password": "wrong"}, True), ({"ca": ""}, False), ({"user": "", "password": ""}, True)],
)
def test_what_the_mail_server_does_not_want_is_told(office: Office, changed: dict[str, Any], permanent: bool) -> None:
    with pytest.raises(ConnectorError) as raised:
        office.mail(**changed).send(MESSAGE)
    assert isinstance(raised.value, DeliveryRefusedError) == permanent
    assert "sesame" not in str(raised.value)
    assert office.postman.mails == []


@pytest.mark.parametrize(("reply", "permanent"), [("550 no such user", True), ("450 later", False)])
def test_a_refused_recipient_is_tried_again_only_where_that_may_help(
    office: Office, reply: str, permanent: bool
) -> None:
    office.postman.refuse = reply
    with pytest.raises(ConnectorError) as raised:
        office.mail().send(MESSAGE)
    assert isinstance(raised.value, DeliveryRefusedError) == permanent


def test_no_password_goes_to_a_server_without_tls(tmp_path: Path) -> None:
    postman = Postman()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    controller = Controller(postman, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        account = Account("127.0.0.1", port, "starttls", "dock", "sesame")
        with pytest.raises(ConnectorError, match="STARTTLS"):
            Mail(account, "dock@example.com", ["ada@example.com"]).send(MESSAGE)
        Mail(account._replace(security="none", user=""), "dock@example.com", ["ada@example.com"]).send(MESSAGE)
        assert len(postman.mails) == 1
    finally:
        controller.stop()


def test_a_mail_server_that_is_away_is_trouble_of_the_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ConnectorError) as raised:
        Mail(Account("127.0.0.1", port, "none"), "a@example.com", ["b@example.com"]).send(MESSAGE)
    assert raised.value.retryable


def test_a_webhook_is_signed() -> None:
    with receiver() as found:
        Webhook(found.url, _SECRET).send(MESSAGE)
    (got,) = found.requests
    stamp = int(got.headers["webhook-timestamp"])
    assert signature.verify([signature.secret_bytes(_SECRET)], got.headers, got.body, stamp)
    assert got.headers["webhook-id"] == "alerts-1-2"
    told = msgspec.json.decode(got.body)
    assert told["type"] == "crossdock.alerts"
    assert told["data"]["alerts"][0]["text"] == "Transmissions at far that are stopped: 2."


@pytest.mark.parametrize(("status", "permanent"), [(500, False), (429, False), (404, True), (302, False)])
def test_a_webhook_that_says_no(status: int, permanent: bool) -> None:
    with receiver() as found:
        found.answers = [lambda got: Response(status_code=status)]
        with pytest.raises(ConnectorError) as raised:
            Webhook(found.url).send(MESSAGE)
    assert isinstance(raised.value, DeliveryRefusedError) == permanent


def test_crossdock_alerts_test_tries_each_channel(office: Office, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "partners").mkdir(parents=True)
    (home / "password").write_text("sesame\n")
    with receiver() as found:
        (home / "crossdock.toml").write_text(
            f'[alerts]\nwebhook = "{found.url}"\nmail_to = "ada@example.com"\nmail_from = "dock@example.com"\n'
            f'mail_server = "localhost:{office.port}"\nmail_user = "dock"\nmail_password = "file:password"\n'
            f'mail_ca = "{office.authority.ca}"\n'
        )
        ran = CliRunner().invoke(root, ["--home", str(home), "alerts", "test", "--json"], catch_exceptions=False)
        assert [msgspec.json.decode(line) for line in ran.stdout.splitlines()] == [
            {"channel": "webhook", "state": "sent", "error": None},
            {"channel": "mail", "state": "sent", "error": None},
        ]
        assert "test of the channels" in office.postman.mails[0].content.decode()
        found.answers = [lambda got: Response(status_code=500)]
        ran = CliRunner().invoke(root, ["--home", str(home), "alerts", "test"], catch_exceptions=False)
        assert ran.exit_code == 1
        assert "answered 500" in ran.stdout


def test_listing_and_muting(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "partners").mkdir(parents=True)

    def crossdock(*words: str) -> Any:
        return CliRunner().invoke(root, ["--home", str(home), *words], catch_exceptions=False)

    assert "Nothing needs" in crossdock("alerts").stdout
    from gateway.alerts import Condition, Ledger
    from gateway.alerts.watch import Found
    from gateway.service import Service

    service = Service.open(home)
    ledger = Ledger(service.database, [], 0, 10**15)
    condition = Condition(kind="transmissions", subject="far/stopped", values={"endpoint": "far", "status": "stopped"})
    ledger.write(Found([condition], frozenset()), service.clock.now())
    (row,) = [msgspec.json.decode(line) for line in crossdock("alerts", "--json").stdout.splitlines()]
    assert (row["state"], row["text"]) == ("open", "Transmissions at far that are stopped: 1.")
    assert "quiet until" in crossdock("alerts", "mute", str(row["id"]), "--for", "2h").stdout
    assert msgspec.json.decode(crossdock("alerts", "--json").stdout)["state"] == "muted"
    assert crossdock("alerts", "mute", "999", "--for", "2h").exit_code == 1
    assert crossdock("alerts", "mute", str(row["id"]), "--for", "soon").exit_code == 2
    ledger.write(Found([], frozenset()), service.clock.now())
    assert "Nothing needs" in crossdock("alerts").stdout
    assert msgspec.json.decode(crossdock("alerts", "--all", "--json").stdout)["state"] == "over"
    service.close()


def test_threads_tell_what_the_database_says(tmp_path: Path) -> None:
    """The whole of it: a transmission that is stopped becomes one message, by the threads of a gateway."""
    from gateway.service import Service
    from tests.work.far import eventually

    home = tmp_path / "home"
    (home / "partners").mkdir(parents=True)
    with receiver() as found:
        settings = f'[alerts]\nwebhook = "{found.url}"\nevery_seconds = 0.05\ngather_seconds = 0.01\n'
        (home / "crossdock.toml").write_text(settings)
        service = Service.open(home)
        office, stop = service.office(), threading.Event()
        threads = [threading.Thread(target=run, args=(stop,)) for run in (office.run, office.notifiers[0].run)]
        for thread in threads:
            thread.start()
        try:
            office.watch.report("worker", "processes", "exit code -9")
            eventually(lambda: bool(found.requests))
        finally:
            stop.set()
            for thread in threads:
                thread.join()
            service.close()
    assert "exit code -9" in found.requests[0].body.decode()
