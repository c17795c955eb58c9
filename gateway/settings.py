"""The keys of the configuration, what they mean and what holds when they are left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from gateway.core.strict import described, key

PREFIX = "CROSSDOCK_"

#: HOST:PORT, or nothing.
ADDRESS = r"^$|^.+:[0-9]{1,5}$"

#: 90s, 30m, 24h, 2d.
SPAN = r"^[1-9][0-9]{0,6}[smhd]$"


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a sender may make us do; an agreement may set other bounds."""

    transmission_bytes: Annotated[int, key("The largest file that `crossdock receive` takes.", ge=1)] = (
        256 * 1024 * 1024
    )
    document_bytes: Annotated[int, key("The longest document that is read.", ge=1)] = 32 * 1024 * 1024
    segment_bytes: Annotated[int, key("The longest segment that is read.", ge=1)] = 1024 * 1024
    issues_per_document: Annotated[int, key("Issues that are listed for one document.", ge=1)] = 100
    document_segments: Annotated[int, key("The most segments of a document that is read.", ge=1)] = 1_000_000


class Store(msgspec.Struct, frozen=True, kw_only=True):
    """Where large payloads are: apart from the database, each in a file that is named by its content."""

    payloads: Annotated[
        str,
        key("Their folder; with several machines one that all share. It belongs to the backup.", min_length=1),
    ] = "{home}/payloads"
    memory_bytes: Annotated[
        int, key("What is larger than this while it comes in goes on in a file, and stays in one.", ge=4096)
    ] = 1024 * 1024


class Batches(msgspec.Struct, frozen=True, kw_only=True):
    """How much a worker takes at once, and how long it may hold it."""

    documents: Annotated[int, key("Documents of one batch at most.", ge=1)] = 256
    bytes: Annotated[int, key("Bytes of one batch at most; one document may be larger.", ge=1)] = 4 * 1024 * 1024
    lease_seconds: Annotated[float, key("A worker that says nothing for so long loses its batch.", gt=0)] = 60.0
    sweep_seconds: Annotated[float, key("How often lost leases and due retries are looked for.", gt=0)] = 1.0


class Log(msgspec.Struct, frozen=True, kw_only=True):
    """The log on stderr."""

    format: Annotated[
        Literal["auto", "console", "json"],
        key("Lines for people, or one JSON object a line; auto: for people on a terminal, otherwise JSON."),
    ] = "auto"
    level: Annotated[Literal["debug", "info", "warning", "error"], key("The least that is written.")] = "info"


class Sftp(msgspec.Struct, frozen=True, kw_only=True):
    """The SFTP server that partners call."""

    listen: Annotated[
        str,
        key('Address and port: "0.0.0.0:2222", "[::]:2222". Left empty: nobody is listened to.', pattern=ADDRESS),
    ] = ""
    folder: Annotated[
        str, key("Where our host keys and unfinished uploads are; made when it is missing.", min_length=1)
    ] = "{home}/sftp"
    connections: Annotated[int, key("Connections at a time; beyond, strangers make room.", ge=1)] = 500
    connections_per_address: Annotated[int, key("Connections from one address (IPv6: a /64) at a time.", ge=1)] = 50
    connections_per_account: Annotated[int, key("Connections of one account at a time.", ge=1)] = 20
    handshake_seconds: Annotated[float, key("A client that has not exchanged keys by then is turned out.", gt=0)] = 15.0
    login_seconds: Annotated[float, key("One that has not logged in by then is turned out.", gt=0)] = 60.0
    idle_seconds: Annotated[float, key("One that asks for nothing for so long is turned out.", gt=0)] = 600.0
    login_attempts: Annotated[int, key("Wrong keys and passwords of one connection.", ge=1)] = 6
    wrong_passwords_per_address: Annotated[
        int, key("Wrong passwords from one address in ten minutes; beyond, nobody is let in from there.", ge=1)
    ] = 60


