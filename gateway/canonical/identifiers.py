"""Check digits of the identifiers of trade: GS1's GTIN, GLN and SSCC (GS1 General Specifications §7.9, modulo 10).

Each function tells True or False; none raises. Separators are not accepted: canonical identifiers are digits.
"""

from __future__ import annotations

from collections.abc import Callable

from stdnum import ean

GTIN_LENGTHS = (8, 12, 13, 14)
GLN_LENGTH = 13
SSCC_LENGTH = 18


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
