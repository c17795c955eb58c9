"""Text to segments, elements, repetitions and components, and back; release characters are honoured throughout.

X12 (X12.6) has no release character: a delimiter is a delimiter. In EDIFACT (ISO 9735:1988 §5.1, ISO 9735-1:2002 §8)
the character after a release character is data, whatever it is: also a line break, a terminator, another release.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from gateway.codecs.charset import width
from gateway.codecs.model import Delimiters, RawDocument, Segment

BLANKS = "\r\n\t "
"""What may stand between segments and is no data, unless it is a delimiter of the interchange."""


@lru_cache(maxsize=256)
def blanks_of(delimiters: Delimiters) -> str:
    """The blanks and line breaks that may stand between the segments of this interchange."""
    return "".join(blank for blank in BLANKS if blank not in delimiters)


def segments(text: str, delimiters: Delimiters) -> list[Segment]:
    """The segments of ``text``, tag first. An empty one (``~~``) is ``[""]``; the last may lack its terminator."""
    blanks, element, release = blanks_of(delimiters), delimiters.element, delimiters.release
    pieces = _cut(text, delimiters.terminator, release)
    if not pieces[-1].strip(blanks):
        del pieces[-1]
    if release is None or release not in text:
        return [piece.lstrip(blanks).split(element) for piece in pieces]
    return [_cut(piece.lstrip(blanks), element, release) for piece in pieces]


def repetitions(element: str, delimiters: Delimiters) -> list[str]:
    """The repetitions of an element: one, where the interchange has no repetition separator."""
    return [element] if delimiters.repetition is None else _cut(element, delimiters.repetition, delimiters.release)


def components(element: str, delimiters: Delimiters) -> list[str]:
    """The components of one repetition of an element, still escaped."""
    return _cut(element, delimiters.component, delimiters.release)


def values(element: str, delimiters: Delimiters) -> list[str]:
    """The components of one repetition of an element, unescaped."""
    return [unescape(component, delimiters) for component in components(element, delimiters)]


def unescape(value: str, delimiters: Delimiters) -> str:
    """``value`` without its release characters."""
    release = delimiters.release
    return value if release is None or release not in value else _released(release).sub(r"\1", value)


def without_released(value: str, delimiters: Delimiters) -> str:
    """``value`` without its release characters and what they release: what is left of them there releases nothing."""
    release = delimiters.release
    return value if release is None or release not in value else _released(release).sub("", value)


def escape(value: str, delimiters: Delimiters) -> str:
    """``value`` with a release character before each service character; as it is where there is no release."""
    return value.translate(_escapes(delimiters))


class Layout(NamedTuple):
    """The blanks before each segment, and those behind the last one. ``terminated`` is False when the last segment has
    no terminator. With the segments it makes the text again, character by character."""

    breaks: tuple[str, ...]
    terminated: bool = True

    @property
    def line_break(self) -> str | None:
        """What stands between all segments, when it is the same everywhere; None when it is not."""
        inner = set(self.breaks[1:-1])
        return inner.pop() if len(inner) == 1 else ("" if not inner else None)


def layout(text: str, delimiters: Delimiters) -> Layout:
    """The line breaks and blanks of ``text``, so that ``join(segments(text, d), d, layout(text, d)) == text``."""
    blanks = blanks_of(delimiters)
    pieces = _cut(text, delimiters.terminator, delimiters.release)
    terminated = not pieces[-1].strip(blanks)
    leading = [piece[: len(piece) - len(piece.lstrip(blanks))] for piece in pieces]
    return Layout(tuple(leading if terminated else [*leading, ""]), terminated)


def join(body: Iterable[Segment], delimiters: Delimiters, between: str | Layout = "") -> str:
    """Segments to text. ``between`` follows every terminator, or restores what :func:`layout` found."""
    lines = [delimiters.element.join(segment) for segment in body]
    end = delimiters.terminator
    if isinstance(between, str):
        return "".join(line + end + between for line in lines)
    ends = [end] * len(lines) if between.terminated else [*[end] * (len(lines) - 1), ""]
    text = "".join(space + line + close for space, line, close in zip(between.breaks, lines, ends))
    return text + "".join(between.breaks[len(lines) :])


def offset_of(document: RawDocument, segment: int, element: int = 0, component: int = 0, repetition: int = 0) -> int:
    """Bytes from the start of the transmission to a place in ``document``; all count from 1, element 0 is the tag.

    A place that is not there (a missing element) is the end of what there is: the offset of the delimiter after it.
    """
    if document.origins:
        return document.origins[min(segment, len(document.origins)) - 1].offset
    text, marks = document.text, document.delimiters
    start, end = _nth(text, 0, len(text), marks.terminator, marks.release, segment)
    while start < end and text[start] in blanks_of(marks):
        start += 1
    if element:
        start, end = _nth(text, start, end, marks.element, marks.release, element + 1)
        if repetition and marks.repetition:
            start, end = _nth(text, start, end, marks.repetition, marks.release, repetition)
        if component:
            start, _ = _nth(text, start, end, marks.component, marks.release, component)
    # ISO 2022 can write the same text in several widths: what is counted may be more than what came.
    return document.offset + min(width(text[:start], document.charset), document.length)


def _nth(text: str, start: int, end: int, mark: str, release: str | None, number: int) -> tuple[int, int]:
    """The bounds of piece ``number`` of ``text[start:end]`` between marks; an empty piece at the end when absent."""
    for _ in range(1, number):
        found = _find(text, mark, release, start, end)
        if found < 0:
            return end, end
        start = found + 1
    found = _find(text, mark, release, start, end)
    return start, end if found < 0 else found


def _find(text: str, mark: str, release: str | None, start: int, end: int) -> int:
    """The next ``mark`` that is not released. ``start`` must not stand behind a release character."""
    found = text.find(mark, start, end)
    while found >= 0 and release is not None and _is_released(text, found, start, release):
        found = text.find(mark, found + 1, end)
    return found


def _is_released(text: str, place: int, start: int, release: str) -> bool:
    before = place
    while before > start and text[before - 1] == release:
        before -= 1
    return (place - before) % 2 == 1


def _cut(text: str, mark: str, release: str | None) -> list[str]:
    """``text.split(mark)``, where a released mark does not separate."""
    pieces = text.split(mark)
    if release is None or release not in text:
        return pieces
    out: list[str] = []
    held: list[str] = []
    for piece in pieces:
        held.append(piece)
        if not piece.endswith(release) or (len(piece) - len(piece.rstrip(release))) % 2 == 0:
            out.append(mark.join(held) if len(held) > 1 else piece)
            held = []
    return [*out, mark.join(held)] if held else out


@lru_cache(maxsize=64)
def _escapes(delimiters: Delimiters) -> dict[int, str]:
    marks = (delimiters.element, delimiters.component, delimiters.terminator, delimiters.repetition, delimiters.release)
    release = delimiters.release
    return {} if release is None else {ord(mark): release + mark for mark in marks if mark}


@lru_cache(maxsize=64)
def _released(release: str) -> re.Pattern[str]:
    return re.compile(re.escape(release) + "(.)", re.DOTALL)
