"""Who may come in: the accounts that endpoints describe, and what is wrong with them."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from gateway.agreements import Agreements, Endpoint
from gateway.connectors.sftp_server.keys import parse_key
from gateway.connectors.sftp_server.options import AccountOptions, InboxOptions, OutboxOptions
from gateway.core.errors import ConfigurationError
from gateway.core.strict import convert

#: What ``connector = "…"`` says.
NAME = "sftp-server"


class Inbox(NamedTuple):
    """Where the account's uploads go."""

    endpoint: str
    party: str
    options: InboxOptions


class Outbox(NamedTuple):
    """Where its documents and receipts come from."""

    endpoint: str
    options: OutboxOptions


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may log in."""

    username: str
    party: str
    keys: tuple[bytes, ...] = ()
    password: str = ""
    inbox: Inbox | None = None
    outbox: Outbox | None = None

    @property
    def doors(self) -> tuple[str, str]:
        """Its endpoints."""
        return (self.inbox.endpoint if self.inbox else "", self.outbox.endpoint if self.outbox else "")

    def has_key(self, key: bytes) -> bool:
        found = [hmac.compare_digest(each, key) for each in self.keys]
        return any(found)


def accounts_of(agreements: Agreements) -> list[Account]:
    """Those that are right; what is wrong :func:`mistakes` says."""
    found: dict[str, list[Endpoint]] = {}
    for endpoint in agreements.endpoints():
        if endpoint.connector == NAME:
            found.setdefault(str(endpoint.options.get("username")), []).append(endpoint)
    return [_account(username, endpoints) for username, endpoints in found.items() if not list(_wrong(endpoints))]


def mistakes(agreements: Agreements) -> list[ConfigurationError]:
    """What no single endpoint can know: accounts of two parties, two doors of one kind, nobody who could log in."""
    found: dict[str, list[Endpoint]] = {}
    for endpoint in agreements.endpoints():
        if endpoint.connector == NAME:
            found.setdefault(str(endpoint.options.get("username")), []).append(endpoint)
    return [
        ConfigurationError(text, file=agreements.party(endpoints[-1].party).file, key=f"endpoint {endpoints[-1].name}")
        for endpoints in found.values()
        for text in _wrong(endpoints)
    ]


def _wrong(endpoints: list[Endpoint]) -> Iterator[str]:
    username = endpoints[0].options.get("username")
    parties = sorted({endpoint.party for endpoint in endpoints})
    if len(parties) > 1:
        yield f'the account "{username}" belongs to {" and ".join(parties)}: an account is one party\'s.'
    for direction in ("in", "out"):
        names = [endpoint.name for endpoint in endpoints if endpoint.direction == direction]
        if len(names) > 1:
            yield f'the account "{username}" has {" and ".join(names)}: one endpoint {direction} is what it may have.'
    if not any(endpoint.options.get(word) for endpoint in endpoints for word in ("keys", "password")):
        yield f'nobody can log in as "{username}": there are neither keys nor a password.'
    if len(_passwords(endpoints)) > 1:
        yield f'the account "{username}" has two passwords.'


def _passwords(endpoints: Iterable[Endpoint]) -> set[str]:
    return {str(endpoint.options["password"]) for endpoint in endpoints if endpoint.options.get("password")}


def _account(username: str, endpoints: list[Endpoint]) -> Account:
    inbox, outbox, keys = None, None, []
    for endpoint in endpoints:
        checked: AccountOptions
        if endpoint.direction == "in":
            checked = into = convert(endpoint.options, InboxOptions, endpoint.name)
            inbox = Inbox(endpoint.name, endpoint.party, into)
        else:
            checked = out = convert(endpoint.options, OutboxOptions, endpoint.name)
            outbox = Outbox(endpoint.name, out)
        keys += [parse_key(each) for each in checked.keys]
    return Account(
        username=username,
        party=endpoints[0].party,
        keys=tuple(dict.fromkeys(keys)),
        password=next(iter(_passwords(endpoints)), ""),
        inbox=inbox,
        outbox=outbox,
    )
