"""SAP IDocs, written: XML, or records of fixed columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gateway.codecs.idoc_columns import CONTROL, CONTROL_FIELDS, DATA_LENGTH, OWN, REST, FlatSegment, Segments
from gateway.codecs.model import Segment
from gateway.codecs.xml_read import Element
from gateway.codecs.xml_write import document


class Placed(NamedTuple):
    """A segment and how deep it stands: 0 directly in the IDoc."""

    depth: int
    segment: Segment


def idoc_xml(control: Mapping[str, str], body: Sequence[Placed], segments: Segments) -> bytes:
    """A file with one IDoc."""
    root = Element(control["IDOCTYP"], {}, 0, 0)
    idoc = Element("IDOC", {"BEGIN": "1"}, 0, 0)
    root.children.append(idoc)
    head = Element(CONTROL, {"SEGMENT": "1"}, 0, 0)
    head.children = [_field(name, control[name]) for name, *_ in CONTROL_FIELDS if control.get(name)]
    idoc.children.append(head)
    around = [idoc]
    for depth, segment in body:
        made = Element(segment[0], {"SEGMENT": "1"}, 0, 0)
        fields = _table(segment, segments).fields
        made.children = [
            _field(field.name, value) for field, value in zip(fields, segment[1:]) if value and not field.beside
        ]
        del around[depth + 1 :]
        around[-1].children.append(made)
        around.append(made)
    return document(root, "", {})


def idoc_flat(control: Mapping[str, str], body: Sequence[Placed], segments: Segments, charset: str = "utf-8") -> bytes:
    """The records of one IDoc, a line each. Fields behind the REST have no column: see :func:`without_column`."""
    lines = ["".join(control.get(name, "").ljust(length)[:length] for name, length, *_ in CONTROL_FIELDS)]
    parents = [0]
    within = len(body) > 1 and body[1].depth > 0  # all that follows stands in the first segment
    for number, (depth, segment) in enumerate(body, 1):
        del parents[depth + 1 :]
        table = _table(segment, segments)
        head = table.definition.ljust(30) + control.get("MANDT", "").ljust(3) + control.get("DOCNUM", "").ljust(16)
        head += f"{number:06d}{parents[-1]:06d}{1 if number == 1 else depth + (1 if within else 2):02d}"
        lines.append((head + _columns(segment, table)).ljust(DATA_LENGTH))
        parents.append(number)
    return "".join(line + "\r\n" for line in lines).encode(charset)


def without_column(segment: Segment, segments: Segments) -> list[str]:
    """The fields that have a value and no column in a flat file."""
    fields = _table(segment, segments).fields
    at = next((place for place, field in enumerate(fields) if field.name == REST), len(fields))
    return [field.name for field, value in list(zip(fields, segment[1:]))[at:] if value and not field.beside]


def without_place(segment: Segment, segments: Segments) -> list[str]:
    """The schemes of numbers that no field of SAP can say."""
    fields = _table(segment, segments).fields
    return [value for field, value in zip(fields, segment[1:]) if field.beside and value not in ("", OWN)]


def _columns(segment: Segment, table: FlatSegment) -> str:
    text = ""
    for field, value in zip(table.fields, segment[1:]):
        if field.name == REST:
            break
        text += value.ljust(field.length)[: field.length]
    return text


def _table(segment: Segment, segments: Segments) -> FlatSegment:
    return segments(segment[0]) or FlatSegment(segment[0], ())


def _field(name: str, text: str) -> Element:
    made = Element(name, {}, 0, 0)
    made.text = text
    return made
