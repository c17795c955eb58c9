"""The numbers that a customs message goes by, and which cases they find. Pure, one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gateway.handlers.customs.facts import NUMBER, STRONG, Name
from gateway.handlers.customs.message import Said
from gateway.handlers.customs.receipts import FOLLOWS

#: Element → the kind of name that it gives. A number is of whoever issued it: those elements stand before it.
_NAMES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("order", ("ebpCode",), "orderNo"),
    ("payment", ("payCode",), "payTransactionId"),
    ("waybill", ("logisticsCode",), "logisticsNo"),
    ("entry", (), "invtNo"),
    ("pre", (), "preNo"),
)

#: Messages whose copNo is that of a list.
_LISTS = frozenset({"621", "622", "603", "604"})

#: Messages whose preNo is one of their own, not that of the list.
_OWN_PRE = frozenset({"507", "508", "509", "510", "605", "606", "607", "608", "623", "624", "625", "626", "701", "702"})


def names_of(number: str, head: Said) -> frozenset[Name]:
    """Of a node of this message."""
    found = set(_named(head, number))
    for element in ("copNo", "coElNo"):
        if head[element]:
            kind = "list" if number in _LISTS else "paper"
            value = head[element] if kind == "list" else f"{FOLLOWS.get(number, number)}/{head[element]}"
            found.add(Name(kind, value))
    if head["orderNo"]:
        found.add(Name(NUMBER, head["orderNo"]))
    return frozenset(found)


def _named(head: Said, number: str) -> Iterator[Name]:
    for kind, issuers, element in _NAMES:
        if kind == "pre" and number in _OWN_PRE:
            continue
        values = [head[issuer] for issuer in issuers]
        if head[element] and all(values):
            yield Name(kind, "/".join([*values, head[element]]))


def contradicts(names: Iterable[Name], others: Iterable[Name]) -> bool:
    """Whether both are about an order, and not about the same."""
    mine, theirs = ({name.value for name in each if name.kind == "order"} for each in (names, others))
    return bool(mine and theirs and not mine & theirs)


def strong(names: Iterable[Name]) -> set[Name]:
    return {name for name in names if name.kind in STRONG}
