"""CONTRL says of each message what is wrong, where, and by which code (ISO 9735:1988, ISO 9735-4)."""

from __future__ import annotations

import pytest

from gateway.acknowledgments import Carrier, contrl, contrl_receipt
from gateway.codecs.model import Delimiters
from gateway.core.issues import Issue, Severity
from tests.acknowledgments.verdicts import PLUS, issue, message, messages, unb, ung

UCI = "UCI+REF42+5412345000013:14:DESK+5412345000020:14"
UCM = "UCM+1+ORDERS:D:96A:UN:EAN008"


LATIN = Carrier(PLUS, "latin-1")


def body(verdict, carrier=None) -> list[str]:
    carrier = carrier or LATIN
    return [carrier.delimiters.element.join(segment) for segment in contrl(verdict, carrier=carrier)]


def test_a_clean_interchange_is_acknowledged_message_by_message():
    second = message(number="2")
    assert body(unb(messages(message(), second))) == [f"{UCI}+7", f"{UCM}+7", UCM.replace("+1+", "+2+") + "+7"]


def test_sender_and_receiver_stand_as_in_the_answered_interchange():
    assert body(unb(sender="SHOP", receiver="HALL:ZZ"))[0] == "UCI+REF42+SHOP+HALL:ZZ+7"


@pytest.mark.parametrize("code", ["02", "05", "12", "13", "21", "22", "26", "28", "29", "30", "33"])
def test_a_refused_interchange_says_its_error_and_nothing_of_its_messages(code):
    verdict = unb(messages(message()), issues=(issue(f"EDF-I{code}", severity=Severity.ERROR),))
    assert body(verdict) == [f"{UCI}+4+{int(code)}"]


def test_the_service_segment_and_the_place_in_it_are_named():
    verdict = unb(issues=(issue("EDF-I28", tag="UNZ", element=2),))
    assert body(verdict) == [f"{UCI}+4+28+UNZ+3"]


def test_a_component_of_a_service_segment_is_named():
    verdict = unb(issues=(issue("EDF-I12", severity=Severity.ERROR, tag="UNB", element=4, component=2),))
    assert body(verdict) == [f"{UCI}+4+12+UNB+5:2"]


def test_a_refusal_that_has_no_code_is_unspecified():
    assert body(unb(issues=(Issue("GTW-CONFLICT"),))) == [f"{UCI}+4+18"]


def test_the_first_error_is_the_one_that_is_reported():
    found = (issue("EDF-I26", severity=Severity.WARNING), issue("EDF-I29", tag="UNZ", element=1), issue("EDF-I28"))
    assert body(unb(issues=found)) == [f"{UCI}+4+29+UNZ+2"]


@pytest.mark.parametrize("code", ["03", "05", "13", "18", "26", "28", "29"])
def test_issues_of_the_message_stand_in_ucm(code):
    verdict = unb(messages(message(issue(f"EDF-M{code}", tag="UNT"))))
    assert body(verdict)[1] == f"{UCM}+4+{int(code)}+UNT"


@pytest.mark.parametrize("code", ["06", "15", "35", "36"])
def test_issues_of_a_segment_stand_in_ucs(code):
    verdict = unb(messages(message(issue(f"EDF-S{code}", segment=5, tag="NAD"))))
    assert body(verdict)[1:] == [f"{UCM}+4", f"UCS+5+{int(code)}"]


def test_a_missing_segment_is_reported_at_the_last_one_before_its_place():
    assert body(unb(messages(message(issue("EDF-S13", segment=3, tag="DTM")))))[2] == "UCS+2+13"
    assert body(unb(messages(message(issue("EDF-S13", segment=1, tag="BGM")))))[2] == "UCS+1+13"


@pytest.mark.parametrize(
    ("code", "reported"),
    [
        ("EDF-E16B", "16"),
        ("EDF-E12", "12"),
        ("EDF-E13", "13"),
        ("EDF-E16", "16"),
        ("EDF-E19", "19"),
        ("EDF-E21", "21"),
        ("EDF-E35", "35"),
        ("EDF-E37", "37"),
        ("EDF-E39", "39"),
        ("EDF-E40", "40"),
    ],
)
def test_issues_of_an_element_stand_in_ucd_and_the_tag_is_position_one(code, reported):
    verdict = unb(messages(message(issue(code, segment=4, tag="NAD", element=2, component=1))))
    assert body(verdict)[1:] == [f"{UCM}+4", "UCS+4", f"UCD+{reported}+3:1"]


def test_errors_are_grouped_by_segment_in_the_order_of_the_message():
    found = [
        issue("EDF-E12", segment=6, tag="LIN", element=3, component=2),
        issue("EDF-S35", segment=4, tag="NAD"),
        issue("EDF-E39", segment=4, tag="NAD", element=2),
        issue("EDF-S15", segment=4, tag="NAD"),
        issue("EDF-E39", segment=4, tag="NAD", element=2),
    ]
    assert body(unb(messages(message(*found))))[2:] == ["UCS+4+35", "UCD+39+3", "UCS+4+15", "UCS+6", "UCD+12+4:2"]


