"""An SFTP server of ours in this process, on a real database, and OpenSSH's clients to call it."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import msgspec
import paramiko

from gateway import agreements
from gateway.connectors.sftp_server.host_keys import host_keys
from gateway.connectors.sftp_server.login import Accounts
from gateway.connectors.sftp_server.passwords import hash_password
from gateway.connectors.sftp_server.server import SftpServer
from gateway.pipeline.intake import DatabaseIntake
from gateway.pipeline.shelf import DatabaseShelf
from gateway.settings import Sftp
from gateway.store import Changes, Database, commit
from gateway.store.statements import both
from tests.store.making import column

PASSWORD = "correct horse battery staple"

ACME = """\
id = "acme"
name = "Acme Tools Inc."
kind = "own"
"""

GLOBEX = """\
id = "globex"
name = "Globex Retail"
[[endpoint]]
name = "globex-in"
connector = "sftp-server"
direction = "in"
username = "globex"
keys = ["{key}"]
password = "env:GLOBEX"
{inbox}
[[endpoint]]
name = "globex-out"
connector = "sftp-server"
direction = "out"
username = "globex"
{outbox}
"""

INITECH = """\
id = "initech"
name = "Initech Manufacturing"
[[endpoint]]
name = "initech-in"
connector = "sftp-server"
direction = "in"
username = "initech"
keys = ["{key}"]
"""


class Clock:
    """The machine's."""

    def now(self) -> int:
        return time.time_ns() // 1000


class Done(NamedTuple):
    """How a command of the client ended."""

    code: int
    out: str
    err: str


