"""Checking documents outside of the pipeline: by their tables, and by what was agreed with a partner."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.agreements import Agreement, Missing, Party
from gateway.codecs import InterchangeHeader, Limits, RawDocument
from gateway.codecs.records import RECORDS
from gateway.codecs.ubl import UBL, USUAL_VERSION, text_of
from gateway.core.errors import NotFoundError, SchemaError, UsageError
from gateway.core.issues import Issue
from gateway.grammar import MessageTable
from gateway.grammar.xml_validator import xml_validator
from gateway.knowledge import Knowledge

_NO_TABLE = dict.fromkeys(RECORDS, "REC-V01") | {"x12": "X12-V01", "edifact": "EDF-V01", UBL: "XML-V01"}
_OTHER_TABLE = dict.fromkeys(RECORDS, "REC-V02") | {"x12": "X12-V02", "edifact": "EDF-V02", UBL: "XML-V02"}
ABOUT_TABLES = frozenset({*_NO_TABLE.values(), *_OTHER_TABLE.values()})  # what we have, not what the document has


@dataclass(frozen=True)
class Checker:
    """``partner``: whose agreements count (guide, severities, limits, character set); None: the tables alone.
    ``guide``: the one to check by, whatever was agreed."""

    knowledge: Knowledge
    partner: Party | None = None
    guide: str = ""

    @classmethod
    def of(cls, knowledge: Knowledge, partner: str | None, guide: str | None = None) -> Checker:
        """Raises UsageError for a partner or guide that there is not, ConfigurationError for parties that are wrong."""
        known = sorted({name for _, name in knowledge.schemas.guide_names()}) if guide else []
        if guide and guide not in known:
            raise UsageError(f'There is no guide "{guide}".', hint=f"There are: {', '.join(known) or 'none'}.")
        if partner is None:
            return cls(knowledge, guide=guide or "")
        try:
            return cls(knowledge, knowledge.agreements.party(partner), guide or "")
        except NotFoundError as error:
            raise UsageError(error.detail, hint=error.hint) from None

    @property
    def charset(self) -> str | None:
        """What the partner's agreements say, where the interchange may not."""
        agreed = self.partner.agreements if self.partner else ()
        return next((a.charset for a in agreed if a.direction == "in" and a.charset), None)

    def agreement_on(
        self, header: InterchangeHeader, type: str, version: str, association: str = ""
    ) -> Agreement | Missing | None:
        """What was agreed with the partner on such a document, or what is missing; None without a partner."""
        if self.partner is None:
            return None
        identity = self.partner.identity(header.standard)
        sender = identity.address if identity else header.sender
        lane = "test" if header.test else "production"
        return self.knowledge.agreements.inbound(
            sender, None, header.standard, version, type, lane, association=association
        )

    def agreement(self, document: RawDocument, header: InterchangeHeader) -> Agreement | Missing | None:
        """The same for a document that was read."""
        return self.agreement_on(header, document.type, document.version, document.association)

    def issues(self, document: RawDocument, header: InterchangeHeader) -> list[Issue]:
        """All issues of a document: of its own envelope, of its content, and of a missing agreement."""
        agreed = self.agreement(document, header)
        base = agreed.base if isinstance(agreed, Agreement) else ""
        found = self.found_in(document, self._limits(agreed), self.guide_of(document, agreed), base)
        if isinstance(agreed, Missing):
            found.append(agreed.issue)
        elif agreed is not None:
            found = [issue.with_severity(agreed.severities) for issue in found]
        return found

    def table(self, document: RawDocument, header: InterchangeHeader) -> MessageTable | None:
        """By which :meth:`issues` checks its content, None where there is none."""
        agreed, schemas = self.agreement(document, header), self.knowledge.schemas
        base = agreed.base if isinstance(agreed, Agreement) else ""
        kind = (document.standard, document.version, document.type, document.association)
        try:
            return schemas.message(*kind, self.guide_of(document, agreed), base)
        except SchemaError:
            nearest = schemas.nearest(document.standard, document.version, document.type)
            return schemas.message(document.standard, nearest, document.type) if nearest else None

    def guide_of(self, document: RawDocument, agreed: Agreement | Missing | None) -> str:
        """The guide to check by, empty where the document's version decides; one that was asked for is for those
        documents that it speaks of."""
        known = self.knowledge.schemas
        if self.guide and known.narrows(document.standard, document.version, document.type, self.guide):
            return self.guide
        return agreed.guide if isinstance(agreed, Agreement) else ""

    def found_in(
        self, document: RawDocument, limits: Limits | None = None, guide: str = "", base: str = ""
    ) -> list[Issue]:
        """The issues of its own envelope and of its content, whatever was agreed. Raises SchemaError on a guide that is
        wrong."""
        return [*document.issues, *self._content(document, limits or self.knowledge.limits, guide, base)]

    def _content(self, document: RawDocument, limits: Limits, guide: str, base: str) -> list[Issue]:
        if not document.text:  # it was too long to be kept
            return []
        if document.standard == UBL:
            return self._of_xml(document, limits, base)
        kind = (document.standard, document.version, document.type, document.association)
        try:
            validator = self.knowledge.schemas.validator(*kind, guide, base)
        except SchemaError:
            if guide:
                raise
            return self._by_nearest(document, limits)
        return validator.validate(document, limits)

    def _of_xml(self, document: RawDocument, limits: Limits, base: str) -> list[Issue]:
        schemas, what = self.knowledge.schemas, f"{document.type} {document.version}"
        if document.type not in schemas.xml.types(USUAL_VERSION):
            return [Issue(_NO_TABLE[UBL], value=what)]
        try:
            return xml_validator(schemas, document.version, document.type, base).validate(text_of(document), limits)
        except SchemaError:
            warning = Issue(_OTHER_TABLE[UBL], value=what, params={"base": USUAL_VERSION})
            validator = xml_validator(schemas, USUAL_VERSION, document.type)
            return [warning, *validator.validate(text_of(document), limits)]

    def _by_nearest(self, document: RawDocument, limits: Limits) -> list[Issue]:
        """What the tables of the nearest version say, behind a warning that they are those."""
        schemas, standard, what = self.knowledge.schemas, document.standard, f"{document.type} {document.version}"
        base = schemas.nearest(standard, document.version, document.type)
        if base is None:
            return [Issue(_NO_TABLE[standard], value=what)]
        warning = Issue(_OTHER_TABLE[standard], value=what, params={"base": base})
        return [warning, *schemas.validator(standard, base, document.type).validate(document, limits)]

    def _limits(self, agreed: Agreement | Missing | None) -> Limits:
        limits = self.knowledge.limits
        if isinstance(agreed, Agreement) and agreed.limits.issues_per_document:
            return limits._replace(issues_per_document=agreed.limits.issues_per_document)
        return limits
