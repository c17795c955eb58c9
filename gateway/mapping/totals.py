"""What a document says of itself, counted: compared on reading, written on writing."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from gateway.canonical import Part
from gateway.mapping.bound import Spot
from gateway.mapping.conversions import EDIFACT_NUMBER, EXACT, ConversionError
from gateway.mapping.lines import Computed


def computed(place: Computed, document: Part) -> Decimal:
    """What is counted or summed. Absent values add nothing."""
    items = _values([document], place.items)
    if place.kind == "count":
        return Decimal(len(items))
    try:
        values = list(map(operator.attrgetter(".".join(place.value)), items))
    except AttributeError:  # a part is absent
        values = _values(items, place.value)
    return functools.reduce(EXACT.add, [value for value in values if value is not None], Decimal(0))


def disagrees(spot: Spot, text: str, document: Part) -> str | None:
    """What is found, if it is not what the text says; None: they agree."""
    assert isinstance(spot.place, Computed)
    found = computed(spot.place, document)
    assert EDIFACT_NUMBER.table is not None
    try:
        if EDIFACT_NUMBER.table[text] == found:
            return None
    except ConversionError:
        pass
    return format(found, "f")


def _values(items: list[Any], path: tuple[str, ...]) -> list[Any]:
    get: Callable[[Any, str], Any] = getattr
    for name in path:
        found = [get(item, name) for item in items]
        items = []
        for value in found:
            if isinstance(value, tuple):
                items.extend(value)
            elif value is not None:
                items.append(value)
    return items
