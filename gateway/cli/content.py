"""What a document says in itself, for the commands: the checks of canonical documents, located in the file."""

from __future__ import annotations

from collections.abc import Mapping as Table
from collections.abc import Sequence

import msgspec

from gateway.agreements import Agreement
from gateway.canonical import Document
from gateway.canonical.checks import CHECKED, remarks
from gateway.cli.checks import Checker
from gateway.cli.mapping_choice import Choice
from gateway.codecs import InterchangeHeader, RawDocument
from gateway.core.errors import ConfigurationError, NotFoundError, UsageError
from gateway.core.issues import Issue, Severity
from gateway.mapping import Mapping, XmlMapping, reader
from gateway.mapping.runtime import Lineage


def content_issues(
    document: Document | None, lineage: Sequence[Lineage], severities: Table[str, Severity]
) -> list[Issue]:
    """The issues of the canonical document, each with the segment, element and byte that its field was read from."""
    if document is None:
        return []
    origins = {entry.field: entry for entry in lineage}
    return [_placed(issue, origins).with_severity(dict(severities)) for issue in remarks(document)]


def _placed(issue: Issue, origins: Table[str, Lineage]) -> Issue:
    """A field that was computed or not in the file keeps its name alone."""
    origin = origins.get(issue.location.field or "")
    if origin is None:
        return issue
    place = msgspec.structs.replace(
        issue.location,
        segment=origin.segment,
        tag=origin.tag,
        element=origin.element,
        component=origin.component or None,
        offset=origin.offset,
    )
    return msgspec.structs.replace(issue, location=place)


class Contents:
    """The same for documents that are validated: each is read by the mapping that was agreed on, else the only one."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker
        self._choice = Choice(checker.knowledge)

    def issues(self, raw: RawDocument, header: InterchangeHeader) -> list[Issue]:
        """Nothing where no mapping fits, or none reads what it says into a kind of document that is checked."""
        agreed = self._checker.agreement(raw, header)
        agreement = agreed if isinstance(agreed, Agreement) else None
        mapping = self._mapping(raw, agreement.mapping if agreement else None)
        if mapping is None or mapping.document not in CHECKED or not raw.text:
            return []
        _, read, careful = reader(mapping, raw, self._checker.knowledge.limits)
        found = read()
        if found.document is None or not remarks(found.document):
            return []
        explained = careful()
        return content_issues(explained.document, explained.lineage, agreement.severities if agreement else {})

    def _mapping(self, raw: RawDocument, wanted: str | None) -> Mapping | XmlMapping | None:
        try:
            return self._choice.of(raw, wanted or None)
        except (ConfigurationError, NotFoundError, UsageError):
            return None
