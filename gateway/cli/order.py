"""``crossdock order``: the whole life of an order, across documents, parties and formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gateway.cli.output import Column, Output, Record, plain, results, table
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from rich.console import RenderableType

_LINES = (
    Column("line", "line"),
    Column("item", "item"),
    Column("ordered", "ordered"),
    Column("confirmed", "confirmed"),
    Column("backordered", "backordered"),
    Column("rejected", "rejected"),
    Column("despatched", "despatched"),
    Column("received", "received"),
    Column("refused", "refused"),
    Column("invoiced", "invoiced"),
    Column("unit", "unit"),
)
_DOCUMENTS = (
    Column("document", "document"),
    Column("what", "kind"),
    Column("came as", "came"),
    Column("from", "from"),
    Column("status", "status"),
    Column("left as", "left"),
)
_INVOICES = (
    Column("invoice", "number"),
    Column("outcome", "outcome"),
    Column("paid", "paid"),
    Column("because of", "why"),
)
_DECLARATIONS = (
    Column("declared to customs", "number"),
    Column("state", "state"),
    Column("waits for", "waits"),
)
_FINDINGS = (Column("document", "document"), Column("code", "code"), Column("found", "text"))


@click.command()
@click.argument("number")
@click.option("--partner", default="", help="The order of this partner, where several have the number.")
@results
@pass_session
def order(session: Session, number: str, partner: str, out: Output) -> None:
    """Show the life of an order: lines with all quantities, documents, what is awaited, what is held.

    NUMBER is the buyer's. It is found on both sides: orders that came in, and those that your ERP sent out.

    Example:

    \b
        crossdock order 4711
        crossdock order 4711 --partner globex --json
    """
    from gateway.core.errors import NotFoundError
    from gateway.handlers.customs.view import linked
    from gateway.handlers.trading.view import orders

    with session.database() as database, database.read() as connection:
        declared = linked(connection, number)
        found = [
            {**one, "declarations": [each for each in declared if (each["party"], each["lane"]) == _place(one)]}
            for one in orders(connection, number, partner)
        ]
    if not found:
        raise NotFoundError(f"No order {number} is known.", hint="crossdock documents lists what came in.")
    for one in found:
        out.record(one, _shown)


def _shown(one: Record) -> RenderableType:
    from rich.console import Group

    side = "bought from" if one["side"] == "buyer" else "sold to"
    head = (
        f"Order {one['number']} of {one['party']}, {side} {', '.join(one['partners'])} ({one['lane']}): {one['state']}"
    )
    parts: list[RenderableType] = [plain(head, "bold")]
    if one["awaited"]:
        parts.append(plain(f"Awaited: {', '.join(one['awaited'])}"))
    if one["lines"]:
        lines = [{**line, "item": line["description"] or ", ".join(line["items"])} for line in one["lines"]]
        parts += ["", table(lines, _LINES)]
    if one["invoices"]:
        invoices = [{**each, "paid": _paid(each), "why": ", ".join(each["reasons"])} for each in one["invoices"]]
        parts += ["", table(invoices, _INVOICES)]
    parts += ["", table([_document(each) for each in one["documents"]], _DOCUMENTS, "Documents")]
    if one["declarations"]:
        parts += ["", table([_declared(each) for each in one["declarations"]], _DECLARATIONS)]
    if one["findings"]:
        parts += ["", table(one["findings"], _FINDINGS, "What does not fit")]
    if one["holds"]:
        parts += ["", table(one["holds"], _FINDINGS, "Held")]
    return Group(*parts)


def _place(one: Record) -> tuple[str, str]:
    return str(one["party"]), str(one["lane"])


def _declared(each: Record) -> Record:
    return {"number": ", ".join(each["declarations"]), "state": each["state"], "waits": ", ".join(each["waits"])}


def _document(each: Record) -> Record:
    left = ", ".join(f"{out['standard']} {out['type']} to {out['to']} ({out['document']})" for out in each["left_as"])
    return {**each, "came": f"{each['standard']} {each['type']}", "left": left}


def _paid(invoice: Record) -> str:
    """A word, and the figures where it is not all."""
    if invoice["payment"] == "open":
        return ""
    if invoice["payment"] == "settled":
        return "all"
    due = invoice["payable_amount"]
    of = f" of {due}" if due else ""
    return f"{invoice['payment']}: {invoice['paid_amount']}{of}"
