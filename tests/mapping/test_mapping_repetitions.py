"""Elements that an interchange repeats: the first repetition is read, and nothing of the others is lost."""

from __future__ import annotations

import pytest

from gateway.codecs.model import Delimiters
from gateway.mapping import Mapping
from tests.mapping.made import cut, edifact, x12

CARET = Delimiters("*", ":", "~", "^")
STAR = Delimiters("+", ":", "'", "*", "?")
X12_LINES = "BEG * 00 * NE * {id} * * {issue_date}\nREF * DP * {buyer_department}\neach order_lines:\n  PO1 * {id}\n"
EDIFACT_LINES = "BGM + 220 + {id}\nDTM + 137 : {issue_date:dtm}\nRFF + CT : {contract_id}\n"


def read(mapping: Mapping, text: str, marks: Delimiters) -> tuple[object, dict[str, str]]:
    segments = cut(text, marks)
    plain, careful = mapping.read(segments, marks), mapping.read_careful(segments, marks)
    assert plain.document == careful.document
    assert plain.document is not None
    assert plain.issues == ()
    return plain.document, {extension.address: extension.text for extension in plain.document.extensions}


@pytest.mark.parametrize(
    ("reference", "carried"),
    [
        ("REF*DP*7", {}),
        ("REF*DP*7^8", {"REF[1]-02": "7^8"}),
        ("REF*DP*7*x^y", {"REF[1]-03": "x^y"}),
        ("REF*IA*7^8", {"REF[1]": "REF*IA*7^8"}),
    ],
)
def test_the_first_is_read_and_the_whole_element_carried(reference: str, carried: dict[str, str]) -> None:
    document, extensions = read(x12(X12_LINES), f"BEG*00*NE*1**20260115~{reference}~", CARET)
    assert extensions == carried
    assert document.buyer_department == ("7" if "DP" in reference else None)


def test_a_separator_that_is_released_repeats_nothing() -> None:
    text = "BGM+220+1'DTM+137:20260115:102'RFF+CT:a?*b'"
    document, extensions = read(edifact(EDIFACT_LINES), text, STAR)
    assert (document.contract_id, extensions) == ("a*b", {})
    document, extensions = read(edifact(EDIFACT_LINES), text.replace("a?*b", "a*CO:b"), STAR)
    assert (document.contract_id, extensions) == ("a", {"RFF[1]-01": "CT:a*CO:b"})


def test_an_interchange_without_the_separator_keeps_the_character() -> None:
    document, extensions = read(x12(X12_LINES), "BEG*00*NE*1**20260115~REF*DP*7^8~", CARET._replace(repetition=None))
    assert (document.buyer_department, extensions) == ("7^8", {})
