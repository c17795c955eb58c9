"""Values between a format and the canonical types, both ways and without loss.

Reading goes through tables that remember what they converted (the same dates, prices and codes come again and again);
a table is asked by ``table[text]``. Numbers, dates and times are read strictly: ASCII digits, no blanks.

Sources: X12.6 §3.5.1 (Nn, R, DT, TM), ISO 9735:1988 §10 (numeric values), UN/EDIFACT data elements 2379 and 2380.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from datetime import date, time
from decimal import Context, Decimal
from typing import Any, NamedTuple, Protocol, TypeVar

REMEMBERED = 1_000
"""Values a table keeps before it starts anew. Most amounts come once: to remember more of them costs more, in the
processor's cache, than to convert them again."""

CENTURY_PIVOT = 69
"""A year of two digits below this is of the 2000s, else of the 1900s (as POSIX's %y): 68 is 2068, 69 is 1969."""

MOST_INTEGER = 18
MOST_DIGITS = 100
EXACT = Context(prec=MOST_DIGITS)
"""Shifting a decimal point never rounds a number of up to 100 characters; longer ones are refused."""

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_EXPONENT = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)E-?\d{1,2}", re.ASCII)
USUAL = re.compile(r"-?\d{1,15}(?:\.\d{0,15})?", re.ASCII).fullmatch
_INTEGER = re.compile(r"-?\d+", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_HUNDREDTH = 10_000  # microseconds

_SHOWN = 40  # characters of a value in a hint
_MOST_KNOWN = 400  # characters of the values that a hint lists


class ConversionError(Exception):
    """A value that cannot be converted. ``code`` is the issue that reports it."""

    def __init__(self, reason: str, code: str = "MAP-VALUE", **params: str) -> None:
        super().__init__(reason)
        self.code = code
        self.params = {"reason": reason} | params


Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memory(dict[Key, Value]):
    """A table that fills itself: ``convert`` is called for what it has not seen."""

    def __init__(self, convert: Callable[[Key], Value]) -> None:
        super().__init__()
        self.convert = convert

    def __missing__(self, key: Key) -> Value:
        value = self.convert(key)
        if len(self) >= REMEMBERED:
            self.clear()
        self[key] = value
        return value


class Table(Protocol):
    """Gives the value of a text. Raises ConversionError."""

    def __getitem__(self, text: Any, /) -> Any: ...


class Numbers:
    """Numbers are not remembered: to look one up takes longer than to make it. ``rare``: those of unusual form."""

    def __init__(self, rare: Callable[[str], Decimal]) -> None:
        self.rare = rare

    def __getitem__(self, text: str) -> Decimal:
        return Decimal(text) if USUAL(text) else self.rare(text)


class Conversion(NamedTuple):
    """How one place is read and written. ``table`` None: text as it stands. ``numeric``: lengths count digits.
    ``coarse``: values that are written, and read as another."""

    name: str
    table: Table | None
    write: Callable[[Any], str]
    numeric: bool = False
    coarse: frozenset[Any] = frozenset()


class CodeTable(dict[str, Any]):
    """``format = canonical``. Of several format codes with the same meaning the first is written. A code may stand for
    a list of meanings: it is read as the first of them, and is written for all."""

    def __init__(self, name: str, rows: Mapping[str, Any]) -> None:
        meanings = {left: right if isinstance(right, list) else [right] for left, right in rows.items() if left != "*"}
        super().__init__({left: each[0] for left, each in meanings.items()})
        self.name = name
        self.passing = "*" in rows
        self.lefts: dict[tuple[type, Any], str] = {}
        for left, each in meanings.items():
            for right in each:
                self.lefts.setdefault((type(right), right), left)
        self.coarse = frozenset(right for (_, right), left in self.lefts.items() if self[left] != right)

    def __missing__(self, text: str) -> str:
        if self.passing:
            return text
        raise ConversionError("unknown code", "MAP-CODE", table=self.name, line=f'{text[:_SHOWN]} = "…"')

    def write(self, value: Any) -> str:
        left = self.lefts.get((type(value), value))
        if left is not None:
            return left
        if not self.passing:
            raise self._unwritten("no code stands for it", value)
        if value in self:
            raise self._unwritten(f"as a code it means {self[value]}", value)
        return str(value)

    def _unwritten(self, reason: str, value: Any) -> ConversionError:
        """Whoever writes the value wants to know which there are."""
        known = ", ".join(str(right) for kind, right in self.lefts if kind is str and right != value)
        there = f". It has codes for {known}" if known and len(known) <= _MOST_KNOWN else ""
        line = f'… = "{str(value)[:_SHOWN]}"'
        return ConversionError(reason, "MAP-CODE", table=self.name, line=line + there)


def _x12_number(text: str) -> Decimal:
    if len(text) > MOST_DIGITS:
        raise ConversionError(f"it has more than {MOST_DIGITS} digits")
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    if _EXPONENT.fullmatch(text):
        return Decimal(format(Decimal(text), "f"))
    raise ConversionError("it is not a number")


def _edifact_number(text: str) -> Decimal:
    """Both decimal marks are read, whichever the interchange announces; there are no marks for thousands."""
    return _x12_number(text.replace(",", ".", 1) if "." not in text else text)


def _implied(decimals: int) -> Callable[[str], Decimal]:
    def read(text: str) -> Decimal:
        if not _INTEGER.fullmatch(text) or len(text) > MOST_DIGITS:
            raise ConversionError("it is not a whole number (its decimals are implied)")
        return Decimal(text).scaleb(-decimals, EXACT)

    return read


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text) or len(text) > MOST_INTEGER:
        raise ConversionError(f"it is not a whole number of up to {MOST_INTEGER} digits")
    return int(text)


