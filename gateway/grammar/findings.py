"""What can be found, by the standard's name for it: one row a kind, with its issue in X12 and in EDIFACT."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

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
        return self.value[0 if standard == "x12" else 1]


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
