"""A server process that dies between its commit and its answer: ``python -m tests.interop.sftp_victim URL FOLDER``.

Prints its port. The first upload that it commits is its last act.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from gateway.core.ports import Arrival, Intake, Receipt
from gateway.store import open_database
from tests.interop.sftp_host import Host


class Last:
    """An intake that is not heard of again."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    def accept(self, arrivals: Sequence[Arrival]) -> list[Receipt]:
        self._intake.accept(arrivals)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


def main() -> None:
    url, folder = sys.argv[1:]
    database = open_database(url)
    host = Host(database, Path(folder))
    host.intake = Last(host.intake)
    with host.running():
        print(f"port {host.address[1]}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
