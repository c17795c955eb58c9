"""Reading EDIFACT: service characters, character sets, envelopes, and what is said about broken ones."""

from __future__ import annotations

import hashlib

import pytest

from gateway.codecs import (
    Address,
    Delimiters,
    GroupStart,
    InterchangeEnd,
    InterchangeStart,
    RawDocument,
    Stray,
    read,
    unescape,
)
from tests.codecs.interchanges import EDIFACT, MESSAGE, UNB, codes, documents, end, events, group_end, start

UNG = "UNG+ORDERS+ACME:14+GLOBEX:14+260115:1253+G1+UN+D:96A:EAN008'"


def test_an_interchange_is_start_messages_end() -> None:
    found = events(EDIFACT)
    assert [type(event) for event in found] == [InterchangeStart, RawDocument, InterchangeEnd]
    assert codes(found) == []
    header = start(found).header
    assert (header.standard, header.version, header.charset) == ("edifact", "UNOC:3", "iso8859-1")
    assert (header.sender, header.receiver) == (Address("5412345000013", "14"), Address("4012345000094", "14"))
    assert (header.control_number, header.date, header.time) == ("REF905", "260115", "1253")
    assert (header.application_reference, header.test, header.acknowledgment_requested) == ("ORDERS", False, False)
    assert header.delimiters == Delimiters("+", ":", "'", None, "?", ".")
    assert header.service_advice is None
    assert (end(found).declared, end(found).found, end(found).documents) == (1, 1, 1)


def test_a_message_knows_its_directory_and_association() -> None:
    (message,) = documents(events(EDIFACT))
    assert (message.type, message.version, message.association) == ("ORDERS", "D.96A", "EAN008")
    assert (message.control_number, message.position) == ("1", 1)
    assert (message.text, message.offset, message.length) == (MESSAGE, len(UNB), len(MESSAGE))
    assert message.segments()[2] == ["DTM", "137:20260115:102"]


def test_flags_at_the_end_of_unb() -> None:
    found = events(EDIFACT.replace("++ORDERS'", "+PASS:AA+ORDERS+A+1+EANCOM+1'"))
    assert codes(found) == []
    assert (start(found).header.test, start(found).header.acknowledgment_requested) == (True, True)
    routed = events(EDIFACT.replace("4012345000094:14", "4012345000094:14:WEST"))
    assert start(routed).header.receiver == Address("4012345000094", "14", "WEST")


def test_una_names_the_service_characters() -> None:
    text = "UNA|*,! ~\r\n" + EDIFACT.replace(":", "|").replace("+", "*").replace("'", "~")
    found = events(text)
    assert codes(found) == []
    assert start(found).header.delimiters == Delimiters("*", "|", "~", None, "!", ",")
    assert start(found).header.service_advice == "UNA|*,! ~"
    assert documents(found)[0].segments()[1] == ["BGM", "220", "PO-1", "9"]


def test_una_without_release_character() -> None:
    found = events("UNA:+.  '" + EDIFACT.replace("PO-1", "PO?"))
    assert start(found).header.delimiters.release is None
    assert documents(found)[0].segments()[1] == ["BGM", "220", "PO?", "9"]


def test_level_b_without_una_uses_information_separators() -> None:
    text = EDIFACT.replace("UNOC:3", "UNOB:1").replace("+", "\x1d").replace(":", "\x1f").replace("'", "\x1c")
    found = events(text)
    assert codes(found) == []
    assert start(found).header.delimiters == Delimiters("\x1d", "\x1f", "\x1c")
    assert codes(events(EDIFACT.replace("UNOC:3", "UNOB:1"))) == []  # what people send


@pytest.mark.parametrize(
    ("advice", "version", "expected"),
    [("", 3, None), ("UNA:+.?*'", 3, None), ("", 4, "*"), ("UNA:+.?*'", 4, "*"), ("UNA:+.? '", 4, None)],
)
def test_only_syntax_version_4_has_repetitions(advice: str, version: int, expected: str | None) -> None:
    text = EDIFACT.replace("UNOC:3", f"UNOC:{version}")
    if version == 4:
        text = text.replace("260115:", "20260115:")
    found = events(advice + text)
    assert codes(found) == []
    assert start(found).header.delimiters.repetition == expected


def test_released_characters_do_not_separate() -> None:
    text = EDIFACT.replace("PO-1", "O?'Neil ?+ Sons??").replace("DTM+137", "FTX+AAI+++a?\nb???'UNT?+c'DTM+137")
    text = text.replace("UNT+4", "UNT+5")
    found = events(text)
    assert codes(found) == []
    (message,) = documents(found)
    assert unescape(message.segments()[1][2], message.delimiters) == "O'Neil + Sons?"
    assert unescape(message.segments()[2][4], message.delimiters) == "a\nb?'UNT+c"


