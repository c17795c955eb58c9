"""What can be found, by the standard's name for it: one row a kind, with its issue in X12 and in EDIFACT."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from gateway.codecs.records import RECORDS
from gateway.grammar.model import Node


class Kind(Enum):
    """A kind of finding; the value is its code in X12 and in EDIFACT."""

    UNKNOWN_TAG = ("X12-S01", "EDF-S06")
    NOT_A_TAG = ("X12-S01B", "EDF-S06B")
    NOT_IN_MESSAGE = ("X12-S06", "EDF-S15")
    UNEXPECTED = ("X12-S02", "EDF-S15")
    OUT_OF_SEQUENCE = ("X12-S07", "EDF-S15")
    SEGMENT_MISSING = ("X12-S03", "EDF-S13")
    LOOP_TOO_OFTEN = ("X12-S04", "EDF-S36")
    LOOP_NOT_USED = ("X12-S02C", "EDF-S15C")
    SEGMENT_NOT_USED = ("X12-S02B", "EDF-S15B")
    SEGMENT_TOO_OFTEN = ("X12-S05", "EDF-S35")
    ELEMENT_MISSING = ("X12-E01", "EDF-E13")
    CONDITION = ("X12-E02", "EDF-E13")
    EXCLUSION = ("X12-E10", "EDF-E12")
    ELEMENT_NOT_USED = ("X12-E10B", "EDF-E15")
    TOO_MANY_ELEMENTS = ("X12-E03", "EDF-E16B")
    TOO_MANY_COMPONENTS = ("X12-E03B", "EDF-E16")
    NOT_COMPOSITE = ("X12-E06", "EDF-E16")
    TOO_MANY_REPETITIONS = ("X12-E03C", "EDF-E35")
    TOO_SHORT = ("X12-E04", "EDF-E40")
    TOO_LONG = ("X12-E05", "EDF-E39")
    WRONG_TYPE = ("X12-E06", "EDF-E37")
    DECIMAL_MARK = ("X12-E06", "EDF-E19")
    NO_DIGIT_BEFORE_MARK = ("X12-E06", "EDF-E38")
    CONTROL_CHARACTER = ("X12-E06", "EDF-E21")
    UNDECODED = ("X12-E06B", "EDF-E21")
    BEYOND_REPERTOIRE = ("X12-E06", "EDF-E21B")
    WRONG_CODE = ("X12-E07", "EDF-E12")
    UNLISTED_CODE = ("X12-E07C", "EDF-E12")
    WRONG_QUALIFIER = ("X12-E07B", "EDF-E12C")
    OUT_OF_COUNT = ("X12-E07E", "EDF-E12")
    UNKNOWN_LEVEL = ("X12-E07F", "EDF-E12")
    WRONG_DATE = ("X12-E08", "EDF-E12B")
    WRONG_TIME = ("X12-E09", "EDF-E12B")
    MORE = ("X12-T05", "EDF-M18")

    def code(self, standard: str) -> str:
        """The code of the issue."""
        if standard in RECORDS:
            return _OF_RECORDS[self.name]
        return self.value[0 if standard == "x12" else 1]


#: The same in CSV and IDoc, which have no codes of their own.
_OF_RECORDS = {
    "UNKNOWN_TAG": "REC-S01",
    "NOT_A_TAG": "REC-S01",
    "NOT_IN_MESSAGE": "REC-S02",
    "UNEXPECTED": "REC-S02",
    "OUT_OF_SEQUENCE": "REC-S02",
    "SEGMENT_MISSING": "REC-S03",
    "LOOP_TOO_OFTEN": "REC-S04",
    "LOOP_NOT_USED": "REC-S05",
    "SEGMENT_NOT_USED": "REC-S05",
    "SEGMENT_TOO_OFTEN": "REC-S04",
    "ELEMENT_MISSING": "REC-E01",
    "CONDITION": "REC-E01",
    "EXCLUSION": "REC-E02",
    "ELEMENT_NOT_USED": "REC-E02",
    "TOO_MANY_ELEMENTS": "REC-E02",
    "TOO_MANY_COMPONENTS": "REC-E02",
    "NOT_COMPOSITE": "REC-E05",
    "TOO_MANY_REPETITIONS": "REC-E02",
    "TOO_SHORT": "REC-E03",
    "TOO_LONG": "REC-E03B",
    "WRONG_TYPE": "REC-E04",
    "DECIMAL_MARK": "REC-E04",
    "NO_DIGIT_BEFORE_MARK": "REC-E04",
    "CONTROL_CHARACTER": "REC-E05",
    "UNDECODED": "REC-E05",
    "BEYOND_REPERTOIRE": "REC-E05",
    "WRONG_CODE": "REC-E06",
    "UNLISTED_CODE": "REC-E06",
    "WRONG_QUALIFIER": "REC-E06",
    "OUT_OF_COUNT": "REC-E04",
    "UNKNOWN_LEVEL": "REC-E06",
    "WRONG_DATE": "REC-E07",
    "WRONG_TIME": "REC-E07",
    "MORE": "REC-D02",
}


class Finding(NamedTuple):
    """One finding at a segment: the place inside of it, and what the sentence needs. ``node`` is the place of the
    message it speaks of, where that is not what the segment itself took."""

    kind: Kind
    params: dict[str, str]
    value: str | None = None
    element: int = 0
    component: int = 0
    repetition: int = 0
    reference: str | None = None
    tag: str | None = None
    node: Node | None = None
