"""A document as a file with one IDoc, whose control record is made of the identities of both sides. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gateway.agreements import Agreement
from gateway.codecs.idoc_columns import CONTROL
from gateway.codecs.idoc_write import idoc_flat, idoc_xml, without_column, without_place
from gateway.codecs.model import Address, Segment
from gateway.codecs.records import IDOC
from gateway.core.errors import UnwritableError
from gateway.core.issues import Issue, Location
from gateway.grammar import Schemas
from gateway.grammar.idoc_tables import placed
from gateway.pipeline.context import Known

MICROSECONDS = 1_000_000

#: Direction 2: into SAP.
_INBOUND = "2"


def sides_of(agreement: Agreement, known: Known) -> list[Address]:
    """Sender and receiver: port (routing), partner type (qualifier) and number. Raises UnwritableError."""
    found = []
    for id in (agreement.with_, agreement.party):
        identity = known.agreements.party(id).identity(IDOC)
        if identity is None:
            reason = f"{id} has no [[identity]] for {IDOC}"
            raise UnwritableError(Issue("GTW-ENVELOPE", value=agreement.name, params={"reason": reason}))
        found.append(identity.address)
    return found


class Form(NamedTuple):
    """How an IDoc is written. ``number`` is its own."""

    flat: bool
    charset: str
    number: int
    test: bool


def idoc_file(
    segments: Sequence[Segment], agreement: Agreement, sides: Sequence[Address], known: Known, number: int, at: int
) -> bytes:
    """The file; ``number`` is the IDoc's, ``at`` in microseconds."""
    test = agreement.lane == "test" if agreement.envelope.test is None else agreement.envelope.test
    form = Form(agreement.envelope.form == "flat", agreement.charset or "utf-8", number, test)
    version = agreement.base or agreement.version
    return written_idoc(segments, version, agreement.type, sides, known.schemas, form, at)


def written_idoc(
    segments: Sequence[Segment],
    version: str,
    type: str,
    sides: Sequence[Address],
    schemas: Schemas,
    form: Form,
    at: int,
) -> bytes:
    """A file with one IDoc of a basic type and message type."""
    sender, receiver = sides
    now = dt.datetime.fromtimestamp(at // MICROSECONDS, dt.UTC)
    control = {
        "TABNAM": CONTROL,
        "DOCNUM": f"{form.number:016d}",
        "DIRECT": _INBOUND,
        "TEST": "X" if form.test else "",
        "IDOCTYP": version,
        "MESTYP": type,
        "SNDPOR": sender.routing,
        "SNDPRT": sender.qualifier,
        "SNDPRN": sender.identifier,
        "RCVPOR": receiver.routing,
        "RCVPRT": receiver.qualifier,
        "RCVPRN": receiver.identifier,
        "CREDAT": now.strftime("%Y%m%d"),
        "CRETIM": now.strftime("%H%M%S"),
    }
    body = list(placed(schemas.idoc.table(version, type), segments))
    if form.flat:
        return idoc_flat(control, body, schemas.idoc.segment, form.charset)
    return idoc_xml(control, body, schemas.idoc.segment)


def lost_in(segments: Sequence[Segment], schemas: Schemas, form: Form) -> Iterator[Issue]:
    """What the form of the file cannot have."""
    for segment in segments:
        for scheme in without_place(segment, schemas.idoc.segment):
            yield Issue("REC-W04", Location(tag=segment[0]), scheme)
        if form.flat:
            for value in segment[1:]:
                if not _has(form.charset, value):
                    params = {"column": segment[0], "encoding": form.charset}
                    yield Issue("REC-W02", Location(tag=segment[0]), value, params)
            for name in without_column(segment, schemas.idoc.segment):
                yield Issue("REC-W03", Location(tag=segment[0], reference=name), params={"column": name})


def _has(charset: str, value: str) -> bool:
    try:
        value.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
