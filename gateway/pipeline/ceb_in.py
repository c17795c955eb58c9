"""Customs messages (CEB) that come in: what is to be done with a file. Pure.

A file is one business message, alone or in a terminal message (DxpMsg), and is an interchange of one document. A
terminal message says who it is from and for. A message alone says for whom it was declared, and is from the party whose
door it came through: a merchant's ERP, a firm that sends a copy of what it filed.
"""

from __future__ import annotations

from hashlib import sha256

from gateway.agreements import Agreement, Missing
from gateway.agreements.resolve import BY_DOOR
from gateway.codecs.bare import bare_header
from gateway.codecs.ceb import CEB, EDITION, CebHead
from gateway.codecs.ceb_file import ceb_document
from gateway.codecs.dxp import DxpMessage
from gateway.codecs.model import Address, RawDocument
from gateway.codecs.summary import document_head
from gateway.core.errors import NotFoundError, SchemaError
from gateway.core.issues import Issue
from gateway.pipeline.bare import bare_interchange
from gateway.pipeline.context import World
from gateway.pipeline.plan import InterchangePlan, Plan
from gateway.pipeline.unchecked import unchecked


def plan_ceb(body: bytes, endpoint: str, context: World) -> Plan:
    """What the file holds, and whether it is agreed."""
    raw, head, envelope = ceb_document(body, context.limits)
    if not head.type:
        return Plan(format=CEB, hold=raw.issues[0] if raw.issues else Issue("GTW-FORMAT", value="XML"))
    sender = _sender(head, envelope, endpoint, context)
    if sender is None:
        hint = {"configuration": "Hand the file in with --from, or through the party's door."}
        return Plan(format=CEB, hold=Issue("GTW-SENDER", value="of this file", params=hint))
    agreed = _agreement(sender, _receiver(envelope, context), head.type, endpoint, context)
    if isinstance(agreed, Missing):
        return Plan(format=CEB, hold=agreed.issue, missing=agreed)
    try:
        context.schemas.ceb.table(head.type)
    except SchemaError as error:
        return Plan(format=CEB, hold=unchecked(error, agreed, EDITION, head.type, context.schemas))
    return Plan(format=CEB, interchanges=(_interchange(body, raw, sender, envelope, agreed, context),))


def _sender(head: CebHead, envelope: DxpMessage | None, endpoint: str, context: World) -> Address | None:
    if envelope is not None:
        return Address(envelope.sender)
    try:
        return Address(context.agreements.endpoint(endpoint).party, BY_DOOR)
    except NotFoundError:
        return Address(head.dxp_id) if head.dxp_id else None


def _receiver(envelope: DxpMessage | None, context: World) -> Address | None:
    """The first of its receivers that is one of ours; the first there is, where none is."""
    if envelope is None or not envelope.receivers:
        return None
    addresses = [Address(each) for each in envelope.receivers]
    known = ((each, context.agreements.party_by_identity(CEB, each)) for each in addresses)
    return next((each for each, party in known if party is not None and party.own), addresses[0])


def _agreement(
    sender: Address, receiver: Address | None, type: str, endpoint: str, context: World
) -> Agreement | Missing:
    """Messages do not say whether they are a test: production goes first."""
    first = None
    for lane in ("production", "test"):
        found = context.agreements.inbound(sender, receiver, CEB, EDITION, type, lane, endpoint=endpoint)
        if isinstance(found, Agreement):
            return found
        first = first or found
    assert first is not None
    return first


def _interchange(
    body: bytes, raw: RawDocument, sender: Address, envelope: DxpMessage | None, agreed: Agreement, context: World
) -> InterchangePlan:
    """Its number is the guid with a hash of the message: the port may send a receipt again in another envelope."""
    digest = sha256(raw.text.encode() if raw.text else body)
    number = f"{raw.control_number or '#'} {digest.hexdigest()[:8]}"
    header = bare_header(
        CEB,
        Address(agreed.party) if sender.qualifier == BY_DOOR else sender,
        Address(envelope.receivers[0]) if envelope is not None and envelope.receivers else Address(""),
        number,
        version=EDITION,
        test=agreed.lane == "test",
        charset=raw.charset,
        date=envelope.created[:10] if envelope is not None else "",
        time=envelope.created[11:] if envelope is not None else "",
    )
    heads = [document_head(raw)]
    return bare_interchange(header, heads, agreed, context, length=len(body), digest=digest.digest(), kept=[raw])
