"""What must fit together within one customs message, beyond its form. Each rule says which text it comes from.

The numbers are those of the field tables of the specification, edition 2022-05, as far as no other source is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from gateway.codecs.xml_text import XmlText
from gateway.core.issues import Issue
from gateway.grammar.ceb_tree import Node, Part, exact

Rule = Callable[[Node, XmlText], Iterator[Issue]]

#: Prices have up to five digits behind the point, and are paid in fen: what differs by less than one is no difference.
_FEN = Decimal("0.01")
_CHINA = "142"
_CARD = 18


def check(type: str, node: Node, text: XmlText) -> Iterator[Issue]:
    """What does not fit in a node of a message of this type."""
    for rule in RULES.get(type, ()):
        yield from rule(node, text)


def _numbered(node: Node, text: XmlText) -> Iterator[Issue]:
    """Lines count from 1 without gaps: gnum."""
    for place, line in enumerate(node.lines, 1):
        if line["gnum"] and line["gnum"] != str(place):
            yield line.issue("CEB-LINES", "gnum", text, value=line["gnum"], expected=str(place))


def _priced(node: Node, text: XmlText) -> Iterator[Issue]:
    """totalPrice is price times qty."""
    for line in node.lines:
        price, count, total = (line.number(name) for name in ("price", "qty", "totalPrice"))
        if price is not None and count is not None and total is not None:
            yield from _compared(line, "totalPrice", total, exact(price, count), "price × qty", text)


def _valued(node: Node, text: XmlText) -> Iterator[Issue]:
    """goodsValue is the sum of the lines."""
    value, totals = node.head.number("goodsValue"), [line.number("totalPrice") for line in node.lines]
    known = [total for total in totals if total is not None]
    if value is not None and len(known) == len(totals):
        yield from _compared(node.head, "goodsValue", value, sum(known, Decimal(0)), "the sum of totalPrice", text)


def _paid(node: Node, text: XmlText) -> Iterator[Issue]:
    """acturalPaid (spelled so) is goodsValue + freight + taxTotal − discount."""
    head = node.head
    value, freight, tax, discount, paid = (
        head.number(name) for name in ("goodsValue", "freight", "taxTotal", "discount", "acturalPaid")
    )
    if paid is None or value is None or freight is None or tax is None or discount is None:
        return
    formula = "goodsValue + freight + taxTotal − discount"
    yield from _compared(head, "acturalPaid", paid, value + freight + tax - discount, formula, text)


def _compared(part: Part, name: str, found: Decimal, expected: Decimal, formula: str, text: XmlText) -> Iterator[Issue]:
    if abs(found - expected) >= _FEN:
        shown = f"{expected.normalize():f}"
        yield part.issue("CEB-SUM", name, text, value=part[name], formula=formula, expected=shown)


def _import_mode(node: Node, text: XmlText) -> Iterator[Issue]:
    """tradeMode: what goes directly (9610) names its transport, what comes out of bonded stock (1210, 1239) its
    register."""
    head, mode = node.head, node.head["tradeMode"]
    bonded = mode in ("1210", "1239")
    needed = ("emsNo", "areaCode", "areaName") if bonded else ("trafNo", "voyageNo", "billNo")
    for name in needed if mode else ():
        if not head[name]:
            yield head.issue("CEB-MODE-NEEDS", name, text, mode=mode)
    if not bonded:
        return
    for name in ("trafNo", "voyageNo", "billNo"):
        if head[name]:
            yield head.issue("CEB-MODE-WITHOUT", name, text, value=head[name], mode=mode)
    if head["country"] and head["country"] != _CHINA:
        yield head.issue("CEB-MODE-VALUE", "country", text, value=head["country"], mode=mode, expected=_CHINA)
    for line in node.lines:
        if not line["itemRecordNo"]:
            yield line.issue("CEB-MODE-NEEDS", "itemRecordNo", text, mode=mode)


def _second_unit(node: Node, text: XmlText) -> Iterator[Issue]:
    """qty2 and unit2: both or neither, and more than nothing (error -625009 of the port)."""
    for line in node.lines:
        count = line.number("qty2")
        if bool(line["unit2"]) != bool(line["qty2"]) or (line["unit2"] and count is not None and count <= 0):
            yield line.issue("CEB-UNIT", "qty2", text, value=line["qty2"])


def _weighed(node: Node, text: XmlText) -> Iterator[Issue]:
    """grossWeight ≥ netWeight > 0."""
    gross, net = node.head.number("grossWeight"), node.head.number("netWeight")
    if gross is not None and net is not None and not gross >= net > 0:
        shown = f"{node.head['grossWeight']}, {node.head['netWeight']}"
        yield node.head.issue("CEB-WEIGHT", "grossWeight", text, value=shown)


def _one_parcel(node: Node, text: XmlText) -> Iterator[Issue]:
    """packNo is 1: a waybill is of one parcel."""
    count = node.head.number("packNo")
    if count is not None and count != 1:
        yield node.head.issue("CEB-PARCEL", "packNo", text, value=node.head["packNo"])


def _guaranteed(node: Node, text: XmlText) -> Iterator[Issue]:
    """assureCode is one of the enterprises of the list."""
    head = node.head
    names = ("agentCode", "ebcCode", "ebpCode", "logisticsCode")
    if head["assureCode"] and head["assureCode"] not in {head[name] for name in names}:
        yield head.issue("CEB-GUARANTOR", "assureCode", text, value=head["assureCode"], expected=", ".join(names))


def _identified(name: str, kind: str) -> Rule:
    """The number of an identity card has a birthday and its check digit (GB 11643). It is somebody's: not shown."""

    def rule(node: Node, text: XmlText) -> Iterator[Issue]:
        number = node.head[name]
        if node.head[kind] == "1" and number and not _is_card(number):
            yield node.head.issue("CEB-CARD", name, text)

    return rule


