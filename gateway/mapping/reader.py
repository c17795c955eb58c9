"""A mapping and a document of its format, ready to be read: at speed, or with care. The same for all formats."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gateway.codecs.model import Limits, RawDocument
from gateway.codecs.ubl import text_of
from gateway.mapping.mapping import CarefulReading, Mapping, Reading
from gateway.mapping.xml_mapping import XmlMapping


class Reader(NamedTuple):
    """``read`` as :meth:`Mapping.read` does, ``careful`` as :meth:`Mapping.read_careful`, with byte offsets."""

    mapping: Mapping | XmlMapping
    read: Callable[[], Reading]
    careful: Callable[[], CarefulReading]


def reader(mapping: Mapping | XmlMapping, raw: RawDocument, limits: Limits) -> Reader:
    """Reads ``raw`` by ``mapping``, which is for its format."""
    if isinstance(mapping, XmlMapping):
        text = text_of(raw)
        return Reader(mapping, lambda: mapping.read(text, limits), lambda: mapping.read_careful(text, limits))
    segments, delimiters = raw.segments(), raw.delimiters
    return Reader(
        mapping,
        lambda: mapping.read(segments, delimiters, raw.text),
        lambda: mapping.read_careful(segments, delimiters, raw),
    )
