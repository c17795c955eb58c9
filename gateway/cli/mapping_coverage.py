"""``crossdock mappings coverage``: how much a mapping ties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from gateway.cli.inputs import FILE
from gateway.cli.output import Column, Output, Record, facts, plain, results, table
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from rich.console import RenderableType

    from gateway.mapping.coverage import Coverage

_PLACES = (
    Column("place", "place"),
    Column("times", "times", right=True),
    Column("documents", "documents", right=True),
    Column("for instance", "sample"),
    Column("why", "reason"),
)
_IDLE = (Column("line", "line"), Column("field", "field"))


@click.command()
@click.argument("name", metavar="MAPPING", help="Its name, as crossdock mappings list says it, or its file.")
@click.argument("files", nargs=-1, type=FILE, metavar="[FILE]…", help="Interchanges to count in.")
@results
@pass_session
@click.pass_context
def coverage(context: click.Context, session: Session, name: str, files: tuple[str, ...], out: Output) -> None:
    """Say which segments of the message and fields of the document a mapping ties; with files, what it takes of them.

    Documents of other types in the files are passed over. Exit code 1 when there is no document of the mapping's.

    Example:

    \b
        crossdock mappings coverage x12/850
        crossdock mappings coverage x12/850 archive/*.edi
    """
    from gateway.cli.mapping_files import documents_of, mapping_of
    from gateway.mapping.coverage import Coverage, static

    mapping = mapping_of(session, name)
    if not files:
        out.record({"mapping": name, **static(mapping)._asdict()}, _static)
        return
    found = Coverage(mapping)
    for _, document in documents_of(files, session, mapping):
        found.add(document.segments(), document.delimiters)
    out.record(_counted(name, found), _shown)
    context.exit(int(not found.documents))


def _counted(name: str, found: Coverage) -> dict[str, Any]:
    return {
        "mapping": name,
        "documents": found.documents,
        "unreadable": found.unreadable,
        "segments": found.segments,
        "segments_taken": found.segments_taken,
        "elements": found.elements,
        "elements_taken": found.elements_taken,
        "places": [place._asdict() for place in found.places()],
        "fields": dict(sorted(found.fields.items())),
        "idle": [{"line": where, "field": field} for where, field in found.idle()],
    }


def _static(record: Record) -> RenderableType:
    from rich.console import Group

    counts = {
        "mapping": record["mapping"],
        "segments": _of(len(record["segments"]), len(record["segments"]) + len(record["untied_segments"])),
        "fields": _of(len(record["fields"]), len(record["fields"]) + len(record["untied_fields"])),
        "segments without a line": " ".join(record["untied_segments"]),
        "fields without a line": " ".join(record["untied_fields"]),
    }
    return Group(facts(counts))


def _shown(record: Record) -> RenderableType:
    from rich.console import Group

    counts = {
        "mapping": record["mapping"],
        "documents": record["documents"],
        "not readable by it": record["unreadable"] or "",
        "segments taken": _of(record["segments_taken"], record["segments"]),
        "elements taken": _of(record["elements_taken"], record["elements"]),
    }
    parts: list[RenderableType] = [facts(counts)]
    if record["places"]:
        parts += ["", plain("What no line takes:"), table(record["places"], _PLACES)]
    if record["idle"]:
        parts += ["", plain("Lines that took nothing:"), table(record["idle"], _IDLE)]
    return Group(*parts)


def _of(part: int, whole: int) -> str:
    share = f" ({100 * part // whole} %)" if whole else ""
    return f"{part} of {whole}{share}"
