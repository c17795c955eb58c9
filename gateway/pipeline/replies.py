"""TA1 that came in: a segment between the envelopes, kept as a document of its own. Pure."""

from __future__ import annotations

from typing import Any

from gateway.acknowledgments import ANSWER, Answer, read_reply, stored
from gateway.codecs import Reply
from gateway.core.issues import Issue
from gateway.pipeline.plan import InterchangePlan
from gateway.pipeline.waiting import hold_document
from gateway.pipeline.written import Origin
from gateway.store import Changes, State, Step

_HANDLER = "receipts"


def write_reply(changes: Changes, reply: Reply, plan: InterchangePlan, origin: Origin, position: int) -> None:
    """The document and its work. ``position`` in the interchange: behind the transaction sets."""
    header = plan.summary.header
    statements = read_reply(reply.segment)
    answer = Answer(type="TA1", standard="x12", statements=statements)
    turn = (origin.transmission_id, plan.first)
    about: dict[str, Any] = {"transmission_id": origin.transmission_id, "interchange_id": origin.interchange_id}
    hold = (
        None
        if statements
        else Issue("RCP-UNREADABLE", value="TA1", params={"reason": "it names nothing that was sent"})
    )
    document = changes.new(
        "documents",
        direction="in",
        position=position,
        standard="x12",
        version=header.version,
        type="TA1",
        canonical=ANSWER,
        control_number=header.control_number,
        from_party=origin.partner,
        to_party=origin.own,
        lane=origin.lane,
        agreement=plan.fallback.name,
        agreement_digest=plan.fallback.digest,
        status="ready" if hold is None else "held",
        reason=None if hold is None else hold.code,
        offset=reply.offset,
        length=0,
        payload_id=changes.payload(stored(answer)),
        turn=turn,
        **about,
    )
    state = State.READY if hold is None else State.HELD
    if hold is not None:
        hold_document(changes, hold, document_id=document, **about)
    else:
        changes.event("document.ready", document_id=document, **about)
        changes.pending(origin.interchange_id, 1)
    changes.work(Step.HANDLE, document, origin.endpoint, turn=turn, handler=_HANDLER, state=state)
