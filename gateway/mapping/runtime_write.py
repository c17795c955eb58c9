"""What generated writers call: conversion, lengths, characters, cutting of texts; everything that fails is an issue."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from gateway.canonical import Document, Part
from gateway.codecs.model import Delimiters, Segment
from gateway.codecs.split import escape
from gateway.core.issues import Issue, Location
from gateway.mapping.bound import Spot
from gateway.mapping.conversions import ConversionError, plain
from gateway.mapping.dtm import RANGES, TIMED, ZONED, write_moment
from gateway.mapping.lines import Computed, Hole
from gateway.mapping.totals import computed


class WriteRun:
    """One writing. A value that cannot be written leaves its place empty and an issue."""

    def __init__(self, document: Document, delimiters: Delimiters) -> None:
        self.document = document
        self.delimiters = delimiters
        self.issues: list[Issue] = []
        self.reserved = frozenset(mark for mark in delimiters[:5] if mark)

    def put(self, spot: Spot, value: Any, path: str) -> str:
        """A value as the text of its place."""
        assert spot.conversion is not None
        try:
            text = spot.conversion.write(value)
        except ConversionError as error:
            self._issue(error.code, spot, path, _shown(value), **error.params)
            return ""
        if spot.conversion.coarse and value in spot.conversion.coarse:
            read = str(spot.conversion.table[text]) if spot.conversion.table else ""
            self._issue("MAP-COARSE", spot, path, _shown(value), written=text, read=read)
        if spot.conversion.numeric:
            digits = len(text) - text.count("-") - text.count(".")
            if digits > spot.item.most:
                return self._too_long(spot, text, path)
            return text if self.delimiters.decimal == "." else text.replace(".", self.delimiters.decimal)
        if len(text) > spot.item.most:
            return self._too_long(spot, text, path)
        return self.clean(spot, text, path)

    def clean(self, spot: Spot, text: str, path: str) -> str:
        """A text with its service characters released, where the interchange can."""
        if self.reserved.isdisjoint(text):
            return text
        if self.delimiters.release is None:
            self._issue("MAP-CHAR", spot, path, text)
            return ""
        return escape(text, self.delimiters)

    def from_root(self, spot: Spot) -> Any:
        """The document's own value for a hole in an inner part."""
        value: Any = self.document
        for name in spot.path:
            value = getattr(value, name) if value is not None else None
        return value

    def computed(self, spot: Spot) -> str:
        """A count or a sum."""
        assert isinstance(spot.place, Computed)
        text = plain(computed(spot.place, self.document))
        return text.replace(".", self.delimiters.decimal)

    def moment(self, spot: Spot, values: tuple[Any, ...], path: str) -> tuple[str, str]:
        """A date, a date and a time, or a range: the value and its format qualifier."""
        start, second = values[0], values[1] if len(values) > 1 else None
        if start is None:
            if second is not None:
                self._issue("MAP-VALUE", spot, path, _shown(second), reason="it has no date before it")
            return "", ""
        code = _format(spot, second)
        try:
            end = second if isinstance(second, date) else None
            text = write_moment(code, start, second if isinstance(second, time) else None, end)
            return (self.clean(spot, text, path) if code in ZONED else text), code  # the sign of a zone may separate
        except ConversionError as error:
            self._issue(error.code, spot, path, " ".join(map(_shown, values)), **error.params)
            return "", ""

    def pieces(self, spot: Spot, value: str | None, segments: int, path: str) -> list[list[str]]:
        """A text cut at single blanks, so that joining with a blank restores it: components for each segment."""
        if value is None:
            return []
        cut = cut_text(value, spot.item.most)
        if cut is None or len(cut) > spot.span * segments:
            self._issue("MAP-TEXT", spot, path, value, most=str(spot.item.most))
            return []
        clean = [self.clean(spot, piece, path) for piece in cut]
        return [clean[start : start + spot.span] for start in range(0, len(clean), spot.span)]

    def join(self, cells: list[str]) -> str:
        """Components to an element; empty ones at the end are cut."""
        while cells and not cells[-1]:
            cells.pop()
        return self.delimiters.component.join(cells)

    def tailed(self, base: Segment, groups: list[list[str]], room: int, further: bool, field: str) -> list[Segment]:
        """A segment with its tail, continued in further segments where the grammar repeats it."""
        if not further:
            self.full(base[0], field, len(groups), room)
        chunks = [groups[start : start + room] for start in range(0, len(groups), room)] or [[]]
        segments = [[*base, *(text for group in chunk for text in group)] for chunk in chunks]
        return [trimmed(segment) for segment in (segments if further else segments[:1])]

    def full(self, tag: str, field: str, found: int, most: int) -> None:
        """More values than the grammar has places."""
        if found > most:
            self.issues.append(Issue("MAP-FULL", Location(field=field), str(found), {"field": field, "tag": tag}))

    def unselected(self, spot: Spot, path: str) -> None:
        """A segment that is read only where this place shows one of its codes, and there is none to write."""
        params = {"field": path + spot.field_name, "hint": "Without it the segment would not be read back."}
        self.issues.append(Issue("MAP-REQUIRED", Location(field=params["field"]), None, params))

    def empty(self, spot: Spot, tag: str, path: str) -> None:
        """A segment that the message requires, and none of its fields has a value: it would say nothing."""
        field = path + spot.field_name
        place = Location(tag=tag, element=spot.element, reference=spot.item.reference, field=field)
        hint = f"The message requires {tag}, which is to say it."
        self.issues.append(Issue("MAP-REQUIRED", place, None, {"field": field, "hint": hint}))

    def shadow(self, spot: Spot, text: str, other: str, path: str) -> None:
        """What is written here would be read by another line, into another field."""
        self._issue("MAP-SHADOW", spot, path, text, line=spot.where, other=other)

    def unwritten(self, part: Part, names: tuple[str, ...], path: str) -> None:
        """Fields with a value that no line carries."""
        defaults = dict(zip(part.__struct_fields__[::-1], part.__struct_defaults__[::-1]))
        for name in names:
            value = getattr(part, name)
            if value is not None and value != () and value != defaults.get(name):
                self.lost(path + name)

    def lost(self, field: str) -> None:
        """One populated field without a place."""
        self.issues.append(Issue("MAP-UNWRITTEN", Location(field=field), None, {"field": field}))

    def _too_long(self, spot: Spot, text: str, path: str) -> str:
        self._issue("MAP-VALUE", spot, path, text, reason=f"its place holds {spot.item.most} characters")
        return ""

    def _issue(self, code: str, spot: Spot, path: str, value: str, **params: str) -> None:
        field = path + spot.field_name
        place = Location(
            element=spot.element,
            component=spot.component if spot.composite else None,
            reference=spot.item.reference,
            field=field,
        )
        self.issues.append(Issue(code, place, value, {"field": field, "value": value, **params}))