class Web(msgspec.Struct, frozen=True, kw_only=True):
    """The HTTP API, with health and metrics."""

    listen: Annotated[
        str, key('Address and port: "127.0.0.1:8470", "[::]:8470". Left empty: nobody is listened to.', pattern=ADDRESS)
    ] = ""
    certificate: Annotated[
        str, key("A file with our certificate and its chain (PEM), from the home. Left empty: a proxy does TLS.")
    ] = ""
    certificate_key: Annotated[str, key("The file with its private key (PEM). Left empty: it is in `certificate`.")] = (
        msgspec.field(name="key", default="")
    )
    proxies: Annotated[
        str,
        key(
            'Proxies whose word about the caller\'s address is believed (X-Forwarded-For): "127.0.0.1, 10.0.0.0/8". '
            "Left empty: nobody's."
        ),
    ] = ""
    connections: Annotated[int, key("Connections at a time.", ge=1)] = 500
    connections_per_address: Annotated[
        int, key("Connections from one address at a time; a proxy of `proxies` has no such bound.", ge=1)
    ] = 50
    requests: Annotated[int, key("Requests in hand at a time.", ge=1)] = 250
    requests_per_address: Annotated[
        int, key("Requests of one address in hand at a time, behind proxies too.", ge=1)
    ] = 50
    threads: Annotated[int, key("Requests that read the database at a time.", ge=1, le=40)] = 8
    memory_bytes: Annotated[int, key("Bodies that are held in memory at a time, in all.", ge=1)] = 256 * 1024 * 1024
    header_seconds: Annotated[
        float, key("A caller that has not sent its headers by then, or not ended the TLS handshake, is cut.", gt=0)
    ] = 10.0
    seconds: Annotated[float, key("One that neither sends its body nor reads the answer for so long is cut.", gt=0)] = (
        30.0
    )
    grace_seconds: Annotated[float, key("How long it may be slower than `bytes_per_second`.", gt=0)] = 20.0
    bytes_per_second: Annotated[
        int, key("The least speed of a body that is sent, and of an answer that is read, after the grace.", ge=1)
    ] = 4096


class As2(msgspec.Struct, frozen=True, kw_only=True):
    """The door that partners post AS2 messages and MDNs to."""

    listen: Annotated[
        str, key('Address and port: "0.0.0.0:4080", "[::]:4080". Left empty: nobody is listened to.', pattern=ADDRESS)
    ] = ""
    url: Annotated[
        str,
        key(
            'What partners call us by, "https://as2.acme.example/": they send asynchronous MDNs there.',
            pattern=r"^$|^https?://[^\s/?#@]+(/[^\s#]*)?$",
        ),
    ] = ""
    processes: Annotated[
        int, key("Processes that listen on the one port, each with an own thread of the record.", ge=1, le=64)
    ] = 1
    threads: Annotated[int, key("Messages that one process has in hand at a time.", ge=1, le=64)] = 8
    certificate: Annotated[
        str, key("A file with our certificate and its chain (PEM), from the home. Left empty: a proxy does TLS.")
    ] = ""
    certificate_key: Annotated[str, key("The file with its private key (PEM). Left empty: it is in `certificate`.")] = (
        msgspec.field(name="key", default="")
    )
    client_ca: Annotated[
        str, key("A file of certificates (PEM): callers show one that they issued. Left empty: they need none.")
    ] = ""
    proxies: Annotated[str, key("Proxies whose word about the caller's address is believed, as in [web].")] = ""
    connections: Annotated[int, key("Connections of one process at a time.", ge=1)] = 500
    connections_per_address: Annotated[int, key("Of these from one address.", ge=1)] = 50
    memory_bytes: Annotated[int, key("Bodies that one process holds in memory at a time, in all.", ge=1)] = (
        256 * 1024 * 1024
    )
    header_seconds: Annotated[float, key("A caller that has not sent its headers by then is cut.", gt=0)] = 20.0
    seconds: Annotated[float, key("One that neither sends its body nor reads the answer for so long is cut.", gt=0)] = (
        60.0
    )
    bytes_per_second: Annotated[int, key("The least speed of a body, after `seconds`.", ge=1)] = 4096
    strangers_messages: Annotated[
        int, key("Messages a day that are kept of those that nobody is agreed on with.", ge=0)
    ] = 1000
    strangers_bytes: Annotated[int, key("Bytes of them a day.", ge=0)] = 64 * 1024 * 1024
    strangers_days: Annotated[int, key("Days that they are kept.", ge=1, le=365)] = 7
    refused_messages: Annotated[int, key("Refused messages a day that are kept at each endpoint.", ge=0)] = 10_000
    refused_bytes: Annotated[int, key("Bytes of them a day.", ge=0)] = 4 * 1024**3


class Far(msgspec.Struct, frozen=True, kw_only=True):
    """Endpoints whose other end is not this machine: each has threads of its own."""

    threads: Annotated[int, key("Endpoints that are delivered to at a time.", ge=1, le=1024)] = 64
    batch: Annotated[int, key("Transmissions that are delivered to one of them at once.", ge=1)] = 32
    failures: Annotated[int, key("Failures in a row after which an endpoint is not called for a while.", ge=1)] = 5
    first_seconds: Annotated[float, key("The first pause; each next is twice as long.", gt=0)] = 5.0
    most_seconds: Annotated[float, key("The longest pause.", gt=0)] = 300.0


