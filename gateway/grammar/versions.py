"""From what an interchange calls its version to the directory of tables: ``004010VICS`` → ``004010``."""

from __future__ import annotations

import re
from typing import NamedTuple

from gateway.codecs.records import RECORDS

_X12 = re.compile(r"(\d{4,6})(?!\d)")
_GUIDE = re.compile(r"\d{6}X\w+", re.ASCII)
_EDITION = re.compile(r"\d{6}X\d+", re.ASCII)
_EDIFACT = re.compile(r"([A-Z0-9]{1,3})[.:]?(\d\d[A-Z]|\d{1,3})(?![A-Z0-9])", re.IGNORECASE)

_DATED = re.compile(r"[A-Z0-9]{1,3}\.(\d\d)([A-Z])")
_NAME = re.compile(r"\w+(?:[.-]\w+)*", re.ASCII)
_FIRST_YEAR = 88  # EDIFACT's directories began with 1988


def is_name(text: str) -> bool:
    """Whether a version, message or guide can be called that: senders choose the word, and it must never be a path."""
    return _NAME.fullmatch(text) is not None


def base_version(standard: str, version: str, type: str = "") -> str:
    """The directory below ``schemas/<standard>/`` that a version names, or the version itself when it names none.

    X12: GS08 or ISA12, with whatever an industry adds to it (``004010VICS``, ``005010X222A1``), or short
    (``00401``, ``4010``). EDIFACT: ``D.96A``, also ``D:96A:UN:EAN008`` as UNH writes it. CONTRL belongs to the syntax
    (ISO 9735), not to a directory: version 4 of it says 4 in UNH 0052, everything else is read as version 3.
    """
    if standard == "x12":
        return _x12(version)
    if standard in RECORDS or standard == "ceb":
        return version
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


class Age(NamedTuple):
    """Sorts versions from old to new; names that are none of a released version come first and are not ``known``."""

    service: bool
    year: int
    release: str
    name: str
    known: bool


def age(standard: str, directory: str) -> Age:
    """By the number in X12 (``004010``), by year and letter in EDIFACT (``D.96A``); its first directories were
    numbered otherwise (``2.912``, ``90.1``) and are older than those with a letter."""
    service = directory.startswith("service")
    if standard in RECORDS:
        return Age(service, 0, "", directory, False)
    if standard == "x12":
        found = _X12.fullmatch(directory)
        return Age(service, int(found[1]) if found else -1, "", directory, found is not None)
    dated = _DATED.fullmatch(directory)
    if dated is None:
        return Age(service, 0, "", directory, _EDIFACT.match(directory) is not None)
    year = int(dated[1])
    return Age(service, year + (1900 if year >= _FIRST_YEAR else 2000), dated[2], directory, True)


def of_guide(standard: str, version: str) -> bool:
    """Whether a version is that of an implementation guide of X12 itself: ``005010X222A1``."""
    return standard == "x12" and _GUIDE.fullmatch(version) is not None


def edition_of(version: str) -> str:
    """The implementation guide that a version is an edition of, without its addenda and errata: ``005010X222A1`` is one
    of ``005010X222``."""
    found = _EDITION.match(version)
    return found[0] if found else version


def service_version(standard: str) -> str:
    """The directory of segments that every version of a standard shares: the envelope, UNS."""
    return "service-3" if standard == "edifact" else "service"
