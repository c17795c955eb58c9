"""TA1 answers the envelope of an X12 interchange (X12.5, codes I17 and I18)."""

from __future__ import annotations

import pytest

from gateway.acknowledgments import interchange_ta1
from gateway.core.issues import Issue, Severity
from tests.acknowledgments.verdicts import group, isa, issue, order


def test_a_sound_envelope_is_accepted_whatever_its_documents_are():
    verdict = isa(group(order(issue("X12-T02"))))
    assert interchange_ta1(verdict) == ["TA1", "000000042", "240131", "1200", "A", "000"]


@pytest.mark.parametrize("code", ["001", "013", "014", "015", "018", "020", "021", "022", "023", "024", "025", "026"])
def test_a_broken_envelope_is_rejected_with_its_code(code):
    assert interchange_ta1(isa(issues=(issue(f"X12-I{code}", severity=Severity.ERROR),)))[4:] == ["R", code]


def test_the_first_error_counts_before_any_warning():
    found = (issue("X12-I020", severity=Severity.WARNING), issue("X12-I021"), issue("X12-I001"))
    assert interchange_ta1(isa(issues=found))[4:] == ["R", "021"]


def test_warnings_alone_are_accepted_with_errors_noted():
    found = (issue("X12-I020", severity=Severity.WARNING),)
    assert interchange_ta1(isa(issues=found))[4:] == ["E", "020"]


def test_remarks_without_a_code_are_not_noted():
    assert interchange_ta1(isa(issues=(issue("X12-I024B"),)))[4:] == ["A", "000"]


def test_a_refusal_without_a_code_is_one_of_content():
    assert interchange_ta1(isa(issues=(Issue("GTW-CONFLICT"),)))[4:] == ["R", "024"]


@pytest.mark.parametrize(
    ("number", "date", "time", "written"),
    [
        ("42", "240131", "1200", ["000000042", "240131", "1200"]),
        ("00000004*", "24*131", "12", ["000000004", "000000", "0000"]),
        ("", "", "", ["000000000", "000000", "0000"]),
    ],
)
def test_what_is_repeated_never_breaks_the_segment(number, date, time, written):
    assert interchange_ta1(isa(number=number, date=date, time=time))[1:4] == written
