"""What a partner that speaks UBL is told of a document of its own: an ApplicationResponse, a file of its own. Pure."""

from __future__ import annotations

import datetime as dt

from gateway.acknowledgments import APPLICATION, APPLICATION_RESPONSE, Finding, Sides, Subject, application_response
from gateway.acknowledgments.model import InterchangeVerdict
from gateway.agreements import Agreement
from gateway.codecs.model import InterchangeHeader
from gateway.codecs.ubl import UBL, USUAL_VERSION
from gateway.core.issues import Severity
from gateway.pipeline.about import ReceiptAbout
from gateway.pipeline.send import Outgoing, Written, send
from gateway.store import Changes
from gateway.store.numbers import Counter


def tell_refused(changes: Changes, agreement: Agreement, about: ReceiptAbout, verdict: InterchangeVerdict) -> None:
    """A document that is not valid is answered at once, where the agreement asks for answers. What can be read is
    answered when it is handled."""
    for one in (document for group in verdict.groups for document in group.documents):
        if one.accepted or one.type in APPLICATION or APPLICATION_RESPONSE not in agreement.acknowledgments:
            continue
        subject = Subject(
            type=one.type,
            version=verdict.header.version,
            control_number=one.control_number,
            group="",
            reference=one.control_number,
            accepted=False,
        )
        errors = (issue for issue in one.issues if issue.severity is Severity.ERROR)
        findings = [Finding(code=issue.code, text=f"{issue.text} {issue.location}".strip()) for issue in errors]
        send_response(changes, agreement, about, verdict.header, subject, findings)


def send_response(
    changes: Changes,
    agreement: Agreement,
    about: ReceiptAbout,
    header: InterchangeHeader,
    subject: Subject,
    findings: list[Finding],
    *,
    parent_id: int | None = None,
) -> None:
    """The answer to the file of this header, numbered within the commit. ``parent_id``: the document."""
    if not agreement.acknowledge_through:
        return
    way = Outgoing(
        endpoint=agreement.acknowledge_through,
        own=about.own,
        party=about.partner,
        lane=about.lane,
        name=APPLICATION_RESPONSE,
        parent_id=about.transmission_id,
    )
    now = dt.datetime.fromtimestamp(changes.at / 1_000_000, dt.UTC)
    sides = Sides(header.receiver, header.sender)

    def build(control: int) -> None:
        number = f"AR-{control}"
        name = f"{agreement.name}-{APPLICATION_RESPONSE.lower()}-{control:09d}.xml"
        body = application_response(subject, findings, number, now, sides)
        written = Written(
            standard=UBL,
            version=USUAL_VERSION,
            sender=str(sides.sender),
            receiver=str(sides.receiver),
            control_number=f"{APPLICATION_RESPONSE} {number}",
            documents=1,
            body=body,
            file=name,
            transport_id=name,
        )
        sent = send(changes, way, written)
        document = changes.new(
            "documents",
            direction="out",
            transmission_id=sent.transmission,
            interchange_id=sent.interchange,
            source_interchange_id=about.interchange_id,
            parent_id=parent_id,
            position=1,
            standard=UBL,
            version=USUAL_VERSION,
            type=APPLICATION_RESPONSE,
            control_number=number,
            from_party=about.own,
            to_party=about.partner,
            lane=about.lane,
            agreement=agreement.name,
            agreement_digest=agreement.digest,
            status="composed",
            payload_id=changes.made(body),
            turn=(about.transmission_id, 0),
        )
        data = {"type": APPLICATION_RESPONSE}
        changes.event("receipt.composed", data=data, document_id=document, transmission_id=sent.transmission)

    changes.numbered(Counter(UBL, APPLICATION_RESPONSE, agreement.name), build)
