"""The three documents of a parcel against its list (三单对碰): order (311), payment (411), waybill (511), list (621).

Customs releases what agrees. The rules are those of the field tables, edition 2022-05, and of customs' own notices.
Each difference says where both values stand, and what would be let pass. Values that are somebody's (names, numbers
of identity cards, telephones, addresses) are compared and not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from gateway.grammar.ceb_tree import Part
from gateway.handlers.customs.message import Kept

ORDER, PAYMENT, WAYBILL, LIST = "order", "payment", "waybill", "list"

SLOTS: dict[str, str] = {"311": ORDER, "411": PAYMENT, "511": WAYBILL, "621": LIST}
"""The document that a message is, by its number."""

NUMBER_OF: dict[str, str] = {slot: number for number, slot in SLOTS.items()}

#: What is paid in fen differs by less than one, or it differs.
_FEN = Decimal("0.01")

#: The part by which customs lets prices and taxes differ (answers of customs offices; the law names none).
PRICE_TOLERANCE = Decimal("0.05")


class Rule(NamedTuple):
    """The same fact in two documents. ``within``: numbers may differ by less; ``personal``: it is not shown."""

    left: tuple[str, str]
    right: tuple[str, str]
    within: Decimal | None = None
    personal: bool = False


class Difference(NamedTuple):
    """Two values that do not agree, each with its path. Values of persons are empty."""

    left: str
    right: str
    left_value: str
    right_value: str
    tolerance: str = ""


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


def _same(left: str, right: str, *names: str, personal: bool = False) -> Iterator[Rule]:
    for name in names:
        yield Rule((left, name), (right, name), personal=personal)


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

_LINES: tuple[Rule, ...] = (
    Rule((ORDER, "itemName"), (LIST, "gname")),
    *_same(ORDER, LIST, "unit", "country", "currency"),
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
    return [_matched(*place, slots) for place, slots in sorted(parcels.items())]


def _platform(head: Part, slot: str) -> str:
    """A waybill does not say on which platform the order was made."""
    return "" if slot == WAYBILL else head["ebpCode"]


def _adopt(parcels: dict[tuple[str, str], dict[str, Kept]]) -> None:
    """Gives a waybill to the order that it names, where there is one such order."""
    for place in [place for place in parcels if place[0] == ""]:
        owners = [other for other in parcels if other[0] and other[1] == place[1]]
        if len(owners) == 1:
            parcels[owners[0]].update(parcels.pop(place))


def _matched(platform: str, order: str, slots: dict[str, Kept]) -> Match:
    there = {slot: each for slot, each in slots.items() if each.head["appType"] != "3"}
    missing = tuple(slot for slot in SLOTS.values() if slot not in there)
    differences: list[Difference] = []
    for rule in _HEADS:
        left, right = there.get(rule.left[0]), there.get(rule.right[0])
        if left is not None and right is not None:
            differences += _compared(rule, left.head, right.head)
    if ORDER in there and LIST in there:
        differences += _lines(there[ORDER], there[LIST])
    return Match(platform, order, missing, tuple(differences))


def _lines(order: Kept, list_: Kept) -> Iterator[Difference]:
    """Line by line, by their numbers."""
    ordered = {line["gnum"]: line for line in order.node.lines}
    listed = {line["gnum"]: line for line in list_.node.lines}
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


def _priced(name: str, line: Part) -> Rule:
    return Rule((ORDER, name), (LIST, name), within=(line.number(name) or Decimal(0)) * PRICE_TOLERANCE + _FEN)


def _compared(rule: Rule, left: Part, right: Part, where: str = "") -> Iterator[Difference]:
    here, there = left[rule.left[1]], right[rule.right[1]]
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
    yield Difference(a_path, b_path, a_value, b_value, tolerance)
