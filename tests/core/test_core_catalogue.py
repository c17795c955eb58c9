"""The catalogue of issues: stable codes, sentences that can be filled in, and the right code for each receipt."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import gateway
from gateway.core.catalogue import FAMILIES, KINDS
from gateway.core.issues import IssueKind, Level

ALL = [kind for family in FAMILIES.values() for kind in family]

SOURCES = [path for path in Path(gateway.__file__).parent.rglob("*.py") if path.parent.name != "catalogue"]
PROGRAM = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)

LEVEL_LETTERS = {
    "X12": {"I": Level.INTERCHANGE, "G": Level.GROUP, "T": Level.DOCUMENT, "S": Level.SEGMENT, "E": Level.ELEMENT},
    "EDF": {"I": Level.INTERCHANGE, "G": Level.GROUP, "M": Level.DOCUMENT, "S": Level.SEGMENT, "E": Level.ELEMENT},
}


def by_code(kind: IssueKind) -> str:
    return kind.code


def parts(code: str) -> tuple[str, str, str]:
    """``X12-E07B`` → standard, letter of the level, number."""
    match = re.fullmatch(r"(X12|EDF)-([A-Z])(\d+)[A-Z]?", code)
    assert match, code
    return match[1], match[2], match[3]


def test_codes_are_unique() -> None:
    codes = [kind.code for kind in ALL]
    assert len(codes) == len(set(codes)) == len(KINDS)


@pytest.mark.parametrize("kind", ALL, ids=by_code)
class TestEveryKind:
    def test_its_code_says_who_speaks(self, kind: IssueKind) -> None:
        assert re.fullmatch(
            r"((X12-[IGTSEV]|EDF-[IGMSEV]|XML-[DSETV]|REC-[DEFRSVW])\d+[A-Z]?|(MAP|GTW|TRD|LOG|CEB|CUS|RCP|CAN|AS2)-[A-Z]+(-[A-Z]+)*)",
            kind.code,
        )

    def test_its_sentences_use_only_words_that_somebody_fills_in(self, kind: IssueKind) -> None:
        """A word that no code gives would stay a question mark for ever."""
        used = {field for text in (kind.text, kind.hint) for _, field, _, _ in Formatter().parse(text) if field}
        assert [word for word in used if not re.search(rf'"{word}"|\b{word}=', PROGRAM)] == []

    def test_its_sentence_is_one(self, kind: IssueKind) -> None:
        assert kind.text.endswith(".")
        assert kind.text[0].isupper() or kind.text[0] in '{"'
        assert not kind.hint or kind.hint[-1] in ".}'~\""

    def test_it_is_reported_by_the_acknowledgment_of_its_own_standard_at_most(self, kind: IssueKind) -> None:
        if not kind.code.startswith("X12"):
            assert kind.x12 is None
        if not kind.code.startswith("EDF"):
            assert kind.edifact is None


REPORTED = [kind for kind in ALL if kind.x12 or kind.edifact]


@pytest.mark.parametrize("kind", REPORTED, ids=by_code)
class TestReportedKinds:
    def test_its_number_is_the_code_that_the_receipt_carries(self, kind: IssueKind) -> None:
        _, _, number = parts(kind.code)
        assert int(kind.x12 or kind.edifact or "") == int(number)

    def test_its_letter_is_its_level(self, kind: IssueKind) -> None:
        standard, letter, _ = parts(kind.code)
        assert kind.level is LEVEL_LETTERS[standard][letter]

    def test_its_code_is_one_that_the_receipt_may_carry(self, kind: IssueKind) -> None:
        codes = X12_CODES[kind.level] if kind.x12 else EDIFACT_CODES
        assert (kind.x12 or kind.edifact) in codes


#: X12 004010: the codes of TA105 (I18), AK905 (716), AK502 (718), AK304 (720) and AK403 (723).
X12_CODES = {
    Level.INTERCHANGE: {f"{number:03}" for number in range(32)},
    Level.GROUP: {str(number) for number in [*range(1, 7), *range(10, 20), *range(23, 27)]},
    Level.DOCUMENT: {str(number) for number in [*range(1, 8), *range(8, 20), *range(23, 28)]},
    Level.SEGMENT: {str(number) for number in range(1, 9)},
    Level.ELEMENT: {str(number) for number in range(1, 14)},
}

#: ISO 9735: the values of data element 0085.
EDIFACT_CODES = {str(number) for number in range(2, 46)}
