"""Limits, rates and tolerances of customs, by the day on which they hold: ``schemas/ceb/policy.toml``, read once."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from gateway.codecs.ceb import CEB
from gateway.core.errors import SchemaError
from gateway.grammar.xml_schema import Files

_NAME = f"{CEB}/policy.toml"
_FILE = f"schemas/{_NAME}"


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What holds on a day. Amounts are in CNY, rates and ``part_within`` in percent. None: nothing is said of it.

    ``order_limit`` and ``year_limit``: retail imports of one order, and of one person in a calendar year;
    ``part_within``: of VAT and consumption tax within both; ``vat_rate``: of goods for which nothing else is said;
    ``tax_tolerance``: by which taxes that are declared may differ; ``list_limit``: of a B2B export that is declared by
    list.
    """

    order_limit: Decimal | None = None
    year_limit: Decimal | None = None
    part_within: Decimal = Decimal(100)
    vat_rate: Decimal = Decimal(0)
    tax_tolerance: Decimal = Decimal(0)
    list_limit: Decimal | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A value from a day on, and what says so."""

    name: str
    value: Decimal
    begins: date
    source: str


class CebPolicies:
    """What holds on a day. Raises SchemaError, when it is first asked, for a file that is wrong."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._changes: tuple[Change, ...] | None = None
        self._known: dict[date, Policy] = {}

    def on(self, day: date) -> Policy:
        """What holds on this day, in China."""
        known = self._known.get(day)
        if known is None:
            values = {change.name: change.value for change in self.holding(day)}
            known = self._known[day] = Policy(**values)
        return known

    def holding(self, day: date) -> list[Change]:
        """The same, each value with the day from which it holds and its source."""
        found = {change.name: change for change in self._read() if change.begins <= day}
        return [found[name] for name in Policy.__struct_fields__ if name in found]

    def _read(self) -> tuple[Change, ...]:
        if self._changes is None:
            try:
                told = tomllib.loads(self._files(_NAME) or "", parse_float=Decimal)
            except tomllib.TOMLDecodeError as error:
                raise SchemaError(f"it is no TOML: {error}.", file=_FILE) from None
            blocks = told.get("policy", [])
            if set(told) - {"policy"} or not isinstance(blocks, list):
                raise SchemaError("it consists of [[policy]] blocks.", file=_FILE)
            changes = [change for number, block in enumerate(blocks, 1) for change in _changes(number, block)]
            self._changes = tuple(sorted(changes, key=lambda change: change.begins))
        return self._changes


def _changes(number: int, block: dict[str, Any]) -> list[Change]:
    begins, source = block.get("from"), block.get("source", "")
    if type(begins) is not date or not isinstance(source, str):
        raise SchemaError(f"block {number} needs from = YYYY-MM-DD, and may have a source.", file=_FILE)
    found = []
    for name, value in block.items():
        if name in ("from", "source"):
            continue
        if name not in Policy.__struct_fields__:
            there = ", ".join(Policy.__struct_fields__)
            raise SchemaError(f"block {number} has {name}, which is none of: {there}.", file=_FILE)
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value < 10**12:
            raise SchemaError(f"{name} of block {number} is no amount or rate.", file=_FILE)
        found.append(Change(name=name, value=Decimal(value), begins=begins, source=source))
    return found
