"""UBL that comes in: what is to be done with a file, and what its document means. Pure.

It is an interchange without an envelope, of one document: who it is from and for stands in the document, and its number
is that of the document.
"""

from __future__ import annotations

from hashlib import sha256

import msgspec

from gateway.agreements import Agreement, Missing
from gateway.codecs.model import RawDocument
from gateway.codecs.summary import document_head
from gateway.codecs.ubl import UBL, UblHead, ubl_document, ubl_header
from gateway.core.errors import SchemaError
from gateway.core.issues import Issue
from gateway.pipeline.answers import agreement_on_receipts
from gateway.pipeline.bare import bare_interchange
from gateway.pipeline.context import World
from gateway.pipeline.plan import InterchangePlan, Plan
from gateway.pipeline.unchecked import unchecked


def plan_ubl(body: bytes, endpoint: str, context: World) -> Plan:
    """What the file holds, and whether it is agreed."""
    raw, head = ubl_document(body, context.limits)
    if not head.type:
        return Plan(format=UBL, hold=raw.issues[0] if raw.issues else Issue("GTW-FORMAT", value="XML"))
    agreed = _agreement(head, endpoint, context)
    if isinstance(agreed, Missing):
        known = agreement_on_receipts(ubl_header(head), head.type, "production", endpoint, context.agreements)
        # Nobody has agreed to answer it.
        agreed = msgspec.structs.replace(known, acknowledgments=()) if known is not None else agreed
    if isinstance(agreed, Missing):
        return Plan(format=UBL, hold=agreed.issue, missing=agreed)
    try:
        context.schemas.xml.table(head.version, head.type, agreed.base)
    except SchemaError as error:
        return Plan(format=UBL, hold=unchecked(error, agreed, head.version, head.type, context.schemas))
    return Plan(format=UBL, interchanges=(_interchange(body, raw, head, agreed, context),))


def _agreement(head: UblHead, endpoint: str, context: World) -> Agreement | Missing:
    """UBL does not say whether it is a test: production goes first, and what is agreed as a test only is one."""
    first = None
    for lane in ("production", "test"):
        found = context.agreements.inbound(
            head.sender,
            head.receiver,
            UBL,
            head.version,
            head.type,
            lane,
            association=head.customization,
            endpoint=endpoint,
        )
        if isinstance(found, Agreement):
            return found
        first = first or found
    assert first is not None
    return first


def _interchange(body: bytes, raw: RawDocument, head: UblHead, agreed: Agreement, context: World) -> InterchangePlan:
    digest = sha256(body)
    number = f"{head.type} {head.reference}" if head.reference else f"#{digest.hexdigest()[:16]}"
    header = ubl_header(head, charset=raw.charset, control_number=number, test=agreed.lane == "test")
    heads = [document_head(raw)]
    return bare_interchange(header, heads, agreed, context, length=len(body), digest=digest.digest(), kept=[raw])
