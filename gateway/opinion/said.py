"""What pyx12 says of a document, in our terms: from the errors that it lists as JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

_REFERENCE = re.compile(r"\((?:[A-Z][A-Z0-9]{1,2})(\d\d)(?:-(\d\d?))?\)")
_CONDITION = re.compile(r"Syntax Error \(([PRECL](?:\d\d)+)\)")
_COUNTED = {"HL1": 1, "HL2": 2, "LX": 1}  # numbers that should count on: code → element
_SURPLUS = re.compile(r"should have (\d+)$")


class Said(NamedTuple):
    """One error. ``level``: document, segment or element; ``code`` is that of the acknowledgment (AK502, AK304,
    AK403); ``segment`` counts from 1 at ST, ``element`` and ``component`` from 1, 0 where none is meant."""

    level: str
    code: str
    segment: int
    tag: str
    element: int
    component: int
    text: str
    value: str | None = None
    condition: str = ""  # the relational condition that is broken: C0302


def said(transaction: Mapping[str, Any], start: int) -> Iterator[Said]:
    """All errors of one transaction set of pyx12's list, whose ST is segment ``start`` of the interchange. What is
    listed twice is said once."""
    found: dict[Said, None] = {}
    for code, text in ((error["err_cde"], error["err_str"]) for error in transaction["errors"]):
        found[Said("document", code, 0, "", 0, 0, text)] = None
    for segment in transaction["segments"]:
        number, tag = int(segment["cur_line"]) - start + 1, str(segment["seg_id"] or "")
        for error in segment["errors"]:
            found[_of_segment(error, number, tag)] = None
        for element in segment["elements"]:
            place = int(element["ele_pos"]), int(element["subele_pos"] or 0)
            for error in element["errors"]:
                found[Said("element", error["err_cde"], number, tag, *place, error["err_str"], error["err_val"])] = None
    yield from found


def _of_segment(error: Mapping[str, Any], number: int, tag: str) -> Said:
    """pyx12 puts what it finds between elements at their segment, with code 8 and in words."""
    code, text, value = str(error["err_cde"]), str(error["err_str"]), error["err_val"]
    reading = next((reading for beginning, reading in _WORDS if text.startswith(beginning)), None)
    if code in _COUNTED:
        return Said("element", "7", number, tag, _COUNTED[code], 0, text, value)
    if code != "8" or reading is None:
        return Said("segment", code, number, tag, 0, 0, text, value)
    own, element, component = reading(text)
    condition = _CONDITION.search(text)
    return Said("element", own, number, tag, element, component, text, value, condition[1] if condition else "")


def _place(text: str) -> tuple[int, int]:
    match = _REFERENCE.search(text)
    return (int(match[1]), int(match[2] or 0)) if match else (0, 0)


def _surplus(text: str) -> tuple[str, int, int]:
    match = _SURPLUS.search(text)
    return "3", int(match[1]) + 1 if match else 0, 0


def _parts(text: str) -> tuple[str, int, int]:
    return "3", _place(text)[0], 0


def _composite(text: str) -> tuple[str, int, int]:
    return ("10" if "Not Used" in text else "1"), _place(text)[0], 0


def _between(text: str) -> tuple[str, int, int]:
    match = _CONDITION.search(text)
    if match is None:
        return "2", 0, 0
    return ("10" if match[1][0] == "E" else "2"), int(match[1][1:3]), 0


_WORDS: tuple[tuple[str, Callable[[str], tuple[str, int, int]]], ...] = (
    ("Too many elements", _surplus),
    ("Too many sub-elements", _parts),
    ("Mandatory composite", _composite),
    ("Composite", _composite),
    ("Syntax Error", _between),
)
