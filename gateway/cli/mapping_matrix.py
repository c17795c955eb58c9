"""``crossdock mappings matrix``: what comes in by one mapping of a row can leave by another."""

from __future__ import annotations

import click

from gateway.cli.output import Column, Output, results
from gateway.cli.session import Session, pass_session


@click.command()
@results
@pass_session
def matrix(session: Session, out: Output) -> None:
    """Say by which mapping each canonical document is read from and written in each format; - where there is none.

    What comes in by one mapping of a row can leave by another. Mappings that extend another one are not shown. JSON
    needs no mapping: every canonical document is JSON.

    Example:

    \b
        crossdock mappings matrix
    """
    found = session.knowledge.mappings.matrix()
    rows = [
        {"document": document} | {standard: [cell.name for cell in cells] for standard, cells in row.items()}
        for document, row in found.items()
    ]
    if not out.as_json:
        rows = [{key: _shown(value) for key, value in row.items()} for row in rows]
    out.table(rows, [Column(key, key) for key in rows[0]])


def _shown(value: str | list[str]) -> str:
    """A mapping on each line."""
    return value if isinstance(value, str) else "\n".join(value) or "-"
