"""824, APERAK and ApplicationResponse: the partner is told what became of a document, where the agreement asks for it.

It is a piece of work of its own, made by whatever ends the document: handling it, or an operator who cancels it. While
a document is held nothing is said, for nothing is decided.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from gateway.acknowledgments import APPLICATION, RECEIPTS, Finding, Subject, aperak, application_824
from gateway.agreements import Agreement, Agreements
from gateway.codecs import GroupStart, InterchangeStart, RawDocument, read
from gateway.codecs.model import GroupHeader, InterchangeHeader
from gateway.codecs.ubl import UBL, ubl_document, ubl_header
from gateway.core.errors import NotFoundError
from gateway.core.issues import Issue
from gateway.core.spooled import Body, open_body
from gateway.expectations import VERDICT
from gateway.pipeline import queries
from gateway.pipeline.about import ReceiptAbout
from gateway.pipeline.context import Context
from gateway.pipeline.envelope import Receipt, carrier_of, sheet_of_receipts
from gateway.pipeline.receipts import send_receipts
from gateway.pipeline.ubl_answers import send_response
from gateway.store import Changes, Step, WorkItem
from gateway.store.statements import both, run

_ISSUES = both("SELECT data FROM issues WHERE document_id = :id ORDER BY id")

_TOLD_BEFORE = both(
    "SELECT parent_id FROM documents WHERE parent_id {ids} AND direction = 'out' "
    "AND type IN ('824', 'APERAK', 'ApplicationResponse')"
)

#: What the partner is told: what its data did in our mappings and our business. The syntax is told by other receipts.
_TOLD = ("MAP-", "TRD-")

_GROUP = {"824": "AG"}
_VERSIONS = {"824": "004010", "APERAK": "D.96A"}


class VerdictJob(msgspec.Struct, kw_only=True):
    """One document whose end is to be told. ``header`` None: nobody asks for it any more, or its bytes are gone."""

    item: WorkItem
    row: Any
    agreement: Agreement | None = None
    header: InterchangeHeader | None = None
    group: GroupHeader | None = None
    findings: list[Finding] = []


def wants_verdict(agreements: Agreements, name: str | None) -> Agreement | None:
    """The agreement, where it asks for an 824, an APERAK or an ApplicationResponse."""
    try:
        agreement = agreements.agreement(name or "")
    except NotFoundError:
        return None
    asked = APPLICATION.intersection(agreement.acknowledgments) and agreement.acknowledge_through
    return agreement if asked else None


def make_verdict(changes: Changes, item: WorkItem, agreements: Agreements, row: Any) -> None:
    """The work of telling it, where somebody asks. What is a receipt itself is never told of: that would not end."""
    if row.type not in RECEIPTS | APPLICATION and wants_verdict(agreements, row.agreement) is not None:
        changes.work(Step.HANDLE, item.subject, item.source, turn=item.turn, handler=VERDICT)


def load_verdicts(connection: Connection, items: Sequence[WorkItem], context: Context) -> list[VerdictJob]:
    """The documents with their envelopes and what was found in them."""
    rows = queries.documents(connection, [item.subject for item in items])
    bodies = queries.raw_bodies(connection, sorted({row.transmission_id for row in rows.values()}))
    jobs = [VerdictJob(item=item, row=rows[item.subject], findings=[]) for item in items]
    told = set(run(connection, _TOLD_BEFORE, ids=sorted(rows)).scalars())
    for job in jobs:
        if job.row.id in told:
            continue  # it has several handlers: the first that was done with it told
        told.add(job.row.id)
        job.agreement = wants_verdict(context.agreements, job.row.agreement)
        if job.agreement is not None and job.row.transmission_id in bodies:
            _find(job, bodies[job.row.transmission_id], job.agreement, context)
            job.findings = _findings(connection, job.row.id)
    return jobs


def _find(job: VerdictJob, body: Body, agreement: Agreement, context: Context) -> None:
    """The envelopes around the document."""
    header: InterchangeHeader | None = None
    group: GroupHeader | None = None
    if job.row.standard == UBL:
        with open_body(body) as stream:
            raw, head = ubl_document(stream.read(), context.limits_of(agreement))
        job.header = ubl_header(head, charset=raw.charset)
        return
    with open_body(body) as stream:
        for event in read(stream, charset=agreement.charset or None, limits=context.limits_of(agreement)):
            if isinstance(event, InterchangeStart):
                header, group = event.header, None
            elif isinstance(event, GroupStart):
                group = event.header
            elif isinstance(event, RawDocument) and event.offset == job.row.offset:
                job.header, job.group = header, group
                return


def _findings(connection: Connection, document: int) -> list[Finding]:
    found = []
    for text in run(connection, _ISSUES, id=document).scalars():
        issue = msgspec.json.decode(text)
        if issue["code"].startswith(_TOLD) and issue["severity"] != "information":
            place = issue.get("location", {})
            known = {name: place[name] for name in ("tag", "segment", "element", "reference") if place.get(name)}
            found.append(Finding(code=issue["code"], text=issue["text"], value=issue.get("value", ""), **known))
    return found


def tell_verdict(changes: Changes, job: VerdictJob) -> None:
    """The 824 or APERAK in an interchange of its own, the ApplicationResponse as a file."""
    if job.header is None or job.agreement is None:
        return
    row, header, agreement = job.row, job.header, job.agreement
    subject = Subject(
        type=row.type,
        version=row.version,
        control_number=row.control_number,
        group=(job.group.control_number if job.group is not None else header.control_number),
        reference=row.control_number if row.standard == UBL else (row.business_key or "").partition(":")[2],
        accepted=row.status != "cancelled",
    )
    findings = job.findings
    if not subject.accepted and not findings:
        findings = [Finding(code="GTW-CANCELLED", text="The document was not taken on.")]
    about = ReceiptAbout(
        transmission_id=row.transmission_id,
        interchange_id=row.interchange_id,
        own=row.to_party,
        partner=row.from_party,
        lane=row.lane,
    )
    if header.standard == UBL:
        send_response(changes, agreement, about, header, subject, findings, parent_id=row.id)
        return
    kind = "824" if header.standard == "x12" else "APERAK"
    make = application_824 if kind == "824" else aperak
    now = dt.datetime.fromtimestamp(changes.at / 1_000_000, dt.UTC)
    body = make(subject, findings, f"doc_{row.id}", now, carrier=carrier_of(header, agreement))
    receipt = Receipt(type=kind, version=_VERSIONS[kind], body=body)
    sheet = sheet_of_receipts(header, agreement, [receipt])
    if kind in _GROUP:
        sheet = msgspec.structs.replace(sheet, functional_id=_GROUP[kind])
    send_receipts(changes, sheet, agreement, about, [receipt], parent_id=row.id)


def failed_verdict(changes: Changes, item: WorkItem, error: str) -> None:
    """It cannot be told: the document itself is not concerned."""
    issue = Issue("GTW-FAILED", params={"reason": error, "id": f"doc_{item.subject}"})
    changes.issue(issue, document_id=item.subject)
    changes.event("verdict.failed", data={"error": error}, log={"error": error}, document_id=item.subject)
