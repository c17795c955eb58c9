"""Writing an inbound document: its row, what was found in it, and the work of handling it. Pure."""

from __future__ import annotations

import msgspec

from gateway.acknowledgments import ANSWER
from gateway.acknowledgments.model import DocumentVerdict
from gateway.agreements import Agreement
from gateway.agreements.model import NAMELESS
from gateway.codecs.model import RawDocument
from gateway.core.issues import Issue
from gateway.handlers.customs.handler import DECLARATION
from gateway.pipeline.archive import archive
from gateway.pipeline.context import Context
from gateway.pipeline.destination import ROUTE, routed
from gateway.pipeline.interpret import Interpretation
from gateway.pipeline.lines import JSON
from gateway.pipeline.waiting import hold_document
from gateway.store import Changes, State, Step


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where the documents of one interchange come from; ids may be local."""

    transmission_id: int
    interchange_id: int
    endpoint: str
    own: str
    partner: str
    lane: str


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A document that was read and is not written yet. ``position`` is that in the transmission, from 0."""

    raw: RawDocument
    agreement: Agreement
    interpretation: Interpretation
    position: int

    @property
    def verdict(self) -> DocumentVerdict:
        return verdict_on(self.raw, self.interpretation.issues)


def verdict_on(raw: RawDocument, issues: tuple[Issue, ...]) -> DocumentVerdict:
    """What a receipt must know of a document."""
    first = raw.segments()[0] if raw.text and raw.standard == "edifact" else []
    return DocumentVerdict(
        type=raw.type,
        control_number=raw.control_number,
        issues=issues,
        segment=first,
        association=raw.association,
    )


def write_document(
    changes: Changes, prepared: Prepared, origin: Origin, context: Context, *, refusal: Issue | None = None
) -> None:
    """The document in its final state: refused, held, or ready with its work.

    ``refusal``: it is in order and refused all the same, because of a sibling.
    """
    found = prepared.interpretation
    handlers = _handlers(prepared, context)
    reason = refusal or first_error(found) or found.hold
    archive(changes, prepared.agreement, found.mapping_digest, context)
    if reason is None and not handlers:
        reason = Issue("GTW-HANDLER", value=found.canonical or prepared.raw.type)
    refused = refusal is not None or not found.accepted
    status = "refused" if refused else "held" if reason else "ready"
    document = write_row(changes, prepared, origin, status, reason)
    if refusal is not None:
        changes.issue(refusal, transmission_id=origin.transmission_id, document_id=document)
    if status == "held":
        assert reason is not None
        hold_document(
            changes,
            reason,
            document_id=document,
            transmission_id=origin.transmission_id,
            interchange_id=origin.interchange_id,
        )
    if not refused:
        add_work(changes, prepared, origin, document, handlers, held=status == "held")


def write_row(changes: Changes, prepared: Prepared, origin: Origin, status: str, reason: Issue | None = None) -> int:
    """The row, its issues and its line of history."""
    raw, agreement, found = prepared.raw, prepared.agreement, prepared.interpretation
    document = changes.new(
        "documents",
        direction="in",
        transmission_id=origin.transmission_id,
        interchange_id=origin.interchange_id,
        position=raw.position,
        standard=raw.standard,
        version=raw.version,
        type=raw.type,
        canonical=found.canonical,
        control_number=raw.control_number,
        business_key=found.business_key,
        from_party=origin.partner,
        to_party=origin.own,
        lane=origin.lane,
        agreement=agreement.name,
        agreement_digest=agreement.digest,
        mapping=agreement.mapping or None,
        mapping_digest=found.mapping_digest,
        schema_digest=found.schema_digest,
        status=status,
        reason=reason.code if reason else None,
        offset=raw.offset,
        length=raw.length,
        payload_id=changes.made(found.body) if found.body is not None else None,
        turn=(origin.transmission_id, prepared.position),
    )
    about = {"transmission_id": origin.transmission_id, "interchange_id": origin.interchange_id}
    for issue in found.issues + found.remarks:
        changes.issue(issue, document_id=document, **about)
    unmapped = len(found.document.extensions) if found.document is not None else 0
    told = unmapped if agreement.unmapped != "ignore" else 0
    # A document that is ready is told of when it is handled, one that is held by its hold.
    log = log_fields(raw.type, raw.control_number, origin) | {"reason": reason.code if reason else None}
    data = {"unmapped": told} if told else None
    changes.event(
        f"document.{status}", data=data, log=log if status == "refused" else None, document_id=document, **about
    )
    return document


def log_fields(type: str, control_number: str, origin: Origin) -> dict[str, str]:
    """What a line of the log says of a document beside its ids."""
    return {"type": type, "control_number": control_number, "party": origin.partner}


def add_work(
    changes: Changes, prepared: Prepared, origin: Origin, document: int, handlers: list[str], *, held: bool
) -> None:
    """One row of work per subscribed handler; a held document keeps its place in its lane with one row."""
    key = lane_of(prepared.agreement, origin, prepared.interpretation.business_key)
    turn = (origin.transmission_id, prepared.position)
    if held:
        first = handlers[0] if handlers else None
        changes.work(Step.HANDLE, document, origin.endpoint, turn=turn, lane=key, handler=first, state=State.HELD)
        return
    size = len(prepared.interpretation.body or b"")
    for handler in handlers:
        changes.work(Step.HANDLE, document, origin.endpoint, turn=turn, lane=key, handler=handler, size=size)
    changes.pending(origin.interchange_id, len(handlers))


def lane_of(agreement: Agreement, origin: Origin, business_key: str | None) -> str | None:
    """What must stay in order: the documents of one business key between two parties."""
    if business_key is None or agreement.order == "none":
        return None
    return f"{origin.own}|{origin.partner}|{origin.lane}|{business_key}"


def handlers_of(agreement: Agreement, canonical: str | None, context: Context) -> list[str]:
    """Who handles it: the agreement's route, its handlers, or the subscribers of the canonical document.

    A receipt is for whoever reads receipts: the agreement that lets it in is on something else. What our own ERP writes
    is for others.
    """
    if canonical == ANSWER:
        return context.subscribers(ANSWER)
    if agreement.route:
        return [ROUTE]
    if agreement.handlers:
        return [name for name in agreement.handlers if name in context.handlers]
    if canonical and canonical != DECLARATION and written_by_erp(agreement, context):
        return [ROUTE, *context.watchers(canonical)]
    return context.subscribers(canonical) if canonical else []


def written_by_erp(agreement: Agreement, context: Context) -> bool:
    """Whether our own ERP writes by this agreement for others. A shop of ours brings orders of its customers."""
    of_a_shop = agreement.standard == JSON and agreement.type
    if agreement.standard not in NAMELESS or of_a_shop or agreement.handlers:
        return False
    return context.agreements.party(agreement.party).own


def _handlers(prepared: Prepared, context: Context) -> list[str]:
    found = prepared.interpretation
    if found.to:
        return [routed(found.to), *context.watchers(found.canonical or "")]
    return handlers_of(prepared.agreement, found.canonical, context)


def first_error(found: Interpretation) -> Issue | None:
    """The first issue that refuses it."""
    return None if found.accepted else next(issue for issue in found.issues if issue.severity == "error")
