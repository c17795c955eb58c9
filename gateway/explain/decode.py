"""What the value of an element means: dates, times, implied decimals and codes, as a person writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gateway.core.errors import CrossdockError
from gateway.grammar import ElementType
from gateway.mapping.conversions import ConversionError, read_date, read_time
from gateway.mapping.dtm import Moment, read_moment

#: Reference of an element → our words for its values.
Words = Callable[[str], Mapping[str, str]]

#: EDIFACT's date, time or period, and the element that says how it is written (UN/EDIFACT composite C507).
DTM_VALUE, DTM_FORMAT = "2380", "2379"


class Decoder:
    """``decimal`` is the decimal mark of the interchange."""

    def __init__(self, words: Words, decimal: str = ".") -> None:
        self._words = words
        self._decimal = decimal
        self._kept: dict[str, Mapping[str, str]] = {}

    def meaning(self, element: ElementType, value: str) -> str:
        """What ``value`` says that it does not show by itself; empty where there is nothing to add. Never raises."""
        known = self._code(element.reference, value)
        if known:
            return known
        reads = _BY_TYPE.get(element.type)
        try:
            if reads is not None:
                return reads(value)
            if element.type in _IMPLIED:
                return _shifted(value, int(element.type[1:]))
            return self._number(value) if element.type in ("n", "R") else ""
        except (ConversionError, CrossdockError, ValueError, ArithmeticError):
            return ""

    def moment(self, value: str, format: str) -> str:
        """A date, time or period of EDIFACT by its format qualifier; empty where that is not one that is read."""
        try:
            return _moment(read_moment((value, format)))
        except (ConversionError, CrossdockError, ValueError):
            return ""

    def _code(self, reference: str, value: str) -> str:
        if reference not in self._kept:
            self._kept[reference] = self._words(reference)
        return self._kept[reference].get(value, "")

    def _number(self, value: str) -> str:
        return value.replace(self._decimal, ".") if self._decimal != "." and self._decimal in value else ""


def _date(value: str) -> str:
    return read_date(value).isoformat()


def _time(value: str) -> str:
    return read_time(value).isoformat("seconds" if len(value) > 4 else "minutes")


def _shifted(value: str, digits: int) -> str:
    """A number with an implied decimal point (X12.6 §3.5.1); ValueError for what is none."""
    sign, number = value[: value.startswith("-")], value.removeprefix("-")
    if not (number.isascii() and number.isdigit()):
        raise ValueError(value)
    number = number.zfill(digits + 1)
    return f"{sign}{number[:-digits].lstrip('0') or '0'}.{number[-digits:]}"


def _moment(found: Moment) -> str:
    text = found.start.isoformat()
    if found.time is not None:
        text += " " + found.time.isoformat("seconds" if found.time.second else "minutes")
    return f"{text} to {found.end.isoformat()}" if found.end is not None else text


_BY_TYPE: dict[str, Callable[[str], str]] = {"DT": _date, "TM": _time}
_IMPLIED = frozenset(f"N{digits}" for digits in range(1, 10))
