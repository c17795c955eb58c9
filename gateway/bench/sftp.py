"""``crossdock bench sftp``: files to a server and back, beside OpenSSH's client at the same server in the same run."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from gateway.bench.figures import BenchmarkError, Figure, Tell, middle
from gateway.connectors.sftp import InboxOptions, OutboxOptions, SftpInbox, SftpOutbox
from gateway.core.errors import UsageError
from gateway.core.ports import Departure
from gateway.core.spooled import in_memory
from gateway.core.strict import convert

MB = 1_000_000
SMALL = 10_240
PEER = "OpenSSH sftp"
_HINT = "apt-get install openssh-server openssh-client"
_CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/client.pub
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
Subsystem sftp internal-sftp
LogLevel ERROR
"""


class Server(NamedTuple):
    """Where the server of the run listens, and what is needed to log in."""

    folder: Path
    port: int

    @property
    def options(self) -> dict[str, object]:
        """Of an endpoint of ours."""
        pin = " ".join((self.folder / "host.pub").read_text().split()[:2])
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "username": getpass.getuser(),
            "host_key": [pin],
            "key": f"file:{self.folder / 'client'}",
        }

    def openssh(self, *commands: str) -> None:
        """Runs OpenSSH's client in one session. Raises :class:`BenchmarkError` when it fails."""
        told = {"StrictHostKeyChecking": "no", "UserKnownHostsFile": "/dev/null", "IdentitiesOnly": "yes"}
        options = [part for name, value in told.items() for part in ("-o", f"{name}={value}")]
        where = ["-P", str(self.port), "-i", str(self.folder / "client"), "-b", "-", f"{getpass.getuser()}@127.0.0.1"]
        command = ["sftp", "-F", "/dev/null", "-q", *options, *where]
        text = "\n".join(commands) + "\n"
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise BenchmarkError(f"OpenSSH's client failed: {done.stderr.strip()[-300:]}")


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """OpenSSH's server as a process of ours. Raises :class:`UsageError` where it is not installed."""
    program = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None or shutil.which("sftp") is None:
        raise UsageError("OpenSSH's server and client are needed, and not installed.", hint=_HINT)
    for name in ("host", "client"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "config").write_text(_CONFIG.format(port=port, folder=folder))
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    command = [program, "-D", "-f", str(folder / "config")]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        _await(port)
        yield Server(folder, port)
    finally:
        process.terminate()
        process.wait()


def _await(port: int) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as sock:
                if sock.recv(4) == b"SSH-":
                    return
        except OSError:
            time.sleep(0.02)
    raise BenchmarkError("OpenSSH's server did not start.", hint="As root it needs /run/sshd.")


class Load(NamedTuple):
    """So many files of a size; ``unit`` is what a run of them is measured in."""

    case: str
    files: int
    size: int
    unit: str

    def speed(self, seconds: float) -> float:
        return self.files / seconds if self.unit == "files/s" else self.files * self.size / MB / seconds


def measure(files: int, size_mb: int, rounds: int, tell: Tell, folder: Path | None) -> Iterator[Figure]:
    """Each from the first packet to the last, logging in included, for both clients."""
    loads = (Load("10 KB", files, SMALL, "files/s"), Load(f"{size_mb} MB", 1, size_mb * MB, "MB/s"))
    for load in loads:
        with tempfile.TemporaryDirectory(prefix="crossdock-bench-", dir=folder) as name, server(Path(name)) as running:
            yield from _measured(running, load, rounds, tell)


def _measured(running: Server, load: Load, rounds: int, tell: Tell) -> Iterator[Figure]:
    run = _Run(running, load)
    put: list[tuple[float, float]] = []
    got: list[tuple[float, float]] = []
    for number in range(rounds):
        tell(f"{load.case}, round {number + 1} of {rounds}")
        put.append((_seconds(run.put, number), _seconds(run.peer_put, number)))
        got.append((_seconds(run.get, number), _seconds(run.peer_get, number)))
        run.clear(number)
    for way, times in (("put", put), ("get", got)):
        ours, theirs = (middle([load.speed(pair[place]) for pair in times]) for place in (0, 1))
        yield Figure(bench="sftp", case=f"{way} {load.case}", value=ours, unit=load.unit, peer=PEER, peer_value=theirs)


class _Run:
    """The same files, by us and by the peer."""

    def __init__(self, running: Server, load: Load) -> None:
        self._server = running
        self._bodies = {f"f{number:05}": os.urandom(load.size) for number in range(load.files)}
        self._local = running.folder / "local"
        self._local.mkdir()
        for name, body in self._bodies.items():
            (self._local / name).write_bytes(body)

    def _place(self, who: str, number: int) -> Path:
        place = self._server.folder / f"{who}{number}"
        place.mkdir(exist_ok=True)
        return place

    def put(self, number: int) -> None:
        options = {**self._server.options, "path": str(self._place("ours", number))}
        outbox = SftpOutbox(convert(options, OutboxOptions, "bench"), _secret)
        sent = [
            Departure(transmission=id, endpoint="bench", name=name, body=body)
            for id, (name, body) in enumerate(self._bodies.items())
        ]
        failed = [outcome.error for outcome in outbox.deliver(sent) if outcome.error is not None]
        outbox.close()
        if failed:
            raise BenchmarkError(f"{len(failed)} files were not put: {failed[0]}")

    def get(self, number: int) -> None:
        """Fetched as an inbox does: listed, hashed, and verified to be as they were listed."""
        more = {"complete": "rename", "max_bytes": 2**40, "path": str(self._place("ours", number))}
        inbox = SftpInbox(convert({**self._server.options, **more}, InboxOptions, "bench"), _secret, name="bench")
        found: dict[str, bytes] = {}
        while arrivals := inbox.take(256):
            found |= {arrival.file_name: in_memory(arrival.body) for arrival in arrivals}
            inbox.settle(arrivals)
        inbox.close()
        if found != self._bodies:
            raise BenchmarkError("What was fetched is not what was put.")

    def peer_put(self, number: int) -> None:
        self._server.openssh(f"put {self._local}/* {self._place('theirs', number)}/")

    def peer_get(self, number: int) -> None:
        self._server.openssh(f"get {self._place('theirs', number)}/* {self._place('back', number)}/")

    def clear(self, number: int) -> None:
        for who in ("ours", "theirs", "back"):
            shutil.rmtree(self._place(who, number))


def _seconds(work: Callable[[int], object], number: int) -> float:
    begin = time.perf_counter()
    work(number)
    return time.perf_counter() - begin


def _secret(reference: str) -> str:
    return Path(reference.removeprefix("file:")).read_text()
