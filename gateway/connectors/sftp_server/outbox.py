"""The folders ``outbox/`` and ``ack/`` of an account: what waits to be fetched is shown, and read from the database."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import structlog

from gateway.agreements.model import duration
from gateway.connectors.directory.names import safe_name
from gateway.connectors.sftp_server import accounts, wire
from gateway.connectors.sftp_server.files import Begun, Body, Fetch, Opened, file_of
from gateway.connectors.sftp_server.options import OutboxOptions
from gateway.connectors.sftp_server.refusal import Refusal
from gateway.connectors.sftp_server.wire import Flag
from gateway.core.ports import Clock, Departure, Deposit, Outcome, Shelf, Shown
from gateway.core.spooled import in_memory
from gateway.core.strict import convert

log = structlog.get_logger(__name__)

NAMES = ("outbox", "ack")

_MICROSECONDS = 1_000_000


class OutboxFolder:
    """One of the folders of one account."""

    mode = 0o500

    def __init__(self, name: str, outbox: accounts.Outbox, shelf: Shelf, clock: Clock, scratch: Path, begun: Begun):
        self.name = name
        self._endpoint, self._options = outbox
        self._shelf, self._clock, self._scratch, self._begun = shelf, clock, scratch, begun

    def list(self, after: str, limit: int) -> list[tuple[str, wire.Attributes]]:
        return [
            (each.name, file_of(each)) for each in self._shelf.list(self._endpoint, self.name, after=after, limit=limit)
        ]

    def find(self, name: str) -> wire.Attributes:
        return file_of(self._shown(name))

    def open(self, name: str, flags: Flag) -> Opened:
        if flags & Flag.WRITE:
            raise Refusal.forbidden(f"Nothing can be written into {self.name}/: upload into inbox/.")
        shown = self._shown(name)
        body = Body(partial(self._load, shown.transmission), self._scratch, shown.size)
        return Fetch(self, shown, body, self._begun)

    def _load(self, transmission: int) -> bytes:
        return in_memory(self._shelf.body(transmission))

    def fetched(self, shown: Shown) -> None:
        """It was read to its end and closed."""
        until = self._clock.now() + duration(self._options.visible) * _MICROSECONDS
        first = self._shelf.fetched(shown.transmission, until)
        transmission = f"tx_{shown.transmission}"
        log.info("sftp.fetched", endpoint=self._endpoint, file_name=shown.name, transmission=transmission, first=first)

    def rename(self, name: str, other: str) -> None:
        raise Refusal.forbidden("Files keep their names here.")

    def remove(self, name: str) -> None:
        """The partner has it, or does not want it: it is delivered."""
        if not self._shelf.removed(self._endpoint, self.name, name):
            raise Refusal.missing(f"{self.name}/{name}")

    def _shown(self, name: str) -> Shown:
        shown = self._shelf.find(self._endpoint, self.name, name)
        if shown is None:
            raise Refusal.missing(f"{self.name}/{name}")
        return shown


class DepositOutbox:
    """What the pipeline delivers to: nothing is handed out here, it waits to be fetched."""

    def __init__(self, options: OutboxOptions, name: str) -> None:
        self.name = name
        self._receipts = options.receipts

    def deliver(self, departures: list[Departure]) -> list[Outcome]:
        return [
            Outcome(
                each.transmission, deposited=Deposit(self._receipts if each.receipt else "outbox", safe_name(each.name))
            )
            for each in departures
        ]

    def close(self) -> None:
        """Nothing is open."""


def open_outbox(options: Mapping[str, object], base: Path, owner: str = "", *, name: str = "") -> DepositOutbox:
    """The door that the pipeline delivers to. Raises :class:`ConfigurationError` for options that are wrong."""
    return DepositOutbox(convert(options, OutboxOptions, name or "sftp-server"), name)
