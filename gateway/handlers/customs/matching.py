"""The three documents of a parcel against its list (三单对碰): order (311), payment (411), waybill (511), list (621).

Customs releases what agrees. The rules are those of the field tables, edition 2022-05, and of customs' own notices.
Each difference says where both values stand, and what would be let pass. Values that are somebody's (names, numbers
of identity cards, telephones, addresses) are compared and not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol

from gateway.handlers.customs.message import Kept

ORDER, PAYMENT, WAYBILL, LIST = "order", "payment", "waybill", "list"

SLOTS: dict[str, str] = {"311": ORDER, "411": PAYMENT, "511": WAYBILL, "621": LIST}
"""The document of an import that a message is, by its number."""

EXPORT_SLOTS: dict[str, str] = {"303": ORDER, "403": PAYMENT, "505": WAYBILL, "603": LIST}
"""The same of an export."""

EVERY_SLOT = SLOTS | EXPORT_SLOTS

#: What is paid in fen differs by less than one, or it differs.
_FEN = Decimal("0.01")

#: The part by which customs lets prices and taxes differ (answers of customs offices; the law names none).
PRICE_TOLERANCE = Decimal("0.05")


class Values(Protocol):
    """A head or a line: texts by the names of elements."""

    def __getitem__(self, name: str, /) -> str: ...
    def number(self, name: str, /) -> Decimal | None: ...


class Paper(NamedTuple):
    """A document that is set against others. ``partial``: what it does not say is not missed."""

    head: Values
    lines: Sequence[Values] = ()
    partial: bool = False


class Rule(NamedTuple):
    """The same fact in two documents. ``within``: numbers may differ by less; ``personal``: it is not shown;
    ``known``: it is compared only where both say it; ``severity``: a warning does not keep a list here."""

    left: tuple[str, str]
    right: tuple[str, str]
    within: Decimal | None = None
    personal: bool = False
    known: bool = False
    severity: str = "error"


class Difference(NamedTuple):
    """Two values that do not agree, each with its path. Values of persons are empty."""

    left: str
    right: str
    left_value: str
    right_value: str
    tolerance: str = ""
    severity: str = "error"


class Match(NamedTuple):
    """The documents of one order. ``missing``: the slots that are empty; ``differences``: what does not agree."""

    platform: str
    order: str
    missing: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def matched(self) -> bool:
        """All four are there and agree."""
        return not self.missing and not self.differences


def _same(left: str, right: str, *names: str, personal: bool = False, known: bool = False) -> Iterator[Rule]:
    for name in names:
        yield Rule((left, name), (right, name), personal=personal, known=known)


_HEADS: tuple[Rule, ...] = (
    *_same(ORDER, PAYMENT, "ebpCode", "orderNo"),
    Rule((ORDER, "acturalPaid"), (PAYMENT, "amountPaid"), within=_FEN),
    Rule((ORDER, "buyerName"), (PAYMENT, "payerName"), personal=True),
    Rule((ORDER, "buyerIdNumber"), (PAYMENT, "payerIdNumber"), personal=True),
    *_same(ORDER, WAYBILL, "orderNo"),
    *_same(ORDER, WAYBILL, "consignee", "consigneeTelephone", "consigneeAddress", personal=True),
    *_same(ORDER, LIST, "ebpCode", "ebcCode", "orderNo"),
    *_same(ORDER, LIST, "buyerName", "buyerIdNumber", "buyerTelephone", "consigneeAddress", personal=True),
    *_same(WAYBILL, LIST, "logisticsCode", "logisticsNo"),
    Rule((WAYBILL, "freight"), (LIST, "freight"), within=_FEN),
    Rule((WAYBILL, "insuredFee"), (LIST, "insuredFee"), within=_FEN),
    Rule((WAYBILL, "weight"), (LIST, "grossWeight"), within=Decimal("0.00001")),
)

_EXPORT_HEADS: tuple[Rule, ...] = (
    *_same(ORDER, PAYMENT, "ebpCode", "ebcCode", "orderNo"),
    *_same(ORDER, LIST, "ebpCode", "ebcCode", "orderNo"),
    *_same(WAYBILL, LIST, "logisticsCode", "logisticsNo", "packNo"),
    Rule((ORDER, "freight"), (LIST, "freight"), within=_FEN, severity="warning"),
    Rule((WAYBILL, "grossWeight"), (LIST, "grossWeight"), within=Decimal("0.00001")),
)

_LINES: tuple[Rule, ...] = (
    Rule((ORDER, "itemName"), (LIST, "gname")),
    *_same(ORDER, LIST, "unit", "currency"),
    *_same(ORDER, LIST, "country", known=True),
    Rule((ORDER, "qty"), (LIST, "qty"), within=Decimal("0.00001")),
)

#: Of lines, numbers that may differ by a part of themselves.
_PRICES = ("price", "totalPrice")


def match(kept: Iterable[Kept]) -> list[Match]:
    """The orders of these documents, each with what is missing and what differs.

    Of several versions of a document the one with the latest ``appTime`` counts; one that is deleted (appType 3) leaves
    its slot empty.
    """
    parcels: dict[tuple[str, str], dict[str, Kept]] = {}
    for each in kept:
        slot = SLOTS.get(each.number)
        if slot is not None:
            slots = parcels.setdefault((_platform(each.head, slot), each.head["orderNo"]), {})
            known = slots.get(slot)
            if known is None or known.head["appTime"] <= each.head["appTime"]:
                slots[slot] = each
    _adopt(parcels)
    return [_judged(*place, slots) for place, slots in sorted(parcels.items())]


def differences(papers: Mapping[str, Paper], *, export: bool = False) -> tuple[Difference, ...]:
    """What does not agree among the documents that are there, by slot."""
    found: list[Difference] = []
    for rule in _EXPORT_HEADS if export else _HEADS:
        left, right = papers.get(rule.left[0]), papers.get(rule.right[0])
        if left is not None and right is not None:
            rule = rule._replace(known=rule.known or left.partial or right.partial)
            found += _compared(rule, left.head, right.head)
    if ORDER in papers and LIST in papers and not papers[ORDER].partial:
        found += _lines(papers[ORDER], papers[LIST])
    return tuple(found)


def _platform(head: Values, slot: str) -> str:
    """A waybill does not say on which platform the order was made."""
    return "" if slot == WAYBILL else head["ebpCode"]


def _adopt(parcels: dict[tuple[str, str], dict[str, Kept]]) -> None:
    """Gives a waybill to the order that it names, where there is one such order."""
    for place in [place for place in parcels if place[0] == ""]:
        owners = [other for other in parcels if other[0] and other[1] == place[1]]
        if len(owners) == 1:
            parcels[owners[0]].update(parcels.pop(place))


def _judged(platform: str, order: str, slots: dict[str, Kept]) -> Match:
    there = {slot: each for slot, each in slots.items() if each.head["appType"] != "3"}
    missing = tuple(slot for slot in SLOTS.values() if slot not in there)
    papers = {slot: Paper(each.head, each.node.lines) for slot, each in there.items()}
    return Match(platform, order, missing, differences(papers))


def _lines(order: Paper, list_: Paper) -> Iterator[Difference]:
    """Line by line, by their numbers."""
    ordered = {line["gnum"]: line for line in order.lines}
    listed = {line["gnum"]: line for line in list_.lines}
    for number in [*ordered, *(number for number in listed if number not in ordered)]:
        left, right = ordered.get(number), listed.get(number)
        if left is None or right is None:
            here, there = (f"{ORDER} {number}", "") if left is not None else ("", f"{LIST} {number}")
            yield Difference(f"{ORDER} line", f"{LIST} line", here, there)
            continue
        for rule in _LINES:
            yield from _compared(rule, left, right, f" line {number}")
        for name in _PRICES:
            yield from _compared(_priced(name, left), left, right, f" line {number}")


def _priced(name: str, line: Values) -> Rule:
    return Rule((ORDER, name), (LIST, name), within=(line.number(name) or Decimal(0)) * PRICE_TOLERANCE + _FEN)


def _compared(rule: Rule, left: Values, right: Values, where: str = "") -> Iterator[Difference]:
    here, there = left[rule.left[1]], right[rule.right[1]]
    if rule.known and not (here and there):
        return
    if rule.within is None:
        same = here == there
    else:
        a, b = left.number(rule.left[1]), right.number(rule.right[1])
        same = a is not None and b is not None and abs(a - b) < rule.within
    if same:
        return
    a_path, b_path = (f"{slot}{where} {name}" for slot, name in (rule.left, rule.right))
    a_value, b_value = ("", "") if rule.personal else (here, there)
    tolerance = "" if rule.within is None else f"{rule.within.normalize():f}"
    yield Difference(a_path, b_path, a_value, b_value, tolerance, rule.severity)
