"""Issues of documents made of records: CSV, SAP IDoc. No receipt reports them: they are told in words."""

from __future__ import annotations

from gateway.core.issues import IssueKind, Level, Severity

_E, _W = Severity.ERROR, Severity.WARNING
_D, _S, _L = Level.DOCUMENT, Level.SEGMENT, Level.ELEMENT

KINDS: tuple[IssueKind, ...] = (
    # The file
    IssueKind("REC-F01", _D, _E, "The file cannot be read: {reason}.", "Send it again, as text."),
    IssueKind(
        "REC-F02",
        _D,
        _E,
        "Reading ends here: {reason}. What follows in the file is not read.",
        "Quotes that are not closed, and quotes inside a value that are not doubled, are the usual causes.",
    ),
    IssueKind("REC-F03", _D, _E, "The column {column} is missing.", "The first row names the columns."),
    IssueKind(
        "REC-F04",
        _D,
        _E,
        'There is a column "{value}" that is not declared.',
        "Declare it, or name it under ignore, in the description of the file.",
    ),
    IssueKind("REC-F05", _D, _E, 'The column "{value}" stands there twice.', "Each column has a name of its own."),
    IssueKind(
        "REC-F06",
        _D,
        _E,
        "The IDoc has no control record (EDI_DC40) with a message type (MESTYP).",
        "Each IDoc begins with it.",
    ),
    # The document
    IssueKind(
        "REC-D01", _D, _E, "The document is larger than what is read, {value} bytes.", "Send it in several documents."
    ),
    IssueKind("REC-D02", _D, _E, "There are more than {found} issues; the others are not listed."),
    IssueKind(
        "REC-V01",
        _D,
        _W,
        "There is no table for {value}: nothing in it was checked.",
        "crossdock schemas list shows the tables there are.",
    ),
    IssueKind(
        "REC-V02",
        _D,
        _W,
        "There is no table for {value}: it was checked by the one of {base}.",
        'An agreement says base = "{base}", where that is what both sides mean.',
    ),
    # Rows
    IssueKind(
        "REC-R01",
        _S,
        _E,
        "The row has {found} values where there are {expected} columns.",
        "A delimiter inside a value is the usual cause: such values stand in quotes.",
    ),
    IssueKind(
        "REC-R02",
        _L,
        _E,
        '{column} has "{value}", and another value in the first row of this document.',
        "Columns of the document are the same in all its rows, or empty after the first.",
    ),
    IssueKind(
        "REC-R03",
        _D,
        _E,
        'The document "{value}" began further up: its rows do not stand together.',
        "Sort the file by its key.",
    ),
    IssueKind(
        "REC-R04",
        _L,
        _E,
        '{column} has "{value}", which is no number.',
        'Digits, and "{decimal}" before decimals; no separator of thousands.',
    ),
    IssueKind("REC-R05", _L, _E, '{column} has "{value}", which is no date.', "Dates are written {format}."),
    # Records
    IssueKind(
        "REC-S01",
        _S,
        _W,
        "There is no table of record {tag}: it is not checked.",
        "What no line of the mapping takes is carried in extensions.",
    ),
    IssueKind("REC-S02", _S, _E, "{tag} is not expected here.", "{expected}"),
    IssueKind("REC-S03", _S, _E, "{tag} is missing{where}.", "It is mandatory."),
    IssueKind("REC-S04", _S, _E, "It occurs {found} times here; at most {most} are allowed."),
    IssueKind("REC-S05", _S, _E, "It is not used here by the guide of this partner."),
    # Columns
    IssueKind("REC-E01", _L, _E, "{name} is missing.", "It is mandatory in {tag}."),
    IssueKind("REC-E02", _L, _E, "There is more than {most} here.", ""),
    IssueKind("REC-E03", _L, _E, '{name} has "{value}": too short, at least {least} characters.', ""),
    IssueKind("REC-E03B", _L, _E, '{name} has "{value}": too long, at most {most} characters.', ""),
    IssueKind("REC-E04", _L, _E, '{name} has "{value}", which is not of type {type}.', "{explained}"),
    IssueKind(
        "REC-E05",
        _L,
        _E,
        '{name} has "{value}": a line break, a control character, or bytes that are no text in {charset}.',
        "Say in the description, or in the agreement, which encoding is used.",
    ),
    IssueKind("REC-E06", _L, _E, '{name} has "{value}", which is not one of its values.', "{explained}"),
    IssueKind("REC-E07", _L, _E, '{name} has "{value}", which is not a date or time ({format}).'),
    # Writing
    IssueKind(
        "REC-W01",
        _L,
        _E,
        '{column} would have "{value}", which a spreadsheet takes for a formula.',
        'Where no spreadsheet opens these files: formulas = "keep" in their description.',
    ),
    IssueKind(
        "REC-W03",
        _L,
        _E,
        "{column} has a value, and no column in a flat file that is known here.",
        'form = "xml" in the envelope of the agreement has a place for it.',
    ),
    IssueKind(
        "REC-W04",
        _L,
        _W,
        'The number of a party is written without saying that it is one of "{value}": SAP has no field for that.',
        "A table in SAP, or a mapping of your own, makes it the system's number.",
    ),
    IssueKind(
        "REC-W02",
        _L,
        _E,
        '{column} would have "{value}", with characters that {encoding} does not have.',
        "Another encoding in the description of the file, such as utf-8, has them.",
    ),
)
