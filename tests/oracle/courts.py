"""What is mutated: invented orders (850 and ORDERS) and claims (837), all of which both judges find right."""

from __future__ import annotations

import io

import msgspec

from gateway.bench import claims
from gateway.bench.corpus import interchange
from gateway.codecs import Delimiters, RawDocument, read
from gateway.codecs.split import components, unescape
from gateway.core.issues import Issue
from gateway.grammar.findings import Kind
from gateway.knowledge import Knowledge
from tests.oracle.mutations import Segments, Vocabulary
from tests.oracle.trial import Court

_UNKNOWN = ("ZZZ", "QQ", "X", "1A", "BEGX")
_X12 = Delimiters("*", ">", "~")
_SHORTEST = 12  # documents: they are judged sooner, and have every kind of segment between them


def court(type: str) -> Court:
    """850, ORDERS or 837."""
    return _COURTS[type]()


def _x12_orders() -> Court:
    return _court(interchange("x12", 1, range(1, 60)))


def _claims() -> Court:
    return _court(claims.interchange(1, [range(number, number + 2) for number in range(0, 60, 2)]))


def _edifact_orders() -> Court:
    return _court(interchange("edifact", 1, range(1, 90)))._replace(as_x12=_as_x12, in_x12=_in_x12)


_COURTS = {"850": _x12_orders, "ORDERS": _edifact_orders, "837": _claims}


def _court(data: bytes) -> Court:
    documents = [event for event in read(io.BytesIO(data)) if isinstance(event, RawDocument) and "?" not in event.text]
    short = sorted(documents, key=lambda document: len(document.text))[:_SHORTEST]
    first = short[0]
    schemas = Knowledge.of(None, {}).schemas
    validator = schemas.validator(first.standard, first.version, first.type, first.association)
    tags = tuple(sorted({node.tag for node in validator.table.root.walk() if node.parent is not None}))
    unknown = _UNKNOWN if first.standard == "x12" else ("ZZZ", "QQ", "X", "1A", "BGMX")
    return Court(short, validator, Vocabulary(tags, unknown, first.delimiters.component), first.delimiters)


def _as_x12(document: RawDocument, segments: Segments) -> RawDocument:
    """The message in the syntax of X12: other delimiters, ST for UNH and SE for UNT. Segments, elements, components
    and values stay, so that pyx12 can judge it by a map made from the same table."""
    made = [["ST", "850", segments[0][1]]]
    for segment in segments[1:-1]:
        made.append([segment[0], *(_element(element, document.delimiters) for element in segment[1:])])
    made.append(["SE", *segments[-1][1:]])
    text = "".join(_X12.element.join(segment) + _X12.terminator for segment in made)
    issues = tuple(map(_in_x12, document.issues))
    return msgspec.structs.replace(document, standard="x12", text=text, delimiters=_X12, syntax="00401", issues=issues)


def _element(element: str, marks: Delimiters) -> str:
    parts = (unescape(part, marks) for part in components(element, marks))
    return _X12.component.join(part.translate({ord(mark): "." for mark in "*>~"}) for part in parts)


def _in_x12(issue: Issue) -> Issue:
    """The same finding by its X12 code, which says what an acknowledgment of X12 would."""
    at = issue.location
    code = "X12-E03B" if issue.code == _MANY and at.component else _X12_CODES.get(issue.code, issue.code)
    return Issue(code, at, issue.value, issue.params)


_X12_CODES = {kind.code("edifact"): kind.code("x12") for kind in reversed(list(Kind))} | {
    "EDF-M29": "X12-T04",
    "EDF-M28": "X12-T03",
    "EDF-E12": "X12-E07",  # EDIFACT has no conditions: a value that is wrong is no code of its list
    "EDF-E16": "X12-E06",
}

#: EDIFACT has one code for several findings: where a component is meant, there are too many of them.
_MANY = "EDF-E16"
