"""Reading X12: delimiters, envelopes, and what is said about broken ones."""

from __future__ import annotations

import hashlib

import pytest

from gateway.codecs import (
    Address,
    Delimiters,
    GroupEnd,
    GroupStart,
    InterchangeEnd,
    InterchangeStart,
    Limits,
    RawDocument,
    Reply,
    Stray,
)
from tests.codecs.interchanges import GS, ISA, ISA5, ORDER, X12, codes, documents, end, events, group_end, start


def test_an_interchange_is_start_group_documents_ends() -> None:
    found = events(X12)
    assert [type(event) for event in found] == [InterchangeStart, GroupStart, RawDocument, GroupEnd, InterchangeEnd]
    assert codes(found) == []
    header = start(found).header
    assert (header.standard, header.version, header.control_number) == ("x12", "00401", "000000905")
    assert (header.sender, header.receiver) == (Address("ACME", "ZZ"), Address("GLOBEX", "14"))
    assert (header.date, header.time, header.test, header.acknowledgment_requested) == ("260115", "1253", False, False)
    assert header.delimiters == Delimiters("*", ">", "~")


def test_a_group_says_what_it_is_for_and_how_many_documents_it_has() -> None:
    found = events(X12)
    group = next(event for event in found if isinstance(event, GroupStart)).header
    assert (group.functional_id, group.version, group.control_number) == ("PO", "004010", "7")
    assert (str(group.sender), str(group.receiver), group.date, group.time) == (
        "ACMEPO",
        "GLOBEXPO",
        "20260115",
        "1253",
    )
    assert group.offset == len(ISA)
    assert (group_end(found).declared, group_end(found).found) == (1, 1)
    assert (end(found).declared, end(found).found, end(found).documents) == (1, 1, 1)


def test_a_document_is_its_text_from_st_to_se() -> None:
    (document,) = documents(events(X12))
    assert document.text == ORDER
    assert (document.type, document.version, document.control_number) == ("850", "004010", "0001")
    assert (document.offset, document.length, document.position) == (len(ISA + GS), len(ORDER), 1)
    assert document.segments()[2] == ["PO1", "1", "5", "EA", "9.5"]


def test_implementation_reference_is_the_association() -> None:
    (document,) = documents(events(X12.replace("ST*850*0001~", "ST*850*0001*005010X279A1~")))
    assert document.association == "005010X279A1"


def test_without_gs08_the_version_is_that_of_isa12() -> None:
    (document,) = documents(events(X12.replace("*X*004010~", "*X*~")))
    assert document.version == "004010"


def test_from_00402_on_isa11_separates_repetitions() -> None:
    text = X12.replace(ISA, ISA5)
    header = start(events(text)).header
    assert header.delimiters.repetition == "^"
    assert (header.test, header.acknowledgment_requested) == (True, True)
    assert start(events(text.replace("*^*00501", "*^*00401"))).header.delimiters.repetition is None
    assert start(events(text.replace("*^*00501", "*U*00501"))).header.delimiters.repetition is None


@pytest.mark.parametrize("terminator", ["~", "\n", "\r", "\x1c", "'", "\x85"])
@pytest.mark.parametrize("element", ["*", "|", "\x1d", "\t", "?"])
def test_delimiters_are_where_isa_fixes_them(terminator: str, element: str) -> None:
    data = X12.replace("*", element).replace("~", terminator).encode("latin-1")
    found = events(data, charset="latin-1")
    assert codes(found) == []
    assert start(found).header.delimiters == Delimiters(element, ">", terminator)
    assert documents(found)[0].segments()[1][:3] == ["BEG", "00", "SA"]


@pytest.mark.parametrize("between", ["\r\n", "\n", "\r", "\n\n", "  ", "\t\r\n "])
def test_line_breaks_and_blanks_after_terminators_are_no_data(between: str) -> None:
    found = events(X12.replace("~", "~" + between))
    assert codes(found) == []
    assert documents(found)[0].segments() == documents(events(X12))[0].segments()


def test_the_hash_is_over_the_interchange_without_what_surrounds_it() -> None:
    wrapped = events("\ufeff \r\n" + X12 + "\r\n  \n")
    assert end(wrapped).sha256 == end(events(X12)).sha256 == hashlib.sha256(X12.encode()).digest()
    assert end(wrapped).length == len(X12)
    assert start(wrapped).header.offset == 6
    spread = X12.replace("~", "~\r\n")
    assert end(events(spread)).sha256 == hashlib.sha256(spread[:-2].encode()).digest()


