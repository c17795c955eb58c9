"""From canonical documents to files of records, CSV or IDoc, for ``crossdock translate``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gateway.canonical import Document
from gateway.codecs.csv_write import csv_file, csv_rows, unwritable
from gateway.codecs.model import Address, Segment
from gateway.codecs.records import CSV, DELIMITERS
from gateway.core.issues import Issue
from gateway.knowledge import Knowledge
from gateway.mapping import Mapping
from gateway.pipeline.idoc_out import Form, lost_in, written_idoc
from gateway.pipeline.records_out import raw_of


class Body(NamedTuple):
    """The file, and the issues of writing it and of what was written."""

    body: bytes
    issues: list[Issue]


def csv_of(documents: Sequence[Document], mapping: Mapping, knowledge: Knowledge) -> Body:
    """All of them in one file, by the description that the mapping is for. Raises SchemaError."""
    layout = knowledge.schemas.csv.get(mapping.format.version, mapping.format.message).layout
    rows, issues = [], []
    for document in documents:
        segments, found = _segments(document, mapping, knowledge)
        rows.append(csv_rows(segments, layout))
        issues += [*found, *unwritable(segments, layout)]
    return Body(csv_file(rows, layout), issues)


def idoc_of(
    document: Document, mapping: Mapping, knowledge: Knowledge, sides: Sequence[Address], form: Form, at: int
) -> Body:
    """One IDoc."""
    segments, issues = _segments(document, mapping, knowledge)
    kind = mapping.format.version, mapping.format.message
    body = written_idoc(segments, *kind, sides, knowledge.schemas, form, at)
    return Body(body, [*issues, *lost_in(segments, knowledge.schemas, form)])


def _segments(document: Document, mapping: Mapping, knowledge: Knowledge) -> tuple[list[Segment], list[Issue]]:
    named = mapping.format
    writing = mapping.write(document, DELIMITERS)
    segments = writing.segments
    if named.standard == CSV and not any(segment[0] == "DOC" for segment in segments):
        segments = [["DOC"], *segments]
    validator = knowledge.schemas.validator(*named)
    return segments, [*writing.issues, *validator.validate(raw_of(segments, *named))]
