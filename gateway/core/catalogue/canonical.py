"""Issues of canonical documents that come in as JSON."""

from __future__ import annotations

from gateway.core.issues import IssueKind, Level, Severity

_E, _D = Severity.ERROR, Level.DOCUMENT

KINDS: tuple[IssueKind, ...] = (
    IssueKind("CAN-JSON", _D, _E, "This is no JSON: {reason}.", "One document a line, or one in the whole file."),
    IssueKind(
        "CAN-KIND",
        _D,
        _E,
        "This is no canonical document: {reason}.",
        'The key "document" names its kind, such as "OrderResponse".',
    ),
    IssueKind(
        "CAN-FIELD",
        _D,
        _E,
        "The {value} does not fit its schema: {reason}.",
        "docs/reference/canonical.md describes each field; decimals are texts, dates YYYY-MM-DD.",
    ),
)
