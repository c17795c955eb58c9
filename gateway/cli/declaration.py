"""``crossdock declaration``: where a customs declaration stands, what proves it, what it waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from gateway.cli.output import Column, Output, Record, plain, results, table
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from rich.console import RenderableType

_SLOTS = (Column("what", "slot"), Column("document", "document"), Column("there as", "evidence"))
_DOCUMENTS = (
    Column("message", "message"),
    Column("number", "key"),
    Column("state", "state"),
    Column("since", "since"),
    Column("versions", "count", right=True),
    Column("receipts", "answers", right=True),
    Column("customs says", "text"),
)
_EVIDENCE = (
    Column("message", "message"),
    Column("what", "what"),
    Column("time in China", "when"),
    Column("document", "document"),
    Column("transmission", "transmission"),
    Column("sha256", "short"),
)
_TAXES = (
    Column("tax bill", "number"),
    Column("duty", "customsTax"),
    Column("VAT", "valueAddedTax"),
    Column("consumption tax", "consumptionTax"),
    Column("status", "status"),
)
_LIST = (
    Column("order", "order"),
    Column("declaration", "list"),
    Column("state", "state"),
    Column("waits for", "waits"),
    Column("updated", "updated_at"),
)
_BILLS = {"1": "made", "2": "summarised", "3": "void"}


@click.command()
@click.argument("number")
@results
@pass_session
def declaration(session: Session, number: str, out: Output) -> None:
    """Show a declaration to customs: where it stands, what proves it, what it waits for, and the evidence.

    NUMBER is that of the order, of the declaration (copNo), of the payment or the waybill, or one that customs gave
    (preNo, invtNo). Names, identity numbers, telephones and addresses are not shown.

    Example:

    \b
        crossdock declaration PO-1
        crossdock declaration 510020261000000001 --json
    """
    from gateway.core.errors import NotFoundError
    from gateway.handlers.customs.view import declarations

    with session.database() as database, database.read() as connection:
        found = declarations(connection, number, session.knowledge.agreements)
    if not found:
        raise NotFoundError(f"No declaration goes by {number}.", hint="crossdock declarations lists them.")
    for one in found:
        out.record(one, _shown)


@click.command()
@click.option("--state", default="", help="Only those in this state: draft, submitted, rejected, released …")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="The latest so many.")
@results
@pass_session
def declarations(session: Session, state: str, limit: int, out: Output) -> None:
    """List declarations to customs, the latest first.

    Example:

    \b
        crossdock declarations
        crossdock declarations --state draft --json
    """
    from gateway.handlers.customs import records
    from gateway.handlers.customs.view import of_ids

    with session.database() as database, database.read() as connection:
        ids = records.latest(connection, state, limit)
        found = of_ids(connection, ids, session.knowledge.agreements)
    out.table([_row(one) for one in reversed(found)], _LIST)


def _row(one: Record) -> Record:
    numbers = {each["kind"]: each["value"].rpartition("/")[2] for each in reversed(one["numbers"])}
    waits = [*one["waits_for"], *(["what differs"] if _kept(one) else [])]
    return {
        "order": numbers.get("order", ""),
        "list": numbers.get("list", ""),
        "state": one["state"],
        "waits": ", ".join(waits),
        "updated_at": one["updated_at"],
    }


def _kept(one: Record) -> bool:
    """Whether it is a difference that keeps it here."""
    waits = any(each["state"] == "waits" for each in one["documents"])
    return waits and any(each["severity"] == "error" for each in one["differences"])


def _shown(one: Record) -> RenderableType:
    from rich.console import Group

    row = _row(one)
    names = ", ".join(f"{each['kind']} {each['value'].rpartition('/')[2]}" for each in one["numbers"])
    parts: list[RenderableType] = [
        plain(f"Declaration {row['list'] or row['order']} of {one['party']} ({one['lane']}): {one['state']}", "bold"),
        plain(names),
    ]
    if row["waits"]:
        parts.append(plain(f"It waits for: {row['waits']}", "yellow"))
    slots = [{**each, "evidence": each["evidence"] or "missing"} for each in one["slots"]]
    parts += ["", table(slots, _SLOTS, "What proves it")]
    parts += [plain(difference(each), "yellow") for each in one["differences"]]
    parts += ["", table([_document(each) for each in one["documents"]], _DOCUMENTS, "Documents")]
    if one["taxes"]:
        taxes = [{**each, "status": _BILLS.get(each["status"], each["status"])} for each in one["taxes"]]
        parts += ["", table(taxes, _TAXES)]
    if one["purchase"].get("amount"):
        bought = one["purchase"]
        words = f"CNY {bought['amount']}; the buyer's {bought['year']}, as far as seen here: {bought['year_amount']}"
        parts.append(plain(f"For the buyer's limits: {words}"))
    parts += ["", table(list(_evidence(one)), _EVIDENCE, "Evidence")]
    return Group(*parts)


def difference(each: Record) -> str:
    """In words: ``order acturalPaid '289' is not payment amountPaid '290'``."""
    left, right = (
        f"{each[side]} {each[f'{side}_value']!r}" if each[f"{side}_value"] else str(each[side])
        for side in ("left", "right")
    )
    within = f" (less than {each['tolerance']} is let pass)" if each["tolerance"] else ""
    return f"{left} is not {right}{within}"


def _document(each: Record) -> Record:
    counts = {"count": len(each["versions"]), "answers": len(each["receipts"])}
    return {**each, **counts, "since": short_moment(each["at"])}


def _evidence(one: Record) -> Any:
    for document in one["documents"]:
        for word, each in (
            *(("version", each) for each in document["versions"]),
            *((f"receipt {each['status']}", each) for each in document["receipts"]),
        ):
            yield {
                "message": document["message"],
                "what": f"{word} ({each['evidence']})" if word == "version" else word,
                "when": short_moment(each["at"]),
                "document": each.get("document", ""),
                "transmission": each.get("transmission", ""),
                "short": each.get("sha256", "")[:12],
            }


def short_moment(text: str) -> str:
    """20260131132000123 → 2026-01-31 13:20:00."""
    day, time = text[:8], text[8:14]
    return f"{day[:4]}-{day[4:6]}-{day[6:]} {time[:2]}:{time[2:4]}:{time[4:]}" if len(time) == 6 else text