def year_of(two_digits: str) -> int:
    """The year of a date without century."""
    year = int(two_digits)
    return year + (2000 if year < CENTURY_PIVOT else 1900)


def read_date(text: str) -> date:
    """CCYYMMDD or YYMMDD. Raises ConversionError."""
    if len(text) not in (6, 8) or not _DIGITS.fullmatch(text):
        raise ConversionError("it is not a date of 8 or 6 digits")
    year = int(text[:4]) if len(text) == 8 else year_of(text[:2])
    try:
        return date(year, int(text[-4:-2]), int(text[-2:]))
    except ValueError:
        raise ConversionError("there is no such day") from None


def read_time(text: str) -> time:
    """HHMM, HHMMSS, HHMMSSD or HHMMSSDD (D: tenths and hundredths of a second). Raises ConversionError."""
    if len(text) not in (4, 6, 7, 8) or not _DIGITS.fullmatch(text):
        raise ConversionError("it is not a time HHMM, HHMMSS or HHMMSSDD")
    try:
        return time(int(text[:2]), int(text[2:4]), int(text[4:6] or 0), int(text[6:].ljust(2, "0")) * _HUNDREDTH)
    except ValueError:
        raise ConversionError("there is no such time of day") from None


def _yes_no(text: str) -> bool:
    if text not in ("Y", "N"):
        raise ConversionError("it is neither Y nor N")
    return text == "Y"


def plain(value: Decimal) -> str:
    """Never ``1E+2``. Raises ConversionError for what is no finite number."""
    if not value.is_finite():
        raise ConversionError("it is not a finite number")
    return format(value, "f")


def _write_integer(value: int) -> str:
    if abs(value) >= 10**MOST_INTEGER:
        raise ConversionError(f"it has more than {MOST_INTEGER} digits")
    return str(value)


def _write_implied(decimals: int) -> Callable[[Decimal], str]:
    def write(value: Decimal) -> str:
        whole = Decimal(plain(value)).scaleb(decimals, EXACT)
        if whole != whole.to_integral_value(context=EXACT):
            raise ConversionError("too many decimals", "MAP-PRECISION", most=str(decimals))
        return str(int(whole))

    return write


def _write_long_date(value: date) -> str:
    return f"{value.year:04d}{value.month:02d}{value.day:02d}"


def _write_short_date(value: date) -> str:
    text = _write_long_date(value)
    if year_of(text[2:4]) != value.year:
        raise ConversionError("six digits cannot tell its century")
    return text[2:]


def write_time(value: time) -> str:
    """As many digits as it needs. Raises ConversionError below hundredths of a second, and for a time with a zone."""
    if value.tzinfo is not None:
        raise ConversionError("its place has no room for a time zone")
    hundredths, rest = divmod(value.microsecond, _HUNDREDTH)
    if rest:
        raise ConversionError("a fraction finer than hundredths", "MAP-PRECISION", most="2")
    text = f"{value.hour:02d}{value.minute:02d}"
    if value.second or hundredths:
        text += f"{value.second:02d}"
    return text + (f"{hundredths:02d}" if hundredths else "")


def _write_long_time(value: time) -> str:
    """With its seconds always, as SAP has it."""
    return write_time(value).ljust(6, "0")


def _write_yes_no(value: bool) -> str:
    return "Y" if value else "N"


def _same(value: str) -> str:
    return value


TEXT = Conversion("", None, _same)
X12_NUMBER = Conversion("X12_NUMBER", Numbers(_x12_number), plain, numeric=True)
EDIFACT_NUMBER = Conversion("EDIFACT_NUMBER", Numbers(_edifact_number), plain, numeric=True)
INTEGER = Conversion("INTEGER", Memory(_integer), _write_integer, numeric=True)
LONG_DATE = Conversion("DATE", Memory(read_date), _write_long_date)
SHORT_DATE = Conversion("DATE", LONG_DATE.table, _write_short_date)
TIME = Conversion("TIME", Memory(read_time), write_time)
LONG_TIME = Conversion("TIME", TIME.table, _write_long_time)
YES_NO = Conversion("YES_NO", Memory(_yes_no), _write_yes_no)
IMPLIED = {
    f"N{decimals}": Conversion(
        f"IMPLIED_{decimals}", Memory(_implied(decimals)), _write_implied(decimals), numeric=True
    )
    for decimals in range(10)
}


def by_types(standard: str, element: str, most: int, field: type[Any]) -> Conversion | None:
    """The conversion between an element's type and a field's that needs no word; None: there is none."""
    if field is str:
        return TEXT
    if field is Decimal:
        return IMPLIED.get(element) or (X12_NUMBER if standard == "x12" else EDIFACT_NUMBER)
    if field is int:
        return INTEGER
    if field is date:
        return LONG_DATE if most >= 8 else SHORT_DATE
    if field is time:
        return LONG_TIME if standard == "idoc" else TIME
    return YES_NO if field is bool and standard == "x12" else None
