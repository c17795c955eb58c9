"""Issues of mapping: what a document says and its mapping cannot carry, or the other way round."""

from __future__ import annotations

from gateway.core.issues import IssueKind, Level, Severity

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.INFORMATION


def _kind(code: str, text: str, hint: str, severity: Severity = _E) -> IssueKind:
    return IssueKind(code, Level.MAPPING, severity, text, hint)


KINDS: tuple[IssueKind, ...] = (
    _kind(
        "MAP-CODE",
        '"{value}" is not in the code table {table}.',
        "To let it through: [code.{table}] {line}.",
    ),
    _kind("MAP-VALUE", '{field} cannot hold "{value}": {reason}.', ""),
    _kind(
        "MAP-PRECISION",
        "{field} has {value}, with more decimals than the place has ({most}).",
        "Numbers are never rounded.",
    ),
    _kind("MAP-REQUIRED", "{field} is missing and is required.", "{hint}"),
    _kind("MAP-SECOND", '{field} is given a second time with "{value}"; the first stays.', "", _W),
    _kind("MAP-DISAGREE", '{field} is "{value}" here and "{expected}" elsewhere in the document.', ""),
    _kind("MAP-TOTAL", "{name} says {value}; counted are {found}.", "", _W),
    _kind("MAP-UNMAPPED", '"{value}" at {address} is not mapped ({reason}).', "It is carried in extensions.", _N),
    _kind("MAP-UNWRITTEN", "{field} has a value, and the format has no place for it in this mapping.", "", _W),
    _kind("MAP-SHADOW", '{field} with "{value}" would be written by {line} and come back as what {other} reads.', ""),
    _kind("MAP-FULL", "{field} has more values than {tag} has places.", ""),
    _kind("MAP-TEXT", "{field} has text that cannot be cut at blanks into pieces of {most} characters.", ""),
    _kind(
        "MAP-COARSE",
        '{field} with "{value}" is written as {written}, which is read as "{read}".',
        "The format has no code of its own for it.",
        _N,
    ),
    _kind(
        "MAP-CHAR",
        '{field} has "{value}", with a character that this interchange cannot carry.',
        "X12 has no release character: choose other delimiters in the agreement.",
    ),
    _kind(
        "MAP-CHARSET",
        'There is "{value}" in the text, with a character that {charset} does not have: {character}.',
        "Choose another character set in the agreement.",
    ),
    _kind("MAP-SPLIT", "A unit without id holds goods of several orders and cannot be written under each.", ""),
    _kind("MAP-ORDER", "Lines of several orders in one unit come back grouped by order.", "", _N),
)
