"""``crossdock tokens``: who may use the HTTP API."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.output import Column, Output, plain, results
from gateway.cli.root import Commands
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from rich.text import Text

    from gateway.cli.output import Record

_ROLES = ("partner", "viewer", "operator", "admin", "monitor")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_SPAN = re.compile(r"([1-9][0-9]{0,3})([dwy])")
_DAYS = {"d": 1, "w": 7, "y": 365}
_DAY = 86_400_000_000

_COLUMNS = (
    Column("name", "name"),
    Column("role", "role"),
    Column("party", "party"),
    Column("endpoint", "endpoint"),
    Column("made (UTC)", "created"),
    Column("by", "created_by"),
    Column("expires (UTC)", "expires"),
    Column("last used (UTC)", "used"),
    Column("revoked (UTC)", "revoked"),
)


class Span(click.ParamType[int]):
    """A length of time in days; microseconds."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = _SPAN.fullmatch(value)
        if found is None:
            self.fail(f'"{value}" is no length of time: write 90d, 26w or 1y.', param, ctx)
        return int(found[1]) * _DAYS[found[2]] * _DAY


@click.group(cls=Commands)
def tokens() -> None:
    """Bearer tokens of the HTTP API: make, list, revoke them."""


@tokens.command()
@click.argument("name", help="What it is called in lists and in the history.")
@click.option("--role", type=click.Choice(_ROLES), required=True, help="What it may do.")
@click.option("--party", metavar="PARTY", help="For this party: its documents need not be named.")
@click.option("--endpoint", metavar="ENDPOINT", help="For this endpoint (connector http) of the party.")
@click.option("--expires", "span", type=Span(), metavar="SPAN", help="It ends after 90d, 26w, 1y. Left out: never.")
@results
@pass_session
def add(
    session: Session, name: str, role: Any, party: str | None, endpoint: str | None, span: int | None, out: Output
) -> None:
    """Make a token and print it: it is kept as a hash, and cannot be shown again.

    partner: hands in documents of its party and sees this party's traffic. viewer: sees everything. operator: also
    hands in for any party, releases, cancels, repeats. admin: also tokens. monitor: /metrics alone.

    Example:

    \b
        crossdock tokens add globex --role partner --party globex --expires 1y
        crossdock tokens add ada --role operator
    """
    import time

    from gateway.core.errors import UsageError
    from gateway.store import tokens as store

    if not _NAME.fullmatch(name):
        raise UsageError(f'"{name}" is no name for a token.', hint="Use a-z, 0-9, dots and dashes: globex-2027.")
    _check(session, party, endpoint)
    now = time.time_ns() // 1000
    with session.database() as database:
        token = store.add(
            database,
            name,
            role,
            by=f"operator {_user()}",
            at=now,
            party=party,
            endpoint=endpoint,
            expires_at=None if span is None else now + span,
        )
    out.record({"name": name, "role": role, "token": token}, _token)


@tokens.command("list")
@results
@pass_session
def list_(session: Session, out: Output) -> None:
    """List all tokens that were ever made, the oldest first.

    Example:

    \b
        crossdock tokens list
    """
    from gateway.cli.rows import short
    from gateway.store import tokens as store
    from gateway.store.rows import moment

    with session.database() as database:
        found = store.every(database)
    times = ("created_at", "expires_at", "used_at", "revoked_at")
    records = [
        {name: getattr(token, name) for name in ("name", "role", "party", "endpoint", "created_by")}
        | {name: moment(value) for name in times if (value := getattr(token, name)) is not None}
        for token in found
    ]
    if not out.as_json:
        records = [row | {name.removesuffix("_at"): short(row.get(name)) for name in times} for row in records]
    kept = [{name: value for name, value in row.items() if value is not None} for row in records]
    out.table(kept, _COLUMNS, "There are no tokens: crossdock tokens add NAME --role operator")


@tokens.command()
@click.argument("name", help="As it was called when it was made.")
@results
@pass_session
def revoke(session: Session, name: str, out: Output) -> None:
    """End a token for good: servers that run refuse it within seconds.

    Example:

    \b
        crossdock tokens revoke globex
    """
    import time

    from gateway.store import tokens as store

    with session.database() as database:
        store.revoke(database, name, by=f"operator {_user()}", at=time.time_ns() // 1000)
    out.record({"name": name, "revoked": True}, lambda _: plain(f"{name} is revoked."))


def _check(session: Session, party: str | None, endpoint: str | None) -> None:
    """Raises NotFoundError and UsageError for what a token cannot be bound to."""
    from gateway.core.errors import UsageError

    known = session.knowledge.agreements
    if party is not None:
        known.party(party)
    if endpoint is None:
        return
    found = known.endpoint(endpoint)
    if party is None or found.party != party:
        raise UsageError(f"{endpoint} is an endpoint of {found.party}.", hint=f"Write --party {found.party}.")
    if found.connector != "http" or found.direction != "in":
        raise UsageError(f"{endpoint} is no endpoint that documents come in by over HTTP.")


def _token(record: Record) -> Text:
    return plain(f"{record['token']}\n\nThis is the only time that it is shown. Header: Authorization: Bearer …")


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name
        return "unknown"
