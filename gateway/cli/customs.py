"""``crossdock customs``: what was declared, what customs answered, and whether the documents of a parcel agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.inputs import FILE, opened, shown
from gateway.cli.output import Column, Output, Record, plain, results
from gateway.cli.root import Commands
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from rich.console import RenderableType

    from gateway.handlers.customs.matching import Match
    from gateway.handlers.customs.message import Kept
    from gateway.handlers.customs.receipts import Receipt


_POLICY = (
    Column("what", "name"),
    Column("value", "value", right=True),
    Column("since", "since"),
    Column("rule", "source"),
)


@click.group(cls=Commands)
def customs() -> None:
    """Judge customs messages (CEB) in files: where declarations stand, and whether documents agree; and what holds.

    Example:

    \b
        crossdock customs status out/*.xml in/*.xml
        crossdock customs match parcel/*.xml
    """


@customs.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE…", help="- is standard input.")
@results
@click.pass_context
def status(context: click.Context, files: tuple[str, ...], out: Output) -> None:
    """Say where declarations stand, by the messages that were sent and the receipts that came, in any order.

    Receipts are put into the order of their own time, and each counts once. Exit code 1 when something was rejected,
    could not be processed, or is detained.

    Example:

    \b
        crossdock customs status out/CEB621.xml in/CEB622-*.xml
    """
    from gateway.handlers.customs.states import DETAINED, ERROR, REJECTED, SEND_FAILED

    bad = False
    for record in _standings(files):
        bad |= record["state"] in {DETAINED, ERROR, REJECTED, SEND_FAILED}
        out.record(record, _status_human)
    context.exit(int(bad))


@customs.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE…", help="- is standard input.")
@results
@click.pass_context
def match(context: click.Context, files: tuple[str, ...], out: Output) -> None:
    """Set order (311), payment (411) and waybill (511) against the list (621), for each order in the files.

    Names, identity numbers, telephones and addresses are compared and not shown. Exit code 1 when a document is missing
    or something differs.

    Example:

    \b
        crossdock customs match parcel/*.xml
    """
    from gateway.handlers.customs.matching import match as matched

    documents = [kept for path in files for kept, _ in _nodes(path)]
    found = matched(documents)
    for each in found:
        out.record(_match_record(each), _match_human)
    context.exit(int(not found or any(not each.matched for each in found)))


@customs.command()
@click.option("--on", "day", default=None, metavar="YYYY-MM-DD", help="On this day. Left out: today in China.")
@results
@pass_session
def policy(session: Session, day: str | None, out: Output) -> None:
    """Show what customs lets pass and takes: limits, rates, tolerances, since when, and by which rule.

    schemas/ceb/policy.toml of the home takes the place of the bundled file.

    Example:

    \b
        crossdock customs policy
        crossdock customs policy --on 2018-12-31 --json
    """
    import datetime as dt

    from gateway.core.errors import UsageError
    from gateway.handlers.customs.leaving import CHINA

    try:
        wanted = dt.date.fromisoformat(day) if day else dt.datetime.now(CHINA).date()
    except ValueError:
        raise UsageError(f"{day} is no day.", hint="2026-11-24") from None
    found = session.knowledge.schemas.ceb_policies.holding(wanted)
    rows = [
        {"name": each.name, "value": f"{each.value:f}", "since": each.begins.isoformat(), "source": each.source}
        for each in found
    ]
    out.table(rows, _POLICY, "Nothing holds on that day.")


def _nodes(path: str) -> Iterator[tuple[Kept, Receipt | None]]:
    """What is in a file; raises UsageError for one that is no customs message."""
    from gateway.codecs.ceb import ceb_head
    from gateway.codecs.ceb_file import opened_message
    from gateway.core.errors import UsageError
    from gateway.handlers.customs.message import messages_of
    from gateway.handlers.customs.receipts import receipt

    with opened(path) as stream:
        file = opened_message(stream.read())
    issue = file.issue or file.text.issue or ceb_head(file.text).issue
    if issue is not None or not ceb_head(file.text).type:
        reason = issue.text if issue is not None else "It is no message of CEB."
        raise UsageError(f"{shown(path)}: {reason}", hint=f"crossdock validate {shown(path)}")
    for kept in messages_of(file.text):
        yield kept, receipt(kept)


def _standings(files: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    from gateway.handlers.customs.states import Answer, Submission, fold

    submitted: dict[tuple[str, tuple[str, ...]], list[Submission]] = {}
    answered: dict[tuple[str, tuple[str, ...]], list[Answer]] = {}
    numbers: dict[tuple[str, tuple[str, ...]], dict[str, str]] = {}
    for path in files:
        for kept, found in _nodes(path):
            if found is not None:
                answered.setdefault((found.answers, found.key), []).append(found.answer)
                numbers.setdefault((found.answers, found.key), {}).update(found.numbers)
            elif kept.key:
                version = Submission(kept.head["appTime"], kept.head["appType"])
                submitted.setdefault((kept.number, kept.key), []).append(version)
    for place in sorted({*submitted, *answered}):
        standing = fold(submitted.get(place, ()), answered.get(place, ()))
        yield {
            "message": place[0],
            "key": " ".join(place[1]),
            "state": standing.state,
            "at": standing.at,
            "final": standing.final,
            "text": standing.text,
            "versions": standing.version,
            "numbers": numbers.get(place, {}),
            "passed": [
                {"at": answer.at, "status": answer.status, "text": answer.text, "state": state}
                for answer, state in standing.passed
            ],
        }


def _match_record(found: Match) -> dict[str, Any]:
    return {
        "platform": found.platform,
        "order": found.order,
        "matched": found.matched,
        "missing": list(found.missing),
        "differences": [each._asdict() for each in found.differences],
    }


def _status_human(record: Record) -> RenderableType:
    from rich.text import Text

    colour = {"released": "green", "closed": "green", "rejected": "red", "error": "red", "detained": "red"}
    line = plain(f"{record['message']} {record['key']}: ").append(record["state"], colour.get(record["state"], ""))
    line.append(f" since {_moment(record['at'])}" if record["at"] else "")
    numbers = ", ".join(f"{name} {value}" for name, value in record["numbers"].items())
    rows = [Text(text) for text in (record["text"], numbers) if text]
    rows += [
        Text(f"{_moment(each['at'])}: {each['status']} leads nowhere from {each['state']}. {each['text']}".rstrip())
        for each in record["passed"]
    ]
    return _indented(line, rows)


def _match_human(record: Record) -> RenderableType:
    from rich.text import Text

    verdict, colour = ("matched", "green") if record["matched"] else ("not matched", "red")
    line = plain(f"order {record['order']}: ").append(verdict, colour)
    rows = [Text(f"missing: {', '.join(record['missing'])}")] if record["missing"] else []
    for each in record["differences"]:
        left, right = (
            f"{each[side]} {each[f'{side}_value']!r}" if each[f"{side}_value"] else each[side]
            for side in ("left", "right")
        )
        within = f" (less than {each['tolerance']} is let pass)" if each["tolerance"] else ""
        rows.append(Text(f"{left} is not {right}{within}"))
    return _indented(line, rows)


def _indented(line: RenderableType, rows: list[Any]) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding

    return Group(line, *(Padding(row, (0, 0, 0, 2)) for row in rows))


def _moment(text: str) -> str:
    """20260131132000123 → 2026-01-31 13:20:00."""
    day, time = text[:8], text[8:14]
    return f"{day[:4]}-{day[4:6]}-{day[6:]} {time[:2]}:{time[2:4]}:{time[4:]}" if len(time) == 6 else text
