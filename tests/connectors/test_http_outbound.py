"""Deliveries by HTTP to a real server: what is sent, what each answer means, and what is never done."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response, StreamingResponse

from gateway.connectors.http import HttpOutbox, OutboundOptions, address, probe
from gateway.connectors.http.answers import pause_asked_for
from gateway.connectors.http.outbound import delivery_id
from gateway.connectors.http.signature import secret_bytes, verify
from gateway.core.errors import ConfigurationError, ConnectorError, DeliveryRefusedError
from gateway.core.ports import Departure
from gateway.core.strict import convert
from tests.chaos.proxy import CLIENT, ChaosProxy, cut, delay, half_close, refuse, reset, stall, truncate
from tests.connectors.receiving import Authority, Got, Receiver, receiver

SECRETS = {
    "env:ONE": "whsec_" + "YWJj" * 11,
    "env:TWO": "whsec_" + "ZGVm" * 11,
    "env:TOKEN": "t0ken",
    "env:PASSWORD": "pässword",
}


@pytest.fixture(scope="module")
def _running() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


@pytest.fixture
def far(_running: Receiver) -> Receiver:
    _running.requests.clear()
    _running.answers.clear()
    return _running


OPENED: list[HttpOutbox] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


def outbox(url: str, home: Path = Path(), **options: Any) -> HttpOutbox:
    checked = convert({"url": url, "seconds": 5.0, **options}, OutboundOptions, "test")
    OPENED.append(HttpOutbox(checked, SECRETS.__getitem__, home, name="erp-hook"))
    return OPENED[-1]


def departure(number: int = 1, body: bytes = b'{"document":"Order"}\n', name: str = "orders-1.jsonl") -> Departure:
    return Departure(transmission=number, endpoint="erp-hook", name=name, body=body)


def status(code: int, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda got: Response(b"no thank you\r\n", code, headers=named)


def test_a_delivery_is_the_body_as_it_is_signed_by_both_secrets(far: Receiver) -> None:
    door = outbox(far.url, secret="env:ONE", previous_secret="env:TWO", token="env:TOKEN")
    (found,) = door.deliver([departure()])
    assert (found.error, found.receipt) == (None, "204")
    (got,) = far.requests
    assert (got.method, got.path, got.body) == ("POST", "/hook", b'{"document":"Order"}\n')
    assert got.headers["content-type"] == "application/json"
    assert got.headers["content-disposition"] == 'attachment; filename="orders-1.jsonl"'
    assert got.headers["authorization"] == "Bearer t0ken"
    assert got.headers["host"] == f"localhost:{far.port}"
    assert got.headers["idempotency-key"] == got.headers["webhook-id"] == delivery_id(departure())
    for name in ("env:ONE", "env:TWO"):
        assert verify([secret_bytes(SECRETS[name])], got.headers, got.body, int(time.time()))
    assert len(got.headers["webhook-signature"].split()) == 2
    door.close()


def test_put_names_the_resource_and_basic_authentication_and_headers_of_ones_own(far: Receiver) -> None:
    url = f"http://127.0.0.1:{far.port}/in/{{name}}?id={{id}}"
    headers = {"X-Api-Key": "env:TOKEN", "X-Plain": "yes"}
    door = outbox(url, method="PUT", user="erp", password="env:PASSWORD", headers=headers)
    (found,) = door.deliver([departure(name="a b/ü.x12", body=b"ISA")])
    (got,) = far.requests
    assert found.error is None
    assert (got.method, got.path) == ("PUT", "/in/a b/ü.x12")
    assert got.headers["content-type"] == "application/EDI-X12"
    assert got.headers["authorization"] == "Basic ZXJwOnDDpHNzd29yZA=="
    assert (got.headers["x-api-key"], got.headers["x-plain"]) == ("t0ken", "yes")
    assert "webhook-signature" not in got.headers
    door.close()


@pytest.mark.parametrize("code", [408, 425, 429, 500, 503, 599])
def test_not_now_is_tried_again(far: Receiver, code: int) -> None:
    far.answers.append(status(code, retry_after="120"))
    (found,) = outbox(far.url).deliver([departure()])
    assert found.error is not None
    assert f"answered {code}: no thank you" in found.error
    assert (found.retryable, found.retry_after, found.untried) == (True, 120.0, False)


def test_wrong_credentials_are_to_be_mended_and_are_not_shown_again_for_the_rest(far: Receiver) -> None:
    far.answers.append(status(401))
    first, second = outbox(far.url).deliver([departure(), departure(2)])
    assert first.mend
    assert "Are the token or the user and the password right?" in (first.error or "")
    assert second.untried
    assert len(far.requests) == 1


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 410, 413, 415, 422])
def test_no_is_a_refusal_with_the_reason(far: Receiver, code: int) -> None:
    far.answers.append(status(code))
    (found,) = outbox(far.url + "?key=hidden").deliver([departure()])
    assert found.error is not None
    assert f"/hook answered {code}: no thank you" in found.error
    assert not found.retryable
    assert "hidden" not in found.error


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_a_redirection_is_not_followed(far: Receiver, code: int) -> None:
    far.answers.append(status(code, location="http://elsewhere.example/"))
    (found,) = outbox(far.url).deliver([departure()])
    assert found.error is not None
    assert "http://elsewhere.example/" in found.error
    assert not found.retryable
    assert len(far.requests) == 1


def test_a_long_answer_is_not_read_to_its_end(far: Receiver) -> None:
    def endless(got: Got) -> Response:
        return StreamingResponse(iter(lambda: b"x" * 4096, b""), 400)

    far.answers.append(endless)
    (found,) = outbox(far.url).deliver([departure()])
    assert found.error is not None
    assert len(found.error) < 500
    assert not found.retryable


def test_a_receiver_that_drips_is_left_when_the_time_is_up() -> None:
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not stop.wait(0.05):
                    try:
                        connection.sendall(b"X-A: b\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        door = outbox(f"http://127.0.0.1:{listening.getsockname()[1]}/", seconds=0.4)
        found = door.deliver([departure(), departure(2)])
        stop.set()
        thread.join()
    assert found[0].error is not None
    assert "within 0.4 seconds" in found[0].error
    assert found[0].retryable
    assert found[1].untried


def test_nobody_there_and_no_such_name_are_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    found = outbox(f"http://127.0.0.1:{port}/").deliver([departure(1), departure(2)])
    assert found[0].error is not None
    assert "Connection refused" in found[0].error
    assert found[0].retryable
    assert (found[0].untried, found[1].untried) == (False, True)
    (found,) = outbox("http://no-such-host.invalid/").deliver([departure()])
    assert found.error is not None
    assert "no-such-host.invalid" in found.error
    assert found.retryable


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/latest/meta-data", "http://[fe80::1]/", "http://[::ffff:169.254.169.254]/",
            "http://0.0.0.0/", "http://[fd00:ec2::254]/", "http://[fd20:ce::254]/", "http://100.100.100.200/", "http://0xa9fea9fe/",
            "http://[64:ff9b::a9fe:a9fe]/"]
)  # fmt: skip
def test_metadata_and_link_local_addresses_are_never_called(url: str) -> None:
    (found,) = outbox(url).deliver([departure()])
    assert found.error is not None
    assert not found.retryable
    assert "link_local = true" in found.error


def test_which_addresses_are_near() -> None:
    near = ("127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.9", "::1", "fd12::1", "::ffff:10.0.0.1")
    far = ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8")
    assert all(address.is_near(ipaddress.ip_address(text)) for text in near)
    assert not any(address.is_near(ipaddress.ip_address(text)) for text in far)


def test_plain_http_leaves_the_private_network_only_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "addresses", lambda *a, **k: [ipaddress.ip_address("8.8.8.8")])
    with pytest.raises(DeliveryRefusedError, match="plain_http = true"):
        outbox("http://erp.example/").send(departure())


def test_certificates_are_verified_against_the_name_and_an_own_authority(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with receiver(authority) as far:
        (found,) = outbox(far.url).deliver([departure()])
        assert found.error is not None
        assert "not trusted" in found.error
        assert "ca =" in found.error
        (found,) = outbox(far.url, tmp_path, ca="ca.pem").deliver([departure()])
        assert found.error is None
        other = far.url.replace("localhost", "127.0.0.1")
        (found,) = outbox(other, tmp_path, ca="ca.pem").deliver([departure()])
        assert found.error is not None
        assert "not trusted" in found.error
    assert len(far.requests) == 1


def test_a_receiver_that_asks_for_our_certificate_gets_it(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.issue("gateway.example")
    with receiver(authority, mutual=True) as far:
        (found,) = outbox(far.url, tmp_path, ca="ca.pem").deliver([departure()])
        assert found.error is not None
        assert found.retryable
        own = {"certificate": "gateway.example.pem", "certificate_key": "gateway.example.key"}
        (found,) = outbox(far.url, tmp_path, ca="ca.pem", **own).deliver([departure()])
        assert found.error is None


@pytest.mark.parametrize(
    "options",
    [
        {"url": "ftp://erp.example/"},
        {"url": "https://user:pass@erp.example/"},
        {"url": "https://erp.example/#part"},
        {"url": "https://erp.example/", "ca": "nothing.pem"},
        {"url": "https://erp.example/", "token": "env:TOKEN", "user": "erp"},
        {"url": "https://erp.example/", "headers": {"X-Ü": "1"}},
        {"url": "https://erp.example/", "headers": {"X-A": "a\r\nB: c"}},
        {"url": "https://erp.example/", "secret": "env:TOKEN"},
    ],
)
def test_wrong_options_are_told(options: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        outbox(options.pop("url"), tmp_path, **options).check()


def test_pauses() -> None:
    assert pause_asked_for("7", 0) == 7.0
    assert pause_asked_for("Wed, 21 Oct 2015 07:28:00 GMT", 1445412470) == 10.0
    assert pause_asked_for("999999999999", 0) == 24 * 3600
    assert pause_asked_for("Wed, 21 Oct 2015 07:28:00 GMT", 2e9) == 0.0
    assert [pause_asked_for(text, 0) for text in ("", "soon", "-3", "１")] == [None] * 4


FAULTS = [
    [refuse()], [cut(30)], [reset(10)], [half_close(40)], [truncate(60)], [cut(5, CLIENT)], [reset(20, CLIENT)],
    [truncate(10, CLIENT)], [stall(15, CLIENT)], [delay(0.05)],
]  # fmt: skip


def test_faults_of_the_network_lose_nothing_and_repeats_have_the_same_id(far: Receiver) -> None:
    departures = [departure(n, body=b'{"n":%d}' % n) for n in range(1, 6)]
    with ChaosProxy(("127.0.0.1", far.port), *FAULTS) as proxy:
        door = outbox(f"http://127.0.0.1:{proxy.port}/hook", seconds=0.5, secret="env:ONE")
        waiting, tries = departures, 0
        while waiting and tries < 60:
            outcomes = door.deliver(waiting)
            assert all(outcome.retryable for outcome in outcomes)
            done = {outcome.transmission for outcome in outcomes if outcome.error is None}
            waiting = [each for each in waiting if each.transmission not in done]
            tries += 1
        door.close()
        assert proxy.struck >= 8
    assert not waiting
    seen: dict[str, set[bytes]] = {}
    for got in far.requests:
        seen.setdefault(got.headers["webhook-id"], set()).add(got.body)
    assert seen == {delivery_id(each): {each.body} for each in departures}


def test_two_threads_use_one_door(far: Receiver) -> None:
    door = outbox(far.url)
    errors: list[str | None] = []
    jobs = [[departure(10 * n + k) for k in range(5)] for n in range(4)]
    threads = [threading.Thread(target=lambda j=job: errors.extend(o.error for o in door.deliver(j))) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    door.close()
    assert errors == [None] * 20
    assert len({got.headers["webhook-id"] for got in far.requests}) == 20


def test_a_name_without_an_address_is_no_refusal() -> None:
    with pytest.raises(ConnectorError) as caught:
        address.addresses("no-such-host.invalid", 80)
    assert caught.value.retryable


def steps(url: str, base: Path, **options: Any) -> list[tuple[str, bool]]:
    return [(step.name, step.ok) for step in probe({"url": url, **options}, "out", base)]


def test_a_probe_walks_to_the_receiver_and_delivers_nothing(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    base = tmp_path / "exchange"
    (tmp_path / "crossdock.toml").write_text("")
    with receiver(authority) as far:
        assert steps(far.url, base, ca="ca.pem") == [
            ("name", True), ("connection", True), ("certificate", True), ("answer", True)]  # fmt: skip
        assert steps(far.url, base) == [("name", True), ("connection", True), ("certificate", False)]
    assert far.requests == []
    assert steps("http://no-such-host.invalid/", base) == [("name", False)]
    assert steps(far.url, base, ca="ca.pem")[1:] == [("connection", False)]
    assert steps("http://169.254.169.254/", base) == [("name", False)]


@pytest.mark.parametrize(("status", "good"), [(501, True), (500, False)])
def test_a_receiver_that_does_not_know_options_is_no_failure(
    far: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, good: bool
) -> None:
    monkeypatch.setattr(HttpOutbox, "ask", lambda self, method: status)
    (tmp_path / "crossdock.toml").write_text("")
    assert steps(far.url, tmp_path / "exchange")[-1] == ("answer", good)


def test_a_secret_that_is_missing_is_no_refusal_and_one_that_changes_is_taken(
    far: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.connectors.http.credentials.HOLDS", 0.0)
    held: dict[str, str] = {}

    def secrets(reference: str) -> str:
        if reference not in held:
            raise ConfigurationError("the variable ONE is not set.", file="crossdock.toml")
        return held[reference]

    door = HttpOutbox(convert({"url": far.url, "secret": "env:ONE"}, OutboundOptions, "test"), secrets, Path())
    OPENED.append(door)
    (found,) = door.deliver([departure()])
    assert found.retryable
    assert found.error is not None
    assert "the variable ONE is not set" in found.error
    for name in ("env:ONE", "env:TWO"):
        held["env:ONE"] = SECRETS[name]
        (found,) = door.deliver([departure()])
        assert found.error is None
        got = far.requests[-1]
        assert verify([secret_bytes(SECRETS[name])], got.headers, got.body, int(time.time()))


def test_a_certificate_that_is_exchanged_is_taken_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.connectors.http.credentials.HOLDS", 0.0)
    (tmp_path / "other").mkdir()
    wrong, right = Authority(tmp_path / "other"), Authority(tmp_path)
    own = tmp_path / "own.pem"
    own.write_bytes(wrong.ca.read_bytes())
    with receiver(right) as far:
        door = outbox(far.url, tmp_path, ca="own.pem")
        (found,) = door.deliver([departure()])
        assert found.error is not None
        own.write_bytes(right.ca.read_bytes())
        (found,) = door.deliver([departure()])
        assert found.error is None
