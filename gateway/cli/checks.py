"""Checking documents outside of the pipeline: by their tables, and by what was agreed with a partner."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.agreements import Agreement, Missing, Party
from gateway.codecs import InterchangeHeader, Limits, RawDocument
from gateway.core.errors import NotFoundError, SchemaError, UsageError
from gateway.core.issues import Issue
from gateway.knowledge import Knowledge

_NO_TABLE = {"x12": "X12-V01", "edifact": "EDF-V01"}


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
        known = [one.name for one in knowledge.schemas.guides()] if guide else []
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
        found = self.found_in(document, self._limits(agreed), self.guide_of(document, agreed))
        if isinstance(agreed, Missing):
            found.append(agreed.issue)
        elif agreed is not None:
            found = [issue.with_severity(agreed.severities) for issue in found]
        return found

    def guide_of(self, document: RawDocument, agreed: Agreement | Missing | None) -> str:
        """The guide to check by, empty where the document's version decides; one that was asked for is for those
        documents that it speaks of."""
        known = self.knowledge.schemas
        if self.guide and known.narrows(document.standard, document.version, document.type, self.guide):
            return self.guide
        return agreed.guide if isinstance(agreed, Agreement) else ""

    def found_in(self, document: RawDocument, limits: Limits | None = None, guide: str = "") -> list[Issue]:
        """The issues of its own envelope and of its content, whatever was agreed. Raises SchemaError on a guide that is
        wrong."""
        return [*document.issues, *self._content(document, limits or self.knowledge.limits, guide)]

    def _content(self, document: RawDocument, limits: Limits, guide: str) -> list[Issue]:
        if not document.text:  # it was too long to be kept
            return []
        kind = (document.standard, document.version, document.type, document.association)
        try:
            validator = self.knowledge.schemas.validator(*kind, guide)
        except SchemaError:
            if guide:
                raise
            return [Issue(_NO_TABLE[document.standard], value=f"{document.type} {document.version}")]
        return validator.validate(document, limits)

    def _limits(self, agreed: Agreement | Missing | None) -> Limits:
        limits = self.knowledge.limits
        if isinstance(agreed, Agreement) and agreed.limits.issues_per_document:
            return limits._replace(issues_per_document=agreed.limits.issues_per_document)
        return limits
