"""Verdicts on the interchanges of a file, reached as the pipeline reaches them, without a database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Literal, NamedTuple

from gateway.acknowledgments import DocumentVerdict, InterchangeVerdict
from gateway.agreements import USUAL_RECEIPTS, Agreement, Envelope, Party
from gateway.cli.checks import Checker
from gateway.codecs import (
    InterchangeEnd,
    InterchangeHeader,
    InterchangeStart,
    InterchangeSummary,
    RawDocument,
    read,
    scan,
)
from gateway.core.issues import has_errors
from gateway.pipeline.conclude import verdict_of
from gateway.pipeline.interpret import Interpretation
from gateway.pipeline.plan import InterchangePlan
from gateway.pipeline.written import Prepared

_WE, _THEY = Party(id="we", name="We", kind="own"), Party(id="they", name="They")


class Judged(NamedTuple):
    """One interchange: its place in the file from 0, what is agreed on it, and the verdict."""

    position: int
    agreement: Agreement
    verdict: InterchangeVerdict


def judged(stream: BinaryIO, checker: Checker) -> Iterator[Judged]:
    """The verdict on each interchange. The stream is read twice: envelopes first, as always."""
    limits = checker.knowledge.limits
    start = stream.tell()
    summaries = scan(stream, charset=checker.charset, limits=limits)
    stream.seek(start)
    position = -1
    plan = None
    refused: set[int] = set()
    verdicts: dict[int, DocumentVerdict] = {}
    for event in read(stream, charset=checker.charset, limits=limits):
        if isinstance(event, InterchangeStart):
            position += 1
            plan, verdicts = _plan(summaries[position], checker), {}
            refused = _refused(plan)
        elif isinstance(event, RawDocument) and plan is not None and event.position not in refused:
            verdicts[event.position] = _verdict(event, plan, checker)
        elif isinstance(event, InterchangeEnd) and plan is not None:
            yield Judged(position, plan.fallback, verdict_of(plan, verdicts))


def _plan(summary: InterchangeSummary, checker: Checker) -> InterchangePlan:
    agreement = _agreement(summary, checker)
    return InterchangePlan(
        summary=summary,
        partner=checker.partner or _THEY,
        own=_WE,
        lane=agreement.lane,
        agreements={("", "", ""): agreement},
        fallback=agreement,
        first=0,
        issues=tuple(issue.with_severity(agreement.severities) for issue in summary.issues),
    )


def _agreement(summary: InterchangeSummary, checker: Checker) -> Agreement:
    """The partner's for the first document that has one; without a partner, one that promises every receipt."""
    header = summary.header
    for group in summary.groups:
        for head in group.documents:
            found = checker.agreement_on(header, head.type, head.version, head.association)
            if isinstance(found, Agreement):
                return found
    return _plain(header)


def _plain(header: InterchangeHeader) -> Agreement:
    """For people to read: a line each segment."""
    standard: Literal["x12", "edifact"] = "x12" if header.standard == "x12" else "edifact"
    return Agreement(
        name="plain",
        with_=_WE.id,
        direction="in",
        standard=standard,
        acknowledgments=USUAL_RECEIPTS[standard],
        envelope=Envelope(line_break=True),
    )


def _refused(plan: InterchangePlan) -> set[int]:
    """The documents that are refused by the envelope of the interchange or of their group: they are not read."""
    groups = [group for group in plan.summary.groups if plan.refused or has_errors(group.issues)]
    return {head.position for group in groups for head in group.documents}


def _verdict(raw: RawDocument, plan: InterchangePlan, checker: Checker) -> DocumentVerdict:
    issues = tuple(issue.with_severity(plan.fallback.severities) for issue in checker.found_in(raw))
    found = Interpretation(issues=issues)
    return Prepared(raw=raw, agreement=plan.fallback, interpretation=found, position=0).verdict
