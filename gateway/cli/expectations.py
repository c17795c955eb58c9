"""``crossdock expectations``: what partners still owe us."""

from __future__ import annotations

import click

from gateway.cli.output import Column, Output, results
from gateway.cli.session import Session, pass_session
from gateway.core.lifecycle import EXPECTATION, states

_COLUMNS = (
    Column("awaited", "kind"),
    Column("of", "party"),
    Column("for", "subject"),
    Column("what", "what"),
    Column("by (UTC)", "by"),
    Column("state", "state", styled=True),
    Column("about", "about"),
)
_OPEN = ("open", "overdue")


@click.command()
@click.option("--party", metavar="PARTY", help="Of this party.")
@click.option("--kind", metavar="KIND", help="Of this kind: 997, CONTRL; interchange is a number that is missing.")
@click.option("--overdue", is_flag=True, help="Only what should have come already.")
@click.option(
    "--state",
    type=click.Choice(states(EXPECTATION)),
    metavar="STATE",
    help=f"In this state: {', '.join(states(EXPECTATION))}. Left out: open and overdue.",
)
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="At most.")
@results
@pass_session
def expectations(
    session: Session,
    /,
    party: str | None,
    kind: str | None,
    overdue: bool,
    state: str | None,
    limit: int,
    out: Output,
) -> None:
    """List what is awaited: receipts for what was sent, and interchanges whose numbers were jumped over.

    What is due first comes first. crossdock trace of what it is about tells the whole story.

    Example:

    \b
        crossdock expectations --overdue
        crossdock expectations --party globex --state "resolved late" --json
    """
    from gateway.cli.rows import short
    from gateway.store.rows import public
    from gateway.store.search import Awaited, find_expectations

    if overdue and state is not None:
        raise click.UsageError("--overdue is a state: give one of the two.")
    wanted_states = ("overdue",) if overdue else (state,) if state is not None else _OPEN
    wanted = Awaited(states=wanted_states, party=party, kind=kind, limit=limit)
    with session.database() as database, database.read() as connection:
        found = [public(row._asdict()) for row in find_expectations(connection, wanted)]
    if not out.as_json:
        found = [row | {"by": short(row["due"]), "subject": _subject(row), "about": _about(row)} for row in found]
    out.table(found, _COLUMNS, "Nothing is awaited.")


def _subject(row: dict[str, object]) -> str:
    return " ".join(str(row[name]) for name in ("type", "control_number", "business_key") if name in row)


def _about(row: dict[str, object]) -> object:
    return next((row[kind] for kind in ("document", "interchange", "transmission") if kind in row), "")
