"""Two gateways of a run, Acme and Globex, and the messages that Globex sends."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from gateway.as2 import cms
from gateway.as2.mic import Mic
from gateway.as2.opening import in_memory
from gateway.as2.packing import Security, pack_message
from gateway.bench.figures import BenchmarkError
from gateway.config import without_settings
from gateway.core.exchanges import Pairs
from gateway.store import Database, open_database
from gateway.store.payloads import Payloads

_PATIENCE = 60.0

_CONFIG = """\
[as2]
listen = "127.0.0.1:{port}"
processes = {processes}
connections_per_address = 500
seconds = 600.0
"""
_OWN = """\
id = "acme"
name = "Acme"
kind = "own"
[as2]
id = "ACME"
keys = ["acme.pem"]
"""
_PARTNER = """\
id = "globex"
name = "Globex"
[as2]
id = "GLOBEX"
certificates = ["globex.crt"]
[[endpoint]]
name = "globex-in"
connector = "as2"
direction = "in"
own = "acme"
max_bytes = {most}
"""


class Message(NamedTuple):
    """A message to be posted. ``pieces`` gives its body, encrypted while it is read; ``size``: bytes of it."""

    message_id: str
    headers: Pairs
    pieces: Callable[[], Iterable[bytes]]
    size: int
    mic: Mic

    def built(self) -> Message:
        """With a body that is ready in memory."""
        body = b"".join(self.pieces())
        return self._replace(pieces=lambda: (body,))


class Keys(NamedTuple):
    """Of RSA, 2048 bits, as most partners have them."""

    acme: cms.PrivateKey
    globex: cms.PrivateKey

    @classmethod
    def made(cls) -> Keys:
        return cls(cms.make_key("acme", bits=2048), cms.make_key("globex", bits=2048))


class Dock:
    """Acme's home, in ``folder``, and its door: ``crossdock as2`` in ``processes`` processes."""

    def __init__(self, folder: Path, keys: Keys, processes: int, most: int) -> None:
        self.folder, self._keys = folder, keys
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        (folder / "partners").mkdir(parents=True)
        (folder / "crossdock.toml").write_text(_CONFIG.format(port=self.port, processes=processes), encoding="utf-8")
        (folder / "partners/acme.toml").write_text(_OWN, encoding="utf-8")
        (folder / "partners/globex.toml").write_text(_PARTNER.format(most=most), encoding="utf-8")
        for name, data in (
            ("acme.pem", cms.key_file(keys.acme, None)),
            ("globex.crt", cms.certificate_file(keys.globex.certificate)),
        ):
            (folder / name).write_bytes(data)
            (folder / name).chmod(0o600)

    @contextmanager
    def served(self) -> Iterator[int]:
        """Gives the process; ends it cleanly. Raises BenchmarkError when it does not start or ends otherwise."""
        inherited = without_settings()
        log = self.folder / "as2.log"
        command = [sys.executable, "-m", "gateway.cli", "--home", str(self.folder), "as2"]
        with log.open("wb") as file:
            process = subprocess.Popen(command, env=inherited, stdout=file, stderr=file)  # noqa: S603 - our own program
        try:
            self._await(process)
            yield process.pid
        finally:
            process.terminate()
            code = process.wait(_PATIENCE)
        if code:
            raise BenchmarkError(f"The gateway ended with {code}: {log.read_text(errors='replace')[-2000:]}")

    def _await(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise BenchmarkError(f"The gateway did not start: {(self.folder / 'as2.log').read_text()[-2000:]}")

    @contextmanager
    def database(self) -> Iterator[Database]:
        """What it has on record."""
        found = open_database(f"sqlite:///{self.folder / 'crossdock.db'}", Payloads(self.folder / "payloads"))
        try:
            yield found
        finally:
            found.close()

    def message(self, number: int, content: BinaryIO) -> Message:
        """Signed with SHA-256, encrypted with AES-256 (CBC, PKCS#1 v1.5); a signed MDN is asked for in the answer."""
        message_id = f"<{time.time_ns()}.{number}@globex.example>"
        made = pack_message(
            content,
            "application/edi-x12",
            f"order-{number}.x12",
            Security(),
            key=self._keys.globex,
            certificates=[self._keys.acme.certificate],
            at=time.time_ns() // 1000,
            micalg="sha256",
            scratch=in_memory(),
        )
        headers = (
            ("AS2-Version", "1.2"),
            ("AS2-From", "GLOBEX"),
            ("AS2-To", "ACME"),
            ("Message-ID", message_id),
            ("Subject", "Orders"),
            ("MIME-Version", "1.0"),
            ("Disposition-Notification-To", "GLOBEX"),
            (
                "Disposition-Notification-Options",
                "signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, sha-256",
            ),
            *made.content_headers,
        )
        return Message(message_id, headers, made.pieces, made.size, made.mic)
