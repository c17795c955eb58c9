"""What X12 and EDIFACT writing share: bodies of documents, and refusing what an interchange cannot carry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from gateway.codecs.model import Delimiters, Segment
from gateway.codecs.split import blanks_of, escape, without_released
from gateway.core.errors import UnwritableError
from gateway.core.issues import Issue, Location


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """A document to write: its segments without ST … SE or UNH … UNT.

    Elements are as they shall stand there: components joined, in EDIFACT escaped (:func:`composite` makes them).
    ``version`` and ``association`` are EDIFACT's ``D.96A`` and ``EAN008``; in X12 the group has the version, and
    ``association`` is ST03.
    """

    type: str
    control_number: str
    segments: Sequence[Segment]
    version: str = ""
    association: str = ""
    agency: str = "UN"


def composite(values: Iterable[str], delimiters: Delimiters) -> str:
    """Component values to one element, trailing empty ones dropped. Raises UnwritableError where a value has a
    delimiter in it that cannot be escaped."""
    parts = list(values)
    while parts and not parts[-1]:
        parts.pop()
    if delimiters.release is None:
        for part in parts:
            if any(mark in part for mark in delimiters[:4] if mark):
                raise UnwritableError(Issue("MAP-CHAR", value=part, params={"field": "A value"}))
    return delimiters.component.join(escape(part, delimiters) for part in parts)


def repeated(elements: Iterable[str], delimiters: Delimiters) -> str:
    """Repetitions, each as :func:`composite` makes it, to one element; trailing empty ones dropped.

    Raises UnwritableError for more than one where the interchange has no repetition separator.
    """
    parts = list(elements)
    while parts and not parts[-1]:
        parts.pop()
    if len(parts) > 1 and delimiters.repetition is None:
        raise refused(parts[1], "A repetition", "this syntax repeats no elements")
    return (delimiters.repetition or "").join(parts)


def lines(body: Sequence[Segment], delimiters: Delimiters, line_break: str) -> str:
    """Segments to text. Raises UnwritableError for an element that would not come back as it is."""
    check_break(delimiters, line_break)
    element, terminator, release = delimiters.element, delimiters.terminator, delimiters.release
    texts: list[str] = []
    for number, segment in enumerate(body, 2):
        text = element.join(segment)
        if text.count(element) >= len(segment) or terminator in text or (release is not None and release in text):
            _check(segment, number, delimiters)
        texts.append(text)
    return (terminator + line_break).join([*texts, ""])


def _check(segment: Segment, number: int, delimiters: Delimiters) -> None:
    """Raises UnwritableError for the first element that would not come back as it is."""
    for element, value in enumerate(segment):
        if _breaks_out(value, delimiters):
            place = Location(segment=number, tag=segment[0], element=element or None)
            raise UnwritableError(Issue("MAP-CHAR", place, value, {"field": f"{segment[0]} element {element}"}))


def encoded(text: str, charset: str) -> bytes:
    """``text`` in the character set of the interchange. Raises UnwritableError for a character that it does not have,
    or writes like another one (the yen sign of Shift-JIS is the byte of the backslash)."""
    try:
        raw = text.encode(charset)
    except UnicodeEncodeError as error:
        raise _uncarried(text, error.start, charset) from None
    if not text.isascii() and not charset.startswith(_FAITHFUL):
        again = raw.decode(charset, "replace")
        if again != text:
            place = next((at for at, pair in enumerate(zip(text, again)) if pair[0] != pair[1]), len(text) - 1)
            raise _uncarried(text, place, charset)
        if charset.startswith("iso2022") and _SINGLE_SHIFT in raw:
            place = next(at for at, character in enumerate(text) if _SINGLE_SHIFT in character.encode(charset))
            raise _uncarried(text, place, charset)
    return raw


_FAITHFUL = ("utf", "iso8859", "ascii")  # they write each character in its own way
_SINGLE_SHIFT = b"\x1bN"  # its set may have been named in an earlier document, which nobody need have read


def _uncarried(text: str, place: int, charset: str) -> UnwritableError:
    character = text[place]
    params = {"charset": charset, "character": f"{character} (U+{ord(character):04X})"}
    return UnwritableError(Issue("MAP-CHARSET", value=text[max(0, place - 20) : place + 21], params=params))


def fitting(value: str, most: int, name: str, least: int = 1) -> str:
    """``value``, when it has ``least`` to ``most`` characters. Raises UnwritableError."""
    if least <= len(value) <= most:
        return value
    raise refused(value, name, f"it has {len(value)} characters; {least} to {most} are allowed")


def refused(value: str, name: str, reason: str) -> UnwritableError:
    """The error for a value that ``name`` cannot hold."""
    return UnwritableError(Issue("MAP-VALUE", value=value, params={"field": name, "reason": reason}))


def check_break(delimiters: Delimiters, line_break: str) -> None:
    """Raises UnwritableError for a line break that a reader would take for data."""
    if line_break.strip(blanks_of(delimiters)):
        raise refused(line_break, "line_break", "only blanks and line breaks that are no delimiters may be one")


def _breaks_out(value: str, delimiters: Delimiters) -> bool:
    """The element would end before its end, or swallow what comes after it."""
    bare = without_released(value, delimiters)
    return (
        delimiters.element in bare
        or delimiters.terminator in bare
        or (delimiters.release is not None and delimiters.release in bare)
    )
