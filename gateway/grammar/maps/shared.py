"""What all maps of a package share: its data elements and the code lists that others keep."""

from __future__ import annotations

from typing import NamedTuple

from gateway.core.errors import SchemaError
from gateway.grammar.maps import xml
from gateway.grammar.maps.xml import Element
from gateway.grammar.tables import TYPES


class DataElement(NamedTuple):
    """A simple data element, of every version alike. ``type``: AN ID DT TM R N0…N9 B."""

    type: str
    least: int
    most: int
    name: str


class Shared(NamedTuple):
    """Data elements by their numbers, and outside code lists (states, countries, remark codes) by their names."""

    elements: dict[str, DataElement]
    codes: dict[str, frozenset[str]]


def shared(elements: bytes, codes: bytes) -> Shared:
    """From ``dataele.xml`` and ``codes.xml``. Raises SchemaError."""
    return Shared(
        {
            xml.text(item, "ele_num"): _data_element(item)
            for item in xml.parsed("dataele.xml", elements).iter("data_ele")
        },
        {
            xml.text(item, "id"): frozenset(code.text for code in item.iterfind("version/code") if code.text)
            for item in xml.parsed("codes.xml", codes).iter("codeset")
        },
    )


def _data_element(item: Element) -> DataElement:
    kind, least, most = xml.text(item, "data_type"), xml.number(item, "min_len"), xml.number(item, "max_len")
    if kind not in TYPES or not 0 < least <= most:
        raise SchemaError(f"Data element {xml.text(item, 'ele_num')} is not described rightly.", file="dataele.xml")
    return DataElement(kind, least, most, xml.text(item, "name"))