class Host:
    """The server and the world around it. ``folder`` is the client's."""

    def __init__(self, database: Database, folder: Path, *, inbox: str = "", outbox: str = "", **settings: Any) -> None:
        self.database, self.folder = database, folder
        self.key = folder / "id_ed25519"
        self.client = folder / "client"
        if not self.key.exists():
            _keygen(self.key)
            self.client.mkdir()
        key = self.key.with_suffix(".pub").read_text().strip()
        self.texts = {
            "acme": ACME,
            "globex": GLOBEX.format(key=key, inbox=inbox, outbox=outbox),
            "initech": INITECH.format(key=key),
        }
        self.settings = msgspec.structs.replace(
            Sftp(listen="127.0.0.1:0", connections_per_address=500, connections_per_account=500), **settings
        )
        self.rung: list[str] = []
        self.clock = Clock()
        self.shelf = DatabaseShelf(database, self.clock)
        self.intake: Any = DatabaseIntake(database, self.clock, self.rung.append)
        self._agreements = agreements.load({f"partners/{name}.toml": text for name, text in self.texts.items()})
        self._hash = _hash()
        self.address = ("", 0)

    @contextmanager
    def running(self) -> Iterator[Host]:
        keys = _host_keys(self.folder / "sftp")
        accounts = Accounts(lambda: self._agreements, lambda reference: self._hash)
        self.server = SftpServer(
            self.settings, accounts, keys, self, self.shelf, self.clock, self.folder / "sftp", self.shelf.expire
        )
        self.address = self.server.listen()
        self.trust(keys)
        stop = threading.Event()
        thread = threading.Thread(target=self.server.run, args=(stop,), name="sftp-server")
        thread.start()
        try:
            yield self
        finally:
            stop.set()
            thread.join()

    def accept(self, arrivals: Any) -> Any:
        """The intake, which a test may exchange."""
        return self.intake.accept(arrivals)

    def trust(self, keys: Sequence[paramiko.PKey], port: int = 0) -> None:
        """The client knows the server by these keys."""
        host = f"[127.0.0.1]:{port or self.address[1]}"
        lines = [f"{host} {key.get_name()} {key.get_base64()}\n" for key in keys]
        (self.folder / "known_hosts").write_text("".join(lines))

    def trusting(self, port: int) -> None:
        """The client finds it behind another port, too."""
        known = self.folder / "known_hosts"
        keys = _host_keys(self.folder / "sftp")
        lines = [f"[127.0.0.1]:{port} {key.get_name()} {key.get_base64()}\n" for key in keys]
        known.write_text((known.read_text() if known.exists() else "") + "".join(lines))

    # OpenSSH's clients

    def options(self, *more: str) -> list[str]:
        options = {
            "BatchMode": "yes",
            "IdentityFile": str(self.key),
            "IdentitiesOnly": "yes",
            "UserKnownHostsFile": str(self.folder / "known_hosts"),
            "GlobalKnownHostsFile": "/dev/null",
            "StrictHostKeyChecking": "yes",
            "ConnectTimeout": "10",
        }
        return [
            "-F",
            "/dev/null",
            *(part for name, value in options.items() for part in ("-o", f"{name}={value}")),
            *more,
        ]

    def sftp(self, *commands: str, user: str = "globex", port: int = 0, options: Sequence[str] = ()) -> Done:
        """Debian's sftp, in its own folder. Ends at the first command that fails, but for those that begin with "-"."""
        where = ["-P", str(port or self.address[1]), *options, "-b", "-", f"{user}@127.0.0.1"]
        return self._run(["sftp", *self.options(), *where], "\n".join(commands) + "\n")

    def scp(self, *arguments: str) -> Done:
        """Debian's scp; ``HOST:`` in an argument is the server."""
        given = [each.replace("HOST:", "globex@127.0.0.1:") for each in arguments]
        return self._run(["scp", *self.options(), "-P", str(self.address[1]), *given], "")

    def ssh(self, *arguments: str) -> Done:
        options = ["-T", "-p", str(self.address[1]), *arguments]
        return self._run(["ssh", *self.options(), *options], "")

    def _run(self, command: Sequence[str], text: str) -> Done:
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, cwd=self.client, timeout=60, check=False
        )
        return Done(done.returncode, done.stdout, done.stderr)

    Refused = paramiko.AuthenticationException
    Ended = paramiko.SSHException

    def transport(self, port: int = 0) -> paramiko.Transport:
        """A connection of a client in this process."""
        return paramiko.Transport(("127.0.0.1", port or self.address[1]))

    def paramiko(self, user: str = "globex", port: int = 0) -> paramiko.SFTPClient:
        """A client in this process; its transport is closed with it."""
        transport = self.transport(port)
        transport.connect(username=user, pkey=paramiko.Ed25519Key(filename=str(self.key)))
        client = paramiko.SFTPClient.from_transport(transport)
        assert client is not None
        return client

    def offer(self, name: str, body: bytes, folder: str = "outbox") -> int:
        """Something that waits to be fetched; its transmission."""
        changes = Changes(self.clock.now())
        transmission = changes.new(
            "transmissions",
            direction="out",
            endpoint="globex-out",
            transport_id=name,
            party="globex",
            status="deposited",
            payload_id=changes.made(body),
            size=len(body),
            sha256="",
            file_name=name,
        )
        sql = both(
            "INSERT INTO shelf (endpoint, folder, name, transmission_id, at) "
            "VALUES ('globex-out', :folder, :name, :id, 0)"
        )
        changes.execute(sql, {"id": transmission}, folder=folder, name=name)
        commit(self.database, changes)
        return changes.real(transmission)

    def status(self, transmission: int) -> str:
        (found,) = self.column("SELECT status FROM transmissions WHERE id = :id", id=transmission)
        return str(found)

    # What is seen

    def file(self, name: str, body: bytes) -> Path:
        """A file of the client."""
        path = self.client / name
        path.write_bytes(body)
        return path

    def column(self, sql: str, **values: Any) -> list[Any]:
        return column(self.database, sql, **values)

    def received(self, endpoint: str = "globex-in") -> list[tuple[str, bytes]]:
        """Names and bytes of what was received."""
        with self.database.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT t.file_name, p.body FROM transmissions t JOIN payloads p ON p.id = t.payload_id "
                f"WHERE t.endpoint = '{endpoint}' AND t.direction = 'in' ORDER BY t.id"
            ).all()
        return [(name, bytes(body)) for name, body in rows]


@cache
def _hash() -> str:
    return hash_password(PASSWORD)


@cache
def _made_keys() -> dict[str, bytes]:
    """Made once: an RSA key takes its time."""
    with TemporaryDirectory() as folder:
        host_keys(Path(folder))
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def _host_keys(folder: Path) -> list[paramiko.PKey]:
    folder.mkdir(mode=0o700, exist_ok=True)
    for name, text in _made_keys().items():
        if not (folder / name).exists():
            (folder / name).write_bytes(text)
    return host_keys(folder)


def _keygen(path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True, capture_output=True)