def test_repetitions_are_named_from_syntax_4_on():
    wrong = message(issue("EDF-E12", segment=4, tag="NAD", element=2, component=1, repetition=3))
    assert body(unb(messages(wrong)))[-1] == "UCD+12+3:1"
    assert body(unb(messages(wrong), version="UNOC:4"))[-1] == "UCD+12+3:1:3"


def test_at_most_999_segments_and_99_elements_of_each_are_reported():
    many = [issue("EDF-S15", segment=n, tag="NAD") for n in range(1, 1200)]
    assert len(body(unb(messages(message(*many))))) == 2 + 999
    wide = [issue("EDF-E12", segment=4, tag="NAD", element=n) for n in range(1, 150)]
    assert len(body(unb(messages(message(*wide))))) == 3 + 99


def test_an_accepted_message_has_no_errors_reported():
    lenient = issue("EDF-E12", segment=4, tag="NAD", element=2, severity=Severity.WARNING)
    assert body(unb(messages(message(lenient))))[1:] == [f"{UCM}+7"]


def test_a_refusal_without_a_code_in_edifact_is_unspecified():
    assert body(unb(messages(message(Issue("MAP-REQUIRED")))))[1:] == [f"{UCM}+4+18"]


@pytest.mark.parametrize(
    ("version", "kept"), [("UNOA:1", "ORDERS:D:96A:UN:EAN008"), ("UNOC:4", "ORDERS:D:96A:UN:EAN008:1:X")]
)
def test_the_layout_is_that_of_the_answered_syntax(version, kept):
    long = message(identifier="ORDERS:D:96A:UN:EAN008:1:X")
    verdict = unb(messages(long), version=version, sender="A:14:B:C")
    first, second = body(verdict)
    assert second == f"UCM+1+{kept}+7"
    assert first.split("+")[2] == ("A:14:B:C" if version.endswith("4") else "A:14:B")


def test_a_message_header_that_cannot_be_repeated_gives_what_is_known():
    assert body(unb(messages(message(identifier=""))))[1] == "UCM+1+ORDERS+7"


def test_groups_are_answered_by_ucf_with_their_messages_below():
    assert body(unb(ung(message()))) == [f"{UCI}+7", "UCF+9+HALL:14+SHOP:14+7", f"{UCM}+7"]


def test_a_refused_group_says_nothing_of_its_messages():
    verdict = unb(ung(message(), issues=(issue("EDF-G29", tag="UNE", element=1),)), ung(message(), number="10"))
    assert body(verdict)[1:] == [
        "UCF+9+HALL:14+SHOP:14+4+29+UNE+2",
        "UCF+10+HALL:14+SHOP:14+7",
        f"{UCM}+7",
    ]


def test_a_contrl_among_the_messages_is_not_answered():
    receipt = message(type="CONTRL", number="2")
    assert body(unb(messages(message(), receipt))) == [f"{UCI}+7", f"{UCM}+7"]


def test_service_characters_are_released_for_the_answer():
    verdict = unb(sender="O?'NEIL?+CO:14", receiver="A??B", number="R+1")
    assert body(verdict)[0] == "UCI+R?+1+O?'NEIL?+CO:14+A??B+7"
    bars = Carrier(Delimiters("|", ":", "~", release="\\"), "latin-1")
    assert body(verdict, bars)[0] == "UCI|R+1|O'NEIL+CO:14|A?B|7"


def test_what_the_answer_cannot_carry_is_left_out():
    assert body(unb(number="R\x0042\udc9f\u4e2d"))[0].startswith("UCI+R42+")


def test_the_bare_receipt_says_only_that_the_interchange_arrived():
    header = unb(messages(message())).header
    assert contrl_receipt(header) == [["UCI", "REF42", "5412345000013:14:DESK", "5412345000020:14", "8"]]


def test_what_is_missing_is_the_trailer():
    cut = unb(messages(), issues=(issue("EDF-I05", tag="UNZ", segment=9),))
    assert body(cut) == ["UCI+REF42+5412345000013:14:DESK+5412345000020:14+4+5+UNZ"]


@pytest.mark.parametrize(("code", "late"), [("EDF-S06", "15"), ("EDF-E19", "12"), ("EDF-E38", "38")])
def test_syntax_4_has_fewer_codes(code, late):
    wrong = message(issue(code, segment=4, tag="NAD", element=2 if "-E" in code else None))
    assert late in body(unb(messages(wrong), version="UNOC:4"))[-1].split("+")


def test_what_is_too_long_is_cut_so_that_the_receipt_is_valid():
    verdict = unb(messages(message(number="1" * 20, identifier="ORDERS:D:2026X:UN")), number="9" * 20)
    assert body(verdict)[0].startswith(f"UCI+{'9' * 14}+")
    assert body(verdict)[1] == f"UCM+{'1' * 14}+ORDERS:D:202:UN+7"
