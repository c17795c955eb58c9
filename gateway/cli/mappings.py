"""``crossdock mappings``: what is mapped to what, and whether the examples still hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.mapping_coverage import coverage
from gateway.cli.mapping_diff import diff
from gateway.cli.mapping_lint import lint
from gateway.cli.mapping_matrix import matrix
from gateway.cli.output import Column, Output, Record, facts, plain, results
from gateway.cli.root import Commands
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from rich.console import RenderableType

    from gateway.mapping.definition import Definition
    from gateway.mapping.lines import Block
    from gateway.mapping.xml_lines import XmlLine

_LIST = (
    Column("mapping", "name"),
    Column("standard", "standard"),
    Column("version", "version"),
    Column("message", "message"),
    Column("document", "document"),
    Column("examples", "examples", right=True),
    Column("", "error"),
)
_TEST = (
    Column("mapping", "name"),
    Column("examples", "examples", right=True),
    Column("works", "works", styled=True),
    Column("", "failures"),
)


@click.group(cls=Commands)
def mappings() -> None:
    """Mappings between formats and canonical documents."""


for command in (lint, coverage, diff, matrix):
    mappings.add_command(command)


@mappings.command("list")
@results
@pass_session
@click.pass_context
def list_(context: click.Context, session: Session, out: Output) -> None:
    """List all mappings; one that is wrong is listed with its first mistake.

    Example:

    \b
        crossdock mappings list
    """
    found = [_listed(session, name) for name in session.knowledge.mappings.names()]
    out.table(found, _LIST, "There are no mappings.")
    context.exit(int(any("error" in mapping for mapping in found)))


@mappings.command()
@click.argument("name", metavar="MAPPING", help="Its name, as crossdock mappings list says it.")
@results
@pass_session
def show(session: Session, name: str, out: Output) -> None:
    """Show a mapping with what it extends and borrows: each line that counts, and the file that it stands in.

    Example:

    \b
        crossdock mappings show x12/850
    """
    from gateway.mapping.definition import load

    mapping = session.knowledge.mappings.find(name)
    definition = load(name, session.knowledge.resources.mappings.files)
    record = {
        "name": name,
        "standard": mapping.format.standard,
        "version": mapping.format.version,
        "message": mapping.format.message,
        "document": mapping.document,
        "digest": mapping.digest,
        "files": sorted(definition.texts),
        "examples": [example.name for example in mapping.examples],
        "lines": list(_lines(definition.elements or definition.root, definition)),
    }
    out.record(record, _human)


@mappings.command()
@click.argument("names", nargs=-1, metavar="[MAPPING]…", help="Left out: all.")
@results
@pass_session
@click.pass_context
def test(context: click.Context, session: Session, names: tuple[str, ...], out: Output) -> None:
    """Run the examples that mappings carry (all mappings, when none is named). Exit code 1 when one fails.

    Example:

    \b
        crossdock mappings test
        crossdock mappings test x12/850
    """
    found = [_tested(session, name) for name in names or session.knowledge.mappings.names()]
    if not out.as_json:
        found = [mapping | {"failures": "\n".join(mapping["failures"])} for mapping in found]
    out.table(found, _TEST, "There are no mappings.")
    context.exit(int(not all(mapping["works"] for mapping in found)))


def _listed(session: Session, name: str) -> dict[str, Any]:
    from gateway.core.errors import ConfigurationError

    try:
        mapping = session.knowledge.mappings.find(name)
    except ConfigurationError as error:
        return {"name": name, "error": str(error)}
    return {"name": name, **mapping.format._asdict(), "document": mapping.document, "examples": len(mapping.examples)}


def _tested(session: Session, name: str) -> dict[str, Any]:
    from gateway.core.errors import ConfigurationError

    try:
        mapping = session.knowledge.mappings.find(name)
    except ConfigurationError as error:
        return {"name": name, "examples": 0, "works": False, "failures": [str(error)]}
    failures = mapping.check_examples()
    return {"name": name, "examples": len(mapping.examples), "works": not failures, "failures": failures}


def _lines(block: Block | XmlLine, definition: Definition, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The lines that hold in the end, each as its author wrote it."""
    from gateway.mapping.lines import Block
    from gateway.mapping.xml_lines import XmlLine

    for item in block.items:
        yield {"depth": depth, "text": _text(item.where, definition), "where": item.where}
        if isinstance(item, Block | XmlLine):
            yield from _lines(item, definition, depth + 1)
            continue
        for tail in getattr(item, "tails", ()):
            yield {"depth": depth + 1, "text": _text(tail.where, definition), "where": tail.where}


def _text(where: str, definition: Definition) -> str:
    file, _, number = where.rpartition(":")
    lines = definition.texts.get(file, "").splitlines()
    place = int(number) - 1
    return lines[place].strip() if place < len(lines) else ""


def _human(mapping: Record) -> RenderableType:
    from rich.console import Group
    from rich.table import Table

    lines = Table.grid(padding=(0, 4))
    for line in mapping["lines"]:
        lines.add_row(plain("  " * line["depth"] + line["text"]), plain(line["where"], "dim"))
    head = {name: value for name, value in mapping.items() if name != "lines"}
    head |= {name: ", ".join(mapping[name]) for name in ("files", "examples")}
    return Group(facts(head), "", lines)
