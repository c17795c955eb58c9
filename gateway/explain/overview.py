"""A canonical document as a person reads it: who, what, when, how much. Works for every document, by its types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import msgspec

from gateway.canonical.values import (
    Address,
    AllowanceCharge,
    Contact,
    DocumentReference,
    Identifier,
    Item,
    Part,
    Party,
    Period,
    Price,
    Quantity,
)
from gateway.explain.labels import label, title

Words = Callable[[str, str], str]


def _no_words(field: str, code: str) -> str:
    return ""


class Fact(msgspec.Struct, frozen=True):
    """One line of what is said: ``Issue date: 2026-03-05``."""

    label: str
    value: str


class Card(msgspec.Struct, frozen=True):
    """Somebody with an address: the role, and the lines of a letter's head."""

    role: str
    lines: tuple[str, ...]


class Grid(msgspec.Struct, frozen=True):
    """A table: headings, and a row for each line of the document. ``numbers`` are columns of figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


class Overview(msgspec.Struct, frozen=True):
    """A document in brief."""

    title: str
    facts: tuple[Fact, ...]
    cards: tuple[Card, ...]
    grids: tuple[Grid, ...]


def overview(document: Part, words: Words = _no_words) -> Overview:
    """What a canonical document says; absent fields are left out. ``words``: field and code → the code in words."""
    currency = getattr(document, "document_currency_code", None) or ""
    facts: list[Fact] = []
    cards: list[Card] = []
    grids: list[Grid] = []
    for name, value in _fields(document):
        if isinstance(value, Party):
            cards.append(Card(label(name), tuple(_party(value))))
        elif isinstance(value, tuple) and value and isinstance(value[0], Part) and type(value[0]) not in _IN_A_LINE:
            grids.append(_grid(label(name), value))
        else:
            text = "; ".join(_texts(value))
            amount = isinstance(value, Decimal) and name.endswith("_amount") and currency
            more = f" {currency}" if amount else f" ({known})" if (known := words(name, text)) else ""
            facts.append(Fact(label(name), text + more))
    kind = type(document).__struct_config__.tag or type(document).__name__
    return Overview(title(str(kind)), tuple(fact for fact in facts if fact.value), tuple(cards), tuple(grids))


def _fields(part: Part) -> Iterator[tuple[str, Any]]:
    for name in part.__struct_fields__:
        value = getattr(part, name)
        if value is not None and value not in ((), ""):
            yield name, value


def _grid(heading: str, parts: tuple[Part, ...]) -> Grid:
    """A column for each thing that some row says."""
    rows = [dict(_cells(part)) for part in parts]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    cells = tuple(tuple(row.get(name, "") for name in columns) for row in rows)
    numbers = frozenset(place for place, name in enumerate(columns) if name in _FIGURES)
    return Grid(heading, tuple(columns), cells, numbers)


def _cells(part: Part) -> Iterator[tuple[str, str]]:
    """What a row says, by heading. An item and a party are spread over columns of their own."""
    for name, value in _fields(part):
        if isinstance(value, (Item, Price)):
            yield from _cells(value)
        else:
            yield label(name), "; ".join(_texts(value))


def _texts(value: Any) -> Iterator[str]:
    """A value as texts, one each where there are several."""
    shows = _SHOWS.get(type(value))
    if shows is not None:
        yield shows(value)
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, Part):
        yield ", ".join(f"{label(name).lower()} {'; '.join(_texts(inner))}" for name, inner in _fields(value))
    else:
        yield str(value)


def _party(party: Party) -> Iterator[str]:
    yield from filter(None, (party.name, party.additional_name))
    if party.postal_address is not None:
        yield from _address(party.postal_address)
    if party.id is not None:
        yield _identifier(party.id)
    if party.tax_company_id:
        yield f"{label('tax_company_id')} {party.tax_company_id}"
    if party.contact is not None:
        yield _contact(party.contact)


def _address(address: Address) -> Iterator[str]:
    town = " ".join(filter(None, (address.postal_zone, address.city_name, address.country_subentity)))
    streets = (address.street_name, address.additional_street_name)
    yield from filter(None, (*streets, town, address.country_code))


def _contact(contact: Contact) -> str:
    return ", ".join(text for _, value in _fields(contact) for text in (str(value),))


def _identifier(found: Identifier) -> str:
    return f"{found.value} ({found.scheme_id})" if found.scheme_id else found.value


def _quantity(found: Quantity) -> str:
    return f"{_decimal(found.value)} {found.unit_code}" if found.unit_code else _decimal(found.value)


def _period(found: Period) -> str:
    start, end = found.start_date, found.end_date
    if start is not None and end is not None:
        return f"{start} to {end}" if start != end else str(start)
    return f"from {start}" if start is not None else f"by {end}" if end is not None else ""


def _reference(found: DocumentReference) -> str:
    kind = f"{found.document_type_code} " if found.document_type_code else ""
    rest = (found.issue_date.isoformat() if found.issue_date else "", found.description or "")
    return ", ".join(filter(None, (f"{kind}{found.id}", *rest)))


def _allowance(found: AllowanceCharge) -> str:
    kind = "charge" if found.charge_indicator else "allowance"
    percent = f"{_decimal(found.multiplier_percent)} %" if found.multiplier_percent is not None else None
    amount = _decimal(found.amount) if found.amount is not None else None
    return " ".join(filter(None, (kind, amount, percent, found.reason or found.reason_code)))


def _decimal(number: Decimal) -> str:
    return format(number, "f")


_SHOWS: dict[type, Any] = {
    Identifier: _identifier,
    Quantity: _quantity,
    Period: _period,
    DocumentReference: _reference,
    AllowanceCharge: _allowance,
    Contact: _contact,
    Party: lambda party: ", ".join(_party(party)),
    Address: lambda address: ", ".join(_address(address)),
    Decimal: _decimal,
    bool: lambda yes: "yes" if yes else "no",
    dt.date: dt.date.isoformat,
    dt.time: lambda time: time.isoformat("seconds" if time.second else "minutes"),
}

_IN_A_LINE = frozenset({Identifier, DocumentReference, AllowanceCharge})
_FIGURES = frozenset(label(name) for name in ("quantity", "price_amount", "line_extension_amount"))
