"""A 997 says of each transaction set what is wrong, where, and by which code (X12.20, 004010)."""

from __future__ import annotations

import pytest

from gateway.acknowledgments import Carrier, functional_997
from gateway.codecs.model import Delimiters
from gateway.core.errors import UsageError
from gateway.core.issues import Issue, Severity
from tests.acknowledgments.verdicts import STARS, group, issue, messages, order


def body(*args, **kwargs) -> list[str]:
    """The segments as text, without AK1."""
    version = kwargs.pop("version", "")
    carrier = Carrier(STARS, kwargs.pop("charset", "ascii"))
    segments = functional_997(group(*args, **kwargs), version=version, carrier=carrier)
    return ["*".join(segment) for segment in segments[1:]]


def test_a_clean_group_is_accepted():
    assert ["*".join(s) for s in functional_997(group(order(), order(number="0002")))] == [
        "AK1*PO*7",
        "AK2*850*0001",
        "AK5*A",
        "AK2*850*0002",
        "AK5*A",
        "AK9*A*2*2*2",
    ]


def test_one_bad_document_makes_the_group_partially_accepted():
    bad = order(issue("X12-T04", "9", segment=9, tag="SE"))
    assert body(bad, order(number="0002")) == ["AK2*850*0001", "AK5*R*4", "AK2*850*0002", "AK5*A", "AK9*P*2*2*1"]


def test_a_group_of_bad_documents_is_rejected():
    assert body(order(issue("X12-T02")))[-2:] == ["AK5*R*2", "AK9*R*1*1*0"]


def test_a_refused_group_lists_only_documents_with_errors_of_their_own():
    wrong = (issue("X12-G05", "3"), issue("X12-G04", "8"))
    assert body(order(), order(issue("X12-T03"), number="0002"), issues=wrong, declared=3) == [
        "AK2*850*0002",
        "AK5*R*3",
        "AK9*R*3*2*0*4*5",
    ]


def test_counts_are_what_the_trailer_says_what_was_found_and_what_was_accepted():
    assert body(order(), declared=4)[-1] == "AK9*A*4*1*1"


def test_without_a_trailer_the_count_is_what_was_found():
    verdict = group(order(), issues=(issue("X12-G03"),))
    without = type(verdict)(header=verdict.header, issues=verdict.issues, documents=verdict.documents)
    assert functional_997(without)[-1] == ["AK9", "R", "1", "1", "0", "3"]


@pytest.mark.parametrize(
    ("code", "reported"),
    [("X12-T01", "1"), ("X12-T02", "2"), ("X12-T05", "5"), ("X12-T06", "6"), ("X12-T07", "7"), ("X12-T23", "23")],
)
def test_issues_of_the_document_are_ak502(code, reported):
    assert body(order(issue(code)))[1] == f"AK5*R*{reported}"


def test_at_most_five_codes_each_once_in_the_order_of_the_list():
    codes = ["X12-T23", "X12-T07", "X12-T06", "X12-T04", "X12-T03", "X12-T02", "X12-T02"]
    assert body(order(*(issue(code) for code in codes)))[1] == "AK5*R*2*3*4*6*7"


def test_at_most_five_codes_of_the_group():
    codes = [f"X12-G0{n}" for n in (6, 5, 4, 3, 2, 1)]
    assert body(issues=tuple(issue(code) for code in codes))[-1] == "AK9*R*0*0*0*1*2*3*4*5"


@pytest.mark.parametrize(
    ("code", "reported"),
    [
        ("X12-S01", "1"),
        ("X12-S02", "2"),
        ("X12-S03", "3"),
        ("X12-S04", "4"),
        ("X12-S05", "5"),
        ("X12-S06", "6"),
        ("X12-S07", "7"),
    ],
)
def test_issues_of_a_segment_are_ak304(code, reported):
    found = body(order(issue(code, segment=5, tag="N1", loop="N1")))
    assert found == ["AK2*850*0001", f"AK3*N1*5*N1*{reported}", "AK5*R*5", "AK9*R*1*1*0"]


