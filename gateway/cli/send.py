"""``crossdock send``: documents of our own on their way to a party."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.inputs import FILE, opened, shown
from gateway.cli.output import STYLES, Output, Record, plain, results
from gateway.cli.session import Session, pass_session
from gateway.cli.work import process_option, work_until_idle

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType

    from gateway.agreements import Agreement, Endpoint
    from gateway.canonical import Document
    from gateway.pipeline.lines import Line
    from gateway.service import Service

_DOCUMENT = ("id", "type", "control_number", "business_key", "status", "reason")
_SENT = ("id", "endpoint", "file_name", "status")
_BADLY = frozenset({"withheld", "stopped", "rejected", "cancelled"})


@click.command()
@click.argument("file", type=FILE, metavar="FILE", help="- is standard input.")
@click.option("--to", "party", required=True, metavar="PARTY", help="Who gets it.")
@click.option("--from", "own", metavar="OWN", help="Which of our own parties sends it. Left out: the one that can.")
@click.option("--as", "kind", metavar="DOCUMENT", help='What the JSON is, where no key "document" says it.')
@click.option("--lane", type=click.Choice(("production", "test")), help="Left out: production, or as the file says.")
@click.option(
    "--attach",
    "attached",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Goes with it as a further part, at an AS2 endpoint with attachments = true. May be repeated.",
)
@process_option
@results
@pass_session
@click.pass_context
def send(
    context: click.Context,
    session: Session,
    file: str,
    party: str,
    own: str | None,
    kind: str | None,
    lane: str | None,
    attached: tuple[Path, ...],
    process: bool,
    out: Output,
) -> None:
    """Send a document to a party: canonical JSON, or an interchange that is ready.

    Canonical documents (JSON, or JSON Lines) are written as the party's agreement says: X12, EDIFACT, UBL or JSON, in
    its envelope, with the next control number. An interchange in X12 or EDIFACT leaves byte for byte; it must be from
    one of our own parties to this one, with a control number that was not used. Exit code 1 when something cannot
    leave.

    Example:

    \b
        crossdock send answer.json --to globex
        crossdock send order.json --to initech --lane test
        crossdock send ready.x12 --to globex --json
        crossdock send invoice.json --to globex --attach certificate-of-origin.pdf
    """
    from gateway.codecs import detect
    from gateway.core.errors import UsageError

    with opened(file) as stream:
        body = stream.read(session.config.limits.transmission_bytes + 1)
    if len(body) > session.config.limits.transmission_bytes:
        raise click.UsageError(f"{shown(file)} is too long. See limits.transmission_bytes.")
    format = detect(body[:4096]).format
    if format == "ubl":
        hint = "crossdock translate FILE --to canonical makes the JSON that can be sent."
        raise UsageError(f"{shown(file)} is UBL that is ready: it is not sent as it stands.", hint=hint)
    ready = format in ("x12", "edifact")
    enclosed = [(each.name, each.read_bytes()) for each in attached]
    with session.service() as service:
        if ready:
            _check_doors(enclosed, service.context.agreements.party(party).endpoints)
            ids = service.desk.pass_through(Path(file).name, body, party, own, enclosed)
        else:
            documents, said = _documents(body, shown(file), kind, party)
            ways = _ways(service, documents, party, own, lane or said or "production")
            _check_doors(enclosed, [service.context.agreements.endpoint(way.endpoint) for each in ways for way in each])
            ids = [service.desk.hand_out(Path(file).name, body, documents, ways, enclosed)]
        if process:
            work_until_idle(service)
        record = _outcome(service, shown(file), party, ids)
        well = not record.pop("bad")
        out.record(record, _human)
    context.exit(int(not well))


def _check_doors(enclosed: Sequence[object], doors: Iterable[Endpoint]) -> None:
    """Raises UsageError where what is attached would stay here."""
    from gateway.core.errors import UsageError

    if enclosed and not any(door.options.get("attachments") for door in doors if door.direction == "out"):
        hint = 'attachments = true at an endpoint with connector = "as2".'
        raise UsageError("Nothing can be attached to what leaves there.", hint=hint)


def _documents(body: bytes, name: str, kind: str | None, party: str) -> tuple[list[Document], str | None]:
    """The documents of the file, and the lane that it names. Raises UnreadableError for the first that is none."""
    from gateway.codecs.jsonl import pieces
    from gateway.core.errors import UnreadableError, UsageError
    from gateway.pipeline.lines import read_line

    lines: list[Line] = [read_line(piece, kind) for piece in pieces(body)]
    for line in lines:
        if line.issue is not None:
            raise UnreadableError(f"{name}, {line.issue.location.tag}: {line.issue.text}", hint=line.issue.hint or None)
        if line.to not in (None, party):
            raise UsageError(f"{name} says that it is for {line.to}, not for {party}.")
    kinds, lanes = {line.kind for line in lines}, {line.lane for line in lines}
    if len(kinds) != 1 or len(lanes) != 1:
        what = "no document" if not lines else "documents of several kinds or lanes"
        raise UsageError(f"{name} holds {what}: documents of one kind and lane are sent at once.")
    return [line.document for line in lines if line.document is not None], lanes.pop()


def _ways(service: Service, documents: list[Document], party: str, own: str | None, lane: str) -> list[list[Agreement]]:
    """The agreements by which each of them leaves. Raises NotFoundError with the lines that would let them."""
    from gateway.core.errors import NotFoundError, UsageError
    from gateway.core.issues import Issue
    from gateway.pipeline.destination import ways_to

    known = service.context.agreements
    canonical = type(documents[0]).__name__
    known.party(party)
    owns = [known.party(own).id] if own else [each.id for each in known.own() if each.id != party]
    able = [each for each in owns if known.outbound(each, canonical, to=party, lane=lane)]
    if len(able) > 1:
        raise UsageError(f"{', '.join(able)} may send {canonical} to {party}.", hint="--from says which of them.")
    agreed = [agreement.with_ for agreement in known.party(party).agreements if agreement.with_ in owns]
    sender = next(iter([*able, *agreed, *owns]), None)
    if sender is None:
        raise UsageError("There is no own party to send it.")
    ways = []
    for document in documents:
        found = ways_to(service.context, sender, document, party, lane)
        if isinstance(found, Issue):
            raise NotFoundError(found.text, hint=found.hint)
        ways.append(found)
    return ways


def _outcome(service: Service, name: str, party: str, ids: list[int]) -> dict[str, Any]:
    """What became of the file."""
    from gateway.store.ids import Reference
    from gateway.store.story import story_of
    from gateway.store.timeline import timeline

    references = [Reference("transmission", id) for id in ids]
    stories = [story_of(reference, timeline(service.database, reference)) for reference in references]
    documents = [row for story in stories for row in story["documents"] if row["direction"] == "out"]
    sent = [row for story in stories for row in story["transmissions"] if row["direction"] == "out"]
    numbers = {row["id"]: row["control_number"] for story in stories for row in story["interchanges"]}
    return {
        "file": name,
        "to": party,
        "transmissions": [str(reference) for reference in references],
        "documents": [
            {word: row[word] for word in _DOCUMENT if word in row}
            | (
                {"interchange": row["interchange"], "number": numbers[row["interchange"]]}
                if "interchange" in row
                else {}
            )
            for row in documents
        ],
        "sent": [{word: row[word] for word in _SENT if word in row} for row in sent],
        "issues": [issue for story in stories for issue in story["issues"]],
        "holds": [hold for story in stories for hold in story["holds"] if "released_at" not in hold],
        "bad": any(row["status"] in _BADLY for row in (*documents, *sent)),
    }


def _human(record: Record) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding

    from gateway.cli.issue_table import issue_table
    from gateway.cli.story import show_hold, told

    lines: list[RenderableType] = []
    for row in record["documents"]:
        number = f"number {row['number']}" if "number" in row else None
        words = (row["id"], row["type"], row.get("control_number"), row.get("business_key"), number)
        text = plain("  ".join(filter(None, words)) + "  ")
        lines.append(text.append(row["status"], STYLES.get(row["status"], "")))
    for row in record["sent"]:
        text = plain(f"← {row['id']}  {row['endpoint']}/{row['file_name']}  ")
        lines.append(text.append(row["status"], STYLES.get(row["status"], "")))
    if issues := told(record):
        lines.append(issue_table(issues))
    for hold in record["holds"]:
        lines += show_hold(hold)
    return Group(
        plain(f"{record['file']} to {record['to']}"), *(Padding(line, (0, 0, 0, 2), expand=False) for line in lines)
    )
