"""UBL that comes in: what is to be done with a file, and what its document means. Pure.

It is an interchange without an envelope, of one document: who it is from and for stands in the document, and its number
is that of the document.
"""

from __future__ import annotations

from hashlib import sha256

import msgspec

from gateway.agreements import Agreement, Missing
from gateway.canonical import business_key, to_json
from gateway.canonical.checks import remarks as remarks_on
from gateway.codecs.model import RawDocument
from gateway.codecs.summary import DocumentHead, GroupSummary, InterchangeSummary
from gateway.codecs.ubl import UBL, UblHead, text_of, ubl_document, ubl_header
from gateway.core.errors import MappingDefinitionError, SchemaError
from gateway.core.issues import Issue, has_errors
from gateway.grammar.xml_validator import xml_validator
from gateway.pipeline.context import Context
from gateway.pipeline.interpretation import Interpretation
from gateway.pipeline.plan import InterchangePlan, Plan
from gateway.pipeline.unchecked import unchecked


def plan_ubl(body: bytes, endpoint: str, context: Context) -> Plan:
    """What the file holds, and whether it is agreed."""
    raw, head = ubl_document(body, context.limits)
    if not head.type:
        return Plan(format=UBL, hold=raw.issues[0] if raw.issues else Issue("GTW-FORMAT", value="XML"))
    agreed = _agreement(head, endpoint, context)
    if isinstance(agreed, Missing):
        return Plan(format=UBL, hold=agreed.issue, missing=agreed)
    try:
        context.schemas.xml.table(head.version, head.type, agreed.base)
    except SchemaError as error:
        return Plan(format=UBL, hold=unchecked(error, agreed, head.version, head.type, context.schemas))
    return Plan(format=UBL, interchanges=(_interchange(body, raw, head, agreed, context),))


def _agreement(head: UblHead, endpoint: str, context: Context) -> Agreement | Missing:
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


def _interchange(body: bytes, raw: RawDocument, head: UblHead, agreed: Agreement, context: Context) -> InterchangePlan:
    digest = sha256(body)
    number = f"{head.type} {head.reference}" if head.reference else f"#{digest.hexdigest()[:16]}"
    found = DocumentHead(
        type=raw.type,
        version=raw.version,
        association=raw.association,
        control_number=raw.control_number,
        position=1,
        offset=raw.offset,
        length=raw.length,
    )
    summary = InterchangeSummary(
        header=ubl_header(head, charset=raw.charset, control_number=number, test=agreed.lane == "test"),
        groups=[GroupSummary(header=None, found=1, documents=[found])],
        documents=1,
        length=len(body),
        sha256=digest.digest(),
        kept=[raw],
    )
    return InterchangePlan(
        summary=summary,
        partner=context.agreements.party(agreed.party),
        own=context.agreements.party(agreed.with_),
        lane=agreed.lane,
        agreements={(raw.type, raw.version, raw.association): agreed},
        fallback=agreed,
        first=0,
    )


def interpret_ubl(raw: RawDocument, agreement: Agreement, context: Context) -> Interpretation:
    """Validate, then map what is valid. Raises SchemaError where there is no table: the plan holds that before."""
    limits = context.limits_of(agreement)
    validator = xml_validator(context.schemas, raw.version, raw.type, agreement.base)
    found = [*raw.issues, *(validator.validate(text_of(raw), limits) if raw.text else ())]
    issues = tuple(issue.with_severity(agreement.severities) for issue in found)
    if has_errors(issues):
        return Interpretation(issues=issues, schema_digest=validator.table.digest)
    mapped = _mapped(raw, agreement, context)
    return msgspec.structs.replace(mapped, issues=issues, schema_digest=validator.table.digest)


def _mapped(raw: RawDocument, agreement: Agreement, context: Context) -> Interpretation:
    try:
        mapping = context.mappings.xml(agreement.mapping)
    except MappingDefinitionError as error:
        params = {"reason": str(error)}
        return Interpretation(hold=Issue("GTW-MAPPING", value=agreement.mapping, params=params))
    text, limits = text_of(raw), context.limits_of(agreement)
    reading = mapping.read(text, limits)
    remarks = tuple(issue.with_severity(agreement.severities) for issue in reading.issues)
    key = business_key(reading.document) if reading.document is not None else None
    if reading.document is None or has_errors(remarks):
        first = next(issue for issue in remarks if has_errors((issue,)))
        return Interpretation(remarks=remarks, hold=first, business_key=key, mapping_digest=mapping.digest)
    content = tuple(issue.with_severity(agreement.severities) for issue in remarks_on(reading.document))
    hold = next((issue for issue in content if has_errors((issue,))), None)
    if reading.document.extensions and agreement.unmapped == "hold":
        hold = Issue("GTW-UNMAPPED", value=str(len(reading.document.extensions)))
        careful = mapping.read_careful(text, limits)
        remarks = tuple(issue.with_severity(agreement.severities) for issue in careful.issues)
    return Interpretation(
        remarks=(*remarks, *content),
        hold=hold,
        canonical=mapping.document,
        document=reading.document,
        body=to_json(reading.document) + b"\n",
        business_key=key,
        mapping_digest=mapping.digest,
    )
