"""Mappings: one file ties one message of one format to one canonical document, in both directions."""

from __future__ import annotations

from gateway.mapping.definition import Example
from gateway.mapping.described import Format
from gateway.mapping.mapping import CarefulReading, Mapping, Reading, Writing
from gateway.mapping.mappings import Mappings
from gateway.mapping.reader import Reader, reader
from gateway.mapping.runtime import Lineage
from gateway.mapping.xml_mapping import WrittenXml, XmlMapping

__all__ = [
    "CarefulReading",
    "Example",
    "Format",
    "Lineage",
    "Mapping",
    "Mappings",
    "Reader",
    "Reading",
    "Writing",
    "WrittenXml",
    "XmlMapping",
    "reader",
]
