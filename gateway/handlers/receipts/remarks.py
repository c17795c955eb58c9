"""What a receipt finds fault with, as issues on the document that we sent: decoded, and at their place in it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gateway.acknowledgments import DocumentOutcome, Remark, Statement, meaning, meaning_of
from gateway.codecs import RawDocument, read
from gateway.codecs.split import values
from gateway.core.errors import CrossdockError, SchemaError
from gateway.core.issues import Issue, Location, Severity
from gateway.core.spooled import Body, open_body
from gateway.grammar import Composite, Schemas
from gateway.handlers.receipts.sent import SentDocument, SentInterchange

#: One receipt may name a fault in every element: so many are kept.
MOST = 100

_NOT_GIVEN = "no reason is given"


def issues_of(
    receipt: str,
    partner: str,
    statement: Statement,
    outcome: DocumentOutcome | None,
    *,
    refused: bool,
    raw: RawDocument | None = None,
    name: Callable[[Remark], str] = lambda remark: "",
) -> list[Issue]:
    """The issues of one document. ``raw`` is what we sent, where the receipt gives numbers of segments only; ``name``
    gives the name of the element that a remark is about."""
    who = {"partner": partner, "receipt": receipt}
    codes = outcome.codes if outcome is not None and outcome.codes else statement.codes
    level = "document" if outcome is not None and outcome.codes else ""
    places = [_place(remark, raw) for remark in (outcome.remarks if outcome is not None else ())][:MOST]
    words = [f"{meaning(receipt, level, code) or 'there is no meaning known of this code'}" for code in codes]
    found = [
        Issue("RCP-DOCUMENT", value=code, params=who | {"words": text})
        for code, text in zip(codes, words, strict=True)
        if not (places and code == "5")  # "segments are in error" says nothing beside the segments
    ]
    if refused and not found and not places:
        found.append(Issue("RCP-DOCUMENT", value="R", params=who | {"words": _NOT_GIVEN}))
    found += [_remark(receipt, who, remark, name(remark)) for remark in places]
    return found if refused else [_milder(issue) for issue in found]


def name_of(schemas: Schemas | None, standard: str, document: SentDocument, remark: Remark) -> str:
    """What the element is called that a remark is about, by the tables of the document; empty where nobody knows."""
    if not remark.tag:
        return ""
    try:
        table = schemas.message(standard, document.version, document.type) if schemas is not None else None
    except SchemaError:
        return ""
    segment = table.segments.get(remark.tag) if table is not None else None
    uses = segment.elements if segment is not None else ()
    item = next((use.item for use in uses if use.position == remark.element), None)
    if isinstance(item, Composite) and remark.component and remark.component <= len(item.components):
        return item.components[remark.component - 1].element.name
    return item.name if item is not None else ""


def document_of(sent: SentInterchange, document: SentDocument) -> RawDocument | None:
    """A document as it stands in the bytes that we sent; None where they are not there."""
    if sent.read is None:
        sent.read = _read(sent.body or b"")
    return sent.read.get(document.control_number)


def _read(body: Body) -> dict[str, RawDocument]:
    try:
        with open_body(body) as stream:
            return {event.control_number: event for event in read(stream) if isinstance(event, RawDocument)}
    except CrossdockError:
        return {}


def _place(remark: Remark, raw: RawDocument | None) -> Remark:
    """A CONTRL gives the number of a segment; its tag, and the value at the place, stand in what we sent."""
    segments = raw.segments() if raw is not None else []
    if raw is None or remark.tag or not remark.segment or remark.segment > len(segments):
        return remark
    segment = segments[remark.segment - 1]
    element = segment[remark.element] if remark.element and remark.element < len(segment) else ""
    parts = values(element, raw.delimiters)
    component = remark.component or 1
    value = parts[component - 1] if component <= len(parts) else ""
    return remark._replace(tag=segment[0], value=remark.value or value)


def _remark(receipt: str, who: dict[str, str], remark: Remark, name: str) -> Issue:
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
        called = f"{remark.tag}{place} ({name})" if name else f"{remark.tag}{place}"
        return Issue("RCP-ELEMENT", location, remark.value, told | {"place": called})
    return Issue("RCP-SEGMENT", location, remark.value or None, told)


def _numbers(remark: Remark) -> Iterator[int]:
    yield remark.element or 0
    if remark.component:
        yield remark.component


def _milder(issue: Issue) -> Issue:
    """Noted, and accepted all the same."""
    return Issue(issue.code, issue.location, issue.value, issue.params, Severity.WARNING)