def test_a_trailer_that_is_released_is_data() -> None:
    found = events(EDIFACT.replace("PO-1", "x?'UNT+4+1?'UNZ+1+REF905"))
    assert codes(found) == []
    assert documents(found)[0].segments()[1][2] == "x?'UNT"
    assert documents(found)[0].segments()[1][4] == "1?'UNZ"


CHARSETS = {
    "UNOC": ("iso8859-1", "Müller"),
    "UNOD": ("iso8859-2", "Łódź"),
    "UNOE": ("iso8859-5", "Москва"),
    "UNOF": ("iso8859-7", "Αθήνα"),
    "UNOG": ("iso8859-3", "Ħamrun"),
    "UNOH": ("iso8859-4", "Rīga"),
    "UNOI": ("iso8859-6", "جدة"),
    "UNOJ": ("iso8859-8", "חיפה"),
    "UNOK": ("iso8859-9", "İzmir"),
    "UNOW": ("utf-8", "北京 Łódź"),
    "UNOX": ("iso2022_jp_2", "東京'+?"),
    "UNOY": ("utf-8", "東京"),
}


@pytest.mark.parametrize("level", CHARSETS)
def test_text_is_decoded_as_the_interchange_declares(level: str) -> None:
    charset, town = CHARSETS[level]
    text = EDIFACT.replace("UNOC", level).replace("PO-1", town.replace("'+?", ""))
    found = events(text.encode(charset))
    assert codes(found) == []
    (message,) = documents(found)
    assert message.charset == charset
    assert message.segments()[1][2] == town.replace("'+?", "")
    assert end(found).length == len(text.encode(charset))


def test_bytes_of_a_character_are_no_delimiters() -> None:
    # in ISO 2022-JP the first byte of a Cyrillic letter is that of an apostrophe
    text = EDIFACT.replace("UNOC", "UNOX").replace("PO-1", "Жメ知")
    data = text.encode("iso2022_jp")
    assert data.count(b"'") > text.count("'")
    assert documents(events(data))[0].segments()[1] == ["BGM", "220", "Жメ知", "9"]
    # and in GB 18030 the second byte of this one is a tilde
    agreed = "UNA:+.? ~" + EDIFACT.replace("PO-1", "亊乽").replace("'", "~")
    data = agreed.encode("gb18030")
    assert data.count(b"~") > agreed.count("~")
    found = events(data, charset="gb18030")
    assert codes(found) == []
    assert documents(found)[0].segments()[1][2] == "亊乽"


def test_bytes_that_are_no_text_survive_and_are_visible() -> None:
    (message,) = documents(events(EDIFACT.encode().replace(b"UNOC", b"UNOA").replace(b"PO-1", b"M\xfcller")))
    assert message.segments()[1][2] == "M\udcfcller"
    assert codes(events(EDIFACT.encode().replace(b"UNOC", b"UNOA").replace(b"ORDERS'", b"\xfc'"))) == ["EDF-I21"]


def test_a_character_set_by_agreement_goes_before_the_declared_one() -> None:
    data = EDIFACT.replace("UNOC", "KECA").replace("PO-1", "서울").encode("cp949")
    found = events(data, charset="cp949")
    assert codes(found) == []
    assert documents(found)[0].segments()[1][2] == "서울"
    assert codes(events(data)) == ["EDF-I02"]


def test_groups() -> None:
    found = events(UNB + UNG + MESSAGE + "UNE+1+G1'UNZ+1+REF905'")
    assert codes(found) == []
    group = next(event for event in found if isinstance(event, GroupStart)).header
    assert (group.functional_id, group.version, group.control_number) == ("ORDERS", "D.96A", "G1")
    assert (group.sender, group.receiver) == (Address("ACME", "14"), Address("GLOBEX", "14"))
    assert (group_end(found).declared, group_end(found).found) == (1, 1)
    assert (end(found).found, end(found).documents) == (1, 1)


