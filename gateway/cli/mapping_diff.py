"""``crossdock mappings diff``: what a change of a mapping changes in documents."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.inputs import FILE
from gateway.cli.output import Column, Output, plain, results, table
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from gateway.codecs import RawDocument
    from gateway.mapping.difference import Difference

_CHANGES = (
    Column("field", "field"),
    Column("old", "old"),
    Column("new", "new"),
)
_COUNTS = (Column("field", "kind"), Column("changes", "times", right=True))


@click.command()
@click.argument("old", metavar="OLD", help="A mapping, by its name or file.")
@click.argument("new", metavar="NEW", help="Another version of it, likewise.")
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE…", help="Interchanges to read by both.")
@results
@pass_session
@click.pass_context
def diff(context: click.Context, session: Session, old: str, new: str, files: tuple[str, ...], out: Output) -> None:
    """Read documents by two versions of a mapping, and say which fields and issues differ.

    Documents of other types in the files are passed over. Exit code 1 when anything differs.

    Example:

    \b
        crossdock mappings diff x12/850 partners/hooli-850 archive/*.edi
        crossdock mappings diff partners/hooli-850 /tmp/hooli-850.toml archive/*.edi
    """
    from gateway.cli.mapping_files import documents_of, mapping_of
    from gateway.core.errors import UsageError
    from gateway.mapping.difference import difference

    left, right = mapping_of(session, old), mapping_of(session, new)
    if (left.format.standard, left.format.message) != (right.format.standard, right.format.message):
        raise UsageError(f"{old} is for {' '.join(left.format)}, {new} for {' '.join(right.format)}.")
    counts: Counter[str] = Counter()
    records, documents, differing = [], 0, 0
    for file, document in documents_of(files, session, left):
        found = difference(left, right, document.segments(), document.delimiters)
        documents += 1
        differing += bool(found.changes or found.issues)
        counts.update(change.kind for change in found.changes)
        records += list(_rows(file, document, found))
    if out.as_json:
        out.table(records, ())
    else:
        _tell(out, records, counts, documents, differing)
    context.exit(int(bool(differing)))


def _rows(file: str, document: RawDocument, found: Difference) -> Iterator[dict[str, Any]]:
    about = {"file": file, "type": document.type, "reference": document.control_number}
    for change in found.changes:
        yield about | {"field": change.field, "old": change.old, "new": change.new}
    for said in found.issues:
        yield about | said._asdict()


def _tell(out: Output, records: list[dict[str, Any]], counts: Counter[str], documents: int, differing: int) -> None:
    """For people: the differences of each document, then how often each field is concerned."""
    for (file, reference), rows in groupby(records, lambda record: (record["file"], record["reference"])):
        out.show(plain(f"{file}: document {reference}", "bold"))
        out.show(table([_row(record) for record in rows], _CHANGES))
    if len(records) > len(counts) > 1:
        out.show(table([{"kind": kind, "times": times} for kind, times in counts.most_common()], _COUNTS))
    alike = f"All {documents} documents are read alike."
    out.show(plain(f"{differing} of {documents} documents differ." if differing else alike))


def _row(record: dict[str, Any]) -> dict[str, Any]:
    if "issue" in record:
        said = f"{record['issue']}: {record['text']}"
        return {"field": record["field"] or record["severity"], "new" if record["appears"] else "old": said}
    return record | {"old": _json(record["old"]), "new": _json(record["new"])}


def _json(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
