"""What a receipt finds fault with, as issues on the document that we sent: decoded, and at their place in it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.acknowledgments import DocumentOutcome, Remark, Statement, meaning, meaning_of
from gateway.codecs import RawDocument, read
from gateway.core.errors import CrossdockError
from gateway.core.issues import Issue, Location, Severity
from gateway.handlers.receipts.sent import SentDocument, SentInterchange

#: One receipt may name a fault in every element: so many are kept.
MOST = 100

_NOT_GIVEN = "no reason is given"


def issues_of(
    receipt: str, partner: str, statement: Statement, outcome: DocumentOutcome | None, tags: list[str], refused: bool
) -> list[Issue]:
    """The issues of one document. ``tags`` are those of its segments, where the receipt gives numbers only."""
    who = {"partner": partner, "receipt": receipt}
    codes = outcome.codes if outcome is not None and outcome.codes else statement.codes
    level = "document" if outcome is not None and outcome.codes else ""
    places = [_place(remark, tags) for remark in (outcome.remarks if outcome is not None else ())][:MOST]
    words = [f"{meaning(receipt, level, code) or 'there is no meaning known of this code'}" for code in codes]
    found = [
        Issue("RCP-DOCUMENT", value=code, params=who | {"words": text})
        for code, text in zip(codes, words, strict=True)
        if not (places and code == "5")  # "segments are in error" says nothing beside the segments
    ]
    if refused and not found and not places:
        found.append(Issue("RCP-DOCUMENT", value="R", params=who | {"words": _NOT_GIVEN}))
    found += [_remark(receipt, who, remark) for remark in places]
    return found if refused else [_milder(issue) for issue in found]


def tags_of(sent: SentInterchange, document: SentDocument) -> list[str]:
    """The tags of the segments of a document, as it stands in the bytes that we sent; empty where it does not."""
    if sent.body is None:
        return []
    try:
        for event in read(sent.body):
            if isinstance(event, RawDocument) and event.control_number == document.control_number:
                return [segment[0] for segment in event.segments()]
    except CrossdockError:
        return []
    return []


def _place(remark: Remark, tags: list[str]) -> Remark:
    """A CONTRL gives the number of a segment; its tag stands in what we sent."""
    if not remark.tag and remark.segment and remark.segment <= len(tags):
        return remark._replace(tag=tags[remark.segment - 1])
    return remark


def _remark(receipt: str, who: dict[str, str], remark: Remark) -> Issue:
    location = Location(
        segment=remark.segment,
        tag=remark.tag or None,
        loop=remark.loop or None,
        element=remark.element,
        component=remark.component,
        repetition=remark.repetition,
        reference=remark.reference or None,
    )
    words = meaning_of(receipt, remark) or "there is no meaning known of this code"
    told = who | {"code": remark.code, "words": words, "tag": remark.tag or "a segment"}
    if remark.element:
        place = "-".join(f"{part:02d}" if n == 0 else str(part) for n, part in enumerate(_numbers(remark)))
        return Issue("RCP-ELEMENT", location, remark.value, told | {"place": f"{remark.tag}{place}"})
    return Issue("RCP-SEGMENT", location, remark.value or None, told)


def _numbers(remark: Remark) -> Iterator[int]:
    yield remark.element or 0
    if remark.component:
        yield remark.component


def _milder(issue: Issue) -> Issue:
    """Noted, and accepted all the same."""
    return Issue(issue.code, issue.location, issue.value, issue.params, Severity.WARNING)
