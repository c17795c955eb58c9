"""``crossdock as2 expiry``: how long keys and certificates are good for."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

import click

from gateway.cli import as2_home
from gateway.cli.output import Column, Output, Record, results
from gateway.cli.session import Session, pass_session
from gateway.core.validity import DAY, STEPS, Credential, ends

if TYPE_CHECKING:
    from gateway.agreements import Endpoint

_COLUMNS = (
    Column("party", "party"),
    Column("for", "what"),
    Column("valid from", "from"),
    Column("until", "until"),
    Column("days", "days", right=True),
    Column("", "state", styled=True),
    Column("file", "file"),
    Column("SHA-256", "sha256"),
)


@click.command()
@results
@pass_session
@click.pass_context
def expiry(context: click.Context, session: Session, out: Output) -> None:
    """List the keys and certificates of all parties with the days that are left.

    Those of TLS too: client (ours, for a partner that asks for one) and server (of our own doors). What ends within 60
    days is a warning. Exit code 1: something is over that nothing has come after, or cannot be read.

    Example:

    \b
        crossdock --home dock as2 expiry
    """
    found = as2_home.credentials(session).all()
    now = as2_home.now()
    over = {(end.party, end.use) for end in ends(found) if end.until < now}
    records = sorted(
        (_record(each, now, over) for each in found), key=lambda record: (record["days"] or 0, record["party"])
    )
    out.table(records, _COLUMNS, "No party has certificates.")
    context.exit(int(bool(over) or any(each.error for each in found)))


def _record(each: Credential, now: int, over: Container[tuple[str, str]]) -> Record:
    """``over``: what nothing came after."""
    if each.error:
        return {**_whose(each), "from": "", "until": "", "days": None, "state": "error", "sha256": each.error}
    days = (each.not_after - now) // DAY
    state = "warning" if days <= STEPS[0] else "valid"
    if days < 0:
        state = "error" if (each.party, each.use) in over else "over"
    elif each.not_before > now:
        state = "later"
    return {
        **_whose(each),
        "from": as2_home.day(each.not_before),
        "until": as2_home.day(each.not_after),
        "days": days,
        "state": state,
        "sha256": each.sha256,
    }


def _whose(each: Credential) -> Record:
    return {"party": each.party, "what": each.use, "file": each.file}


def validity_of(session: Session, door: Endpoint) -> Iterator[Record]:
    """Steps of a test of an AS2 endpoint: how long both sides can do with their keys and certificates."""
    from gateway.connectors.as2 import NAME

    if door.connector != NAME:
        return
    now = as2_home.now()
    for end in ends(as2_home.credentials(session).all()):
        if end.party not in {door.party, door.options.get("own")}:
            continue
        over, soon = end.step(now) == 0, end.step(now)
        detail = f"the {end.name} {'is over since' if over else 'is good until'} {as2_home.day(end.until)}"
        detail += f": {end.days(now)} days are left" if soon else ""
        yield {
            "endpoint": door.name,
            "party": door.party,
            "step": end.use,
            "works": not (end.error or over),
            "detail": end.error or detail,
            "hint": "crossdock as2 expiry lists them all." if end.error or soon is not None else "",
        }
