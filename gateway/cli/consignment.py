"""``crossdock consignment``: where goods are, by any of their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gateway.cli.output import Column, Output, Record, plain, results, table
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from rich.console import RenderableType

_NAMES = (Column("number of", "kind"), Column("number", "value"))
_EVENTS = (
    Column("when (UTC)", "when"),
    Column("as told", "told"),
    Column("event", "event"),
    Column("where", "place"),
    Column("", "words"),
    Column("document", "document"),
)
_FREIGHT = (
    Column("invoice", "number"),
    Column("of", "carrier"),
    Column("amount", "amount"),
    Column("", "currency"),
    Column("outcome", "outcome"),
    Column("because of", "why"),
)


@click.command()
@click.argument("reference")
@results
@pass_session
def consignment(session: Session, reference: str, out: Output) -> None:
    """Show where goods are: state, delays, proof of delivery, and everything that was told of them.

    REFERENCE is any of their numbers: bill of lading, air waybill, the carrier's number, a container, a label (SSCC), a
    parcel, the despatch advice. Events stand in the order in which they happened, not in that of their arrival.

    Example:

    \b
        crossdock consignment BOL-55
        crossdock consignment 340123450000000017 --json
    """
    from gateway.core.errors import NotFoundError
    from gateway.handlers.logistics.view import consignments

    with session.database() as database, database.read() as connection:
        found = consignments(connection, reference)
    if not found:
        raise NotFoundError(
            f"No consignment goes by {reference}.", hint="Despatch advices and what carriers tell make consignments."
        )
    for one in found:
        out.record(one, _shown)


def _shown(one: Record) -> RenderableType:
    from rich.console import Group

    head = f"Consignment {one['id']} of {one['party']} ({one['lane']}): {one['state']}"
    lines = [plain(head, "bold")]
    if one["conditions"]:
        lines.append(plain(f"Not as it should be: {', '.join(one['conditions'])}", "yellow"))
    if one["delay_days"]:
        lines.append(plain(f"Later than planned, by days: {one['delay_days']}", "yellow"))
    if "delivered_at" in one:
        signed = f", signed by {one['signed_by']}" if "signed_by" in one else ""
        lines.append(plain(f"Delivered {_short(one['delivered_at'])}{signed}"))
    parts: list[RenderableType] = [*lines, "", table(one["names"], _NAMES)]
    if one["estimates"]:
        parts += ["", table([_row(event) for event in one["estimates"]], _EVENTS, "Expected")]
    parts += ["", table([_row(event) for event in one["events"]], _EVENTS, "Happened")]
    if one["freight"]:
        charged = [{**each, "why": ", ".join(each["reasons"])} for each in one["freight"]]
        parts += ["", table(charged, _FREIGHT, "Charged")]
    return Group(*parts)


def _row(event: Record) -> Record:
    words = ", ".join(str(event[name]) for name in ("description", "reason", "signed_by") if name in event)
    return {**event, "when": _short(str(event.get("at", ""))), "words": words}


def _short(moment: str) -> str:
    return moment[:16].replace("T", " ")