FAULTS = {
    "level": (("UNOC:3", "UNOZ:3"), ["EDF-I02"]),
    "syntax version": (("UNOC:3", "UNOC:5"), ["EDF-I02"]),
    "sender": (("5412345000013:14", ""), ["EDF-I13"]),
    "recipient": (("4012345000094:14", ""), ["EDF-I13"]),
    "reference": (("+REF905++", "+++"), ["EDF-I13", "EDF-I28"]),
    "date": (("260115:1253", "261515:1253"), ["EDF-I12"]),
    "date of version 4 in version 3": (("260115:1253", "20260115:1253"), ["EDF-I12"]),
    "time": (("260115:1253", "260115:2560"), ["EDF-I12"]),
    "count of messages": (("UNZ+1", "UNZ+2"), ["EDF-I29"]),
    "reference at the end": (("UNZ+1+REF905", "UNZ+1+REF906"), ["EDF-I28"]),
    "no UNZ": (("UNZ+1+REF905'", ""), ["EDF-I05"]),
    "no terminator": (("UNZ+1+REF905'", "UNZ+1+REF905"), ["EDF-I05B"]),
    "no UNT": (("UNT+4+1'", ""), ["EDF-M05"]),
    "count of segments": (("UNT+4", "UNT+9"), ["EDF-M29"]),
    "reference of the message": (("UNT+4+1", "UNT+4+2"), ["EDF-M28"]),
    "message reference missing": (("UNH+1+", "UNH++"), ["EDF-M13", "EDF-M28"]),
    "message type missing": (("ORDERS:D:96A:UN:EAN008", ":D:96A:UN"), ["EDF-M13"]),
    "message agency missing": (("ORDERS:D:96A:UN:EAN008", "ORDERS:D:96A"), ["EDF-M13"]),
    "message used twice": ((MESSAGE, MESSAGE + MESSAGE), ["EDF-M26", "EDF-I29"]),
    "no message": ((MESSAGE, ""), ["EDF-I29", "EDF-I13"]),
    "segment between": (("UNZ+", "BGM+220'UNZ+"), ["EDF-I33"]),
    "UNT alone": ((MESSAGE, MESSAGE + "UNT+1+1'"), ["EDF-I33"]),
    "junk behind": (("+REF905'", "+REF905'that is all"), ["EDF-I33B"]),
    "group reference": ((MESSAGE, UNG + MESSAGE + "UNE+1+G2'"), ["EDF-G28"]),
    "group count": ((MESSAGE, UNG + MESSAGE + "UNE+2+G1'"), ["EDF-G29"]),
    "group without end": ((MESSAGE, UNG + MESSAGE), ["EDF-G05"]),
    "group without reference": ((MESSAGE, UNG.replace("G1", "") + MESSAGE + "UNE+1'"), ["EDF-G13"]),
    "message behind a group": ((MESSAGE, UNG + MESSAGE + "UNE+1+G1'" + MESSAGE.replace("1+O", "2+O")), []),
}


@pytest.mark.parametrize("fault", [name for name in FAULTS if FAULTS[name][1]])
def test_a_fault_of_the_envelope_is_reported_by_its_code(fault: str) -> None:
    (old, new), expected = FAULTS[fault]
    assert old in EDIFACT
    assert codes(events(EDIFACT.replace(old, new, 1))) == expected


def test_messages_and_groups_do_not_mix() -> None:
    group = UNG + MESSAGE + "UNE+1+G1'"
    assert codes(events(UNB + group + MESSAGE + "UNZ+1+REF905'")) == ["EDF-M26", "EDF-I30"]
    assert codes(events(UNB + MESSAGE + group + "UNZ+1+REF905'")) == ["EDF-I30"]


def test_in_syntax_version_4_a_group_needs_its_reference_only() -> None:
    four = UNB.replace("UNOC:3", "UNOC:4").replace("260115", "20260115")
    assert codes(events(four + "UNG+++++G1'" + MESSAGE + "UNE+1+G1'UNZ+1+REF905'")) == []


def test_issues_point_at_the_component() -> None:
    (issue,) = start(events("UNA:+.? '" + EDIFACT.replace(":1253+", ":9999+"))).issues
    assert (issue.location.tag, issue.location.element, issue.location.component) == ("UNB", 4, 2)
    assert issue.location.offset == 9 + UNB.index("1253")
    (issue,) = documents(events(EDIFACT.replace("UNT+4+1", "UNT+4+17")))[0].issues
    assert (issue.location.segment, issue.location.tag, issue.location.element) == (4, "UNT", 2)
    assert issue.location.offset == EDIFACT.index("UNT+4+1") + 6


def test_the_hash_begins_at_una() -> None:
    text = "UNA:+.? '\r\n" + EDIFACT
    found = events("\r\n" + text + "\r\n")
    assert end(found).sha256 == hashlib.sha256(text.encode()).digest()
    assert (start(found).header.offset, end(found).length) == (2, len(text))


def test_x12_and_edifact_may_follow_each_other() -> None:
    from tests.codecs.interchanges import X12

    found = events(EDIFACT + "\n" + X12 + "\nUNA:+.? '\n" + EDIFACT)
    assert codes(found) == []
    standards = [event.header.standard for event in found if isinstance(event, InterchangeStart)]
    assert standards == ["edifact", "x12", "edifact"]


