"""Mutated documents before both judges: ours, and pyx12 with a map made from our table."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

import msgspec

from gateway import resources
from gateway.codecs import Delimiters, RawDocument, read
from gateway.core.issues import Issue
from gateway.grammar import Validator
from gateway.grammar.findings import Kind
from gateway.opinion import Comparison, Judge, Opinion, compared
from tests.oracle.mutations import Mutation, Segments, Vocabulary, mutate

#: Codes for too many components: pyx12 stops there.
MANY = Kind.TOO_MANY_COMPONENTS.value


class Trial(NamedTuple):
    """One mutated document and what both said. ``standard``: of the document as it was sent."""

    standard: str
    mutation: Mutation
    issues: list[Issue]
    opinion: Opinion
    found: Comparison


class Court(NamedTuple):
    """``as_x12``: the document as pyx12 can read it; ``in_x12``: our issues in the terms of X12."""

    documents: list[RawDocument]
    validator: Validator
    words: Vocabulary
    marks: Delimiters
    as_x12: Callable[[RawDocument, Segments], RawDocument] | None = None
    in_x12: Callable[[Issue], Issue] | None = None


def trials(court: Court, count: int, seed: int) -> Iterator[Trial]:
    """So many mutations, each judged; the same for the same seed."""
    random = Random(seed)
    with Judge(resources.map_file) as judge:
        while count > 0:
            part = [_mutated(court, random, number) for number in range(1, min(count, 200) + 1)]
            count -= len(part)
            verdicts = [[*raw.issues, *court.validator.validate(raw)] for raw, _ in part]
            opinions = _opinions(court, judge, part, verdicts)
            for (raw, mutation), issues, opinion in zip(part, verdicts, opinions):
                said = [court.in_x12(issue) for issue in issues] if court.in_x12 else issues
                yield Trial(raw.standard, mutation, said, opinion, compared(said, opinion.said))


def _opinions(
    court: Court, judge: Judge, part: list[tuple[RawDocument, Mutation]], verdicts: list[list[Issue]]
) -> list[Opinion]:
    """Those at which pyx12 stops are given to it alone: a run takes long to begin."""
    theirs = [court.as_x12(raw, one.segments) if court.as_x12 else raw for raw, one in part]
    alone = [any(issue.location.component and issue.code in MANY for issue in issues) for issues in verdicts]
    together = iter(judge.judge([raw for raw, stops in zip(theirs, alone) if not stops], court.validator.table))
    return [
        judge.judge([raw], court.validator.table)[0] if stops else next(together) for raw, stops in zip(theirs, alone)
    ]


def _mutated(court: Court, random: Random, number: int) -> tuple[RawDocument, Mutation]:
    """A document with its mutation, read by our codec; its number is told apart from its neighbours'."""
    document = random.choice(court.documents)
    segments = document.segments()
    for envelope, place in ((segments[0], 2 if document.standard == "x12" else 1), (segments[-1], 2)):
        envelope[place] = f"{number:04d}"
    mutation = mutate(segments, random, court.words)
    marks = court.marks
    text = "".join(marks.element.join(segment) + marks.terminator for segment in mutation.segments)
    return reread(document, text), mutation


def reread(document: RawDocument, text: str) -> RawDocument:
    """The document with another text, and with the issues that our codec finds in its envelope."""
    head, tail = _envelope(document)
    events = read(io.BytesIO((head + text + tail).encode("utf-8")), charset="utf-8")
    found = [event for event in events if isinstance(event, RawDocument)]
    return found[0] if len(found) == 1 else msgspec.structs.replace(document, text=text)


def _envelope(document: RawDocument) -> tuple[str, str]:
    if document.standard == "edifact":
        return "UNA:+.? 'UNB+UNOC:3+A+B+260101:0000+1'", "UNZ+1+1'"
    blank, party = " " * 10, f"{'X':<15}"
    isa = f"ISA*00*{blank}*00*{blank}*ZZ*{party}*ZZ*{party}*260101*0000*U*00401*000000001*0*T*"
    isa += document.delimiters.component + "~"
    if document.version >= "005010":
        isa = isa.replace("*U*00401*", "*^*00501*")
    group = {"837": "HC", "850": "PO"}[document.type]
    return f"{isa}GS*{group}*X*X*20260101*0000*1*X*{document.version}~", "GE*1*1~IEA*1*000000001~"
