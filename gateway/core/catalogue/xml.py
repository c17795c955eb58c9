"""Issues of XML documents (UBL). No receipt of the standards reports them: they are told in words."""

from __future__ import annotations

from gateway.core.issues import IssueKind, Level, Severity

_E, _W = Severity.ERROR, Severity.WARNING
_D, _S, _L = Level.DOCUMENT, Level.SEGMENT, Level.ELEMENT

KINDS: tuple[IssueKind, ...] = (
    # The document as a whole
    IssueKind("XML-D01", _D, _E, "This is not well-formed XML: {reason}.", "Reading ended there: send it whole."),
    IssueKind(
        "XML-D02",
        _D,
        _E,
        "The document has a DOCTYPE, and none is read.",
        "Leave it out: the namespace says what the document is, and entities are not resolved.",
    ),
    IssueKind(
        "XML-D03",
        _D,
        _E,
        "The text cannot be read as {value}: {reason}.",
        'Write it in UTF-8, or declare what it is: <?xml version="1.0" encoding="…"?>.',
    ),
    IssueKind("XML-D04", _D, _E, "There are {value} {unit}; at most {most} are read.", "Send it in several documents."),
    IssueKind(
        "XML-V01",
        _D,
        _W,
        "There is no table for {value}: nothing in it was checked.",
        "crossdock schemas list shows the tables there are.",
    ),
    IssueKind(
        "XML-V02",
        _D,
        _W,
        "There is no table for {value}: it was checked by the one of {base}.",
        'An agreement says base = "{base}", where that is what both sides mean.',
    ),
    IssueKind(
        "XML-T05",
        _D,
        _E,
        "More issues were found than are listed ({found} are shown).",
        "Mend those that are listed first.",
    ),
    # Elements in elements
    IssueKind("XML-S01", _S, _E, "{tag} has no place in {parent}.", "{expected}"),
    IssueKind("XML-S02", _S, _E, "{tag} stands behind {other} and belongs before it.", "The order is fixed."),
    IssueKind("XML-S03", _S, _E, "{tag} is missing in {parent}.", "It is mandatory there."),
    IssueKind("XML-S05", _S, _E, "{tag} occurs {found} times in {parent}; at most {most} is allowed.", ""),
    IssueKind("XML-S06", _S, _E, 'There is text in {tag}, between its elements: "{value}".', "It has elements only."),
    IssueKind("XML-S07", _S, _E, "{tag} is a value, and {value} stands in it.", "A value has no elements."),
    # Values
    IssueKind("XML-E01", _L, _E, "{name} is missing at {tag}.", "It is mandatory there."),
    IssueKind("XML-E03", _L, _E, '{tag} has an attribute {name} ("{value}"), which it cannot have.', "{expected}"),
    IssueKind("XML-E06", _L, _E, '{name} has "{value}", which is not of type {type}.', "{explained}"),
    IssueKind("XML-E10", _L, _W, "{tag} is empty.", "Leave out elements that say nothing."),
)
