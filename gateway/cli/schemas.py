"""``crossdock schemas``: the tables that documents are checked against."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import click

from gateway.cli.output import Column, Output, results
from gateway.cli.root import Commands
from gateway.cli.schema_lists import STANDARD, codes, list_
from gateway.cli.schema_view import SchemaRecord, show_schema
from gateway.cli.session import Session, pass_session

_GUIDES = (
    Column("version", "directory"),
    Column("guide", "name"),
    Column("messages", "types"),
    Column("title", "title"),
)


@click.group(cls=Commands)
def schemas() -> None:
    """Tables of messages, segments, elements and codes."""


schemas.add_command(list_)
schemas.add_command(codes)


@schemas.command()
@click.argument("standard", type=STANDARD, help="Of which standard.")
@click.argument("version", help="004010, D.96A.")
@click.argument("type", help="850, ORDERS.")
@click.option("--segment", "segments", multiple=True, metavar="TAG", help="With the elements of this segment.")
@click.option("--tables", is_flag=True, help="With the elements of all its segments.")
@click.option("--guide", default="", metavar="NAME", help="As this guide of a partner narrows it.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write it as a page with everything.")
@results
@pass_session
def show(
    session: Session,
    standard: str,
    version: str,
    type: str,
    segments: tuple[str, ...],
    tables: bool,
    guide: str,
    html: Path | None,
    out: Output,
) -> None:
    """Show a message as a tree: segments and loops, mandatory or optional, how often; and what segments consist of.

    With --guide, or a version that names one (004010VICS), what the guide changed is marked.

    Example:

    \b
        crossdock schemas show x12 004010 850
        crossdock schemas show edifact D.96A ORDERS --segment LIN
        crossdock schemas show x12 004010 850 --guide acme --html acme-850.html
    """
    from gateway.cli.schema_page import schema_page
    from gateway.core.errors import NotFoundError
    from gateway.grammar.versions import base_version, of_guide

    known = session.knowledge.schemas
    message = known.message(standard, version, type, guide=guide)
    plain = version if of_guide(standard, version) else base_version(standard, version, type)
    below = known.message(standard, plain, type) if message.guide else None
    used = [node.tag for node in message.root.walk() if node.parent is not None and not node.is_loop]
    missing = [tag for tag in segments if tag not in used]
    if missing:
        there = ", ".join(dict.fromkeys(used))
        raise NotFoundError(f"{type} {version} has no segment {missing[0]}.", hint=f"It has: {there}.")
    wanted = list(dict.fromkeys(used)) if tables or out.as_json else segments
    made = SchemaRecord(message, lambda reference: known.words(standard, version, reference), below)
    if html is not None:
        html.write_text(schema_page(made.record((), full=True)), encoding="utf-8")
        return
    out.record(made.record(wanted), show_schema)


@schemas.command()
@results
@pass_session
def guides(session: Session, out: Output) -> None:
    """List the guides by which partners narrow messages.

    Example:

    \b
        crossdock schemas guides
    """
    known = session.knowledge.schemas
    each = (known.guide(directory, name) for directory, name in known.guide_names())
    found = [one._asdict() | {"types": ", ".join(one.types)} for one in each]
    out.table(found, _GUIDES, "There are no guides: crossdock guide learn proposes one.")


@schemas.command()
@click.argument("facts", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Tables of a version.")
@click.option("--message", "messages", multiple=True, metavar="TYPE", help="A message to convert: 850. Left out: all.")
@click.option("--names", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="X12 facts with names.")
@click.option(
    "--codes", "coded", multiple=True, metavar="ELEMENT", help="Elements whose codes are listed. Left out: the usual."
)
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), required=True, help="A folder schemas/.")
@results
@pass_session
def convert(
    session: Session,
    facts: Path,
    messages: tuple[str, ...],
    names: Path | None,
    coded: tuple[str, ...],
    into: Path,
    out: Output,
) -> None:
    """Make tables of your own from facts in JSON (.json, .json.gz); words that stand beside codes there are kept.

    Example:

    \b
        crossdock schemas convert D01B.json --message DESADV --into dock/schemas
    """
    from gateway.grammar.convert import convert as made

    def existing(name: str) -> str | None:
        return (into / name).read_text(encoding="utf-8") if (into / name).is_file() else None

    files = made(
        _read(facts),
        messages or None,
        names=_read(names) if names else None,
        codes=coded or None,
        existing=existing,
    )
    for name, text in files.items():
        place = into / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    out.table([{"file": str(into / name), "lines": text.count("\n")} for name, text in files.items()], _WRITTEN)


_WRITTEN = (Column("written", "file"), Column("lines", "lines", right=True))


def _read(path: Path) -> dict[str, Any]:
    from gateway.core.errors import UnreadableError

    try:
        body = path.read_bytes()
        found = json.loads(gzip.decompress(body) if path.suffix == ".gz" else body)
    except (ValueError, OSError, EOFError) as error:
        raise UnreadableError(f"{path} cannot be read as JSON: {error}.") from error
    if not isinstance(found, dict):
        raise UnreadableError(f"{path} is no table of facts.")
    return found
