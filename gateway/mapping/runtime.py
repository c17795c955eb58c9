"""What generated readers call: flags of what no line claims, and, in careful reading, issues and lineage.

A flag is ``(segment, element, component, reason)``: the segment counts from 0, the others from 1, 0 means all of it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from gateway.canonical import Extension, Part
from gateway.codecs.charset import undecodable
from gateway.codecs.model import Delimiters, Segment
from gateway.codecs.split import components, repetitions, unescape, values
from gateway.core.issues import Issue, Location
from gateway.mapping.bound import Spot
from gateway.mapping.conversions import ConversionError
from gateway.mapping.dtm import MOMENTS
from gateway.mapping.source import Inside
from gateway.mapping.totals import disagrees

REASONS = {
    "segment": "no line takes this segment",
    "element": "no line maps this element",
    "component": "no line maps this component",
    "qualifier": "no tail takes this qualifier",
    "moment": "its time of day or its range has no field",
    "second": "the field is filled already",
    "incomplete": "a value that belongs to it is missing",
    "unread": "it cannot be converted",
    "other": "the mapping writes another value here",
    "total": "it is not what is counted",
    "repetition": "only its first repetition has a field",
}
"""Why something is carried in ``extensions``."""

IGNORABLE = frozenset({"segment", "element", "component", "qualifier", "moment", "other", "repetition"})
"""Reasons for which something may be left behind, when the mapping says so."""

MOST_EXPLAINED = 1_000
BLANK = ("",)
Flag = tuple[int, int, int, str]


class Surprise(Exception):
    """Fast reading met something that only careful reading can explain."""


class Lineage(NamedTuple):
    """Where a field's value came from. All count from 1; ``component`` 0: the whole element.

    ``offset`` and ``length`` are bytes in the transmission, when the document was at hand. ``line`` is the mapping's.
    """

    field: str
    segment: int
    tag: str
    element: int
    component: int
    line: str
    offset: int | None = None
    length: int | None = None


class FastRun:
    """One reading that records flags only."""

    def __init__(self, segments: list[Segment], delimiters: Delimiters, ignored: frozenset[str] = frozenset()) -> None:
        self.segments = segments
        self.ignored = ignored
        self.delimiters = delimiters
        self.component = delimiters.component
        self.flags: list[Flag] = []
        self.flag = self.flags.append
        self.roots: dict[str, Any] = {}
        self.totals: list[tuple[Spot, str, int, int]] = []

    def split(self, element: str) -> list[str]:
        """The components of an element, without release characters."""
        return values(element, self.delimiters)

    def unescape(self, value: str) -> str:
        return unescape(value, self.delimiters)

    def skip(self, segments: list[Segment], index: int, end: int, inside: Inside, reason: str = "segment") -> int:
        """Past a segment that no line takes, and the loop that it opens; the index of what follows."""
        tag = segments[index][0]
        if tag or len(segments[index]) > 1:
            self.flag((index, 0, 0, reason))
        below = inside.get(tag)
        index += 1
        while below is not None and index < end and segments[index][0] in below:
            index = self.skip(segments, index, end, below, reason)
        return index

    def gap(self, index: int, segment: Segment, start: int, end: int, reason: str = "element") -> None:
        """Elements that no place of the line ties."""
        for element in range(start, min(end, len(segment))):
            if segment[element]:
                self.flag((index, element, 0, reason))

    def components(self, index: int, element: int, cells: list[str], known: int) -> None:
        """Components behind the last one that is tied."""
        for component in range(known, len(cells)):
            if cells[component]:
                self.flag((index, element, component + 1, "component"))

    def root(self, spot: Spot, text: str, index: int, element: int) -> None:
        """A value for the document's own field: the same wherever it is said."""
        value = convert(spot, text)
        if self.roots.setdefault(spot.field_name, value) != value:
            raise Surprise

    def at_root(self, field: str, value: Any) -> Any:
        """What the document's own line and inner loops say of a field together."""
        inner = self.roots.get(field)
        if value is not None and inner is not None and value != inner:
            raise Surprise
        return inner if value is None else value

    def total(self, spot: Spot, text: str, index: int, element: int) -> None:
        self.totals.append((spot, text, index, element))

    def check_totals(self, document: Part) -> None:
        """Compare what the document says of itself. Raises Surprise."""
        for spot, text, _, _ in self.totals:
            if disagrees(spot, text, document) is not None:
                raise Surprise

    def extensions(self) -> tuple[Extension, ...]:
        """What no line claims, with its address and text."""
        if not self.flags:
            return ()
        flags = self.told()
        ordinals = _ordinals(self.segments, flags)
        return tuple(self._extension(flag, ordinals[flag[0]]) for flag in flags)

    def told(self) -> list[Flag]:
        """The flags in order, without what the mapping's author decided not to carry."""
        flags = set(self.flags)
        whole = {(flag[0], flag[1]) for flag in flags if not flag[2] and flag[3] != "repetition"}
        return [
            flag
            for flag in sorted(flags)
            if not (flag[3] == "repetition" and {(flag[0], 0), (flag[0], flag[1])} & whole)
            and not (self.ignored and self._is_ignored(flag))
        ]

    def first_repetitions(self, text: str) -> list[Segment]:
        """The segments with the first repetition of each element; the others are flagged."""
        mark = self.delimiters.repetition
        if mark is None or mark not in text:
            return self.segments
        found = []
        for index, segment in enumerate(self.segments):
            cells = list(segment)
            for element, cell in enumerate(segment):
                if mark in cell and len(parts := repetitions(cell, self.delimiters)) > 1:
                    cells[element] = parts[0]
                    self.flag((index, element, 0, "repetition"))
            found.append(cells)
        return found

    def _is_ignored(self, flag: Flag) -> bool:
        """Only what no line takes can be ignored: what is taken and wrong is always told."""
        index, element, _, reason = flag
        tag = self.segments[index][0]
        return reason in IGNORABLE and (tag in self.ignored or f"{tag}-{element:02d}" in self.ignored)

    def text_at(self, index: int, element: int, component: int) -> str:
        """The text of a place, as it stands there."""
        segment = self.segments[index]
        text = segment[element] if element < len(segment) else ""
        if not element:
            text = self.delimiters.element.join(segment)
        elif component:
            cells = components(text, self.delimiters)
            text = cells[component - 1] if component <= len(cells) else ""
        return shown(text)

    def _extension(self, flag: Flag, ordinal: int) -> Extension:
        index, element, component, reason = flag
        tag = shown(self.segments[index][0])
        return Extension(
            address=address_of(tag, ordinal, element, component),
            tag=tag,
            text=self.text_at(index, element, component),
            reason=REASONS[reason],
        )


