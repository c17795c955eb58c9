"""``crossdock schemas list`` and ``codes``: which tables there are, and what the values of a coded element mean."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.output import Column, Output, results
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from gateway.grammar import Schemas
    from gateway.grammar.schemas import Available

STANDARD = click.Choice(("x12", "edifact"))
_LISTED = click.Choice(("x12", "edifact", "ubl", "csv", "idoc", "ceb"))

_MESSAGES = (
    Column("standard", "standard"),
    Column("version", "version"),
    Column("type", "type"),
    Column("name", "name"),
    Column("source", "source"),
)
_VERSIONS = (
    Column("standard", "standard"),
    Column("version", "version"),
    Column("messages", "messages", right=True),
    Column("source", "source"),
)
_CODES = (Column("value", "value"), Column("meaning", "words"))


@click.command("list")
@click.argument("standard", type=_LISTED, required=False, help="Of this standard.")
@click.argument("version", required=False, default="", help="Of this version: 004010, D.96A, 2.1.")
@click.argument("message", required=False, default="", help="Only this message: 850, ORDERS, Invoice.")
@click.option("--type", default="", metavar="TYPE", help="The same, without a standard or version.")
@results
@pass_session
def list_(session: Session, standard: str | None, version: str, message: str, type: str, out: Output) -> None:
    """List the messages that can be checked; without a version or type, the versions and how many each has.

    With --json it is always the messages.

    Example:

    \b
        crossdock schemas list
        crossdock schemas list x12 004010
        crossdock schemas list x12 004010 850
        crossdock schemas list --type ORDERS
        crossdock schemas list ubl 2.1
    """
    type = message or type
    found = [one._asdict() for one in _available(session.knowledge.schemas, standard or "", version, type)]
    if version or type or out.as_json:
        out.table(found, _MESSAGES, "There are no such tables.")
        return
    counted: dict[tuple[str, str, str], int] = {}
    for one in found:
        place = (one["standard"], one["version"], one["source"])
        counted[place] = counted.get(place, 0) + 1
    rows = [{"standard": s, "version": v, "source": source, "messages": n} for (s, v, source), n in counted.items()]
    out.table(rows, _VERSIONS, "There are no tables.")


def _available(schemas: Schemas, standard: str, version: str, type: str) -> Iterator[Available]:
    """Those of X12 and EDIFACT, then all others."""
    from gateway.codecs.ceb import CEB, EDITION
    from gateway.codecs.records import CSV, IDOC
    from gateway.codecs.ubl import UBL
    from gateway.grammar.schemas import Available

    others = {
        UBL: [(each, kind) for each in schemas.xml.versions() for kind in schemas.xml.types(each)],
        CSV: schemas.csv.kinds(),
        IDOC: schemas.idoc.kinds(),
        CEB: [(EDITION, kind) for kind in schemas.ceb.types()],
    }
    if standard not in others:
        yield from schemas.available(standard, version, type)
    for of, kinds in others.items():
        if standard in ("", of):
            yield from (Available(of, v, kind, "") for v, kind in kinds if version in ("", v) and type in ("", kind))


@click.command()
@click.argument("standard", type=STANDARD, help="Of which standard.")
@click.argument("version", help="004010, D.96A.")
@click.argument("element", help="The number of the element: 98, 1001.")
@click.argument("words", nargs=-1, help="Only values that are this, or whose meaning has it.")
@click.option(
    "--import",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Add the values of this CSV or TSV file (value, meaning) to the home.",
)
@results
@pass_session
def codes(
    session: Session, standard: str, version: str, element: str, words: tuple[str, ...], file: Path | None, out: Output
) -> None:
    """Look up the values of a coded element, or add values of your own.

    Values are added to schemas/ of the home and hold beside the bundled ones. An element that had no list takes only
    what is listed from then on.

    Example:

    \b
        crossdock schemas codes x12 004010 98 ship
        crossdock schemas codes edifact D.96A 2005
        crossdock --home dock schemas codes x12 004010 355 --import units.csv
    """
    if file is not None:
        from gateway.cli.schema_codes import import_codes

        out.table([import_codes(session, standard, version, element, file)], (Column("written", "file"),))
        return
    found = session.knowledge.schemas.words(standard, version, element)
    wanted = [word.lower() for word in words]
    rows = [
        {"value": value, "words": said}
        for value, said in sorted(found.items(), key=lambda pair: (len(pair[0]), pair[0]))
        if all(word == value.lower() or word in said.lower() for word in wanted)
    ]
    out.table(rows, _CODES, f"Values of element {element} are not listed." if not found else "Nothing found.")
