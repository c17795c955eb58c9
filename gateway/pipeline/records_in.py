"""Files of records that come in (CSV, IDoc): what is to be done with them. Pure.

A CSV file says neither who it is from nor what it is: it is from the party whose door it came through, and its first
row tells which of the descriptions that were agreed with that party it follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from gateway.agreements import Agreement, Missing
from gateway.codecs.bare import bare_header
from gateway.codecs.csv_read import csv_documents, fits
from gateway.codecs.idoc_read import idoc_documents
from gateway.codecs.model import Address, Limits, RawDocument
from gateway.codecs.records import CSV, DELIMITERS, IDOC
from gateway.codecs.summary import document_head
from gateway.core.errors import NotFoundError, SchemaError
from gateway.core.issues import Issue
from gateway.grammar import Schemas
from gateway.pipeline.bare import bare_interchange
from gateway.pipeline.context import World
from gateway.pipeline.plan import KEPT, InterchangePlan, Plan
from gateway.pipeline.unchecked import unchecked


def plan_csv(body: bytes, endpoint: str, context: World) -> Plan | None:
    """What the file holds, and whether it is agreed. None where nobody agreed on CSV at this door."""
    agreed = _csv_agreements(endpoint, context)
    if not agreed:
        return None
    try:
        found = _chosen(body, agreed, context.schemas)
    except SchemaError as error:
        first = agreed[0]
        return Plan(format=CSV, hold=unchecked(error, first, first.version, first.type, context.schemas))
    if found is None:
        names = ", ".join(f"schemas/csv/{each.version}/{each.type}.toml" for each in agreed)
        return Plan(format=CSV, hold=Issue("GTW-COLUMNS", params={"descriptions": names}))
    admitted = _admitted(found, endpoint, context)
    if isinstance(admitted, Missing):
        return Plan(format=CSV, hold=admitted.issue, missing=admitted)
    found = admitted
    documents = list(record_documents(body, CSV, found, context.schemas, context.limits_of(found)))
    if not documents:
        return Plan(format=CSV, hold=Issue("GTW-EMPTY"))
    return Plan(format=CSV, interchanges=(interchange(body, documents, found, context),))


def plan_idoc(body: bytes, endpoint: str, context: World) -> Plan:
    """What a file of IDocs holds, and whether all of it is agreed with the party whose door it came through."""
    try:
        sender = context.agreements.endpoint(endpoint).party
    except NotFoundError:
        hint = {"configuration": "Hand the file in with --from, or through the party's door."}
        return Plan(format=IDOC, hold=Issue("GTW-SENDER", value="of this file", params=hint))
    charset = context.agreements.charset(IDOC, Address(sender)) or ""
    found = list(idoc_documents(body, context.schemas.idoc.segment, context.limits, charset))
    if not found:
        return Plan(format=IDOC, hold=Issue("GTW-EMPTY"))
    lanes = {"test" if control.get("TEST") else "production" for _, control in found}
    if len(lanes) > 1:
        return Plan(format=IDOC, hold=Issue("GTW-LANE", value="test and production", params={"sender": sender}))
    lane, agreed = lanes.pop(), dict[tuple[str, str, str], Agreement]()
    for raw, _ in found:
        answer = context.agreements.inbound(Address(sender), None, IDOC, raw.version, raw.type, lane, endpoint=endpoint)
        if isinstance(answer, Missing):
            return Plan(format=IDOC, hold=answer.issue, missing=answer)
        try:
            context.schemas.validator(IDOC, raw.version, raw.type, base=answer.base)
        except SchemaError as error:
            return Plan(format=IDOC, hold=unchecked(error, answer, raw.version, raw.type, context.schemas))
        agreed[raw.type, raw.version, ""] = answer
    documents = [raw for raw, _ in found]
    made = interchange(body, documents, next(iter(agreed.values())), context, others=agreed)
    return Plan(format=IDOC, interchanges=(made,))


def record_documents(
    body: bytes, standard: str, agreement: Agreement, schemas: Schemas, limits: Limits
) -> Iterator[RawDocument]:
    """The documents of a file of records, as its agreement describes it. Raises SchemaError."""
    if standard == IDOC:
        return (raw for raw, _ in idoc_documents(body, schemas.idoc.segment, limits, agreement.charset))
    layout = schemas.csv.get(agreement.base or agreement.version, agreement.type).layout
    return csv_documents(body, layout, agreement.version, agreement.type, limits)


def interchange(
    body: bytes,
    documents: list[RawDocument],
    agreement: Agreement,
    context: World,
    number: str = "",
    others: dict[tuple[str, str, str], Agreement] | None = None,
) -> InterchangePlan:
    """The file as an interchange between the two sides of an agreement; its number is a hash of its content."""
    digest = sha256(body)
    header = bare_header(
        agreement.standard,
        Address(agreement.party),
        Address(agreement.with_),
        number or f"#{digest.hexdigest()[:16]}",
        version=agreement.version,
        test=agreement.lane == "test",
        charset=documents[0].charset,
        delimiters=DELIMITERS,
    )
    return bare_interchange(
        header,
        [document_head(raw) for raw in documents],
        agreement,
        context,
        length=len(body),
        digest=digest.digest(),
        kept=documents if len(body) <= KEPT else (),  # a larger file is read again, document by document
        others=others,
    )


def _csv_agreements(endpoint: str, context: World) -> list[Agreement]:
    """What was agreed on CSV with the party of a door, production first."""
    try:
        party = context.agreements.party(context.agreements.endpoint(endpoint).party)
    except NotFoundError:
        return []
    found = [each for each in party.agreements if (each.standard, each.direction) == (CSV, "in")]
    return sorted(found, key=lambda each: each.lane != "production")


def _chosen(body: bytes, agreed: list[Agreement], schemas: Schemas) -> Agreement | None:
    """The only one there is, or the first whose columns the first row names. Raises SchemaError."""
    if len(agreed) == 1:
        return agreed[0]
    fitting = (each for each in agreed if fits(body, schemas.csv.get(each.base or each.version, each.type).layout))
    return next(fitting, None)


def _admitted(agreement: Agreement, endpoint: str, context: World) -> Agreement | Missing:
    return context.agreements.inbound(
        Address(agreement.party), None, CSV, agreement.version, agreement.type, agreement.lane, endpoint=endpoint
    )
