"""What is to be done with a transmission, decided from its envelopes before any document is read. Pure.

The envelope of every interchange is scanned to its end first: what has a wrong trailer releases nothing. A transmission
with something in it that nobody agreed on is held as a whole: nothing of it is processed, nothing is answered, and the
lines of configuration that would admit it are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import msgspec

from gateway.agreements import Agreement, Missing, Party
from gateway.codecs import InterchangeSummary, detect, scan
from gateway.core.errors import SchemaError
from gateway.core.issues import Issue, has_errors
from gateway.core.spooled import Body, open_body, part_of, pieces_of, size_of
from gateway.pipeline.answers import agreement_on_receipts, damaged_receipts, is_receipt
from gateway.pipeline.context import World
from gateway.pipeline.unchecked import unchecked, with_base

SEGMENTED = ("x12", "edifact")

#: Bytes of a transmission whose documents are kept when it is planned. Those of a larger one are read a second time.
KEPT = 1024 * 1024


class InterchangePlan(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One interchange whose sender, receiver and types of document are all agreed.

    ``agreements`` are by (type, version, association). ``identity`` names the interchange for the recognition of
    repeats: who, to whom, lane and control number.
    """

    summary: InterchangeSummary
    partner: Party
    own: Party
    lane: str
    agreements: dict[tuple[str, str, str], Agreement]
    fallback: Agreement
    first: int  # the position of its first document in the transmission, from 0
    issues: tuple[Issue, ...] = ()

    @cached_property
    def identity(self) -> str:
        header = self.summary.header
        parties = f"{header.sender}>{header.receiver}"
        return f"{header.standard}|{self.partner.id}>{self.own.id}|{self.lane}|{parties}|{header.control_number}"

    @property
    def sha256(self) -> str:
        """Equal interchanges, equal hash."""
        return self.summary.sha256.hex()

    @property
    def refused(self) -> bool:
        """The envelope does not hold."""
        return has_errors(self.issues)

    @property
    def scope(self) -> str:
        """The widest reject scope of its agreements."""
        scopes = {agreement.reject for agreement in self.agreements.values()}
        return next((scope for scope in ("interchange", "group") if scope in scopes), "document")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """``hold`` is set where the transmission as a whole must wait; ``missing`` says what would admit it.

    ``ignored``: what is recorded and nothing more, because its door says so.
    """

    format: str
    interchanges: tuple[InterchangePlan, ...] = ()
    hold: Issue | None = None
    missing: Missing | None = None
    ignored: str | None = None


def plan(body: Body, endpoint: str, context: World, charset: str | None = None) -> Plan:
    """What the transmission is, and whether everything in it is agreed.

    ``charset`` is known when the sender is: then it is looked at again, since bytes that were taken for delimiters may
    be parts of characters.
    """
    if not any(piece.strip() for piece in pieces_of(body)):
        return Plan(format="empty", hold=Issue("GTW-EMPTY"))
    found = detect(part_of(body, 0, 4096))
    if found.format not in SEGMENTED:
        return Plan(format=found.format, hold=Issue("GTW-FORMAT", value=found.detail))
    plans: list[InterchangePlan] = []
    position = 0
    with open_body(body) as stream:
        summaries = scan(stream, charset=charset, limits=context.limits, keep=size_of(body) <= KEPT)
    for summary in summaries:
        agreed = charset or context.agreements.charset(summary.header.standard, summary.header.sender)
        if agreed != charset:
            return plan(body, endpoint, context, agreed)
        if summary.header.interactive:  # a dialogue wants its answer while it lasts, and no CONTRL
            return Plan(format=found.format, hold=Issue("GTW-FORMAT", value=found.detail))
        admitted = _admit(summary, endpoint, position, context)
        if isinstance(admitted, Missing):
            return Plan(format=found.format, hold=admitted.issue, missing=admitted)
        plans.append(admitted)
        position += summary.documents
    if not plans:
        return Plan(format=found.format, hold=Issue("GTW-FORMAT", value=found.detail))
    return Plan(format=found.format, interchanges=tuple(plans), hold=_unchecked(plans, context) or _damaged(plans))


def _unchecked(plans: Sequence[InterchangePlan], context: World) -> Issue | None:
    """What is agreed and has no table: nobody could say whether it is in order, so nobody says so."""
    for agreed in plans:
        for (type, version, association), agreement in agreed.agreements.items():
            if is_receipt(type, agreement):
                continue  # nobody is told what is wrong with it: it is read for what it says
            try:
                named = (version, type, association, agreement.guide, agreement.base)
                context.schemas.validator(agreed.summary.header.standard, *named)
            except SchemaError as error:
                return unchecked(error, agreement, version, type, context.schemas)
    return None


def _damaged(plans: Sequence[InterchangePlan]) -> Issue | None:
    """Receipts whose envelope does not hold: to refuse them would be to lose them, for nobody is told of it."""
    found = (damaged_receipts(agreed.summary, agreed.issues) for agreed in plans)
    return next((issue for issue in found if issue is not None), None)


def _admit(summary: InterchangeSummary, endpoint: str, first: int, context: World) -> InterchangePlan | Missing:
    header = summary.header
    lane = "test" if header.test else "production"
    agreements: dict[tuple[str, str, str], Agreement] = {}
    own_agreement = False  # one on what is in it, and not one that lets receipts in
    for key in _types(summary):
        type, version, association = key
        answer = context.agreements.inbound(
            header.sender,
            header.receiver,
            header.standard,
            version,
            type,
            lane,
            association=association,
            endpoint=endpoint,
        )
        if isinstance(answer, Missing):
            answer = agreement_on_receipts(header, type, lane, endpoint, context.agreements) or answer
        else:
            own_agreement = True
        if isinstance(answer, Missing):
            return with_base(answer, header.standard, version, type, association, context.schemas)
        agreements[key] = answer
    # What is answered is answered by the agreement on documents, not by one that lets receipts in.
    ranked = sorted(agreements.items(), key=lambda item: is_receipt(item[0][0], item[1]))
    fallback = next((agreement for _, agreement in ranked), None) or _any_agreement(summary, lane, endpoint, context)
    if isinstance(fallback, Missing):
        return fallback
    if not own_agreement:  # nobody has agreed to answer it
        fallback = msgspec.structs.replace(fallback, acknowledgments=())
    return InterchangePlan(
        summary=summary,
        partner=context.agreements.party(fallback.party),
        own=context.agreements.party(fallback.with_),
        lane=lane,
        agreements=agreements,
        fallback=fallback,
        first=first,
        issues=tuple(issue.with_severity(fallback.severities) for issue in summary.issues),
    )


def _types(summary: InterchangeSummary) -> list[tuple[str, str, str]]:
    """What the interchange holds, each once."""
    heads = (head for group in summary.groups for head in group.documents)
    return list(dict.fromkeys((head.type, head.version, head.association) for head in heads))


def _any_agreement(summary: InterchangeSummary, lane: str, endpoint: str, context: World) -> Agreement | Missing:
    """For an interchange without documents (only TA1, or cut off): any agreement of the two parties will do."""
    header = summary.header
    found = agreement_on_receipts(header, "TA1", lane, endpoint, context.agreements)
    if found is not None:
        return found
    answer = context.agreements.inbound(
        header.sender, header.receiver, header.standard, header.version, "(nothing)", lane, endpoint=endpoint
    )
    assert isinstance(answer, Missing)
    return answer