def cut_text(text: str, most: int) -> list[str] | None:
    """Pieces of at most ``most`` characters, cut at blanks that stand alone; None: it cannot be cut so."""
    pieces = []
    while len(text) > most:
        at = text.rfind(" ", 1, most + 1)
        while at > 0 and (text[at - 1] == " " or text[at + 1 : at + 2] in (" ", "")):
            at = text.rfind(" ", 1, at)
        if at <= 0:
            return None
        pieces.append(text[:at])
        text = text[at + 1 :]
    return [*pieces, text]


def trimmed(segment: Segment) -> Segment:
    """A segment without the empty elements at its end."""
    while len(segment) > 1 and not segment[-1]:
        segment.pop()
    return segment


def _format(spot: Spot, second: object) -> str:
    """The format qualifier: what the mapping names, the last of its formats when both fields have a value."""
    assert isinstance(spot.place, Hole)
    named = spot.place.arguments
    if isinstance(second, time) and second.tzinfo is not None:
        return next((code for code in named if code in ZONED), "304" if second.second else "303")
    wanted = RANGES if isinstance(second, date) else TIMED if second is not None else frozenset()
    usual = "718" if isinstance(second, date) else "203" if second is not None else "102"
    if second is None:
        single = [code for code in named if code not in RANGES and (code not in TIMED or len(spot.paths) == 1)]
        return single[0] if single else usual
    return next((code for code in named if code in wanted), usual)


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, date | time) else str(value)
