"""Whoever has just installed it: an empty home, a plain environment, the command on the path."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path

COMMAND = Path(sysconfig.get_path("scripts")) / "crossdock"


class Newcomer:
    """``folder`` is the only place that the commands may write to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        home = folder / "home-of-the-user"
        home.mkdir()
        self.environment = {
            "HOME": str(home),
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "COLUMNS": "200",
            "TMPDIR": str(folder),
            "CROSSDOCK_WEB__LISTEN": "",  # many run at a time: the port of a new home is one
        }

    def run(self, *arguments: object, code: int = 0) -> str:
        """What the command prints. Fails unless it ends with ``code``."""
        ran = subprocess.run(
            [COMMAND, *map(str, arguments)],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == code, ran.stderr or ran.stdout
        return ran.stdout

    def start(self, *arguments: object, log: Path) -> subprocess.Popen[bytes]:
        """A command that goes on until it is told to stop; it logs to a file."""
        with log.open("wb") as errors:
            return subprocess.Popen(
                [COMMAND, *map(str, arguments)],
                cwd=self.folder,
                env=self.environment,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
