"""``crossdock doctor``: what holds, and what works."""

from __future__ import annotations

import click

from gateway.cli.output import Column, Output, results
from gateway.cli.session import Session, pass_session

_SETTINGS = (Column("setting", "setting"), Column("value", "value"), Column("from", "origin"))
_CHECKS = (Column("check", "check"), Column("works", "works", styled=True), Column("", "detail"))


@click.command()
@click.option("--settings", "shown", is_flag=True, help="Say which configuration holds, too, and where it was set.")
@results
@pass_session
@click.pass_context
def doctor(context: click.Context, session: Session, shown: bool, out: Output) -> None:
    """Try what the gateway needs, and say what does not work.

    Looks at folders, the database and its disk, the broker, doors, certificates, secrets, parties, mappings, schemas
    and the clock; nothing is changed. Exit code 1 when something does not work.

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
    if shown or out.as_json:
        out.table(settings, _SETTINGS)
    found = list(examine(session))
    out.table(found, _CHECKS)
    context.exit(int(not all(check["works"] for check in found)))