UNREADABLE = {
    "UNA:+.A '" + EDIFACT: "EDF-I22",
    "UNA++.? '" + EDIFACT: "EDF-I22",
    "UNA:+.? 'hello'": "EDF-I13",
    "UNA:*.? '" + EDIFACT: "EDF-I22B",
    EDIFACT.replace("+", "|"): "EDF-I22B",
    "UIB+UNOA:4": "EDF-I05",
    "UIB:UNOA:4'UIH+X'": "EDF-I22B",
    "UNB+UNOC:3+no end of it": "EDF-I05",
}


@pytest.mark.parametrize("text", UNREADABLE)
def test_an_interchange_that_cannot_be_taken_apart_says_why(text: str) -> None:
    found = events(text)
    assert isinstance(found[0], InterchangeStart)
    assert isinstance(found[1], InterchangeEnd)
    assert found[0].issues[0].code == UNREADABLE[text]


def test_messages_without_their_interchange_are_read_and_reported() -> None:
    for text in ("UNA:+.? '\n" + MESSAGE, MESSAGE):
        found = events(text)
        assert codes(found) == ["EDF-I13B"]
        assert documents(found)[0].type == "ORDERS"


def test_reading_goes_on_after_a_missing_unt() -> None:
    found = events(UNB + MESSAGE.replace("UNT+4+1'", "") + MESSAGE.replace("1+O", "2+O").replace("4+1'", "4+2'"))
    assert codes(found) == ["EDF-M05", "EDF-I05"]
    assert [len(message.segments()) for message in documents(found)] == [3, 4]


def test_stray_text_before_an_interchange_is_passed_over() -> None:
    found = events("From: acme\n\n" + "UNA:+.? '" + EDIFACT)
    assert isinstance(found[0], Stray)
    assert codes(found) == ["EDF-I33B"]
    assert start(found).header.offset == 12


LONG = "12345678901234567890"


@pytest.mark.parametrize(
    ("unb", "unh", "code", "place"),
    [
        (f"UNB+UNOC:3+A+B+240131:1200+{LONG}", "UNH+1+ORDERS:D:96A:UN", "EDF-I39", (5, 1)),
        (f"UNB+UNOC:3+A:12345+B+240131:1200+1++{LONG}", "UNH+1+ORDERS:D:96A:UN", "EDF-I39B", (2, 2)),
        ("UNB+UNOC:3+A+B+240131:1200+1", f"UNH+{LONG}+ORDERS:D:96A:UN", "EDF-M39", (1, 1)),
        ("UNB+UNOC:3+A+B+240131:1200+1", "UNH+1+ORDERS:D:2026:UN", "EDF-M39B", (2, 3)),
    ],
)
def test_the_lengths_of_header_elements_are_judged(unb, unh, code, place):
    number = unb.split("+")[5]
    body = f"{unb}'{unh}'BGM+220+1'UNT+3+{unh.split('+')[1]}'UNZ+1+{number}'".encode()
    issues = [issue for event in read(body) for issue in getattr(event, "issues", ())]
    assert issues[0].code == code
    assert (issues[0].location.element, issues[0].location.component) == place


def test_from_syntax_4_on_a_routing_address_may_be_longer():
    head = f"UNB+UNOC:{{}}+A:14:{LONG}+B+{{}}:1200+1'UNH+1+ORDERS:D:96A:UN'BGM+220+1'UNT+3+1'UNZ+1+1'"
    codes = [
        [i.code for e in read(head.format(v, d).encode()) for i in getattr(e, "issues", ())]
        for v, d in ((3, "240131"), (4, "20240131"))
    ]
    assert codes == [["EDF-I39B"], []]


@pytest.mark.parametrize(
    ("cut", "tag"),
    [
        ("UNB+UNOC:3+A+B+240131:1200+1'UNH+1+ORDERS:D:96A:UN'BGM+220+1'UNT+3+1'", "UNZ"),
        ("UNB+UNOC:3+A+B+240131:1200+1'UNH+1+ORDERS:D:96A:UN'BGM+220+1'UNZ+1+1'", "UNT"),
        (
            "UNB+UNOC:3+A+B+240131:1200+1'UNG+ORDERS+A+B+240131:1200+7+UN+D:96A'UNH+1+ORDERS:D:96A:UN'UNT+2+1'UNZ+1+1'",
            "UNE",
        ),
    ],
)
def test_a_trailer_that_is_missing_is_named(cut, tag):
    found = [issue for event in read(cut.encode()) for issue in getattr(event, "issues", ())]
    assert tag in [issue.location.tag for issue in found]
