"""``crossdock doctor``: what holds, and what works."""

from __future__ import annotations

import click

from gateway.cli.output import Column, Output, results
from gateway.cli.session import Session, pass_session

_SETTINGS = (Column("setting", "setting"), Column("value", "value"), Column("from", "origin"))
_CHECKS = (Column("check", "check"), Column("works", "works", styled=True), Column("", "detail"))


@click.command()
@results
@pass_session
@click.pass_context
def doctor(context: click.Context, session: Session, out: Output) -> None:
    """Say which configuration holds and where it was set, and try what the gateway needs.

    Looks at folders, the database and its disk, the broker, parties, mappings, schemas and the clock; nothing is
    changed. Exit code 1 when something does not work.

    Example:

    \b
        crossdock --home dock doctor
    """
    from gateway.cli.examination import examine
    from gateway.config import describe
    from gateway.core.errors import CrossdockError

    try:
        settings = [
            {"setting": found.key, "value": found.value, "origin": found.origin} for found in describe(session.config)
        ]
    except CrossdockError as error:
        out.table([{"check": "configuration", "works": False, "detail": str(error)}], _CHECKS)
        context.exit(1)
    out.table(settings, _SETTINGS)
    found = list(examine(session))
    out.table(found, _CHECKS)
    context.exit(int(not all(check["works"] for check in found)))
