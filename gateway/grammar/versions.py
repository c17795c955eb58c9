"""From what an interchange calls its version to the directory of tables: ``004010VICS`` → ``004010``."""

from __future__ import annotations

import re

_X12 = re.compile(r"(\d{4,6})(?!\d)")
_GUIDE = re.compile(r"\d{6}X\w+", re.ASCII)
_EDIFACT = re.compile(r"([A-Z0-9]{1,3})[.:]?(\d\d[A-Z]|\d{1,3})(?![A-Z0-9])", re.IGNORECASE)


def base_version(standard: str, version: str, type: str = "") -> str:
    """The directory below ``schemas/<standard>/`` that a version names, or the version itself when it names none.

    X12: GS08 or ISA12, with whatever an industry adds to it (``004010VICS``, ``005010X222A1``), or short
    (``00401``, ``4010``). EDIFACT: ``D.96A``, also ``D:96A:UN:EAN008`` as UNH writes it. CONTRL belongs to the syntax
    (ISO 9735), not to a directory: version 4 of it says 4 in UNH 0052, everything else is read as version 3.
    """
    if standard == "x12":
        return _x12(version)
    if type == "CONTRL":
        return "service-4" if version.startswith("4") else "service-3"
    found = _EDIFACT.match(version)
    return f"{found[1]}.{found[2]}".upper() if found else version


def _x12(version: str) -> str:
    """Six digits: version, release and subrelease (X12 data element 480)."""
    found = _X12.match(version)
    if found is None:
        return version
    digits = found[1]
    return {4: f"00{digits}", 5: f"{digits}0"}.get(len(digits), digits)


def of_guide(standard: str, version: str) -> bool:
    """Whether a version is that of an implementation guide of X12 itself: ``005010X222A1``."""
    return standard == "x12" and _GUIDE.fullmatch(version) is not None


def service_version(standard: str) -> str:
    """The directory of segments that every version of a standard shares: the envelope, UNS."""
    return "service" if standard == "x12" else "service-3"