def test_the_loop_is_the_innermost_one_by_its_trigger():
    assert body(order(issue("X12-S05", segment=8, tag="N3", loop="PO1/N1")))[1] == "AK3*N3*8*N1*5"


def test_outside_of_loops_there_is_no_loop():
    assert body(order(issue("X12-S05", segment=3, tag="CUR")))[1] == "AK3*CUR*3**5"


def test_a_missing_segment_is_reported_where_it_was_missed():
    missing = issue("X12-S03", segment=3, tag="BEG")
    unexpected = issue("X12-S02", segment=3, tag="N1", loop="N1")
    assert body(order(unexpected, missing))[1:3] == ["AK3*BEG*3**3", "AK3*N1*3*N1*2"]


@pytest.mark.parametrize("number", range(1, 11))
def test_issues_of_an_element_are_ak403_under_ak304_8(number):
    code = f"X12-E{number:02d}"
    found = body(order(issue(code, "5X", segment=6, tag="PO1", loop="PO1", element=2, reference="330")))
    assert found[1:3] == ["AK3*PO1*6*PO1*8", f"AK4*2*330*{number}*5X"]


def test_elements_of_one_segment_are_grouped_and_in_its_order():
    found = [
        issue("X12-E07", "QQ", segment=6, tag="PO1", element=3, reference="355"),
        issue("X12-E05", "9" * 20, segment=6, tag="PO1", element=2, reference="330"),
        issue("X12-E01", segment=2, tag="BEG", element=3, reference="324"),
        issue("X12-S05", segment=6, tag="PO1"),
    ]
    assert body(order(*found)) == [
        "AK2*850*0001",
        "AK3*BEG*2**8",
        "AK4*3*324*1",
        "AK3*PO1*6**5",
        "AK3*PO1*6**8",
        f"AK4*2*330*5*{'9' * 20}",
        "AK4*3*355*7*QQ",
        "AK5*R*5",
        "AK9*R*1*1*0",
    ]


def test_a_finding_that_is_made_twice_is_reported_once():
    twice = issue("X12-E07", "QQ", segment=6, tag="PO1", element=3, reference="355")
    assert len(body(order(twice, twice))) == 5


def test_more_than_99_elements_in_error_go_under_a_further_ak3():
    found = [issue("X12-E05", str(n), segment=6, tag="PO1", element=n) for n in range(1, 121)]
    tags = [line.split("*")[0] for line in body(order(*found))]
    assert tags[1:103] == ["AK3", *["AK4"] * 99, "AK3", "AK4"]


@pytest.mark.parametrize(
    ("version", "position"),
    [("003040", "3"), ("003050", "3:2"), ("004010VICS", "3:2"), ("005010", "3:2:5"), ("nonsense", "3:2")],
)
def test_the_position_is_as_exact_as_the_version_can_say(version, position):
    wrong = issue("X12-E06", "x", segment=6, tag="SV1", element=3, component=2, repetition=5)
    assert body(order(wrong), version=version)[2].split("*")[1] == position


def test_a_repetition_without_component_keeps_its_place():
    wrong = issue("X12-E06", "x", segment=6, tag="SV1", element=3, repetition=5)
    assert body(order(wrong), version="005010")[2].split("*")[1] == "3::5"


def test_composites_have_no_number_in_ak402():
    assert body(order(issue("X12-E01", segment=6, tag="SV1", element=1, reference="C003")))[2] == "AK4*1**1"


def test_the_copy_of_bad_data_has_at_most_99_characters():
    assert body(order(issue("X12-E05", "x" * 200, segment=2, tag="MSG", element=1)))[2] == f"AK4*1**5*{'x' * 99}"


