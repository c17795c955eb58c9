"""What a customs message means: judged by its table, and kept by the names of its elements. Pure."""

from __future__ import annotations

from gateway.agreements import Agreement
from gateway.codecs.model import RawDocument
from gateway.codecs.xml_text import XmlText
from gateway.core.issues import Issue, has_errors
from gateway.grammar.ceb_validator import CebValidator
from gateway.handlers.customs import CUSTOMS
from gateway.handlers.customs.handler import business_key
from gateway.handlers.customs.message import encoded, read_message
from gateway.pipeline.context import World
from gateway.pipeline.interpretation import Interpretation
from gateway.pipeline.judging import as_agreed


def interpret_ceb(raw: RawDocument, agreement: Agreement, context: World) -> Interpretation:
    """What its schema refuses is refused; what customs would refuse is told. Raises SchemaError without a table."""
    table = context.schemas.ceb.table(raw.type)
    text = XmlText(raw.text.encode(), raw.charset, raw.offset)
    found = CebValidator(table).validate(text, context.limits_of(agreement)) if raw.text else ()
    if context.agreements.party(agreement.party).own:  # what one of our own wrote we sign
        found = [issue for issue in found if not _unsigned(issue)]
    issues = as_agreed((*raw.issues, *found), agreement)
    if has_errors(issues):
        return Interpretation(issues=issues, schema_digest=table.read.digest)
    message = read_message(text, limits=context.limits_of(agreement))
    return Interpretation(
        issues=issues,
        canonical=CUSTOMS,
        body=encoded(message),
        business_key=business_key(message),
        schema_digest=table.read.digest,
    )


def _unsigned(issue: Issue) -> bool:
    return issue.code == "CEB-SIGN" or (issue.code == "XML-S03" and issue.params.get("tag") == "ds:Signature")
