"""Files of records (CSV, IDoc) for the commands: which description a file follows, and its documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gateway.codecs.bare import bare_header
from gateway.codecs.csv_read import csv_documents, fits
from gateway.codecs.detect import detect
from gateway.codecs.idoc_read import idoc_documents
from gateway.codecs.model import Address
from gateway.codecs.records import CSV, DELIMITERS, IDOC
from gateway.core.errors import SchemaError

if TYPE_CHECKING:
    from gateway.agreements import Party
    from gateway.codecs import InterchangeHeader, RawDocument
    from gateway.knowledge import Knowledge

#: What a file of records may look like.
PERHAPS = frozenset({"csv", "idoc", "unknown"})


class RecordFile(NamedTuple):
    """The documents of a file, and what its envelope would say."""

    header: InterchangeHeader
    documents: list[RawDocument]


def record_file(body: bytes, knowledge: Knowledge, partner: Party | None = None) -> RecordFile | None:
    """The file by the descriptions agreed with the partner, else by all there are: the first whose columns its first
    row names. None where there is none. Raises SchemaError on a description of the partner's that is wrong."""
    if detect(body[:8192]).format == IDOC:
        return _idocs(body, knowledge, partner)
    agreed = [a for a in partner.agreements if (a.standard, a.direction) == (CSV, "in")] if partner else []
    kinds = [(a.version, a.type) for a in agreed] or knowledge.schemas.csv.kinds()
    for version, type in kinds:
        try:
            layout = knowledge.schemas.csv.get(version, type).layout
        except SchemaError:
            if agreed:
                raise
            continue
        if len(agreed) == 1 or fits(body, layout):
            sides = Address(partner.id if partner else ""), Address("")
            header = bare_header(CSV, *sides, "", version=version, charset=layout.encoding, delimiters=DELIMITERS)
            return RecordFile(header, list(csv_documents(body, layout, version, type, knowledge.limits)))
    return None


def _idocs(body: bytes, knowledge: Knowledge, partner: Party | None) -> RecordFile:
    found = list(idoc_documents(body, knowledge.schemas.idoc.segment, knowledge.limits))
    control = found[0][1] if found else {}
    header = bare_header(
        IDOC,
        Address(partner.id if partner else control.get("SNDPRN", "")),
        Address(control.get("RCVPRN", "")),
        control.get("DOCNUM", ""),
        version=control.get("IDOCTYP", ""),
        test=bool(control.get("TEST")),
        delimiters=DELIMITERS,
    )
    return RecordFile(header, [raw for raw, _ in found])
