"""What is kept of an AS2 exchange as it went over the wire: headers and body."""

from __future__ import annotations

from json import loads

from sqlalchemy import Connection

from gateway.core.errors import NotFoundError
from gateway.core.exchanges import Pairs
from gateway.core.spooled import Body
from gateway.store.database import payloads_of
from gateway.store.ids import Reference
from gateway.store.statements import both, run

#: A message that came in; the MDN that came for one of ours; an MDN by itself, which came or left.
_WAYS = (
    both("SELECT headers, request_id AS payload FROM exchanges WHERE transmission_id = :id AND direction = 'in'"),
    both(
        "SELECT mdn_headers AS headers, mdn_id AS payload FROM exchanges WHERE transmission_id = :id "
        "AND direction = 'out' AND mdn_id IS NOT NULL ORDER BY id DESC LIMIT 1"
    ),
    both("SELECT headers, payload_id AS payload FROM transmissions WHERE id = :id AND format = 'MDN'"),
)
_PAYLOAD = both("SELECT body, file, size FROM payloads WHERE id = :id")


def wire_of(connection: Connection, reference: Reference) -> tuple[Pairs, Body]:
    """The request of a transmission that came by AS2, or the MDN of one that left.

    Raises :class:`~gateway.core.errors.NotFoundError` where neither is kept.
    """
    if reference.kind == "transmission":
        for way in _WAYS:
            row = run(connection, way, id=reference.id).first()
            payload = None if row is None else run(connection, _PAYLOAD, id=row.payload).first()
            found = None if payload is None else payloads_of(connection).body_of(payload)
            if row is not None and found is not None:
                return _pairs(row.headers), found
    text = f"{reference} did not come by AS2, and no MDN for it is kept."
    raise NotFoundError(text, hint=f"crossdock trace {reference} shows the transmissions that it belongs to.")


def _pairs(headers: str) -> Pairs:
    """Those of an MDN of ours stand with the URL that it goes to."""
    found = loads(headers)
    return tuple((name, value) for name, value in (loads(found["headers"]) if isinstance(found, dict) else found))
