"""``crossdock metrics``: what Prometheus gets, on the command line."""

from __future__ import annotations

import sys

import click

from gateway.cli import as2_home
from gateway.cli.session import Session, pass_session
from gateway.core.errors import ConfigurationError
from gateway.core.validity import End, ends


@click.command()
@pass_session
def metrics(session: Session) -> None:
    """Print all metrics of the gateway's processes on this machine, in the text format of Prometheus.

    It is what /metrics of the web server answers: counters since the home began to be used, and what the database
    says now. docs/reference/metrics.md lists them.

    Example:

    \b
        crossdock metrics | grep crossdock_work
    """
    from gateway.observe.shared_metrics import FOLDER
    from gateway.service import SystemClock
    from gateway.work.exposition import exposition

    with session.database() as database:
        text = exposition(database, SystemClock(), session.config.home / FOLDER, lambda: _ends(session))
    sys.stdout.write(text.decode())


def _ends(session: Session) -> list[End]:
    """None while something is wrong with the files of parties: crossdock partners check says what."""
    try:
        return ends(as2_home.credentials(session).all())
    except ConfigurationError:
        return []
