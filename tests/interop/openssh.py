"""Debian's sshd as an ordinary process on a free port, with keys and configuration of its own."""

from __future__ import annotations

import errno
import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
_CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_ed25519
HostKey {folder}/host_rsa
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 100
LogLevel ERROR
Subsystem sftp internal-sftp
"""


class OpenSsh:
    """A running server. ``folder`` holds its keys, ``root`` the files that partners exchange."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.pid = 0
        self.root = folder / "root"
        self.username = getpass.getuser()
        self.key = folder / "client"

    def host_key(self, kind: str = "ed25519") -> str:
        return " ".join((self.folder / f"host_{kind}.pub").read_text().split()[:2])

    def fingerprint(self, kind: str = "ed25519") -> str:
        shown = subprocess.run(
            ["ssh-keygen", "-lf", str(self.folder / f"host_{kind}.pub")], check=True, capture_output=True, text=True
        )
        return shown.stdout.split()[1]

    def drop_connections(self) -> None:
        """Ends the processes of all connections; the server goes on."""
        for pid in _descendants(self.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def empty(self) -> None:
        """Removes everything that tests put into its folder."""
        for path in self.root.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()

    def options(self, **more: object) -> dict[str, object]:
        """Options of an endpoint of ours at this server."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "username": self.username,
            "host_key": [self.host_key()],
            "key": f"file:{self.key}",
            "path": str(self.root),
            **more,
        }


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [found for child in map(int, children) for found in (*_descendants(child), child)]


def keygen(path: Path, kind: str = "ed25519", passphrase: str = "") -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-f", str(path)], check=True, capture_output=True)


@contextmanager
def sshd(folder: Path, lines: Sequence[str] = (), like: OpenSsh | None = None) -> Iterator[OpenSsh]:
    """A server in ``folder``; ``lines`` of sshd_config come first, so they win. ``like``: whose keys it has, too."""
    if _SSHD is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "sshd")
    folder.mkdir(exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = OpenSsh(folder, port)
    server.root.mkdir(exist_ok=True)
    if like is not None:
        for path in like.folder.iterdir():
            if path.is_file():
                shutil.copy(path, folder)
    if not server.key.exists():
        keygen(server.key)
        keygen(folder / "host_ed25519")
        keygen(folder / "host_rsa", "rsa")
        (folder / "authorized_keys").write_text(server.key.with_suffix(".pub").read_text())
    config = folder / "sshd_config"
    config.write_text("\n".join([*lines, _CONFIG.format(port=port, folder=folder)]))
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([_SSHD, "-D", "-e", "-f", str(config)], stderr=log)
    server.pid = process.pid
    try:
        _await(port, process, folder / "log")
        yield server
    finally:
        process.terminate()
        process.wait(10)


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as sock:
                if sock.recv(4) == b"SSH-":
                    return
        except OSError:
            time.sleep(0.01)
    raise AssertionError(log.read_text())


def secrets(reference: str) -> str:
    """What ``file:PATH`` and ``env:NAME`` refer to."""
    kind, _, name = reference.partition(":")
    return os.environ[name] if kind == "env" else Path(name).read_text()
