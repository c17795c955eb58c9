"""``crossdock show``: what is kept, byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gateway.store.ids import Reference


@click.command()
@click.argument("id", metavar="ID")
@click.option("--canonical", is_flag=True, help="The canonical JSON of a document, instead of its bytes.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@pass_session
def show(session: Session, id: str, canonical: bool, output: Path | None) -> None:
    """Print what is kept of a transmission (tx_…), an interchange (ic_…) or a document (doc_…), byte for byte.

    Example:

    \b
        crossdock show tx_17
        crossdock show tx_17 | crossdock explain -
        crossdock show --canonical doc_42
    """
    from gateway.store import bodies, ids

    reference = ids.parse(id)
    with session.database() as database, database.read() as connection:
        if canonical:
            found = bodies.canonical(connection, reference)
        else:
            found = _sent(connection, reference) or bodies.body(connection, reference)
    if output is not None:
        output.write_bytes(found)
        return
    with click.open_file("-", "wb") as stdout:
        stdout.write(found)


def _sent(connection: Connection, reference: Reference) -> bytes | None:
    """A document that we wrote, cut from the interchange that it left in."""
    from io import BytesIO

    from gateway.codecs import RawDocument, read
    from gateway.store import bodies, ids, queries

    row = (
        queries.rows(connection, "documents", [reference.id]).get(reference.id)
        if reference.kind == "document"
        else None
    )
    if row is None or row.direction != "out" or row.transmission_id is None:
        return None
    whole = bodies.body(connection, ids.Reference("transmission", row.transmission_id))
    found = (event for event in read(BytesIO(whole)) if isinstance(event, RawDocument))
    mine = next((event for event in found if event.position == row.position), None)
    return None if mine is None else whole[mine.offset : mine.offset + mine.length]
