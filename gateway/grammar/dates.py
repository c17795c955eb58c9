"""Dates and times as regular expressions: X12's DT and TM, and the formats of EDIFACT's data element 2379 and X12's
1250.

Calendars are real: 31 April and 29 February 2023 do not match. YY00 is taken for a leap year, as 2000 was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_MONTH_DAY = (
    r"(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)|02(?:0[1-9]|1[0-9]|2[0-8]))"
)
_LEAP = r"(?:0[48]|[2468][048]|[13579][26])"
_CENTURY_LEAP = r"(?:[02468][048]|[13579][26])00"
_DAY_MONTH = (
    r"(?:(?:0[1-9]|[12][0-9]|3[01])(?:0[13578]|1[02])|(?:0[1-9]|[12][0-9]|30)(?:0[469]|11)|(?:0[1-9]|1[0-9]|2[0-8])02)"
)
_HOUR_MINUTE = r"(?:[01][0-9]|2[0-3])[0-5][0-9]"

CCYYMMDD = rf"(?:[0-9]{{4}}{_MONTH_DAY}|(?:[0-9]{{2}}{_LEAP}|{_CENTURY_LEAP})0229)"
YYMMDD = rf"(?:[0-9]{{2}}{_MONTH_DAY}|(?:00|{_LEAP})0229)"

_TOKENS = {
    "CCYYMMDD": CCYYMMDD,
    "YYMMDD": YYMMDD,
    "DDMMYY": rf"(?:{_DAY_MONTH}[0-9]{{2}}|2902(?:00|{_LEAP}))",
    "MMDDYY": rf"(?:{_MONTH_DAY}[0-9]{{2}}|0229(?:00|{_LEAP}))",
    "CCYYMM": r"[0-9]{4}(?:0[1-9]|1[0-2])",
    "YYMM": r"[0-9]{2}(?:0[1-9]|1[0-2])",
    "CCYYWW": r"[0-9]{4}(?:0[1-9]|[1-4][0-9]|5[0-3])",
    "YYWW": r"[0-9]{2}(?:0[1-9]|[1-4][0-9]|5[0-3])",
    "CCYY": r"[0-9]{4}",
    "HHMMSS": rf"{_HOUR_MINUTE}[0-5][0-9]",
    "HHMM": _HOUR_MINUTE,
    "ZZZ": r"(?:[A-Z]{3}|[+-]?[0-9]{2,4})",
    "-": "-?",
    "to": "-",
}

FORMATS: dict[str, str] = {
    "102": "CCYYMMDD",
    "203": "CCYYMMDD HHMM",
    "204": "CCYYMMDD HHMMSS",
    "718": "CCYYMMDD - CCYYMMDD",
    "101": "YYMMDD",
    "2": "DDMMYY",
    "3": "MMDDYY",
    "201": "YYMMDD HHMM",
    "202": "YYMMDD HHMMSS",
    "301": "YYMMDD HHMM ZZZ",
    "302": "YYMMDD HHMMSS ZZZ",
    "303": "CCYYMMDD HHMM ZZZ",
    "304": "CCYYMMDD HHMMSS ZZZ",
    "401": "HHMM",
    "402": "HHMMSS",
    "602": "CCYY",
    "609": "YYMM",
    "610": "CCYYMM",
    "615": "YYWW",
    "616": "CCYYWW",
    "710": "CCYYMM - CCYYMM",
    "711": "CCYYMMDD - CCYYMMDD",
    "713": "YYMMDD HHMM - YYMMDD HHMM",
    "715": "YYWW - YYWW",
    "716": "CCYYWW - CCYYWW",
    "717": "YYMMDD - YYMMDD",
    "719": "CCYYMMDD HHMM - CCYYMMDD HHMM",
}
"""Value of 2379 → what 2380 then holds. Periods are sent with and without the hyphen; both are read. Values that are
not here (numbers of weeks, quarters …) are not checked."""


QUALIFIED: dict[str, str] = {
    "D8": "CCYYMMDD",
    "RD8": "CCYYMMDD to CCYYMMDD",
    "D6": "YYMMDD",
    "RD6": "YYMMDD to YYMMDD",
    "DT": "CCYYMMDD HHMM",
    "RDT": "CCYYMMDD HHMM to CCYYMMDD HHMM",
    "TS": "CCYYMMDD HHMMSS",
    "RTS": "CCYYMMDD HHMMSS to CCYYMMDD HHMMSS",
    "TM": "HHMM",
    "RTM": "HHMM to HHMM",
    "CM": "CCYYMM",
    "CY": "CCYY",
}
"""Value of X12's 1250 → what 1251, which follows it, then holds. Values that are not here are not checked."""


def date(least: int, most: int) -> str:
    """X12.6 DT of 6 to 8 characters: YYMMDD or CCYYMMDD."""
    forms = [pattern for size, pattern in ((8, CCYYMMDD), (6, YYMMDD)) if least <= size <= most]
    return f"(?:{'|'.join(forms)})" if forms else "(?!)"


def time(least: int, most: int) -> str:
    """X12.6 TM of 4 to 8 characters: HHMM, HHMMSS, HHMMSSD or HHMMSSDD."""
    tails = [(8, "[0-5][0-9][0-9]{2}"), (7, "[0-5][0-9][0-9]"), (6, "[0-5][0-9]"), (4, "")]
    forms = [tail for size, tail in tails if least <= size <= most]
    return f"{_HOUR_MINUTE}(?:{'|'.join(forms)})" if forms else "(?!)"


@lru_cache(maxsize=64)
def formatted(code: str) -> str:
    """The pattern of a format of 2379 or of 1250, which have no value in common."""
    return "".join(_TOKENS[token] for token in (FORMATS.get(code) or QUALIFIED[code]).split())


def agrees(value: str, code: str, formats: Mapping[str, str] = FORMATS) -> bool:
    """False when a value of 2380 (1251) is not what its format in 2379 (1250) says; True for formats that are not
    checked."""
    return code not in formats or re.fullmatch(formatted(code), value) is not None
