"""Writing whole interchanges: what is read back is what was meant, and what cannot be carried is refused."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from gateway.codecs import (
    Address,
    Body,
    Delimiters,
    EdifactEnvelope,
    EdifactGroup,
    GroupStart,
    X12Envelope,
    X12Group,
    composite,
    repeated,
    repetitions,
    write_edifact,
    write_x12,
)
from gateway.core.errors import UnwritableError
from tests.codecs.interchanges import codes, documents, end, events, start

DATE, TIME = dt.date(2026, 1, 15), dt.time(12, 53)
X_ENVELOPE = X12Envelope(
    sender=Address("ACME", "ZZ"), receiver=Address("GLOBEX", "14"), control_number=905, date=DATE, time=TIME
)
E_ENVELOPE = EdifactEnvelope(
    sender=Address("5412345000013", "14"),
    receiver=Address("4012345000094", "14", "WEST"),
    control_number="REF905",
    date=DATE,
    time=TIME,
)
ORDER = Body(type="850", control_number="0001", segments=[["BEG", "00", "SA", "PO-1"], ["CTT", "1"]])
MESSAGE = Body(
    type="ORDERS", control_number="1", version="D.96A", association="EAN008", segments=[["BGM", "220", "PO-1"]]
)


def group(*orders: Body, number: int = 7) -> X12Group:
    return X12Group(functional_id="PO", control_number=number, documents=orders)


def changed(envelope: X12Envelope, **values: object) -> X12Envelope:
    return replace(envelope, **values)


def altered(**values: object) -> EdifactEnvelope:
    return replace(E_ENVELOPE, **values)


def test_an_x12_interchange_to_the_letter() -> None:
    assert write_x12(X_ENVELOPE, [group(ORDER)]) == (
        b"ISA*00*          *00*          *ZZ*ACME           *14*GLOBEX         *260115*1253*U*00401*000000905*0*P*>~"
        b"GS*PO*ACME*GLOBEX*20260115*1253*7*X*004010~"
        b"ST*850*0001~BEG*00*SA*PO-1~CTT*1~SE*4*0001~GE*1*7~IEA*1*000000905~"
    )


def test_an_edifact_interchange_to_the_letter() -> None:
    assert write_edifact(E_ENVELOPE, [MESSAGE]) == (
        b"UNA:+.? '"
        b"UNB+UNOC:3+5412345000013:14+4012345000094:14:WEST+260115:1253+REF905'"
        b"UNH+1+ORDERS:D:96A:UN:EAN008'BGM+220+PO-1'UNT+3+1'UNZ+1+REF905'"
    )


def test_counts_and_references_agree() -> None:
    found = events(write_x12(X_ENVELOPE, [group(ORDER, ORDER_2), group(ORDER, number=8)]))
    assert codes(found) == []
    assert (end(found).found, end(found).documents) == (2, 3)
    found = events(write_edifact(E_ENVELOPE, [MESSAGE, MESSAGE_2]))
    assert codes(found) == []
    assert end(found).documents == 2


ORDER_2 = Body(type="850", control_number="0002", association="005010X279A1", segments=[["BEG", "01"]])
MESSAGE_2 = Body(type="DESADV", control_number="2", version="D.96A", segments=[["BGM", "351"]])


def test_everything_the_x12_envelope_says_is_read_back() -> None:
    envelope = changed(
        X_ENVELOPE,
        version="00501",
        test=True,
        acknowledgment_requested=True,
        security=Address("SECRET", "01"),
        delimiters=Delimiters("|", ":", "\n", "!"),
        replies=[["TA1", "000000001", "260114", "0800", "A", "000"]],
    )
    other = X12Group(
        functional_id="PO",
        control_number=7,
        documents=[ORDER_2],
        version="005010",
        sender="BUYING",
        receiver="SALES",
        date=dt.date(2026, 2, 1),
        time=dt.time(8),
        agency="T",
    )
    found = events(write_x12(envelope, [other]))
    assert codes(found) == []
    header = start(found).header
    assert (header.version, header.test, header.acknowledgment_requested) == ("00501", True, True)
    assert header.delimiters == Delimiters("|", ":", "\n", "!")
    assert header.segment[3:5] == ["01", "SECRET    "]
    read = next(event for event in found if isinstance(event, GroupStart)).header
    assert (read.sender, read.receiver, read.date, read.time) == (
        Address("BUYING"),
        Address("SALES"),
        "20260201",
        "0800",
    )
    assert documents(found)[0].association == "005010X279A1"


def test_everything_the_edifact_envelope_says_is_read_back() -> None:
    envelope = altered(
        syntax="UNOY",
        syntax_version=4,
        test=True,
        acknowledgment_requested=True,
        application_reference="ORD?ERS",
        line_break="\r\n",
        delimiters=Delimiters("|", ";", "\x1c", "*", "\\", ","),
    )
    town = composite(["Łódź", "", "a|b*c\\d"], envelope.delimiters)
    message = Body(type="ORDERS", control_number="1", version="D.01B", segments=[["NAD", "BY", town]])
    found = events(write_edifact(envelope, [message]))
    assert codes(found) == []
    header = start(found).header
    assert (header.version, header.date, header.test, header.acknowledgment_requested) == (
        "UNOY:4",
        "20260115",
        True,
        True,
    )
    assert header.application_reference == "ORD?ERS"
    assert header.delimiters == Delimiters("|", ";", "\x1c", "*", "\\", ",")
    assert documents(found)[0].segments()[1] == ["NAD", "BY", "Łódź;;a\\|b\\*c\\\\d"]


def test_without_una_the_default_service_characters_are_used() -> None:
    assert write_edifact(altered(service_advice=False), [MESSAGE]).startswith(b"UNB+UNOC:3+")
    with pytest.raises(UnwritableError, match="UNA"):
        write_edifact(altered(service_advice=False, delimiters=Delimiters("*", ":", "'", None, "?")), [MESSAGE])


def test_the_repetition_separator_belongs_to_the_version() -> None:
    assert b"*U*00401*" in write_x12(changed(X_ENVELOPE, delimiters=Delimiters("*", ">", "~", "^")), [])
    assert b"*^*00501*" in write_x12(changed(X_ENVELOPE, version="00501"), [])
    assert write_edifact(altered(syntax_version=4), []).startswith(b"UNA:+.?*'")


def test_dates_before_004010_have_six_digits() -> None:
    old = X12Group(functional_id="PO", control_number=1, documents=[], version="003040")
    assert b"*260115*1253*1*X*003040~" in write_x12(X_ENVELOPE, [old])


@pytest.mark.parametrize("value", ["a*b", "a~b", "*", "~"])
def test_x12_refuses_an_element_with_a_delimiter(value: str) -> None:
    body = Body(type="850", control_number="0001", segments=[["MSG", value]])
    with pytest.raises(UnwritableError) as caught:
        write_x12(X_ENVELOPE, [group(body)])
    assert (caught.value.issue.code, caught.value.issue.value) == ("MAP-CHAR", value)
    assert "MSG element 1" in str(caught.value)


def test_x12_refuses_a_value_with_a_delimiter_in_a_composite() -> None:
    assert composite(["a", "", "b", ""], Delimiters("*", ">", "~")) == "a>>b"
    with pytest.raises(UnwritableError) as caught:
        composite(["a>b"], Delimiters("*", ">", "~"))
    assert caught.value.issue.code == "MAP-CHAR"


@pytest.mark.parametrize("value", ["a+b", "a'b", "b?", "a??+b", "a?'+"])
def test_edifact_refuses_an_element_that_would_break_out(value: str) -> None:
    body = Body(type="ORDERS", control_number="1", version="D.96A", segments=[["FTX", value]])
    with pytest.raises(UnwritableError):
        write_edifact(E_ENVELOPE, [body])


@pytest.mark.parametrize("value", ["a?+b", "a?'b", "b??", "a???+b??", "a:b?:c"])
def test_edifact_takes_an_element_that_is_escaped(value: str) -> None:
    body = Body(type="ORDERS", control_number="1", version="D.96A", segments=[["FTX", value]])
    assert documents(events(write_edifact(E_ENVELOPE, [body])))[0].segments()[1] == ["FTX", value]


def test_a_character_that_the_charset_does_not_have_is_refused() -> None:
    body = Body(type="ORDERS", control_number="1", version="D.96A", segments=[["FTX", "Łódź"]])
    with pytest.raises(UnwritableError) as caught:
        write_edifact(E_ENVELOPE, [body])
    assert caught.value.issue.code == "MAP-CHARSET"
    assert write_edifact(altered(syntax="UNOD"), [body]).count("Łódź".encode("iso8859-2")) == 1
    assert write_edifact(altered(charset="utf-8"), [body]).count("Łódź".encode()) == 1


REFUSED_X12 = {
    "sender too long": {"sender": Address("A" * 16, "ZZ")},
    "sender with a delimiter": {"sender": Address("AC*ME", "ZZ")},
    "sender empty": {"sender": Address("", "ZZ")},
    "qualifier too long": {"sender": Address("ACME", "ZZZ")},
    "sender not ASCII": {"sender": Address("ÄCME", "ZZ")},
    "control number too large": {"control_number": 1_000_000_000},
    "control number negative": {"control_number": -1},
    "version": {"version": "4010"},
    "delimiters alike": {"delimiters": Delimiters("*", "*", "~")},
    "delimiter a letter": {"delimiters": Delimiters("A", ">", "~")},
    "line break that is data": {"line_break": "--"},
}


@pytest.mark.parametrize("name", REFUSED_X12)
def test_x12_refuses_an_envelope_that_it_cannot_write(name: str) -> None:
    with pytest.raises(UnwritableError):
        write_x12(changed(X_ENVELOPE, **REFUSED_X12[name]), [group(ORDER)])


REFUSED_EDIFACT = {
    "sender too long": {"sender": Address("1" * 36)},
    "no sender": {"sender": Address("")},
    "reference too long": {"control_number": "R" * 15},
    "no reference": {"control_number": ""},
    "syntax": {"syntax": "UNOZ"},
    "version": {"syntax_version": 5},
    "delimiters alike": {"delimiters": Delimiters("+", "+", "'", None, "?")},
    "line break that is data": {"line_break": "+"},
}


@pytest.mark.parametrize("name", REFUSED_EDIFACT)
def test_edifact_refuses_an_envelope_that_it_cannot_write(name: str) -> None:
    with pytest.raises(UnwritableError):
        write_edifact(altered(**REFUSED_EDIFACT[name]), [MESSAGE])


@pytest.mark.parametrize(("type_", "number"), [("85", "0001"), ("850", "1"), ("850", "1" * 10)])
def test_x12_refuses_a_document_that_it_cannot_name(type_: str, number: str) -> None:
    with pytest.raises(UnwritableError):
        write_x12(X_ENVELOPE, [group(Body(type=type_, control_number=number, segments=[]))])


UNG = EdifactGroup(
    functional_id="ORDERS", control_number="G1", messages=[MESSAGE], version="D.96A", association="EAN008"
)


def test_groups_of_edifact_to_the_letter() -> None:
    other = EdifactGroup(
        functional_id="ORDERS",
        control_number="G2",
        messages=[MESSAGE, Body(type="ORDERS", control_number="2", version="D.96A", segments=[])],
        version="D.96A",
        sender=Address("SALES", "ZZ", "not in S006"),
        receiver=Address("BUYER?"),
        date=dt.date(2026, 2, 1),
        time=dt.time(1, 2),
    )
    written = write_edifact(E_ENVELOPE, groups=[UNG, other])
    assert written == (
        b"UNA:+.? 'UNB+UNOC:3+5412345000013:14+4012345000094:14:WEST+260115:1253+REF905'"
        b"UNG+ORDERS+5412345000013:14+4012345000094:14+260115:1253+G1+UN+D:96A:EAN008'"
        b"UNH+1+ORDERS:D:96A:UN:EAN008'BGM+220+PO-1'UNT+3+1'UNE+1+G1'"
        b"UNG+ORDERS+SALES:ZZ+BUYER??+260201:0102+G2+UN+D:96A'"
        b"UNH+1+ORDERS:D:96A:UN:EAN008'BGM+220+PO-1'UNT+3+1'UNH+2+ORDERS:D:96A:UN'UNT+2+2'UNE+2+G2'UNZ+2+REF905'"
    )
    found = events(written)
    assert codes(found) == []
    assert (end(found).declared, end(found).documents) == (2, 3)
    assert [g.header.receiver.identifier for g in found if isinstance(g, GroupStart)] == ["4012345000094", "BUYER?"]


def test_a_group_of_syntax_4_has_the_century() -> None:
    found = events(write_edifact(altered(syntax_version=4), groups=[UNG]))
    assert codes(found) == []
    assert next(g for g in found if isinstance(g, GroupStart)).header.date == "20260115"


def test_messages_do_not_stand_beside_groups() -> None:
    with pytest.raises(UnwritableError, match="messages"):
        write_edifact(E_ENVELOPE, [MESSAGE], [UNG])


@pytest.mark.parametrize("values", [{"control_number": ""}, {"functional_id": "TOOLONG"}, {"version": ""}])
def test_a_group_that_says_too_little_or_too_much_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(UnwritableError):
        write_edifact(E_ENVELOPE, groups=[replace(UNG, **values)])


SYNTAX_4 = Delimiters("+", ":", "'", "*", "?")


def test_repetitions_are_put_together_and_taken_apart() -> None:
    parts = [composite(("A*", "B"), SYNTAX_4), "", composite(("C",), SYNTAX_4), ""]
    element = repeated(parts, SYNTAX_4)
    assert element == "A?*:B**C"
    assert repetitions(element, SYNTAX_4) == ["A?*:B", "", "C"]
    message = Body(type="ORDERS", control_number="1", version="D.01B", segments=[["PIA", "5", element]])
    found = documents(events(write_edifact(altered(syntax_version=4), [message])))[0]
    assert repetitions(found.segments()[1][2], found.delimiters) == ["A?*:B", "", "C"]


def test_without_a_repetition_separator_nothing_is_repeated() -> None:
    marks = SYNTAX_4._replace(repetition=None)
    assert repeated(["A", ""], marks) == "A"
    with pytest.raises(UnwritableError):
        repeated(["A", "B"], marks)


def test_the_character_that_cannot_be_carried_is_named() -> None:
    name = Body(type="ORDERS", control_number="1", version="D.96A", segments=[["FTX", "Łódź"]])
    with pytest.raises(UnwritableError) as caught:
        write_edifact(E_ENVELOPE, [name])
    assert caught.value.issue.params["character"] == "Ł (U+0141)"


@pytest.mark.parametrize(("charset", "text"), [("shift_jis", "1000¥"), ("shift_jis", "a‾b"), ("iso2022_jp_2", "a\xa0")])
def test_a_character_that_would_read_as_another_one_is_refused(charset: str, text: str) -> None:
    order = Body(type="850", control_number="0001", segments=[["MSG", text]])
    with pytest.raises(UnwritableError) as caught:
        write_x12(changed(X_ENVELOPE, charset=charset), [group(order)])
    assert str(caught.value.issue.params["character"])[0] in text
