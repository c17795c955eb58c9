"""Why a single value is wrong: the explanation of what :mod:`gateway.grammar.values` only denies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from gateway.codecs.charset import UNDECODED
from gateway.grammar import dates, values
from gateway.grammar.findings import Kind
from gateway.grammar.model import ElementType

_UNDECODED = re.compile(f"[{UNDECODED}]")
_CONTROL = re.compile(f"[{values.CONTROLS}]")
_NUMERIC = re.compile(r"-?[0-9]*[.,]?[0-9]*")
_SHOWN_CODES = 15

_EXPLAINED = {
    "R": "A number with digits, a decimal point where it has decimals, and a minus sign where it is negative.",
    "n": "A number with digits, a decimal mark where it has decimals, and a minus sign where it is negative.",
    "a": "Letters, without digits.",
    "DT": "A date: CCYYMMDD or YYMMDD.",
    "TM": "A time: HHMM, HHMMSS or HHMMSSDD.",
}
_INTEGER = "Digits without a decimal point, and a minus sign where the number is negative."


class Fault(NamedTuple):
    kind: Kind
    params: dict[str, str]


def fault(element: ElementType, value: str) -> Fault | None:
    """What is wrong with a value that is not empty, released and without delimiters; None when nothing is."""
    if _pattern(element).fullmatch(value):
        return None
    if _UNDECODED.search(value):
        return Fault(Kind.UNDECODED, {})
    if _CONTROL.search(value) and element.type != "B":
        return Fault(
            Kind.CONTROL_CHARACTER, _type(element, "It has a control character, such as a line break or a tab.")
        )
    return _of_number(element, value) or _of_length(element, value) or _of_content(element, value)


@lru_cache(maxsize=1024)
def _pattern(element: ElementType) -> re.Pattern[str]:
    return re.compile(values.value(element, ""))


def _type(element: ElementType, explained: str) -> dict[str, str]:
    return {"type": element.type, "explained": explained}


def _of_number(element: ElementType, value: str) -> Fault | None:
    """Wrong form or wrong count of digits of R, n and N0 … N9; None for other types."""
    kind = element.type
    if kind not in ("R", "n") and not (kind.startswith("N") and len(kind) == 2):
        return None
    digits = sum(character.isdigit() and character.isascii() for character in value)
    marks = sum(character in ".," for character in value)
    if kind in ("R", "n") and digits and digits + marks + value.startswith("-") == len(value):
        if not _NUMERIC.fullmatch(value) or (kind == "R" and "," in value):
            return Fault(Kind.DECIMAL_MARK, _type(element, _EXPLAINED[kind]))
        if element.least <= digits <= element.most and element.codes is None:
            if value.lstrip("-")[0] in ".,":
                return Fault(Kind.NO_DIGIT_BEFORE_MARK, _type(element, _EXPLAINED[kind]))
            return Fault(Kind.DECIMAL_MARK, _type(element, "There is a digit before and after a decimal mark."))
    elif not digits or digits + value.startswith("-") != len(value):
        return Fault(Kind.WRONG_TYPE, _type(element, _EXPLAINED.get(kind, _INTEGER)))
    return _of_size(element, digits)


def _of_length(element: ElementType, value: str) -> Fault | None:
    """Too short or too long, for types that count every character."""
    if element.type in ("R", "n") or (element.type.startswith("N") and len(element.type) == 2):
        return None
    if element.type == "a" and any(character in "0123456789" for character in value):
        return Fault(Kind.WRONG_TYPE, _type(element, _EXPLAINED["a"]))
    return _of_size(element, len(value))


def _of_size(element: ElementType, size: int) -> Fault | None:
    if size < element.least:
        return Fault(Kind.TOO_SHORT, {"least": str(element.least)})
    if size > element.most:
        return Fault(Kind.TOO_LONG, {"most": str(element.most)})
    return None


def _of_content(element: ElementType, value: str) -> Fault:
    """A length that fits and a content that does not."""
    if element.advisory:
        explained = "Such lists grow: a newer one may have it. The receiver decides."
        return Fault(Kind.UNLISTED_CODE, {"explained": explained})
    if element.codes is not None:
        return Fault(Kind.WRONG_CODE, {"explained": _listed(element)})
    if element.type == "DT":
        forms = [form for form in ("CCYYMMDD", "YYMMDD") if element.least <= len(form) <= element.most]
        return Fault(Kind.WRONG_DATE, {"format": " or ".join(forms)})
    if element.type == "TM":
        return Fault(Kind.WRONG_TIME, {})
    return Fault(Kind.WRONG_TYPE, _type(element, _EXPLAINED.get(element.type, "")))


def _listed(element: ElementType) -> str:
    """The values, or where they are listed."""
    codes = sorted(element.codes or ())
    if len(codes) <= _SHOWN_CODES:
        return f"Its values are {', '.join(codes)}."
    return f"Its {len(codes)} values are listed in codes/{element.reference}.txt of the version."


def formatted(value: str, code: str, formats: Mapping[str, str]) -> Fault | None:
    """A value of 2380 against its format in 2379, or one of 1251 against its format in 1250."""
    if dates.agrees(value, code, formats):
        return None
    written = formats[code].replace(" to ", "-").replace(" ", "")
    return Fault(Kind.WRONG_DATE, {"format": f"{code} ({written})"})
