"""Issues of UN/EDIFACT. The number in a code is the value of data element 0085 (ISO 9735) that CONTRL reports.

The letter before it is the level: I interchange (UCI), G group (UCF), M message (UCM), S segment (UCS), E element
(UCD).
"""

from __future__ import annotations

from gateway.core.issues import IssueKind, Level, Severity

_E, _W = Severity.ERROR, Severity.WARNING
_I, _G, _M, _S, _L = Level.INTERCHANGE, Level.GROUP, Level.DOCUMENT, Level.SEGMENT, Level.ELEMENT


def _kind(code: str, level: Level, text: str, hint: str, ack: str | None, severity: Severity = _E) -> IssueKind:
    return IssueKind(code, level, severity, text, hint, edifact=ack)


KINDS: tuple[IssueKind, ...] = (
    # Interchange: UCI
    _kind("EDF-I02", _I, "Syntax {value} is not supported: UNOA to UNOY, version 1 to 4 are.", "", "2"),
    _kind("EDF-I05", _I, "The interchange ends without {tag}.", "The transmission was cut: send it again.", "5"),
    _kind("EDF-I12", _I, '{name} has "{value}", which it may not have.', "", "12", _W),
    _kind("EDF-I13", _I, "{name} is missing.", "", "13"),
    _kind(
        "EDF-I13B",
        _I,
        "The messages stand in no interchange: UNB and UNZ are missing.",
        "They are judged by themselves; nobody can be told from them.",
        None,
        _W,
    ),
    _kind("EDF-I21", _I, "The interchange has characters that are not text in {charset}.", "", "21"),
    _kind(
        "EDF-I22",
        _I,
        "The service characters in UNA are not distinct, or are letters or digits.",
        "Use UNA:+.? '",
        "22",
    ),
    _kind(
        "EDF-I22B",
        _I,
        "UNB does not use the separators that {expected}.",
        "Put a UNA before it that names the separators of the interchange.",
        "22",
    ),
    _kind("EDF-I26", _I, "Reference {value} was used before.", "Give every interchange a reference of its own.", "26"),
    _kind(
        "EDF-I28",
        _I,
        "The reference in {tag} ({value}) is not the one of the interchange ({expected}).",
        "Send the interchange again with the same reference at both ends.",
        "28",
    ),
    _kind(
        "EDF-I29",
        _I,
        "{tag} says {value} {unit}; {found} were found.",
        "Part of the interchange may be missing: send it again.",
        "29",
    ),
    _kind("EDF-I30", _I, "Messages stand beside groups.", "Put all messages into groups, or none.", "30"),
    _kind(
        "EDF-I33", _I, "{value} stands where the envelope does not allow it.", "The order is UNB, UNH … UNT, UNZ.", "33"
    ),
    _kind(
        "EDF-I33B",
        _I,
        "Data stands outside of any interchange.",
        "Only line breaks may stand before UNA or UNB and after UNZ.",
        None,
        _W,
    ),
    _kind(
        "EDF-I05B",
        _I,
        "{value}, the last segment, has no terminator.",
        "Its values agree, so nothing is missing; end every segment with the terminator.",
        None,
        _W,
    ),
    _kind(
        "EDF-I33C",
        _I,
        "There is a package (UNO … UNP) of {value} bytes: only messages are taken.",
        "Send the object by itself, as a file.",
        "33",
    ),
    _kind("EDF-I39", _I, '{name} has "{value}": too long, at most {most} characters.', "Receipts repeat it.", "39"),
    _kind("EDF-I39B", _I, '{name} has "{value}": too long, at most {most} characters.', "", "39", _W),
    # Group: UCF
    _kind("EDF-G05", _G, "The group ends without UNE.", "The transmission was cut: send it again.", "5"),
    _kind("EDF-G28", _G, "The reference in UNE ({value}) is not the one in UNG ({expected}).", "", "28"),
    _kind(
        "EDF-G29",
        _G,
        "UNE says {value} messages; {found} were found.",
        "Part of the group may be missing: send it again.",
        "29",
    ),
    _kind("EDF-G39", _G, '{name} has "{value}": too long, at most {most} characters.', "Receipts repeat it.", "39"),
    # Message: UCM
    _kind(
        "EDF-M03", _M, "Message {value} is not supported here.", "Agree on the message and its directory first.", "3"
    ),
    _kind("EDF-M05", _M, "The message ends without {tag}.", "The transmission was cut: send it again.", "5"),
    _kind("EDF-G13", _G, "{name} is missing in UNG.", "", "13"),
    _kind("EDF-M13", _M, "{name} is missing at the beginning of the message.", "", "13"),
    _kind(
        "EDF-M18",
        _M,
        "More issues were found than are listed ({found} are shown).",
        "Mend those that are listed first.",
        "18",
    ),
    _kind(
        "EDF-M18B", _M, "The message has {value} {unit}; at most {most} are read.", "Send it in several messages.", "18"
    ),
    _kind(
        "EDF-M26",
        _M,
        "Message reference {value} was used before in this interchange.",
        "Give every message a reference of its own.",
        "26",
    ),
    _kind("EDF-M28", _M, "The reference in {tag} ({value}) is not the one of the message ({expected}).", "", "28"),
    _kind(
        "EDF-M29",
        _M,
        "{tag} says {value} segments; {found} were found.",
        "Count the first and the last too. Part of the message may be missing: send it again.",
        "29",
    ),
    _kind("EDF-M39", _M, '{name} has "{value}": too long, at most {most} characters.', "Receipts repeat it.", "39"),
    _kind("EDF-M39B", _M, '{name} has "{value}": too long, at most {most} characters.', "", "39", _W),
    _kind(
        "EDF-V01",
        _M,
        "There is no table for {value}: only the envelope was checked.",
        "crossdock schemas list shows the tables there are.",
        None,
        _W,
    ),
    _kind(
        "EDF-V02",
        _M,
        "There is no table for {value}: it was checked by the one of {base}.",
        'An agreement says base = "{base}", where that is what both sides mean.',
        None,
        _W,
    ),
    # Segment: UCS
    _kind("EDF-S06", _S, "{tag} is not a segment of directory {version}.", "", "6"),
    _kind("EDF-S06B", _S, "{value} is not a segment tag.", "A tag has three letters.", "6"),
    _kind("EDF-S13", _S, "{tag} is missing{where}.", "It is mandatory.", "13"),
    _kind("EDF-S15", _S, "{tag} is not expected here.", "{expected}", "15"),
    _kind(
        "EDF-S15B",
        _S,
        "{tag} is not used here by the guide of this partner.",
        "The directory has it; leave it out, or ask for another guide.",
        "15",
    ),
    _kind(
        "EDF-S15C",
        _S,
        "The group {loop} is not used here by the guide of this partner.",
        "The directory has it; leave it out, or ask for another guide.",
        "15",
    ),
    _kind("EDF-S35", _S, "{tag} occurs {found} times here; at most {most} are allowed.", "", "35"),
    _kind("EDF-S36", _S, "The group {loop} occurs {found} times; at most {most} are allowed.", "", "36"),
    # Element: UCD
    _kind("EDF-E16B", _L, "{tag} has more elements than its {most}.", "", "16"),
    _kind("EDF-E12", _L, '{name} has "{value}", which is not one of its values.', "{explained}", "12"),
    _kind("EDF-E12B", _L, '{name} has "{value}", which is not a date or time in format {format}.', "", "12"),
    _kind("EDF-E12C", _L, '{name} has "{value}": {tag} with it has no place here.', "{explained}", "12"),
    _kind("EDF-E13", _L, "{name} is missing.", "It is mandatory in {tag}.", "13"),
    _kind(
        "EDF-E15",
        _L,
        '{name} has "{value}", and is not used by the guide of this partner.',
        "The directory has it; leave it empty, or ask for another guide.",
        "15",
    ),
    _kind("EDF-E16", _L, "{name} has more components than its {most}.", "", "16"),
    _kind("EDF-E19", _L, '{name} has "{value}", in which the decimal mark stands wrongly.', "", "19"),
    _kind("EDF-E21", _L, '{name} has "{value}", with characters that {charset} does not have.', "", "21"),
    _kind(
        "EDF-E21B",
        _L,
        '{name} has "{value}", with characters that {charset} does not allow.',
        "Declare UNOC or another character set that has them.",
        "21",
        _W,
    ),
    _kind("EDF-E35", _L, "{name} is repeated more than {most} times.", "", "35"),
    _kind("EDF-E37", _L, '{name} has "{value}", which is not of type {type}.', "{explained}", "37"),
    _kind(
        "EDF-E38", _L, '{name} has "{value}", with no digit before the decimal mark.', "Write a zero before it.", "38"
    ),
    _kind("EDF-E39", _L, '{name} has "{value}": too long, at most {most} characters.', "", "39"),
    _kind("EDF-E40", _L, '{name} has "{value}": too short, at least {least} characters.', "", "40"),
)
