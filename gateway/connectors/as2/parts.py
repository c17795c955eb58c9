"""Which part of a message is the document and which are its attachments (RFC 6362). Pure."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.connectors.as2.speech import Part

#: What documents come as; RFC 1767 for EDI.
DOCUMENTS = frozenset(
    {
        "application/edi-x12",
        "application/edifact",
        "application/edi-consent",
        "application/edi-tradacoms",
        "application/xml",
        "text/xml",
        "application/json",
    }
)


def sorted_parts(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """(documents, attachments). One part alone is the document; of several without a document it is the first."""
    if len(parts) <= 1:
        return list(parts), []
    documents = [part for part in parts if part.content_type in DOCUMENTS or part.content_type.endswith("+xml")]
    documents = documents or [parts[0]]
    return documents, [part for part in parts if not any(part is each for each in documents)]