def test_several_interchanges_stand_in_one_stream() -> None:
    other = X12.replace("000000905", "000000906").replace("*", "|").replace("~", "\n")
    found = events(X12 + "\r\n" + other)
    assert codes(found) == []
    heads = [event.header for event in found if isinstance(event, InterchangeStart)]
    assert [(head.control_number, head.offset) for head in heads] == [("000000905", 0), ("000000906", len(X12) + 2)]


def test_ta1_between_the_envelopes_is_a_reply() -> None:
    ta1 = "TA1*000000905*260115*1253*A*000~"
    found = events(X12.replace(ISA, ISA + ta1))
    assert codes(found) == []
    assert Reply(["TA1", "000000905", "260115", "1253", "A", "000"], len(ISA)) in found
    late = events(X12.replace("IEA", ta1 + "IEA"))
    assert codes(late) == ["X12-I022C"]
    assert any(isinstance(event, Reply) for event in late)


def test_an_interchange_of_ta1_alone_is_complete() -> None:
    found = events(ISA + "TA1*000000905*260115*1253*A*000~IEA*0*000000905~")
    assert codes(found) == []
    assert end(found).documents == 0


FAULTS = {
    "count of groups": (("IEA*1*", "IEA*2*"), ["X12-I021"]),
    "count of groups is no number": (("IEA*1*", "IEA*one*"), ["X12-I021"]),
    "reference of the interchange": (("IEA*1*000000905", "IEA*1*000000906"), ["X12-I001"]),
    "count of documents": (("GE*1*", "GE*3*"), ["X12-G05"]),
    "reference of the group": (("GE*1*7", "GE*1*8"), ["X12-G04"]),
    "count of segments": (("SE*4*", "SE*5*"), ["X12-T04"]),
    "reference of the document": (("SE*4*0001", "SE*4*0002"), ["X12-T03"]),
    "trailer of the document": (("SE*4*0001~", ""), ["X12-T02"]),
    "trailer of the group": (("GE*1*7~", ""), ["X12-G03"]),
    "trailer of the interchange": (("IEA*1*000000905~", ""), ["X12-I023"]),
    "terminator at the end": (("IEA*1*000000905~", "IEA*1*000000905"), ["X12-I004B"]),
    "form of GS06": (("*7*X*", "*A7*X*"), ["X12-G06", "X12-G04"]),
    "form of GS04": (("*20260115*1253*7", "*20260230*1253*7"), ["X12-G06B"]),
    "form of ST01": (("ST*850*", "ST*85*"), ["X12-T06"]),
    "form of ST02": (("*0001~", "*1~"), ["X12-T07"]),
    "date": (("*260115*1253*U", "*261315*1253*U"), ["X12-I014"]),
    "time": (("*260115*1253*U", "*260115*2460*U"), ["X12-I015"]),
    "version": (("*00401*", "*10401*"), ["X12-I013"]),
    "control number": (("*000000905*0", "*00000090A*0"), ["X12-I018", "X12-I001"]),
    "acknowledgment requested": (("*0*P*>", "*9*P*>"), ["X12-I024"]),
    "usage": (("*0*P*>", "*0*X*>"), ["X12-I020"]),
    "sender": (("ACME           ", " " * 15), ["X12-I024"]),
    "component separator": (("*P*>~", "*P**~"), ["X12-I026"]),
    "width of ISA": (("ACME           ", "ACME"), ["X12-I022B"]),
    "segment between the envelopes": (("GE*1*7~", "GE*1*7~REF*ZZ*1~"), ["X12-I022"]),
    "document outside of a group": ((GS, ""), ["X12-I022", "X12-I022", "X12-I021"]),
    "document number used twice": ((ORDER, ORDER + ORDER), ["X12-T23", "X12-G05"]),
    "junk behind": (("*000000905~", "*000000905~that is all"), ["X12-I024B"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_envelope_is_reported_by_its_code(fault: str) -> None:
    (old, new), expected = FAULTS[fault]
    assert old in X12
    assert codes(events(X12.replace(old, new))) == expected


def test_issues_point_at_the_element() -> None:
    (issue,) = documents(events(X12.replace("SE*4*", "SE*14*")))[0].issues
    assert (issue.location.tag, issue.location.segment, issue.location.element) == ("SE", 4, 1)
    assert issue.location.offset == X12.index("SE*4*") + 3
    assert issue.text == "SE01 says 14 segments; 4 were found."
    (issue,) = start(events(X12.replace("*P*>", "*X*>"))).issues
    assert (issue.location.element, issue.location.offset, issue.value) == (15, ISA.index("*P*") + 1, "X")


def test_reading_goes_on_after_a_missing_se() -> None:
    second = ORDER.replace("0001", "0002")
    found = events(ISA + GS + ORDER.replace("SE*4*0001~", "") + second + "GE*2*7~IEA*1*000000905~")
    first, other = documents(found)
    assert first.text == ORDER.replace("SE*4*0001~", "")
    assert other.text == second
    assert codes(found) == ["X12-T02"]


def test_a_new_group_closes_the_one_without_ge() -> None:
    found = events(ISA + GS + ORDER + GS.replace("*7*", "*8*") + ORDER + "GE*1*8~IEA*2*000000905~")
    assert codes(found) == ["X12-G03"]
    assert end(found).found == 2


def test_a_new_interchange_closes_the_one_without_iea() -> None:
    found = events(ISA + GS + ORDER + X12.replace("*", "|"))
    assert codes(found) == ["X12-G03", "X12-I023"]
    assert [type(event) for event in found].count(InterchangeEnd) == 2
    cut = end(found)
    assert cut.length == len(ISA + GS + ORDER)


def test_a_cut_transmission_keeps_what_there_is() -> None:
    cut = X12[: X12.index("PO1") + 5]
    found = events(cut)
    assert codes(found) == ["X12-T02", "X12-G03", "X12-I023"]
    assert documents(found)[0].text == "ST*850*0001~BEG*00*SA*PO-1**20260115~PO1*1"


def test_an_isa_of_wrong_widths_still_names_its_delimiters() -> None:
    broken = "ISA|00||00||ZZ|ACME|14|GLOBEX|260115|1253|U|00401|000000905|0|P|:\n"
    text = (GS + ORDER + "GE*1*7~IEA*1*000000905~").replace("*", "|").replace("~", "\n")
    found = events(broken + text)
    assert codes(found) == ["X12-I022B"]
    assert start(found).header.delimiters == Delimiters("|", ":", "\n")
    assert len(documents(found)) == 1


def test_an_isa_without_isa16_is_noticed() -> None:
    without = X12.replace("*P*>~", "*P*~")
    assert "X12-I022B" in codes(events(without))
    assert len(documents(events(without))) == 1
    assert "X12-I022B" in codes(events(without.replace("~", "~\n")))


@pytest.mark.parametrize("head", ["ISA*00*~GS*PO~", "ISA*", "ISA*00*          *00*", ISA[:105] + "A" + GS])
def test_an_isa_that_cannot_be_taken_apart_is_an_interchange_with_an_issue(head: str) -> None:
    found = events(head)
    assert [type(event) for event in found] == [InterchangeStart, InterchangeEnd]
    assert codes(found)[0] in ("X12-I022B", "X12-I004")
    assert end(found).length == len(head)


def test_after_a_broken_interchange_the_next_one_is_read() -> None:
    found = events("ISA*broken~" + X12)
    assert codes(found) == ["X12-I022B"]
    assert len(documents(found)) == 1


def test_bytes_that_are_no_interchange_are_strays() -> None:
    found = events("Here it is:\n" + X12 + "\nRegards")
    assert [type(found[0]), type(found[-1])] == [Stray, Stray]
    assert codes(found) == ["X12-I024B", "X12-I024B"]
    assert (found[0].length, found[-1].offset) == (12, len("Here it is:\n" + X12) + 1)  # type: ignore[union-attr]
    assert codes(events("no interchange at all")) == ["GTW-FORMAT"]
    assert codes(events(" \r\n")) == ["GTW-EMPTY"]


def test_padding_of_hosts_around_interchanges_is_tolerated() -> None:
    assert codes(events(b"\x00" * 40 + X12.encode() + b"\x1a")) == []


def test_an_empty_segment_counts_as_one() -> None:
    found = events(X12.replace("PO1*", "~PO1*"))
    assert documents(found)[0].segments()[2] == [""]
    assert documents(found)[0].issues[0].params["found"] == "5"


def test_characters_outside_of_the_charset_survive() -> None:
    found = events(X12.encode().replace(b"PO-1", b"PO-\xe9"))
    (document,) = documents(found)
    assert document.segments()[1][3] == "PO-\udce9"
    assert documents(events(X12.encode().replace(b"PO-1", b"PO-\xe9"), charset="latin-1"))[0].segments()[1][3] == "PO-é"


def test_a_release_character_of_isx_is_honoured() -> None:
    newer = ISA5.replace("00501", "00704")
    body = ORDER.replace("PO-1", "PO#~1#*")
    found = events(newer + "ISX*#~" + GS + body + "GE*1*7~IEA*1*000000905~")
    assert codes(found) == []
    assert start(found).header.delimiters.release == "#"
    assert documents(found)[0].segments()[1][3] == "PO#~1#*"


def test_issues_of_one_interchange_are_bounded() -> None:
    found = events(X12.replace("IEA", "REF*ZZ~" * 500 + "IEA"), limits=Limits(issues_per_document=10))
    assert len(end(found).issues) == 10
