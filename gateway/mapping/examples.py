"""Examples in mapping files: read, compared, written and read again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from gateway.canonical import Document, from_json, to_json
from gateway.codecs.model import Delimiters, Segment
from gateway.codecs.split import segments
from gateway.core.errors import UnreadableError
from gateway.core.issues import Issue, Severity
from gateway.mapping.definition import Example

if TYPE_CHECKING:
    from gateway.mapping.mapping import Mapping

USUAL = {
    "x12": Delimiters("*", ":", "~"),
    "edifact": Delimiters("+", ":", "'", None, "?", "."),
    "csv": Delimiters("*", ":", "~"),
    "idoc": Delimiters("*", ":", "~"),
}
"""The delimiters of examples: what their lines show."""


def check(mapping: Mapping, example: Example) -> list[str]:
    """What is wrong with an example, each with its file and line; empty: it holds in both directions."""
    marks = USUAL[mapping.format.standard]
    title = f"{example.where}: example {example.name}"
    try:
        expected = from_json(mapping.document, example.document)
    except UnreadableError as error:
        return [f"{title}: {error}"]
    reading = mapping.read(segments(example.input, marks), marks)
    failures = compared(f"{title}: read", reading.document, expected)
    failures += unexpected(f"{title}: read", reading.issues, example.issues)
    bare = msgspec.structs.replace(expected, extensions=())
    writing = mapping.write(bare, marks)
    failures += unexpected(f"{title}: written", writing.issues, ())
    failures += _compare_text(title, writing.segments, example.written, marks)
    again = mapping.read(writing.segments, marks)
    return failures + compared(f"{title}: written and read again", again.document, bare)


def compared(title: str, found: Document | None, expected: Document) -> list[str]:
    """The fields in which two documents differ."""
    if found == expected:
        return []
    if found is None:
        return [f"{title}: there is no document"]
    left, right = json.loads(to_json(found)), json.loads(to_json(expected))
    differing = [key for key in {**left, **right} if left.get(key) != right.get(key)]
    shown = [f"{key} is {json.dumps(left.get(key))}, not {json.dumps(right.get(key))}" for key in differing]
    return [f"{title}: {text}" for text in shown]


def _compare_text(title: str, written: list[Segment], expected: str | None, marks: Delimiters) -> list[str]:
    if expected is None:
        return []
    wanted = segments(expected, marks)
    if written == wanted:
        return []
    for number, (left, right) in enumerate(zip(written, wanted), 1):
        if left != right:
            found, should = marks.element.join(left), marks.element.join(right)
            return [f"{title}: segment {number} is written as {found}, not {should}"]
    return [f"{title}: {len(written)} segments are written, not {len(wanted)}"]


def unexpected(title: str, issues: tuple[Issue, ...], expected: tuple[str, ...]) -> list[str]:
    """Issues that an example does not name, and those that it names in vain."""
    found = [issue for issue in issues if issue.severity is not Severity.INFORMATION]
    codes = sorted(issue.code for issue in found)
    if codes == sorted(expected):
        return []
    missing = sorted(set(expected) - set(codes))
    told = [f"{title}: {issue.code} {issue.text}" for issue in found if issue.code not in expected]
    return told + [f"{title}: {code} is not reported" for code in missing] or [f"{title}: {codes} are reported"]
