"""A document as a file with one IDoc, whose control record is made of the identities of both sides. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from gateway.agreements import Agreement
from gateway.codecs.idoc_columns import CONTROL
from gateway.codecs.idoc_write import idoc_flat, idoc_xml
from gateway.codecs.model import Address, Segment
from gateway.codecs.records import IDOC
from gateway.core.errors import UnwritableError
from gateway.core.issues import Issue
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


def idoc_file(
    segments: Sequence[Segment], agreement: Agreement, sides: Sequence[Address], known: Known, number: int, at: int
) -> bytes:
    """The file; ``number`` is the IDoc's, ``at`` in microseconds."""
    sender, receiver = sides
    now = dt.datetime.fromtimestamp(at // MICROSECONDS, dt.UTC)
    version = agreement.base or agreement.version
    test = agreement.lane == "test" if agreement.envelope.test is None else agreement.envelope.test
    control = {
        "TABNAM": CONTROL,
        "DOCNUM": f"{number:016d}",
        "DIRECT": _INBOUND,
        "TEST": "X" if test else "",
        "IDOCTYP": version,
        "MESTYP": agreement.type,
        "SNDPOR": sender.routing,
        "SNDPRT": sender.qualifier,
        "SNDPRN": sender.identifier,
        "RCVPOR": receiver.routing,
        "RCVPRT": receiver.qualifier,
        "RCVPRN": receiver.identifier,
        "CREDAT": now.strftime("%Y%m%d"),
        "CRETIM": now.strftime("%H%M%S"),
    }
    body = list(placed(known.schemas.idoc.table(version, agreement.type), segments))
    if agreement.envelope.form == "flat":
        return idoc_flat(control, body, known.schemas.idoc.segment, agreement.charset or "utf-8")
    return idoc_xml(control, body, known.schemas.idoc.segment)
