"""The bytes that are kept of a transmission, an interchange or a document."""

from __future__ import annotations

from sqlalchemy import Connection

from gateway.codecs import RawDocument, read
from gateway.core.errors import NotFoundError
from gateway.core.spooled import Body, open_body, part_of, size_of
from gateway.store.database import payloads_of
from gateway.store.ids import Reference
from gateway.store.parts import Part
from gateway.store.queries import rows
from gateway.store.statements import both, run

_WHOLE = both(
    "SELECT p.body, p.file, p.size FROM transmissions t JOIN payloads p ON p.id = t.payload_id WHERE t.id = :id"
)
_PART = {
    table: both(
        f'SELECT p.body, p.file, p.size, x."offset" AS start, x.length FROM {table} x '  # noqa: S608 - one of two names
        "JOIN transmissions t ON t.id = x.transmission_id JOIN payloads p ON p.id = t.payload_id "
        "WHERE x.id = :id AND x.length > 0"
    )
    for table in ("interchanges", "documents")
}
_CANONICAL = both("SELECT p.body FROM documents d JOIN payloads p ON p.id = d.payload_id WHERE d.id = :id")


def kept(connection: Connection, reference: Reference) -> Body:
    """What is kept, byte for byte: also of a document that we wrote, cut from the interchange that it left in.

    Raises NotFoundError as :func:`body` does.
    """
    return _sent(connection, reference) or body(connection, reference)


def _sent(connection: Connection, reference: Reference) -> bytes | None:
    if reference.kind != "document":
        return None
    row = rows(connection, "documents", [reference.id]).get(reference.id)
    if row is None or row.direction != "out" or row.transmission_id is None:
        return None
    whole = body(connection, Reference("transmission", row.transmission_id))
    with open_body(whole) as stream:
        found = (event for event in read(stream) if isinstance(event, RawDocument))
        mine = next((event for event in found if event.position == row.position), None)
    return None if mine is None else part_of(whole, mine.offset, mine.length)


def body(connection: Connection, reference: Reference) -> Body:
    """As it came, or as it went. Raises NotFoundError where there is no such thing or none of its own bytes."""
    whole = reference.kind == "transmission"
    row = run(connection, _WHOLE if whole else _PART[reference.table], id=reference.id).first()
    found = None if row is None else payloads_of(connection).body_of(row)
    if row is None or found is None:
        raise NotFoundError(f"There are no bytes of {reference}.", hint=f"crossdock trace {reference}")
    if whole or (row.start, row.length) == (0, size_of(found)):
        return found
    return part_of(found, row.start, row.length) if isinstance(found, bytes) else Part(found, row.start, row.length)


def canonical(connection: Connection, reference: Reference) -> bytes:
    """The canonical document as JSON. Raises NotFoundError where there is none."""
    if reference.kind == "document":
        row = run(connection, _CANONICAL, id=reference.id).first()
        if row is not None:
            return bytes(row.body)
    raise NotFoundError(f"{reference} has no canonical document.", hint=f"crossdock trace {reference}")
