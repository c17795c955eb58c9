"""Elements of X12: one wrong value, one issue, with element, component, reference, offset and value."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gateway.codecs.model import Delimiters
from gateway.core.issues import Issue

Check = Callable[..., list[Issue]]

HEAD = "BEG*00*SA*PO-1**20240115"


def around(segment: str) -> str:
    """A small order with the segment where it belongs."""
    if segment.startswith("BEG"):
        return f"{segment}\nPO1*1"
    if segment.startswith("PO1"):
        return f"{HEAD}\n{segment}"
    return f"{HEAD}\n{segment}\nPO1*1"


# segment, (code, element, component, reference, value)
WRONG = [
    ("BEG*00**PO-1**20240115", ("X12-E01", 2, None, "92", None)),
    ("BEG*00*SA*PO-1", ("X12-E01", 5, None, "373", None)),
    ("BEG*99*SA*PO-1**20240115", ("X12-E07", 1, None, "353", "99")),
    ("BEG*00*SA*12345678901234567890123**20240115", ("X12-E05", 3, None, "324", "12345678901234567890123")),
    ("BEG*0*SA*PO-1**20240115", ("X12-E04", 1, None, "353", "0")),
    ("BEG*00*SA*PO-1**20230229", ("X12-E08", 5, None, "373", "20230229")),
    ("BEG*00*SA*PO-1**20240431", ("X12-E08", 5, None, "373", "20240431")),
    ("BEG*00*SA*PO-1**240115", ("X12-E04", 5, None, "373", "240115")),
    ("DTM*002*20240131*2400", ("X12-E09", 3, None, "337", "2400")),
    ("DTM*002*20240131*12000", ("X12-E09", 3, None, "337", "12000")),
    ("PO1*1*5,0*EA", ("X12-E06", 2, None, "330", "5,0")),
    ("PO1*1*+5*EA", ("X12-E06", 2, None, "330", "+5")),
    ("PO1*1*1.2.3*EA", ("X12-E06", 2, None, "330", "1.2.3")),
    ("PO1*1*1 000*EA", ("X12-E06", 2, None, "330", "1 000")),
    ("PO1*1*-*EA", ("X12-E06", 2, None, "330", "-")),
    ("PO1*1*٣*EA", ("X12-E06", 2, None, "330", "٣")),
    ("PO1*1*1234567890123456*EA", ("X12-E05", 2, None, "330", "1234567890123456")),
    ("ITD*01*3*2**x", ("X12-E06", 5, None, "351", "x")),
    ("ITD*01*3*2**1.0", ("X12-E06", 5, None, "351", "1.0")),
    ("REF*DP*038*A>B", ("X12-E06", 3, None, "352", "A>B")),
    ("REF*DP*038*A\tB", ("X12-E06", 3, None, "352", "A\tB")),
    ("REF*DP*038*A\udcfcB", ("X12-E06B", 3, None, "352", "A\\xfcB")),
    ("REF*DP*038**BM", ("X12-E01", 4, 2, "127", None)),
    ("REF*DP*038**BM>7>PO", ("X12-E02", 4, 4, "127", None)),
    ("REF*DP*038**B>7", ("X12-E04", 4, 1, "128", "B")),
    ("REF*DP*038**BM>7>PO>8>IT>9>ZZ", ("X12-E03B", 4, 7, "C040", "BM>7>PO>8>IT>9>ZZ")),
    ("REF*DP*038***X", ("X12-E03", 5, None, None, "X")),
    ("REF*DP", ("X12-E02", 2, None, "127", None)),
    ("PER*BD*J DOE*TE", ("X12-E02", 4, None, "364", None)),
    ("PO1*1**EA", ("X12-E02", 2, None, "330", None)),
    ("PO1*1*5*XY*5", ("X12-E07", 3, None, "355", "XY")),
    ("PO1*1****PE", ("X12-E02", 4, None, "212", None)),
    ("MEA*PD", ("X12-E02", 3, None, "739", None)),
    ("MEA***5*KG****03", ("X12-E10", 8, None, "936", "03")),
    ("CTP**MSR*5*2", ("X12-E02", 5, None, "C001", None)),
]


@pytest.mark.parametrize(("segment", "expected"), WRONG, ids=[row[0] for row in WRONG])
def test_a_wrong_element_makes_one_issue(check: Check, segment: str, expected: tuple[object, ...]) -> None:
    found = [
        (i.code, i.location.element, i.location.component, i.location.reference, i.value)
        for i in check("850", around(segment))
    ]
    assert found == [expected]


FINE = [
    "DTM*002*20240229",
    "DTM*002*20240131*120059",
    "DTM*002*20240131*1200599",
    "DTM*002*20240131*12005999",
    "PO1*1*-5*EA",
    "PO1*1*.5*EA",
    "PO1*1*5.*EA",
    "PO1*1*0000000000000.50*EA",
    "PO1*1*-12345678901234.5*EA",
    "ITD*01*3*2**-10",
    "PO1*1***9.5*PE",
    "SAC*C*D240***100",
    "MEA***5",
    "MEA***5*KG",
    "REF*DP*Grüße 北京",
    "REF*DP* 038 ",
    "REF*DP*038**",
    "REF*DP*038******",
    "REF*DP*038**BM>7>>",
    "REF*DP*038**>>",
    "REF*DP*038**BM>7>PO>8>IT>9>>>",
]


@pytest.mark.parametrize("segment", FINE)
def test_what_practice_allows_is_fine(check: Check, segment: str) -> None:
    """Separators that follow the last value, a leading or trailing decimal point, blanks, any script."""
    assert check("850", around(segment)) == []


def test_an_issue_of_an_element_knows_its_byte(check: Check) -> None:
    (issue,) = check("850", around("REF*DP*038**BM>7>PO"), offset=100)
    start = 100 + len("ST*850*0001~") + len(HEAD) + 1
    assert issue.location.offset == start + len("REF*DP*038**BM>7>PO")
    (issue,) = check("850", around("REF*DP*038**B>7"), offset=100)
    assert issue.location.offset == start + len("REF*DP*038**")


def test_a_sentence_names_element_and_value(check: Check) -> None:
    (issue,) = check("850", around("PO1*1*5x*EA"))
    assert issue.text == 'PO102 (Quantity Ordered) has "5x", which is not of type R.'
    assert issue.hint.startswith("A number with digits")


def test_a_condition_is_explained(check: Check) -> None:
    (issue,) = check("850", around("PER*BD*J DOE*TE"))
    assert issue.text == "PER04 (Communication Number) is missing: condition P0304 of PER requires it."
    assert issue.hint == "Positions 3 and 4 stand together or not at all."


def test_a_short_code_list_is_shown_and_a_long_one_named(check: Check) -> None:
    (short,) = check("997", "AK1*PO*1\nAK9*Q*1*1*1")
    assert short.hint == "Its values are A, E, M, P, R, W, X."
    (long,) = check("850", around("BEG*99*SA*PO-1**20240115"))
    assert long.hint == "Its 65 values are listed in codes/353.txt of the version."


def test_every_fault_of_a_segment_is_found_at_once(check: Check) -> None:
    found = check("850", around("PO1*1*5x*EAA*9.5*PE*BP*1*VP*a*b"))
    assert [(i.code, i.location.element) for i in found] == [
        ("X12-E06", 2), ("X12-E05", 3), ("X12-E04", 10), ("X12-E02", 11),
    ]  # fmt: skip


def test_other_delimiters_are_as_good(check: Check) -> None:
    marks = Delimiters("|", "\\", "\n", repetition="^")
    body = "BEG|00|SA|PO*1~||20240115\nREF|DP|038||BM\\7\nPO1|1|5|EA"
    assert check("850", body, delimiters=marks) == []


def test_a_value_too_long_to_keep_is_cut_in_the_issue(check: Check) -> None:
    (issue,) = check("850", around("REF*DP*" + "x" * 10_000))
    assert issue.value is not None
    assert len(issue.value) == 255


def test_a_repeated_element_that_may_not_repeat(check: Check) -> None:
    marks = Delimiters("*", ">", "~", repetition="^")
    (issue,) = check("850", around("REF*DP*038^039"), delimiters=marks)
    assert (issue.code, issue.location.element, issue.location.repetition) == ("X12-E03C", 2, 2)
