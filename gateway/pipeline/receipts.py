"""Receipts: TA1, 997 and CONTRL as documents of their own, in an envelope of their own, ready to be delivered. Pure.

They are composed inside the commit that concludes the interchange, because that is when their control numbers are
given: whoever sees the documents sees the receipt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from gateway.acknowledgments import (
    Carrier,
    acknowledgeable,
    contrl,
    functional_997,
    functional_999,
    interchange_ta1,
)
from gateway.acknowledgments.model import InterchangeVerdict
from gateway.agreements import Agreement
from gateway.codecs.ubl import UBL
from gateway.core.issues import Issue, Severity
from gateway.pipeline.about import ReceiptAbout
from gateway.pipeline.conclude import verdict_on_envelope
from gateway.pipeline.envelope import Receipt, Sheet, carrier_of, sheet_of_receipts, written_version
from gateway.pipeline.plan import InterchangePlan
from gateway.pipeline.send import Outgoing, Sent, number, send_sheet
from gateway.pipeline.ubl_answers import tell_refused
from gateway.store import Changes


def answer(changes: Changes, plan: InterchangePlan, about: ReceiptAbout, verdict: InterchangeVerdict) -> list[Receipt]:
    """Whatever the agreement promises for this verdict; returns what was sent."""
    if plan.summary.header.standard == UBL:
        tell_refused(changes, plan.fallback, about, verdict)
    receipts = earned(plan.fallback, verdict)
    _send(changes, plan, about, receipts)
    return receipts


def repeat_answer(changes: Changes, plan: InterchangePlan, about: ReceiptAbout, earlier: Sequence[Receipt]) -> None:
    """The answer to an interchange that was answered before, as the agreement wants it."""
    header = plan.summary.header
    if plan.fallback.duplicate == "answer":
        _send(changes, plan, about, list(earlier))
    elif plan.fallback.duplicate == "ta1" and header.standard == "x12":
        repeat = Issue("X12-I025", value=header.control_number, override=Severity.ERROR)
        verdict = msgspec.structs.replace(verdict_on_envelope(plan), issues=(repeat,))
        _send(changes, plan, about, _interchange(verdict, carrier_of(header, plan.fallback)))


def earned(agreement: Agreement, verdict: InterchangeVerdict) -> list[Receipt]:
    """The receipts of a verdict, in the order in which they stand in the answer.

    TA1 answers for the envelope alone. It tells of a refusal whenever it is agreed, of acceptance only where ISA14 asks
    for it; where it tells of a refusal, there is nothing left for a 997 to say.
    """
    agreed = [kind for kind in MAKERS if kind in agreement.acknowledgments]
    if "TA1" in agreed and not verdict.accepted:
        agreed = ["TA1"]
    elif not verdict.header.acknowledgment_requested:
        agreed = [kind for kind in agreed if kind != "TA1"]
    carrier = carrier_of(verdict.header, agreement)
    return [receipt for kind in agreed for receipt in MAKERS[kind](verdict, carrier)]


def _interchange(verdict: InterchangeVerdict, carrier: Carrier) -> list[Receipt]:
    if not acknowledgeable(verdict):
        return []
    segment = interchange_ta1(verdict, carrier=carrier)
    return [Receipt(type="TA1", version=written_version(verdict.header), body=[segment])]


def _functional(verdict: InterchangeVerdict, carrier: Carrier, *, later: bool = False) -> list[Receipt]:
    """A 997 for each group; with ``later`` a 999 for each whose version has one."""
    found = []
    for group in verdict.groups:
        if group.header is not None and acknowledgeable(group):
            version = _written_version(group.header.version, f"{verdict.header.version}0")
            if later and version >= _FIRST_999:
                version = _GUIDE_OF_999 if version[6:7] == "X" else version[:6]
                body = functional_999(group, version=version, carrier=carrier)
                found.append(Receipt(type="999", version=version, body=body))
            else:
                body = functional_997(group, version=version, carrier=carrier)
                found.append(Receipt(type="997", version=version, body=body))
    return found


def _written_version(*answered: str) -> str:
    """GS08 of the answer: the first that GS08 can hold, for the group that is answered may say anything there."""
    return next((version for version in answered if _VERSION.fullmatch(version)), "004010")


def _contrl(verdict: InterchangeVerdict, carrier: Carrier) -> list[Receipt]:
    if not acknowledgeable(verdict):
        return []
    version = CONTRL_VERSIONS[verdict.header.version.endswith(":4")]
    return [Receipt(type="CONTRL", version=version, body=contrl(verdict, carrier=carrier))]


_FIRST_999 = "005010"

#: What answers implementations (GS08 with X): those of health care, whose 999 is an implementation itself.
_GUIDE_OF_999 = "005010X231A1"

_VERSION = re.compile(r"[0-9]{6}[A-Z0-9]{0,6}")

#: CONTRL belongs to no directory: its version is that of the syntax, 3 or 4 (0052 and 0054 of its UNH).
CONTRL_VERSIONS = {False: "D.3", True: "4.1"}

MAKERS: dict[str, Callable[[InterchangeVerdict, Carrier], list[Receipt]]] = {
    "TA1": _interchange,
    "997": _functional,
    "999": partial(_functional, later=True),
    "CONTRL": _contrl,
}


def _send(changes: Changes, plan: InterchangePlan, about: ReceiptAbout, answers: list[Receipt]) -> None:
    agreement = plan.fallback
    if not answers or not agreement.acknowledge_through:
        return
    send_receipts(changes, sheet_of_receipts(plan.summary.header, agreement, answers), agreement, about, answers)


def send_receipts(
    changes: Changes,
    sheet: Sheet,
    agreement: Agreement,
    about: ReceiptAbout,
    answers: Sequence[Receipt],
    *,
    parent_id: int | None = None,
) -> None:
    """An interchange with receipts, numbered within the commit. ``parent_id``: the one document that they answer."""
    way = Outgoing(
        endpoint=agreement.acknowledge_through,
        own=about.own,
        party=about.partner,
        lane=about.lane,
        name="-".join(dict.fromkeys(answer.type for answer in answers)),
        parent_id=about.transmission_id,
    )

    def build(control: int) -> None:
        sent = send_sheet(changes, sheet, way, control)
        references = iter(body.control_number for body in sheet.bodies)
        for position, one in enumerate(answers, 1):
            control_number = sheet.number(control) if one.type == "TA1" else next(references)
            _document(changes, about, agreement, sent, one, (position, control_number), parent_id)

    def exhausted(issue: Issue) -> None:
        changes.issue(issue, transmission_id=about.transmission_id, interchange_id=about.interchange_id)

    number(changes, sheet, build, exhausted)


def _document(
    changes: Changes,
    about: ReceiptAbout,
    agreement: Agreement,
    sent: Sent,
    answer: Receipt,
    place: tuple[int, str],
    parent_id: int | None,
) -> None:
    """The row of a receipt at (position, control number): with its body, so that a repeat can be answered alike."""
    position, control_number = place
    document = changes.new(
        "documents",
        direction="out",
        transmission_id=sent.transmission,
        interchange_id=sent.interchange,
        source_interchange_id=about.interchange_id,
        parent_id=parent_id,
        position=position,
        standard=agreement.standard,
        version=answer.version,
        type=answer.type,
        control_number=control_number,
        from_party=about.own,
        to_party=about.partner,
        lane=about.lane,
        agreement=agreement.name,
        agreement_digest=agreement.digest,
        status="composed",
        payload_id=changes.made(msgspec.json.encode(answer)),
        turn=(about.transmission_id, 0),
    )
    changes.event(
        "receipt.composed", data={"type": answer.type}, document_id=document, transmission_id=sent.transmission
    )
