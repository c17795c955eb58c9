"""Issues of X12. The number in a code is the code of the acknowledgment: X12-E07 is AK403 = 7, X12-S03 is AK304 = 3.

A letter after it tells apart findings that an acknowledgment reports alike. Codes of AK304 (720), AK403 (723),
AK502 (718), AK905 (716) and TA105 (I18): X12 004010, data element dictionary.
"""

from __future__ import annotations

from gateway.core.issues import IssueKind, Level, Severity

_E, _W = Severity.ERROR, Severity.WARNING
_I, _G, _D, _S, _L = Level.INTERCHANGE, Level.GROUP, Level.DOCUMENT, Level.SEGMENT, Level.ELEMENT


def _kind(
    code: str,
    level: Level,
    text: str,
    hint: str,
    ack: str | None,
    severity: Severity = _E,
    implementation: str | None = None,
) -> IssueKind:
    return IssueKind(code, level, severity, text, hint, x12=ack, implementation=implementation)


KINDS: tuple[IssueKind, ...] = (
    # Interchange: TA105
    _kind(
        "X12-I001",
        _I,
        "The control number in IEA02 ({value}) is not the one in ISA13 ({expected}).",
        "Send the interchange again with the same number at both ends.",
        "001",
    ),
    _kind(
        "X12-I004",
        _I,
        "The segment terminator after ISA is missing or is not one character.",
        "ISA is 106 characters long; the last of them ends every segment.",
        "004",
    ),
    _kind("X12-I013", _I, "ISA12 ({value}) is not an interchange version that exists.", "Use 00200 to 00800.", "013"),
    _kind("X12-I014", _I, "ISA09 ({value}) is not a date YYMMDD.", "", "014", _W),
    _kind("X12-I015", _I, "ISA10 ({value}) is not a time HHMM.", "", "015", _W),
    _kind("X12-I018", _I, "ISA13 ({value}) is not a control number of nine digits.", "", "018"),
    _kind("X12-I020", _I, "ISA15 ({value}) is neither T nor P.", "Use T for test and P for production.", "020"),
    _kind(
        "X12-I021",
        _I,
        "IEA01 says {value} functional groups; {found} were found.",
        "Part of the interchange may be missing: send it again.",
        "021",
    ),
    _kind(
        "X12-I022",
        _I,
        "{value} stands where the envelope does not allow it.",
        "The order is ISA, GS, ST … SE, GE, IEA.",
        "022",
    ),
    _kind(
        "X12-I022C",
        _I,
        "{value} stands behind a functional group; it is read as if it stood before.",
        "The order is ISA, TA1, GS … GE, IEA.",
        None,
        _W,
    ),
    _kind(
        "X12-I022B",
        _I,
        "ISA is not 106 characters long with 16 elements.",
        "Every element of ISA has a fixed length.",
        "022",
    ),
    _kind("X12-I023", _I, "The interchange ends without IEA.", "The transmission was cut: send it again.", "023"),
    _kind("X12-I024", _I, "{element} has {value}, which it may not have.", "", "024"),
    _kind(
        "X12-I025", _I, "Control number {value} was used before.", "Give every interchange a number of its own.", "025"
    ),
    _kind(
        "X12-I026",
        _I,
        "The delimiters in ISA are not distinct, or are letters, digits or blanks.",
        "Use for example * : ~.",
        "026",
    ),
    _kind(
        "X12-I024B",
        _I,
        "Data stands outside of any interchange.",
        "Only line breaks may stand before ISA and after IEA.",
        None,
        _W,
    ),
    _kind(
        "X12-I004B",
        _I,
        "{value}, the last segment, has no terminator.",
        "Its values agree, so nothing is missing; end every segment with the terminator.",
        None,
        _W,
    ),
    # Functional group: AK905
    _kind("X12-G01", _G, "Functional group {value} is not supported here.", "Agree on the document type first.", "1"),
    _kind("X12-G02", _G, "Version {value} is not supported here.", "Agree on the version first.", "2"),
    _kind("X12-G03", _G, "The functional group ends without GE.", "The transmission was cut: send it again.", "3"),
    _kind(
        "X12-G04",
        _G,
        "The control number in GE02 ({value}) is not the one in GS06 ({expected}).",
        "Send the group again with the same number at both ends.",
        "4",
    ),
    _kind(
        "X12-G05",
        _G,
        "GE01 says {value} transaction sets; {found} were found.",
        "Part of the group may be missing: send it again.",
        "5",
    ),
    _kind("X12-G06", _G, "GS06 ({value}) is not a control number of one to nine digits.", "", "6"),
    _kind("X12-G06B", _G, '{element} has "{value}", which it may not have.', "", None, _W),
    # Transaction set: AK502
    _kind("X12-T01", _D, "Transaction set {value} is not supported here.", "Agree on the document type first.", "1"),
    _kind("X12-T02", _D, "The transaction set ends without SE.", "The transmission was cut: send it again.", "2"),
    _kind(
        "X12-T03",
        _D,
        "The control number in SE02 ({value}) is not the one in ST02 ({expected}).",
        "Send the transaction set again with the same number at both ends.",
        "3",
    ),
    _kind(
        "X12-T04",
        _D,
        "SE01 says {value} segments; {found} were found.",
        "Count ST and SE too. Part of the document may be missing: send it again.",
        "4",
    ),
    _kind(
        "X12-T05",
        _D,
        "More issues were found than are listed ({found} are shown).",
        "Mend those that are listed first.",
        "5",
    ),
    _kind("X12-T06", _D, "ST01 ({value}) is not a transaction set identifier.", "", "6"),
    _kind(
        "X12-T06B",
        _D,
        "Transaction set {value} stands in a functional group {group}.",
        "It belongs into a group {expected}.",
        "6",
    ),
    _kind("X12-T07", _D, "ST02 ({value}) is not a control number of four to nine characters.", "", "7"),
    _kind("X12-T05B", _D, "The document has {value} {unit}; at most {most} are read.", "Send it in parts.", "5"),
    _kind(
        "X12-T23",
        _D,
        "Control number {value} in ST02 was used before in this group.",
        "Give every transaction set of a group a number of its own.",
        "23",
    ),
    _kind(
        "X12-V01",
        _D,
        "There is no table for {value}: only the envelope was checked.",
        "crossdock schemas list shows the tables there are.",
        None,
        _W,
    ),
    _kind(
        "X12-V02",
        _D,
        "There is no table for {value}: it was checked by the one of {base}.",
        'An agreement says base = "{base}", where that is what both sides mean.',
        None,
        _W,
    ),
    # Segment: AK304
    _kind("X12-S01", _S, "{tag} is not a segment of version {version}.", "", "1"),
    _kind("X12-S01B", _S, "{value} is not a segment tag.", "A tag has two or three letters and digits.", "1"),
    _kind("X12-S02", _S, "{tag} is not expected here.", "{expected}", "2"),
    _kind(
        "X12-S02B",
        _S,
        "{tag} is not used here by the guide of this partner.",
        "The standard has it; leave it out, or ask for another guide.",
        "2",
        implementation="I4",
    ),
    _kind(
        "X12-S02C",
        _S,
        "The loop {loop} is not used here by the guide of this partner.",
        "The standard has it; leave it out, or ask for another guide.",
        "2",
        implementation="I4",
    ),
    _kind("X12-S03", _S, "{tag} is missing{where}.", "It is mandatory.", "3"),
    _kind("X12-S04", _S, "The loop {loop} occurs {found} times; at most {most} are allowed.", "", "4"),
    _kind("X12-S05", _S, "{tag} occurs {found} times here; at most {most} are allowed.", "", "5"),
    _kind("X12-S06", _S, "{tag} does not belong to transaction set {type}.", "", "6"),
    _kind("X12-S07", _S, "{tag} stands in the wrong place of transaction set {type}.", "{expected}", "7"),
    # Element: AK403
    _kind("X12-E01", _L, "{name} is missing.", "It is mandatory in {tag}.", "1"),
    _kind("X12-E02", _L, "{name} is missing: condition {condition} of {tag} requires it.", "{explained}", "2"),
    _kind("X12-E03", _L, "{tag} has more elements than its {most}.", "Remove what follows the last element.", "3"),
    _kind("X12-E03B", _L, "{name} has more components than its {most}.", "", "3", implementation="13"),
    _kind("X12-E03C", _L, "{name} is repeated more than {most} times.", "", "3", implementation="12"),
    _kind("X12-E04", _L, '{name} has "{value}": too short, at least {least} characters.', "", "4"),
    _kind("X12-E05", _L, '{name} has "{value}": too long, at most {most} characters.', "", "5"),
    _kind("X12-E06", _L, '{name} has "{value}", which is not of type {type}.', "{explained}", "6"),
    _kind(
        "X12-E06B",
        _L,
        "{name} has characters that are not text in {charset}.",
        "Say in the agreement which character set the partner sends.",
        "6",
    ),
    _kind("X12-E07", _L, '{name} has "{value}", which is not one of its codes.', "{explained}", "7"),
    _kind("X12-E07B", _L, '{name} has "{value}": {tag} with it has no place here.', "{explained}", "7"),
    _kind(
        "X12-E07C",
        _L,
        '{name} has "{value}", which is not in the list of those who give out such codes, as it is installed here.',
        "{explained}",
        "7",
        _W,
    ),
    _kind(
        "X12-E07D",
        _L,
        "{name} says {value} bytes of binary data; there are {found} up to the next terminator.",
        "The length counts bytes, line breaks among them, and the terminator stands right behind them.",
        "7",
    ),
    _kind(
        "X12-E07E",
        _L,
        '{name} has "{value}"; it counts on from 1, and {expected} is next.',
        "Part of the document may be missing: send it again.",
        "7",
    ),
    _kind("X12-E07F", _L, 'HL02 has "{value}", which is no level that this one may belong to.', "{explained}", "7"),
    _kind(
        "X12-E08",
        _L,
        '{name} has "{value}", which is not a date.',
        "Write {format}.",
        "8",
    ),
    _kind("X12-E09", _L, '{name} has "{value}", which is not a time.', "Write HHMM, HHMMSS or HHMMSSDD.", "9"),
    _kind(
        "X12-E10",
        _L,
        "{name} excludes others: condition {condition} of {tag} forbids them together.",
        "{explained}",
        "10",
    ),
    _kind(
        "X12-E10B",
        _L,
        '{name} has "{value}", and is not used by the guide of this partner.',
        "The standard has it; leave it empty, or ask for another guide.",
        "10",
        implementation="I10",
    ),
)