def _is_card(number: str) -> bool:
    """Districts are not looked up: cards keep those that are no more."""
    if len(number) != _CARD or not (number.isascii() and number[:-1].isdigit()):
        return False
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return False
    return str(ric.calc_check_digit(number[:-1])) == number[-1].upper()


def _paired(node: Node, text: XmlText) -> Iterator[Issue]:
    """startTime and endTime: both or neither, and one after the other."""
    begin, end = node.head["startTime"], node.head["endTime"]
    if bool(begin) != bool(end) or begin > end:
        yield node.head.issue("CEB-PERIOD", "endTime", text, value=f"{begin}, {end}")


def _in_series(node: Node, text: XmlText) -> Iterator[Issue]:
    """Of a document that comes in several messages: msgSeqNo counts up to msgCount."""
    most, this = node.head.number("msgCount"), node.head.number("msgSeqNo")
    if most is not None and this is not None and not 1 <= this <= most:
        shown = node.head["msgSeqNo"]
        yield node.head.issue("CEB-SERIES", "msgSeqNo", text, value=shown, expected=node.head["msgCount"])


_BUYER, _PAYER = _identified("buyerIdNumber", "buyerIdType"), _identified("payerIdNumber", "payerIdType")

RULES: dict[str, tuple[Rule, ...]] = {
    "CEB311Message": (_numbered, _priced, _valued, _paid, _BUYER),
    "CEB303Message": (_numbered, _priced, _valued),
    "CEB411Message": (_PAYER,),
    "CEB511Message": (_one_parcel,),
    "CEB621Message": (
        _numbered,
        _priced,
        _import_mode,
        _second_unit,
        _weighed,
        _one_parcel,
        _guaranteed,
        _BUYER,
    ),
    "CEB625Message": (_numbered, _second_unit, _BUYER),
    "CEB603Message": (_numbered, _priced, _second_unit, _weighed),
    "CEB213Message": (_numbered, _second_unit),
    "CEB507Message": (_in_series,),
    "CEB509Message": (_in_series,),
    "CEB607Message": (_in_series,),
    "CEB701Message": (_in_series, _paired),
}
"""By message."""
