"""SAP IDocs, flat or XML: both forms become the same records."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway.codecs.idoc_columns import (
    CONTROL,
    CONTROL_FIELDS,
    CONTROL_LENGTH,
    DATA_AT,
    DATA_LENGTH,
    OWN,
    REST,
    FlatField,
    Segments,
)
from gateway.codecs.model import LIMITS, Limits, Origin, RawDocument, Segment
from gateway.codecs.records import DELIMITERS, IDOC, framed, placed
from gateway.codecs.xml_read import Element, parse
from gateway.codecs.xml_text import decoded
from gateway.core.issues import Issue, Location

_DEFINITION = re.compile(r"E2(\w{5})(?:\d{3})?")
_BEHIND = re.compile(r"(\d+(?:\.\d+)?)-")
_NO_DATE = "00000000"

Control = dict[str, str]


def idoc_documents(
    body: bytes, segments: Segments, limits: Limits = LIMITS, charset: str = ""
) -> Iterator[tuple[RawDocument, Control]]:
    """Every IDoc of a file with its control record. Never raises; what cannot be read has no text, and an issue."""
    found = (
        _of_xml(body, limits) if body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<" else _flat(body, charset or "utf-8")
    )
    for position, idoc in enumerate(found, 1):
        yield idoc.document(position, segments, limits), idoc.control


class _Idoc:
    """One IDoc: its control record, and its records as name, fields and place."""

    def __init__(self, start: Origin, charset: str) -> None:
        self.start, self.charset, self.end = start, charset, start.offset
        self.control: Control = {}
        self.records: list[tuple[str, dict[str, str] | str, Origin]] = []
        self.issues: list[Issue] = []

    def document(self, position: int, segments: Segments, limits: Limits) -> RawDocument:
        large = self.end - self.start.offset > limits.document_bytes or len(self.records) > limits.document_segments
        if large:
            self.issues.append(Issue("REC-D01", _place(self.start), str(limits.document_bytes)))
        if not large and self.control.get("MESTYP", "") == "":
            self.issues.append(Issue("REC-F06", _place(self.start)))
        made = [] if large else [_segment(name, given, segments) for name, given, _ in self.records]
        return RawDocument(
            standard=IDOC,
            type=self.control.get("MESTYP", "") or "?",
            version=self.control.get("IDOCTYP", "") or "?",
            association="",
            control_number=self.control.get("DOCNUM", "") or str(position),
            position=position,
            text=framed(made) if made else "",
            offset=self.start.offset,
            length=max(0, self.end - self.start.offset),
            delimiters=DELIMITERS,
            charset=self.charset,
            issues=tuple(self.issues),
            addressee=self.control.get("RCVPRN", ""),
            origins=placed([place for *_, place in self.records]) if made else (),
        )


def _segment(name: str, given: dict[str, str] | str, segments: Segments) -> Segment:
    """A record with its fields in the order of its table; what has no place in it is its REST."""
    found = _DEFINITION.fullmatch(name)
    tag = f"E1{found[1]}" if found else name
    table = segments(tag)
    if table is None:
        whole = given if isinstance(given, str) else " ".join(f"{key}={value}" for key, value in given.items())
        return [tag, whole.strip()]
    values = _cut(given, table.fields) if isinstance(given, str) else dict(given)
    known = {field.name for field in table.fields}
    beyond = [f"{key}={value}" for key, value in values.items() if key not in known]
    values[REST] = " ".join(filter(None, [values.get(REST, ""), *beyond]))
    values |= {field.name: OWN for field in table.fields if values.get(field.beside, "").strip()}
    return [tag, *(_value(values.get(field.name, ""), field) for field in table.fields)]


def _cut(text: str, fields: tuple[FlatField, ...]) -> dict[str, str]:
    """Fixed columns as far as the REST."""
    found, at = {}, 0
    for name, length, *_ in fields:
        if name == REST:
            found[REST] = text[at:].strip()
            break
        found[name] = text[at : at + length]
        at += length
    return found


def _value(text: str, field: FlatField) -> str:
    """SAP writes a minus behind its number, and zeros where there is no date."""
    text = text.strip()
    if field.kind == "n" and (found := _BEHIND.fullmatch(text)):
        return f"-{found[1]}"
    return "" if field.kind == "DT" and text == _NO_DATE else text


def _flat(body: bytes, charset: str) -> Iterator[_Idoc]:
    idoc: _Idoc | None = None
    try:
        text = body.decode(charset, "surrogateescape")
    except UnicodeDecodeError as error:
        idoc = _Idoc(Origin(1, 0), charset)
        reason = f"it is not {charset}: {error.reason} at byte {error.start}"
        idoc.issues.append(Issue("REC-F01", _place(idoc.start), params={"reason": reason}))
        yield idoc
        return
    for line, place in _records(text, charset):
        if line.startswith(CONTROL):
            if idoc is not None:
                yield idoc
            idoc = _Idoc(place, charset)
            values = _cut(line, CONTROL_FIELDS)
            idoc.control = {name: value.strip() for name, value in values.items()}
        elif idoc is None:
            idoc = _Idoc(place, charset)
            idoc.issues.append(Issue("REC-F06", _place(place)))
            continue
        else:
            idoc.records.append((line[:30].strip(), line[DATA_AT:DATA_LENGTH], place))
        idoc.end = place.offset + len(line.encode(charset, "surrogateescape"))
    if idoc is not None:
        yield idoc


def _records(text: str, charset: str) -> Iterator[tuple[str, Origin]]:
    """The records that are not blank: a line each, or, where there are no lines, by their lengths."""
    at, number, offset, lines = 0, 1, 0, "\n" in text
    while at < len(text):
        if lines:
            end = text.find("\n", at)
            end = len(text) if end < 0 else end + 1
        else:
            end = at + (CONTROL_LENGTH if text.startswith(CONTROL, at) else DATA_LENGTH)
        record = text[at:end]
        if record.strip():
            yield record.rstrip("\r\n"), Origin(number, offset)
        at, number = end, number + 1
        offset += len(record.encode(charset, "surrogateescape"))


class _Sink:
    """Takes the IDocs of a file."""

    def __init__(self, charset: str) -> None:
        self.found: list[_Idoc] = []
        self._charset = charset

    def root(self, element: Element, namespace: str) -> None:
        self._version = element.tag

    def child(self, element: Element) -> None:
        idoc = _Idoc(Origin(element.line, element.offset), self._charset)
        for child in element.children:
            if child.tag == CONTROL:
                idoc.control = {field.tag: field.text.strip() for field in child.children}
            else:
                self._take(child, idoc)
        idoc.control.setdefault("IDOCTYP", self._version)
        self.found.append(idoc)

    def _take(self, element: Element, idoc: _Idoc) -> None:
        """A segment, then those inside of it: they have the attribute SEGMENT, and fields have none."""
        inner = [child for child in element.children if "SEGMENT" in child.attributes or child.children]
        fields = {child.tag: child.text for child in element.children if child not in inner}
        idoc.records.append((element.tag, fields, Origin(element.line, element.offset)))
        for child in inner:
            self._take(child, idoc)


def _of_xml(body: bytes, limits: Limits) -> list[_Idoc]:
    text = decoded(body)
    sink = _Sink(text.charset)
    issue = parse(text, sink, {}, limits)
    if issue is not None:
        broken = _Idoc(Origin(issue.location.line or 1, issue.location.offset or 0), text.charset)
        broken.control = {"MESTYP": "?"}
        broken.issues.append(issue)
        sink.found.append(broken)
    for idoc, following in zip(sink.found, [*sink.found[1:], None]):
        idoc.end = following.start.offset if following else len(body)
    return sink.found


def _place(origin: Origin) -> Location:
    return Location(line=origin.line, offset=origin.offset)
