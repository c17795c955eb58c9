"""Which map a document asks for: by GS08, ST01 and, where two maps share both, BHT02."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from gateway.grammar.maps import xml
from gateway.grammar.versions import of_guide

_SET = re.compile(r"\d{3}")


class Entry(NamedTuple):
    """One map. ``purpose`` is the BHT02 that asks for it (278: 13 is a request, 11 a response), mostly empty."""

    version: str
    type: str
    functional_group: str
    file: str
    purpose: str = ""


def index(data: bytes) -> Mapping[tuple[str, str], tuple[Entry, ...]]:
    """``maps.xml``: version of the guide and type of the transaction set → its maps.

    Maps for a version of the standard itself (004010) are one company's use of it and are passed over. Raises
    SchemaError.
    """
    found: dict[tuple[str, str], tuple[Entry, ...]] = {}
    for item in xml.parsed("maps.xml", data).iterfind("version/map"):
        version, kind = xml.text(item, "vriic"), _SET.match(xml.text(item, "abbr"))
        if kind is None or not of_guide("x12", version):
            continue
        entry = Entry(version, kind[0], xml.text(item, "fic"), (item.text or "").strip(), xml.text(item, "tspc"))
        found[version, kind[0]] = (*found.get((version, kind[0]), ()), entry)
    return found