class CarefulRun(FastRun):
    """One reading that explains everything it meets."""

    def __init__(self, segments: list[Segment], delimiters: Delimiters, ignored: frozenset[str] = frozenset()) -> None:
        super().__init__(segments, delimiters, ignored)
        self.issues: list[Issue] = []
        self.lineage: list[Lineage] = []

    def one(self, old: Any, spot: Spot, text: str, index: int, element: int, path: str) -> Any:
        """A single field: the first value stays."""
        value = self._converted(spot, text, index, element, path)
        if old is None:
            if value is not None:
                self._note(spot, path + spot.field_name, index, element)
            return value
        if value is not None and value != old:
            self.flag((index, element, self._component(spot), "second"))
            self._issue("MAP-SECOND", spot, index, element, path, text)
        return old

    def many(self, items: list[Any], spot: Spot, text: str, index: int, element: int, path: str) -> None:
        """One more value of a list, or piece of a text."""
        value = self._converted(spot, text, index, element, path)
        if value is not None:
            number = f"[{len(items)}]" if spot.many else ""
            self._note(spot, f"{path}{spot.field_name}{number}", index, element)
            items.append(value)

    def moment(
        self, old: tuple[Any, ...], spot: Spot, text: str, code: str, index: int, element: int, path: str
    ) -> tuple[Any, ...]:
        """A date, with a time or the end of a range where there is a field for it."""
        try:
            moment = MOMENTS[text, code]
        except ConversionError as error:
            self._refuse(error, spot, text, index, element, path)
            return old
        second = moment.end if spot.fields[-1].type is spot.fields[0].type else moment.time
        new = (moment.start, second)[: len(old)]
        ranges = len(old) == 2 and spot.fields[1].type is spot.fields[0].type
        if (moment.clock and (ranges or len(old) == 1)) or (moment.end and not ranges):
            self.flag((index, element, spot.component, "moment"))
        if old[0] is None:
            self._note(spot, path + spot.field_name, index, element)
            return new
        if new != old:
            self.flag((index, element, spot.component, "second"))
            self._issue("MAP-SECOND", spot, index, element, path, text)
        return old

    def root(self, spot: Spot, text: str, index: int, element: int) -> None:
        value = self._converted(spot, text, index, element, "")
        if value is None:
            return
        first = self.roots.setdefault(spot.field_name, value)
        if first != value:
            self.flag((index, element, self._component(spot), "second"))
            self._issue("MAP-DISAGREE", spot, index, element, "", text, expected=str(first))
        else:
            self._note(spot, spot.field_name, index, element)

    def at_root(self, field: str, value: Any) -> Any:
        inner = self.roots.get(field)
        if value is not None and inner is not None and value != inner:
            params = {"field": field, "expected": str(inner)}
            self.issues.append(Issue("MAP-DISAGREE", Location(field=field), str(value), params))
        return inner if value is None else value

    def second(self, segments: list[Segment], index: int, end: int, inside: Inside, field: str) -> int:
        """A second instance of a loop that fills a single field."""
        segment = segments[index]
        place = Location(segment=index + 1, tag=segment[0], field=field)
        text = self.delimiters.element.join(segment)
        self.issues.append(Issue("MAP-SECOND", place, shown(text), {"field": field}))
        return self.skip(segments, index, end, inside, "second")

    def incomplete(self, path: str, part: str, required: list[str]) -> None:
        """A part that has values but not the one that makes it: its values are carried, not lost."""
        start = len(self.lineage)  # what belongs to the object at ``path`` was noted last
        while start and self.lineage[start - 1].field.startswith(path):
            start -= 1
        noted, prefix = self.lineage[start:], f"{path}{part}."
        self.lineage[start:] = [entry for entry in noted if not entry.field.startswith(prefix)]
        for entry in noted:
            if entry.field.startswith(prefix):
                self.flag((entry.segment - 1, entry.element, entry.component, "incomplete"))

    def missing(self, path: str, part: str, required: list[str]) -> None:
        """An object without what it requires. The document itself: there is no document."""
        if path:
            self.incomplete(path.rstrip("."), "", required)
            return
        there = {entry.field for entry in self.lineage}
        for field in required:
            if field not in there:
                params = {"field": field, "hint": f"Every {part} has one."}
                self.issues.append(Issue("MAP-REQUIRED", Location(field=field), None, params))

    def check_totals(self, document: Part) -> None:
        for spot, text, index, element in self.totals:
            found = disagrees(spot, text, document)
            if found is not None:
                self.flag((index, element, self._component(spot), "total"))
                self._issue("MAP-TOTAL", spot, index, element, "", text, found=found, name=str(spot.place))

    def explain_flags(self) -> None:
        """One MAP-UNMAPPED issue for each flag, up to a thousand; the document's extensions have them all."""
        flags = self.told()[:MOST_EXPLAINED]
        ordinals = _ordinals(self.segments, flags)
        for index, element, component, reason in flags:
            tag = shown(self.segments[index][0])
            address = address_of(tag, ordinals[index], element, component)
            place = Location(segment=index + 1, tag=tag, element=element or None, component=component or None)
            params = {"address": address, "reason": REASONS[reason]}
            self.issues.append(Issue("MAP-UNMAPPED", place, self.text_at(index, element, component), params))

    def _converted(self, spot: Spot, text: str, index: int, element: int, path: str) -> Any:
        try:
            if undecodable(text):
                raise ConversionError("it has bytes that are no text in the character set of the interchange")
            return convert(spot, text)
        except ConversionError as error:
            self._refuse(error, spot, text, index, element, path)
            return None

    def _refuse(self, error: ConversionError, spot: Spot, text: str, index: int, element: int, path: str) -> None:
        self.flag((index, element, self._component(spot), "unread"))
        self._issue(error.code, spot, index, element, path, text, **error.params)

    def _component(self, spot: Spot) -> int:
        return spot.component if spot.composite else 0

    def _note(self, spot: Spot, field: str, index: int, element: int) -> None:
        component = self._component(spot)
        self.lineage.append(Lineage(field, index + 1, self.segments[index][0], element, component, spot.where))

    def _issue(self, code: str, spot: Spot, index: int, element: int, path: str, text: str, **params: str) -> None:
        place = Location(
            segment=index + 1,
            tag=self.segments[index][0],
            element=element,
            component=self._component(spot) or None,
            reference=spot.item.reference,
            field=path + spot.field_name if spot.paths else None,
        )
        self.issues.append(
            Issue(code, place, shown(text), {"field": path + spot.field_name, "line": spot.where, **params})
        )


def shown(text: str) -> str:
    """A text with undecoded bytes made visible: every document and issue can be written as UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def convert(spot: Spot, text: str) -> Any:
    """A text as the field's value. Raises ConversionError."""
    conversion = spot.conversion
    return text if conversion is None or conversion.table is None else conversion.table[text]


def address_of(tag: str, ordinal: int, element: int, component: int) -> str:
    """``PO1[3]-05-2``: the third PO1, its element 5, component 2."""
    text = f"{tag}[{ordinal}]"
    if element:
        text += f"-{element:02d}"
    return f"{text}-{component}" if component else text


def _ordinals(segments: list[Segment], flags: list[Flag]) -> dict[int, int]:
    """Which segment of its tag each flagged one is, from 1."""
    wanted = {flag[0] for flag in flags}
    tags = {segments[index][0] for index in wanted}
    counts: dict[str, int] = dict.fromkeys(tags, 0)
    found: dict[int, int] = {}
    for index, segment in enumerate(segments[: max(wanted, default=-1) + 1]):
        tag = segment[0]
        if tag in tags:
            counts[tag] += 1
            if index in wanted:
                found[index] = counts[tag]
    return found
