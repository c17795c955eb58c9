"""An inventory report as UBL has it: each line is one count of an item at one place. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import count, groupby

import msgspec

from gateway.canonical.inventory_report import InventoryReport, InventoryReportLine, StockQuantity
from gateway.canonical.values import Identifier, Item, Part, Party, Quantity

_USUAL = "on-hand"


class ReportedLine(Part, frozen=True, kw_only=True):
    """One count. Without a ``type_code`` it is what is on hand."""

    id: str | None = None
    item: Item | None = None
    inventory_location: Identifier | None = None
    price_amount: Decimal | None = None
    type_code: str | None = None
    quantity: Quantity | None = None
    expected_date: date | None = None


class CountedReport(InventoryReport, frozen=True, kw_only=True):
    """An inventory report with a line for each count; ``inventory_report_lines`` is empty."""

    reported_lines: tuple[ReportedLine, ...] = ()


def counted(report: InventoryReport) -> CountedReport:
    """The report with its lines cut. The first count of a line keeps its number, further ones get their own."""
    lines = list(_numbered(list(_cut(report))))
    reporter = report.warehouse_party or report.seller_supplier_party or report.buyer_customer_party
    kept = {name: getattr(report, name) for name in InventoryReport.__struct_fields__}
    kept |= {"inventory_report_lines": (), "warehouse_party": reporter}
    return CountedReport(**kept, reported_lines=tuple(lines))


def _numbered(lines: list[ReportedLine]) -> Iterator[ReportedLine]:
    taken = {line.id for line in lines}
    free = (number for number in map(str, count(1)) if number not in taken)
    used: set[str | None] = {None}
    for line in lines:
        id = next(free) if line.id in used else line.id
        used.add(id)
        yield msgspec.structs.replace(line, id=id)


def _cut(report: InventoryReport) -> Iterator[ReportedLine]:
    for line in report.inventory_report_lines:
        one = ReportedLine(
            id=line.id, item=line.item, inventory_location=line.inventory_location, price_amount=line.price_amount
        )
        counts = [msgspec.structs.asdict(each) for each in line.stock_quantities]
        yield from (msgspec.structs.replace(one, **each) for each in counts or [{}])


def together(report: CountedReport) -> InventoryReport:
    """The report with the counts of an item at a place, which follow each other, in one line."""
    sides = [_number(party) for party in (report.seller_supplier_party, report.buyer_customer_party)]
    reporter = report.warehouse_party if _number(report.warehouse_party) not in sides else None
    kept = {name: getattr(report, name) for name in InventoryReport.__struct_fields__}
    kept |= {"inventory_report_lines": tuple(_lines(report)), "warehouse_party": reporter}
    return InventoryReport(**kept)


def _lines(report: CountedReport) -> Iterator[InventoryReportLine]:
    for _, group in groupby(report.reported_lines, key=lambda line: (line.item, line.inventory_location)):
        lines = list(group)
        counts = (
            StockQuantity(type_code=line.type_code or _USUAL, quantity=line.quantity, expected_date=line.expected_date)
            for line in lines
        )
        first = lines[0]
        yield InventoryReportLine(
            id=first.id,
            item=first.item,
            inventory_location=first.inventory_location,
            price_amount=first.price_amount,
            stock_quantities=tuple(counts),
        )


def _number(party: Party | None) -> object:
    """How a party is told from others."""
    return (party.id or party.name) if party is not None else None
