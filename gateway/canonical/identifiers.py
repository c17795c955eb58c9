"""Check digits of the identifiers of trade: GS1's GTIN, GLN and SSCC (GS1 General Specifications §7.9, modulo 10), and
those of transport: containers (ISO 6346), air waybills (IATA Resolution 600a), places (UN/LOCODE, its form alone).

Each function tells True or False; none raises. Separators are not accepted: canonical identifiers are digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from stdnum import ean
from stdnum.iso6346 import is_valid as _is_iso6346

GTIN_LENGTHS = (8, 12, 13, 14)
GLN_LENGTH = 13
SSCC_LENGTH = 18
AWB_LENGTH = 11
_UNLOCODE = re.compile(r"[A-Z]{2}[A-Z2-9]{3}", re.ASCII)


def is_gtin(value: str) -> bool:
    """GTIN-8, GTIN-12 (UPC), GTIN-13 (EAN) or GTIN-14, with its check digit."""
    return len(value) in GTIN_LENGTHS and _checked(value)


def is_gln(value: str) -> bool:
    """Global location number: 13 digits."""
    return len(value) == GLN_LENGTH and _checked(value)


def is_sscc(value: str) -> bool:
    """Serial shipping container code: 18 digits, or 20 with the application identifier 00 in front."""
    digits = value[2:] if len(value) == SSCC_LENGTH + 2 and value.startswith("00") else value
    return len(digits) == SSCC_LENGTH and _checked(digits)


def is_container(value: str) -> bool:
    """Four letters, six digits and their check digit."""
    return bool(_is_iso6346(value))


def is_awb(value: str) -> bool:
    """Air waybill: three digits of the airline, seven of its number, and these modulo 7."""
    digits = value.isascii() and value.isdigit() and len(value) == AWB_LENGTH
    return digits and int(value[3:10]) % 7 == int(value[10])


def is_unlocode(value: str) -> bool:
    """Two letters of the country, three characters of the place."""
    return _UNLOCODE.fullmatch(value) is not None


def _checked(value: str) -> bool:
    if not (value.isascii() and value.isdigit()):
        return False
    return str(ean.calc_check_digit(value[:-1])) == value[-1]


CHECKS: dict[str, Callable[[str], bool]] = {
    "gln": is_gln,
    "gtin": is_gtin,
    "gtin8": lambda value: len(value) == 8 and is_gtin(value),
    "upc": lambda value: len(value) == 12 and is_gtin(value),
    "gtin13": lambda value: len(value) == 13 and is_gtin(value),
    "gtin14": lambda value: len(value) == 14 and is_gtin(value),
    "sscc": is_sscc,
}
"""The check of a ``scheme_id``; schemes that are not here have no check digit."""


def is_valid(scheme_id: str | None, value: str) -> bool:
    """Whether the value can be what its scheme says. Schemes without a check digit pass."""
    check = CHECKS.get(scheme_id or "")
    return check is None or check(value)
