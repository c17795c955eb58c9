"""A canonical document as records of a file (CSV, IDoc): written by its mapping, judged as its receiver will. Pure.

What the mapping would lose and what the description of the file does not allow does not leave.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from gateway.agreements import Agreement
from gateway.canonical import from_own_json
from gateway.codecs.csv_layout import DOCUMENT, Layout
from gateway.codecs.csv_write import csv_rows, unwritable
from gateway.codecs.model import RawDocument, Segment
from gateway.codecs.records import CSV, DELIMITERS, framed
from gateway.core.errors import MappingDefinitionError, SchemaError
from gateway.core.issues import Issue
from gateway.pipeline.context import Known
from gateway.pipeline.idoc_out import Form, lost_in
from gateway.pipeline.judging import as_agreed, as_received, no_mapping, of_writing
from gateway.pipeline.unchecked import unchecked


class Records(NamedTuple):
    """A document that can leave, or in ``hold`` why it cannot. ``remarks`` were found on the way; ``reference`` is the
    document's number."""

    segments: tuple[Segment, ...] = ()
    hold: Issue | None = None
    remarks: tuple[Issue, ...] = ()
    reference: str = ""
    mapping_digest: str | None = None
    schema_digest: str | None = None


def records_of(row: Any, agreement: Agreement, known: Known) -> Records:
    """One document of an agreement. Whatever a mapping does, its document alone stops."""
    try:
        return _written(row, agreement, known)
    except SchemaError as error:
        return Records(hold=unchecked(error, agreement, agreement.version, agreement.type, known.schemas))
    except MappingDefinitionError as error:
        return Records(hold=no_mapping(agreement, str(error)))
    except Exception as error:
        return Records(hold=no_mapping(agreement, error))


def layout_of(agreement: Agreement, known: Known) -> Layout:
    """The description of the files of an agreement on CSV. Raises SchemaError."""
    return known.schemas.csv.get(agreement.base or agreement.version, agreement.type).layout


def rows_of(segments: Sequence[Segment], layout: Layout) -> list[list[str]]:
    """The rows of a document that :func:`records_of` has made."""
    return csv_rows(segments, layout)


def raw_of(segments: list[Segment], standard: str, version: str, type: str) -> RawDocument:
    """Records that were written, as a reader of them would have them."""
    return RawDocument(
        standard=standard,
        type=type,
        version=version,
        association="",
        control_number="1",
        position=1,
        text=framed(segments),
        offset=0,
        length=0,
        delimiters=DELIMITERS,
        charset="utf-8",
    )


def _unwritable(segments: Sequence[Segment], agreement: Agreement, known: Known) -> Iterator[Issue]:
    """What the form of the file cannot have."""
    if agreement.standard == CSV:
        yield from unwritable(segments, layout_of(agreement, known))
        return
    form = Form(agreement.envelope.form == "flat", agreement.charset or "utf-8", 0, False)
    yield from lost_in(segments, known.schemas, form)


def _written(row: Any, agreement: Agreement, known: Known) -> Records:
    named = agreement.standard, agreement.version, agreement.type
    validator = known.schemas.validator(*named, base=agreement.base)
    mapping = known.mappings.get(agreement.mapping)
    if (mapping.format.standard, mapping.format.message, mapping.document) != (*named[::2], agreement.document):
        reason = f"it is for {mapping.document} as {mapping.format.message} in {mapping.format.standard}"
        return Records(hold=no_mapping(agreement, reason))
    document = from_own_json(row.canonical, bytes(row.body))
    writing = mapping.write(document, DELIMITERS)
    found, hold = of_writing(writing.issues, document, agreement)
    if hold is not None:
        return Records(hold=hold, remarks=found)
    segments = writing.segments
    if agreement.standard == CSV:
        segments = segments if any(each[0] == DOCUMENT for each in segments) else [[DOCUMENT], *segments]
    judged = as_agreed(
        (*validator.validate(raw_of(segments, *named)), *_unwritable(segments, agreement, known)), agreement
    )
    hold = as_received(judged, agreement)
    remarks = (*found, *judged)
    if hold is not None:
        return Records(hold=hold, remarks=remarks)
    return Records(tuple(segments), None, remarks, document.id or "", mapping.digest, validator.table.digest)
