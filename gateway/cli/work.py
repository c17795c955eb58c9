"""Working on what is there until nothing is left to do: for commands that show what became of something."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gateway.service import Service

#: Seconds to wait for what other processes have in hand.
_PATIENCE = 60.0

#: ``--process/--no-process``.
process_option = click.option(
    "--process/--no-process",
    default=True,
    show_default=True,
    help="Work here and now until nothing is left to do; or leave it to crossdock serve.",
)


def work_until_idle(service: Service) -> None:
    """Also what other processes have begun is waited for, as long as it does not take too long."""
    from gateway.store import State
    from gateway.store.queries import open_work

    worker = service.worker()
    end = time.monotonic() + _PATIENCE
    while True:
        worker.run_until_idle()
        with service.database.read() as connection:
            busy = any(row.state == State.LEASED for row in open_work(connection))
        if not busy or time.monotonic() > end:
            service.standings.tell()
            return
        time.sleep(0.05)
