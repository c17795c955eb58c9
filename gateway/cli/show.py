"""``crossdock show``: what is kept, byte for byte."""

from __future__ import annotations

from pathlib import Path

import click

from gateway.cli.session import Session, pass_session


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
    from gateway.core.spooled import Body, pieces_of
    from gateway.store import bodies, ids

    reference = ids.parse(id)
    with session.database() as database, database.read() as connection:
        found: Body = (bodies.canonical if canonical else bodies.kept)(connection, reference)
    with click.open_file("-" if output is None else str(output), "wb") as file:
        for piece in pieces_of(found):
            file.write(piece)
