"""One raw document made into its meaning: validated by its table, mapped by its agreement. Pure.

Used when an interchange is translated, and again when an operator releases a document that could not be mapped.
"""

from __future__ import annotations

import msgspec

from gateway.acknowledgments import ANSWER, Answer, read_receipt, stored
from gateway.agreements import Agreement
from gateway.canonical import business_key, to_json
from gateway.codecs.ceb import CEB
from gateway.codecs.jsonl import pieces
from gateway.codecs.model import RawDocument
from gateway.codecs.ubl import UBL, text_of
from gateway.core.errors import MappingDefinitionError, SchemaError
from gateway.core.issues import Issue, Severity, has_errors
from gateway.grammar.xml_validator import xml_validator
from gateway.mapping import reader
from gateway.pipeline.answers import is_receipt
from gateway.pipeline.ceb_meaning import interpret_ceb
from gateway.pipeline.context import World
from gateway.pipeline.interpretation import Interpretation as Interpretation
from gateway.pipeline.judging import as_agreed, first_error, no_mapping, of_content
from gateway.pipeline.lines import JSON, read_line
from gateway.pipeline.shops import interpret_shop


def interpret(raw: RawDocument, agreement: Agreement, context: World) -> Interpretation:
    """Validate, then map what is valid. Raises SchemaError where there is no table: the plan holds that before."""
    if raw.standard == JSON:
        return interpret_shop(raw, agreement) if agreement.type else _line(raw, agreement)
    if raw.standard == CEB:
        return interpret_ceb(raw, agreement, context)
    if is_receipt(raw.type, agreement):
        return _receipt(raw, agreement, context)
    issues, schema_digest = _validate(raw, agreement, context)
    if has_errors(issues):
        return Interpretation(issues=issues, schema_digest=schema_digest)
    try:
        mapped = _map(raw, agreement, context)
    except Exception as error:  # whatever a mapping does, its document alone stops
        mapped = Interpretation(hold=no_mapping(agreement, error))
    named = context.agreements.addressed(raw.standard, raw.addressee) if raw.addressee else None
    to = named.id if named is not None and not named.own else mapped.to
    return msgspec.structs.replace(mapped, issues=issues, schema_digest=schema_digest, to=to)


def _receipt(raw: RawDocument, agreement: Agreement, context: World) -> Interpretation:
    """What a receipt says, kept as JSON. Nobody is told what is wrong with it itself: that is noted, and it is read."""
    try:
        found, digest = _validate(raw, agreement, context)
    except SchemaError:
        found, digest = raw.issues, None
    damage = next((issue for issue in raw.issues if issue.severity is Severity.ERROR), None)
    remarks = tuple(_noted(issue) for issue in found)
    statements = () if damage is not None else read_receipt(raw)
    if not statements:
        params = {"reason": damage.text.rstrip(".") if damage is not None else "it names nothing that was sent"}
        hold = Issue("RCP-UNREADABLE", value=raw.type, params=params)
        return Interpretation(remarks=remarks, hold=hold, schema_digest=digest)
    body = stored(Answer(type=raw.type, standard=raw.standard, statements=statements))
    return Interpretation(remarks=remarks, canonical=ANSWER, body=body, schema_digest=digest)


def _line(raw: RawDocument, agreement: Agreement) -> Interpretation:
    """A canonical document as it is. What does not fit its schema is refused, what is wrong in itself held."""
    line = next(read_line(piece) for piece in pieces(raw.text.encode())) if not raw.issues else None
    if line is None or line.document is None:
        return Interpretation(issues=raw.issues)
    remarks, hold = of_content(line.document, agreement)
    return Interpretation(
        remarks=remarks,
        hold=hold,
        canonical=line.kind,
        document=line.document,
        body=to_json(line.document) + b"\n",
        business_key=business_key(line.document),
        to=line.to,
    )


def _noted(issue: Issue) -> Issue:
    return msgspec.structs.replace(issue, override=Severity.WARNING) if has_errors((issue,)) else issue


def _validate(raw: RawDocument, agreement: Agreement, context: World) -> tuple[tuple[Issue, ...], str]:
    limits = context.limits_of(agreement)
    if raw.standard == UBL:
        xml = xml_validator(context.schemas, raw.version, raw.type, agreement.base)
        found = xml.validate(text_of(raw), limits) if raw.text else ()
        return as_agreed((*raw.issues, *found), agreement), xml.table.digest
    kind = (raw.standard, raw.version, raw.type, raw.association)
    validator = context.schemas.validator(*kind, agreement.guide, agreement.base)
    found = validator.validate(raw, limits) if raw.text else ()
    return as_agreed((*raw.issues, *found), agreement), validator.table.digest


def _map(raw: RawDocument, agreement: Agreement, context: World) -> Interpretation:
    named = context.mappings.xml if raw.standard == UBL else context.mappings.get
    try:
        mapping, read, careful = reader(named(agreement.mapping), raw, context.limits_of(agreement))
    except MappingDefinitionError as error:
        return Interpretation(hold=no_mapping(agreement, str(error)))
    reading = read()
    remarks = as_agreed(reading.issues, agreement)
    if reading.document is None or has_errors(remarks):
        found = careful()
        explained = as_agreed(found.issues, agreement) or remarks
        # What is known of it tells whose turn it keeps while it is held.
        key = business_key(found.document) if found.document is not None else None
        first = first_error(explained) or explained[0]
        return Interpretation(remarks=explained, hold=first, business_key=key, mapping_digest=mapping.digest)
    document = reading.document
    unmapped = document.extensions and agreement.unmapped == "hold"
    if unmapped:  # whoever decides about it is told what is not mapped, and where
        remarks = as_agreed(careful().issues, agreement)
    content, wrong = of_content(document, agreement)
    return Interpretation(
        remarks=(*remarks, *content),
        hold=Issue("GTW-UNMAPPED", value=str(len(document.extensions))) if unmapped else wrong,
        canonical=mapping.document,
        document=document,
        body=to_json(document) + b"\n",  # a line of JSON Lines: a file of it alone has the same bytes
        business_key=business_key(document),
        mapping_digest=mapping.digest,
    )
