"""``crossdock documents`` and ``crossdock transmissions``: finding what came and went."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import click

from gateway.cli.output import Column, Output, results
from gateway.cli.session import Session, pass_session
from gateway.core.lifecycle import BEGINNINGS, TABLES, states
from gateway.core.moment import FORMS, moment

_DOCUMENTS = (
    Column("id", "id"),
    Column("when (UTC)", "when"),
    Column("", "direction"),
    Column("type", "type"),
    Column("number", "control_number"),
    Column("key", "business_key"),
    Column("from", "from_party"),
    Column("to", "to_party"),
    Column("status", "status", styled=True),
    Column("reason", "reason"),
    Column("in", "transmission"),
)
_TRANSMISSIONS = (
    Column("id", "id"),
    Column("when (UTC)", "when"),
    Column("", "direction"),
    Column("endpoint", "endpoint"),
    Column("party", "party"),
    Column("file", "file_name"),
    Column("bytes", "size", right=True),
    Column("status", "status", styled=True),
    Column("reason", "reason"),
)


class Moment(click.ParamType[int]):
    """A point in time, or a span that ends now; microseconds since 1970."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return moment(value, time.time_ns() // 1000)
        except (ValueError, OverflowError):
            self.fail(f'"{value}" is no time: write {FORMS}.', param, ctx)


def _filters(lifecycle: str, command: Callable[..., Any]) -> Callable[..., Any]:
    """``lifecycle``: that of what is found; a state that it does not have is a slip, and not an empty answer."""
    known = list(dict.fromkeys((*BEGINNINGS[lifecycle], *states(TABLES[lifecycle]))))
    options = (
        click.option("--party", metavar="PARTY", help="Of this party, either end."),
        click.option("--type", metavar="TYPE", help="Of this document type: 850, ORDERS."),
        click.option(
            "--status", type=click.Choice(known), metavar="STATUS", help=f"In this state: {', '.join(known)}."
        ),
        click.option("--direction", type=click.Choice(("in", "out")), help="What came in, or what went out."),
        click.option("--key", metavar="KEY", help="With this business key: order:4711."),
        click.option("--control-number", "control", metavar="NUMBER", help="Of the document or its interchange."),
        click.option("--since", type=Moment(), help="From then on (UTC): 2026-11-20, 2026-11-20T08:15, or 24h ago."),
        click.option("--until", type=Moment(), help="Before then."),
        click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="At most."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@partial(_filters, "document")
@results
@pass_session
def documents(session: Session, /, out: Output, **wanted: Any) -> None:
    """Find documents by party, type, state, business key, control number and time; the latest first.

    Example:

    \b
        crossdock documents --status held
        crossdock documents --key order:4500017301 --json
    """
    from gateway.store.search import find_documents

    _find(session, out, find_documents, "document", _DOCUMENTS, wanted)


@click.command()
@partial(_filters, "transmission")
@results
@pass_session
def transmissions(session: Session, /, out: Output, **wanted: Any) -> None:
    """Find transmissions: files and messages as they came and went; the latest first.

    Example:

    \b
        crossdock transmissions --party globex --since 24h
        crossdock transmissions --status stopped --json
    """
    from gateway.store.search import find_transmissions

    _find(session, out, find_transmissions, "transmission", _TRANSMISSIONS, wanted)


def _find(
    session: Session,
    out: Output,
    find: Callable[..., list[Any]],
    kind: str,
    columns: tuple[Column, ...],
    wanted: dict[str, Any],
) -> None:
    from gateway.cli.rows import short
    from gateway.store.rows import public
    from gateway.store.search import Filter

    with session.database() as database, database.read() as connection:
        found = [public(row._asdict(), kind) for row in find(connection, Filter(**wanted))]
    if not out.as_json:
        found = [row | {"when": short(row["created_at"])} for row in found]
    if not found and wanted["party"]:
        _doubt(session, wanted["party"])
    out.table(found, columns, f"No {kind}s found.")


def _doubt(session: Session, party: str) -> None:
    """Nothing was found: perhaps because there is no such party."""
    known = sorted(session.knowledge.agreements.parties)
    if party not in known:
        click.echo(f"There is no party {party} in partners/. There are: {', '.join(known) or 'none'}.", err=True)
