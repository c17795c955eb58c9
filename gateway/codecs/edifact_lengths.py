"""How long the elements of UNB, UNG and UNH may be (ISO 9735:1988 annex; ISO 9735-1:2002 where version 4 differs)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gateway.codecs.line import Line
from gateway.core.issues import Issue


class _Place(NamedTuple):
    """A component of a service segment. ``later``: the length from syntax version 4 on, where it is another one."""

    element: int
    component: int
    most: int
    name: str
    later: int = 0


#: References are repeated by receipts, which have no place for longer ones: errors. The rest leaves no doubt: warnings.
_REFERENCES = {
    "UNB": (_Place(5, 1, 14, "0020 (interchange control reference)"),),
    "UNG": (_Place(5, 1, 14, "0048 (group reference number)"),),
    "UNH": (_Place(1, 1, 14, "0062 (message reference number)"),),
}

_OTHERS = {
    "UNH": (
        _Place(2, 1, 6, "0065 (message type)"),
        _Place(2, 2, 3, "0052 (message version number)"),
        _Place(2, 3, 3, "0054 (message release number)"),
        _Place(2, 4, 2, "0051 (controlling agency)", 3),
        _Place(2, 5, 6, "0057 (association assigned code)"),
    ),
    "UNB": (
        _Place(2, 1, 35, "0004 (interchange sender)"),
        _Place(2, 2, 4, "0007 (qualifier of the sender)"),
        _Place(2, 3, 14, "0008 (routing of the sender)", 35),
        _Place(3, 1, 35, "0010 (interchange recipient)"),
        _Place(3, 2, 4, "0007 (qualifier of the recipient)"),
        _Place(3, 3, 14, "0014 (routing of the recipient)", 35),
        _Place(6, 1, 14, "0022 (recipient's reference)"),
        _Place(7, 1, 14, "0026 (application reference)"),
        _Place(10, 1, 35, "0032 (communications agreement)"),
    ),
}

_CODES = {"UNB": "EDF-I39", "UNG": "EDF-G39", "UNH": "EDF-M39"}


def too_long(line: Line, version: str) -> Iterator[Issue]:
    """An issue for each element of a header that is longer than it may be. ``version`` is that of the syntax: ``3``."""
    tag = line.tag
    yield from _longer(line, _REFERENCES.get(tag, ()), _CODES.get(tag, ""), version)
    yield from _longer(line, _OTHERS.get(tag, ()), f"{_CODES.get(tag)}B", version)


def _longer(line: Line, places: tuple[_Place, ...], code: str, version: str) -> Iterator[Issue]:
    for place in places:
        most = place.later if place.later and version == "4" else place.most
        if len(line.raw(place.element)) <= most:
            continue
        value = line.value(place.element, place.component)
        if len(value) > most:
            yield line.issue(code, place.element, place.component, value=value, name=place.name, most=str(most))
