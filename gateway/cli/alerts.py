"""``crossdock alerts``: what somebody should look at, and keeping one of them quiet."""

from __future__ import annotations

import getpass
from typing import Any

import click

from gateway.cli.output import Column, Output, plain, results
from gateway.cli.root import Commands
from gateway.cli.session import Session, pass_session

_COLUMNS = (
    Column("number", "id"),
    Column("since (UTC)", "since"),
    Column("severity", "severity"),
    Column("what", "text"),
    Column("state", "state", styled=True),
)


@click.group(cls=Commands, invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="Those that are over, too; the newest first.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="At most.")
@results
@pass_session
@click.pass_context
def alerts(context: click.Context, session: Session, everything: bool, limit: int, out: Output) -> None:
    """List what somebody should look at; keep one quiet; try the channels.

    crossdock serve looks for them and tells of each once: in the log, and where [alerts] of crossdock.toml names them
    by webhook and mail. It tells again when it is over.

    Example:

    \b
        crossdock alerts
        crossdock alerts mute 4711 --for 24h
    """
    if context.invoked_subcommand is None:
        _list(session, everything, limit, out)


def _list(session: Session, everything: bool, limit: int, out: Output) -> None:
    import time

    from gateway.alerts.ledger import find
    from gateway.cli.rows import short
    from gateway.store.rows import moment

    now = time.time_ns() // 1000
    with session.database() as database, database.read() as connection:
        rows = find(connection, closed=everything, limit=limit)
    found: list[dict[str, Any]] = []
    for row in rows:
        muted = row.closed_at is None and row.muted_until is not None and row.muted_until > now
        record = {
            "id": row.id,
            "kind": row.kind,
            "subject": row.subject,
            "severity": row.severity,
            "text": row.text,
            "count": row.count,
            "state": "over" if row.closed_at is not None else "muted" if muted else "open",
            "opened": moment(row.opened_at),
            "closed": None if row.closed_at is None else moment(row.closed_at),
            "muted_until": None if row.muted_until is None else moment(row.muted_until),
        }
        found.append(record if out.as_json else record | {"since": short(record["opened"])})
    out.table(found, _COLUMNS, "Nothing needs to be looked at.")


@alerts.command("mute")
@click.argument("number", type=int)
@click.option("--for", "span", default="24h", show_default=True, metavar="SPAN", help="For so long: 90m, 24h, 7d.")
@results
@pass_session
def mute_one(session: Session, number: int, span: str, out: Output) -> None:
    """Keep one alert quiet: it is on somebody's desk. One of the same kind that follows it is quiet too.

    Example:

    \b
        crossdock alerts mute 4711 --for 7d
    """
    import time

    from gateway.agreements.model import duration
    from gateway.alerts.ledger import mute
    from gateway.store.rows import moment

    try:
        until = time.time_ns() // 1000 + duration(span) * 1_000_000
    except ValueError as error:
        raise click.BadParameter(f"{error}.", param_hint="--for") from None
    with session.database() as database:
        mute(database, number, until, getpass.getuser())
    record = {"id": number, "muted_until": moment(until)}
    out.record(record, lambda found: plain(f"Alert {found['id']} is quiet until {found['muted_until'][:16]}Z."))


@alerts.command("test")
@results
@pass_session
@click.pass_context
def try_channels(context: click.Context, session: Session, out: Output) -> None:
    """Send a test message by each channel that [alerts] of crossdock.toml names, and say how it went.

    Example:

    \b
        crossdock alerts test
    """
    import time

    from gateway.alerts.kinds import KINDS
    from gateway.alerts.message import Message, Told
    from gateway.alerts.office import gateway_name
    from gateway.core.errors import ConnectorError
    from gateway.store.rows import moment

    now = moment(time.time_ns() // 1000)
    kind = KINDS["test"]
    told = Told(
        what="opened", id=0, kind="test", subject="test", severity=kind.severity, text=kind.text, count=1, since=now
    )
    found: list[dict[str, Any]] = []
    with session.service() as service:
        message = Message(id=f"test-{time.time_ns()}", gateway=gateway_name(service.config.alerts), alerts=(told,))
        for channel in service.channels():
            try:
                channel.send(message)
            except ConnectorError as error:
                found.append({"channel": channel.name, "state": "failed", "error": str(error)})
            else:
                found.append({"channel": channel.name, "state": "sent", "error": None})
    columns = (Column("channel", "channel"), Column("state", "state", styled=True), Column("error", "error"))
    out.table(found, columns, "[alerts] of crossdock.toml names no channel; alerts are in the log alone.")
    context.exit(int(any(each["state"] == "failed" for each in found)))