class Alerts(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody should look at, and how people learn of it. The log is always told."""

    name: Annotated[str, key("What this gateway is called in messages. Left empty: crossdock on HOST.")] = ""
    every_seconds: Annotated[float, key("Seconds between looks.", gt=0)] = 15.0
    gather_seconds: Annotated[float, key("How long a message waits for further alerts to tell in one.", ge=0)] = 10.0
    remind_after: Annotated[str, key("An alert that is still open is told again after so long.", pattern=SPAN)] = "24h"
    failing_after: Annotated[
        str, key("An endpoint that fails now and then since so long is told of.", pattern=SPAN)
    ] = "5m"
    waiting_after: Annotated[str, key("Work that waited so long for a worker is told of.", pattern=SPAN)] = "15m"
    unfetched_after: Annotated[
        str, key("What waits so long at a door of ours for the partner to fetch it is told of.", pattern=SPAN)
    ] = "24h"
    webhook: Annotated[str, key("A URL that messages are posted to as JSON, or a reference to it (env:NAME).")] = ""
    webhook_secret: Annotated[str, key("A reference to the secret that signs them (Standard Webhooks).")] = ""
    mail_to: Annotated[str, key("Addresses that messages are mailed to, with commas between them.")] = ""
    mail_from: Annotated[str, key("The address that they come from.")] = "crossdock@localhost"
    mail_server: Annotated[str, key("The mail server, HOST or HOST:PORT.", pattern=r"^[^:\s]+(:[0-9]{1,5})?$")] = (
        "localhost"
    )
    mail_security: Annotated[
        Literal["starttls", "tls", "none"],
        key("How the way to the mail server is protected; without a port: 587, 465, 25."),
    ] = "starttls"
    mail_user: Annotated[str, key("The user at the mail server. Left empty: none.")] = ""
    mail_password: Annotated[str, key("A reference to its password.")] = ""
    mail_ca: Annotated[str, key("A file of certificates (PEM) to trust instead of the usual ones.")] = ""


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """The whole configuration with all defaults filled in."""

    database: Annotated[
        str,
        key('Its URL, or a reference to it ("env:NAME"). Left out: SQLite, crossdock.db in the home.', min_length=1),
    ] = "sqlite:///{home}/crossdock.db"
    broker: Annotated[
        str, key('What wakes workers up: "memory://" within one process, "amqp://…" among several.', min_length=1)
    ] = "memory://"
    exchange: Annotated[str, key("Where relative paths of directory endpoints start.", min_length=1)] = (
        "{home}/exchange"
    )
    workers: Annotated[int, key("Processes that work, with `crossdock serve`.", ge=1, le=256)] = 1
    limits: Annotated[Limits, key("Bounds on what senders send.")] = Limits()
    store: Annotated[Store, key("Large payloads.")] = Store()
    batches: Annotated[Batches, key("Batches of work.")] = Batches()
    endpoints: Annotated[Far, key("Endpoints whose other end is not this machine.")] = Far()
    alerts: Annotated[Alerts, key("What people are told.")] = Alerts()
    log: Annotated[Log, key("The log.")] = Log()
    sftp: Annotated[Sftp, key("The SFTP server that partners call.")] = Sftp()
    web: Annotated[Web, key("The HTTP API, with health and metrics.")] = Web()
    as2: Annotated[As2, key("The door of AS2 that partners call.")] = As2()
    home: Annotated[Path, key("The folder of the configuration and of the data.", internal=True)] = Path()
    origins: Annotated[dict[str, str], key("Where each key was set.", internal=True)] = {}


def reference() -> str:
    """``docs/reference/configuration.md``, written from the declarations above."""
    head = (
        "# Configuration: all keys\n\n<!-- Written by `make docs` from gateway/settings.py. -->\n\n"
        "`crossdock.toml` in the home; each key may be overridden by an environment variable.\n"
        "Unknown keys are errors. `crossdock doctor` shows what holds and where it was set.\n\n"
        "| key | variable | value | default | meaning |\n|---|---|---|---|---|\n"
    )
    return head + "".join(_rows(Config, ""))


def _rows(kind: type[msgspec.Struct], before: str) -> Iterator[str]:
    for item in described(kind):
        path = f"{before}{item.name}"
        nested = _TABLES.get(path)
        if nested:
            yield from _rows(nested, f"{path}.")
        else:
            default = f"`{item.default}`"
            yield f"| `{path}` | `{variable_of(path)}` | {item.type} | {default} | {item.text} |\n"


_TABLES: dict[str, type[msgspec.Struct]] = {
    "limits": Limits,
    "store": Store,
    "batches": Batches,
    "endpoints": Far,
    "alerts": Alerts,
    "log": Log,
    "sftp": Sftp,
    "web": Web,
    "as2": As2,
}


def variable_of(path: str) -> str:
    """The environment variable that overrides a key: ``log.level`` → ``CROSSDOCK_LOG__LEVEL``."""
    return PREFIX + path.replace(".", "__").upper()