@pytest.mark.parametrize(
    ("value", "copied"),
    [
        ("A*B", "AB"),
        ("A:B~", "AB"),
        ("A\r\nB\x00", "AB"),
        ("Gr\u00fc\u00dfe", "Gre"),
        ("\udc81x", "x"),
        ("trailing   ", "trailing"),
        (" leading", " leading"),
    ],
)
def test_the_copy_has_only_what_the_interchange_can_carry(value, copied):
    assert body(order(issue("X12-E06", value, segment=2, tag="MSG", element=1)))[2] == f"AK4*1**6*{copied}"


def test_what_the_character_set_has_is_carried():
    wrong = order(issue("X12-E06", "Gr\u00fc\u00dfe", segment=2, tag="MSG", element=1))
    assert body(wrong, charset="latin-1")[2] == "AK4*1**6*Gr\u00fc\u00dfe"


def test_a_copy_of_which_nothing_is_left_is_left_out():
    assert body(order(issue("X12-E06", "***", segment=2, tag="MSG", element=1)))[2] == "AK4*1**6"


def test_the_repetition_separator_of_the_answer_is_not_carried():
    carrier = Carrier(Delimiters("*", ":", "~", "^"))
    wrong = order(issue("X12-E06", "A^B", segment=2, tag="MSG", element=1))
    assert functional_997(group(wrong), carrier=carrier)[3][-1] == "AB"


@pytest.mark.parametrize(("tag", "written"), [("", "ZZ"), ("X", "XZ"), ("LONGTAG", "LON"), ("P*", "PZ")])
def test_what_is_no_tag_is_reported_as_near_as_ak301_allows(tag, written):
    assert body(order(issue("X12-S01B", tag, segment=4, tag=tag)))[1] == f"AK3*{written}*4**1"


def test_warnings_alone_are_accepted_with_errors_noted():
    lenient = issue("X12-E07", "QQ", severity=Severity.WARNING, segment=6, tag="PO1", element=3, reference="355")
    assert body(order(lenient), order(number="0002")) == [
        "AK2*850*0001",
        "AK3*PO1*6**8",
        "AK4*3*355*7*QQ",
        "AK5*E*5",
        "AK2*850*0002",
        "AK5*A",
        "AK9*E*2*2*2",
    ]


def test_a_warning_about_the_group_is_noted():
    assert body(order(), issues=(issue("X12-G02", severity=Severity.WARNING),))[-1] == "AK9*E*1*1*1*2"


def test_information_is_not_noted():
    silent = issue("X12-E07", "QQ", severity=Severity.INFORMATION, segment=6, tag="PO1", element=3)
    assert body(order(silent)) == ["AK2*850*0001", "AK5*A", "AK9*A*1*1*1"]


@pytest.mark.parametrize("code", ["X12-V01", "MAP-TOTAL", "MAP-UNMAPPED"])
def test_remarks_without_a_code_in_x12_are_not_noted(code):
    assert body(order(Issue(code))) == ["AK2*850*0001", "AK5*A", "AK9*A*1*1*1"]


def test_a_refusal_without_a_code_in_x12_is_a_refusal():
    assert body(order(Issue("GTW-SIBLING")))[1] == "AK5*R"


def test_from_005010_versions_and_conventions_are_repeated():
    convention = order(association="005010X222A1")
    segments = functional_997(group(convention, version="005010X222A1", functional="HC"))
    assert segments[:2] == [["AK1", "HC", "7", "005010X222A1"], ["AK2", "850", "0001", "005010X222A1"]]


def test_what_the_answer_is_written_in_decides_not_what_is_answered():
    segments = functional_997(group(order(), version="005010"), version="004010")
    assert segments[0] == ["AK1", "PO", "7"]


@pytest.mark.parametrize(("number", "written"), [("A7", "7"), ("", "0"), ("12345678901", "123456789")])
def test_a_group_control_number_that_is_none_does_not_break_the_answer(number, written):
    assert functional_997(group(order(), number=number))[0] == ["AK1", "PO", written]


def test_a_document_control_number_has_at_least_four_characters():
    assert body(order(number="7"))[0] == "AK2*850*0007"


def test_what_is_no_group_cannot_be_answered():
    with pytest.raises(UsageError):
        functional_997(messages())
