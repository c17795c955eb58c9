"""``crossdock receive``: files as if they had arrived."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.inputs import FILE, opened, shown
from gateway.cli.output import STYLES, Output, Record, plain, results
from gateway.cli.session import Session, pass_session
from gateway.cli.work import process_option, work_until_idle
from gateway.core.spooled import PIECE, Body

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from gateway.service import Service

#: What a transmission may be at the end, for the answer to be yes.
_WELL = frozenset({"received", "translated", "duplicate"})
_DOCUMENT = ("id", "type", "control_number", "business_key", "status", "reason")
_SENT = ("id", "endpoint", "file_name", "status")
_BADLY = frozenset({"refused", "held", "failed", "withheld", "stopped", "rejected"})


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE…", help="- is standard input.")
@click.option("--from", "party", metavar="PARTY", help="Through the door of this party.")
@process_option
@results
@pass_session
@click.pass_context
def receive(
    context: click.Context, session: Session, files: tuple[str, ...], party: str | None, process: bool, out: Output
) -> None:
    """Hand in files as if they had arrived, and see what becomes of them.

    Prints the id of each transmission. Everything is worked on here and now: documents are translated, handled,
    answered and delivered; with --no-process they are only stored. Exit code 1 when something was refused, held or
    failed.

    Example:

    \b
        crossdock receive order.edi
        crossdock receive --from globex --no-process in/*.edi
    """
    with session.service() as service:
        most = session.config.limits.transmission_bytes
        ids = service.desk.receive([(Path(path).name, _read(path, most, service)) for path in files], party)
        if process:
            work_until_idle(service)
        well = True
        for path, id in zip(files, ids, strict=True):
            record = _outcome(service, shown(path), id, process)
            well &= not record.pop("bad", False)
            out.record(record, _human)
    context.exit(int(not well))


def _read(path: str, most: int, service: Service) -> Body:
    from gateway.core.errors import TooLargeError, UnreadableError

    with opened(path) as stream, service.database.payloads.write(most) as writer:
        try:
            while piece := stream.read(PIECE):
                writer.write(piece)
        except TooLargeError:
            text = f"{shown(path)} has more than {most} bytes."
            raise UnreadableError(text, hint="See limits.transmission_bytes.") from None
        return writer.finish()


def _outcome(service: Service, name: str, id: int, process: bool) -> dict[str, Any]:
    """What became of one file."""
    from gateway.store.ids import Reference
    from gateway.store.story import story_of
    from gateway.store.timeline import timeline

    reference = Reference("transmission", id)
    head: dict[str, Any] = {"file": name, "transmission": str(reference)}
    if not process:
        return head | {"status": "received"}
    story = story_of(reference, timeline(service.database, reference))
    here = next(row for row in story["transmissions"] if row["id"] == str(reference))
    documents = [row for row in story["documents"] if row.get("transmission") == str(reference)]
    sent = [row for row in story["transmissions"] if row["direction"] == "out"]
    states = {row["status"] for row in (*documents, *sent)}
    return {
        **head,
        "status": here["status"],
        **({"reason": here["reason"]} if "reason" in here else {}),
        "documents": [_some(row, _DOCUMENT) for row in documents],
        "sent": [_some(row, _SENT) for row in sent],
        "issues": story["issues"],
        "holds": [row for row in story["holds"] if "released_at" not in row],
        "bad": here["status"] not in _WELL or bool(states & _BADLY),
    }


def _some(row: Record, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names if name in row}


def _human(record: Record) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding

    from gateway.cli.issue_table import issue_table
    from gateway.cli.story import show_hold, told

    lines: list[RenderableType] = []
    for row in record.get("documents", ()):
        words = (row["id"], row["type"], row.get("control_number"), row.get("business_key"))
        lines.append(_line("→ " + "  ".join(filter(None, words)), row["status"]))
    sent = record.get("sent", ())
    lines += [_line(f"← {row['id']}  {row['endpoint']}/{row['file_name']}", row["status"]) for row in sent]
    if issues := told(record) if "issues" in record else []:
        lines.append(issue_table(issues))
    for hold in record.get("holds", ()):
        lines += show_hold(hold)
    head = _line(f"{record['transmission']}  {record['file']}", record["status"])
    return Group(head, *(Padding(line, (0, 0, 0, 2), expand=False) for line in lines))


def _line(text: str, status: str) -> Text:
    return plain(text + "  ").append(status, STYLES.get(status, ""))
