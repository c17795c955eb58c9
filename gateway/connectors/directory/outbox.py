"""Departures as files of a folder: a batch is written, synced and given its names together."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import count, islice
from uuid import uuid4

from gateway.connectors.directory.drafts import Draft, sweep, sync_folder
from gateway.connectors.directory.names import safe_name
from gateway.connectors.directory.options import OutboxOptions
from gateway.connectors.oserrors import connector_error, os_errors
from gateway.core.errors import ConnectorError, DeliveryRefusedError
from gateway.core.ports import Departure, Outcome

OPEN_FILES = 256  # that many files are open at a time; larger batches go in parts
SWEEP_SECONDS = 600.0


class DirectoryOutbox:
    """Writes into one folder. One thread uses it; any number of processes may write to the same folder."""

    def __init__(self, options: OutboxOptions, folder: str, owner: str = "", *, name: str = "") -> None:
        self.name = name or f"directory:{options.path}"
        self.folder = folder
        self._owner = f"{safe_name(owner)[:20] if owner else os.getpid()}-{uuid4().hex[:8]}"
        self._numbers = count(1)
        self._next_sweep = float("-inf")

    def deliver(self, departures: list[Departure]) -> list[Outcome]:
        """One outcome per departure, in their order. Never raises for one of them."""
        self._sweep_when_due()
        outcomes: list[Outcome] = []
        rest = iter(departures)
        while part := list(islice(rest, OPEN_FILES)):
            outcomes += self._deliver(part)
        return outcomes

    def sweep_temporary(self) -> int:
        """Remove temporary files of writers that are gone; returns how many. Raises :class:`ConnectorError`."""
        with os_errors(f"Removing temporary files from {self.folder}"):
            return sweep(self.folder)

    def close(self) -> None:
        """Nothing is kept open between batches."""

    def _sweep_when_due(self) -> None:
        now = time.monotonic()
        if now >= self._next_sweep:
            self._next_sweep = now + SWEEP_SECONDS
            with suppress(ConnectorError):  # what is wrong with the folder, the departures will tell
                self.sweep_temporary()

    def _deliver(self, departures: list[Departure]) -> list[Outcome]:
        batch = _Batch(self.folder)
        drafts = {(d.name, d.body): self._draft(d) for d in departures}  # a repeat within the batch is one file
        batch.run(drafts.values())
        return [batch.outcome(departure, drafts[departure.name, departure.body]) for departure in departures]

    def _draft(self, departure: Departure) -> Draft:
        return Draft.of(departure, self.folder, f"{self._owner}-{next(self._numbers)}")


class _Batch:
    """Drafts that go through the steps together; one that fails drops out with its error."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._errors: dict[int, ConnectorError] = {}
        self._here: list[Draft] = []

    def run(self, drafts: Iterable[Draft]) -> None:
        """Every step for all before the next: what was started for one is under way while the others are served."""
        all_drafts = left = list(drafts)
        try:
            for step in (Draft.write, Draft.start_writeback, Draft.sync, self._publish):
                left = [draft for draft in left if self._try(step, draft)]
            self._sync_folder()
        finally:
            for draft in all_drafts:
                draft.close()

    def outcome(self, departure: Departure, draft: Draft) -> Outcome:
        error = self._errors.get(id(draft))
        if error is None:
            return Outcome(departure.transmission)
        return Outcome(departure.transmission, error=str(error), retryable=error.retryable)

    def _publish(self, draft: Draft) -> None:
        """The name may be taken, because it is delivered again or by somebody else; then only equal bytes will do.

        What had it may be fetched before it was looked at: nobody knows then what that was, and the name is free.
        """
        while not (draft.publish() or draft.is_there()):
            pass
        self._here.append(draft)

    def _sync_folder(self) -> None:
        """A name that is not durable is not delivered."""
        if self._here:
            try:
                sync_folder(self._folder)
            except OSError as error:
                self._errors |= {id(draft): connector_error(error, _doing(draft)) for draft in self._here}

    def _try(self, step: Callable[[Draft], None], draft: Draft) -> bool:
        try:
            step(draft)
            return True
        except FileExistsError as error:
            self._errors[id(draft)] = DeliveryRefusedError(f"{_doing(draft)}: {error.strerror}.")
        except OSError as error:
            self._errors[id(draft)] = connector_error(error, _doing(draft))
        return False


def _doing(draft: Draft) -> str:
    return f"Writing {draft.final}"
