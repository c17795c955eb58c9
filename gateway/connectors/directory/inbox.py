"""Files of a folder as arrivals: listed, claimed, read, and put aside after the commit."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import NamedTuple
from uuid import uuid4

import structlog

from gateway.connectors.directory.archive import Archive
from gateway.connectors.directory.claims import Claims
from gateway.connectors.directory.listing import Listing
from gateway.connectors.directory.looks import Look, look_at, read_steady
from gateway.connectors.directory.names import safe_name, shown_name
from gateway.connectors.directory.options import InboxOptions
from gateway.connectors.directory.rules import claimed_rule_for, filter_for, rule_for
from gateway.connectors.memory import MemorySpool
from gateway.connectors.oserrors import os_errors
from gateway.core.errors import StoreError
from gateway.core.ports import Arrival
from gateway.core.spooled import Body, Spool, discard, sha256_of, size_of

BATCH_BYTES = 16 * 1024 * 1024  # a batch ends here even when fewer files were asked for: its bodies are in memory
ADOPT_SECONDS = 5.0
AVOID_SECONDS = 10.0  # how long a file is left alone that could not be read or changed while it was
PURGE_SECONDS = 1.0
PURGE_FILES = 50

log = structlog.get_logger(__name__)


class Times(NamedTuple):
    """Where the inbox reads the time: of day for the archive, of a steady clock for waiting. Seconds."""

    day: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.monotonic


class DirectoryInbox:
    """Polls one folder. One thread uses it; any number of processes may poll the same folder.

    Every method raises :class:`ConnectorError` when the folder cannot be used; claims stay and are tried again.
    """

    def __init__(
        self,
        options: InboxOptions,
        folder: str,
        owner: str,
        *,
        name: str = "",
        party: str | None = None,
        times: Times | None = None,
    ) -> None:
        self.name = name or f"directory:{options.path}"
        self.folder = folder
        self.spool: Spool = MemorySpool()
        self._options = options
        self._party = party
        self._times = times or Times()
        self._claims = Claims(folder, f"{safe_name(owner)[:100]}.{uuid4().hex[:8]}")
        self._archive = Archive(folder, keep=options.archive == "keep", keep_days=options.keep_days)
        self._marker = options.suffix if options.complete == "done-file" else ""
        self._listing = Listing(
            folder, rule_for(options), filter_for(options), self._times.ticks, inodes=options.inodes
        )
        self._claimed_rule = claimed_rule_for(options)
        self._waiting: set[str] = set()  # claimed, not handed out yet
        self._handed: dict[str, Look] = {}
        self._unsettled: list[str] = []
        self._avoid: dict[str, float] = {}
        self._next_adoption = self._next_purge = float("-inf")

    def take(self, limit: int) -> list[Arrival]:
        """Claim and read at most ``limit`` complete files, oldest first."""
        with os_errors(f"Polling folder {self.folder}"):
            self._claims.open()
            self._settle_rest()
            self._adopt()
            arrivals = self._take(limit)
            if not arrivals:
                self._purge()
            return arrivals

    def settle(self, arrivals: Iterable[Arrival]) -> None:
        """They are durable elsewhere: put their files aside."""
        names = [name for name in map(_token, arrivals) if self._handed.pop(name, None)]
        self._unsettled += names
        with os_errors(f"Putting received files of {self.folder} aside"):
            self._settle_rest()

    def give_back(self, arrivals: Iterable[Arrival]) -> None:
        """They were not received: return their files to the folder, where anybody may take them."""
        back = list(arrivals)
        looks = [look for look in (self._handed.pop(_token(arrival), None) for arrival in back) if look]
        for arrival in back:
            discard(arrival.body)
        self._waiting |= {look.name for look in looks}
        self._listing.restore(looks)
        with os_errors(f"Putting files back into {self.folder}"):
            for look in looks:
                self._put_back(look.name)

    def close(self) -> None:
        """Return what was not settled, and leave no trace of this owner."""
        self._waiting |= set(self._handed)
        self._handed.clear()
        with os_errors(f"Leaving folder {self.folder}"):
            self._settle_rest()
            for name in sorted(self._waiting):
                self._put_back(name)
            self._claims.close()

    # Taking

    def _take(self, limit: int) -> list[Arrival]:
        arrivals: list[Arrival] = []
        room = BATCH_BYTES
        now = self._times.ticks()
        ours = self._adopted_looks(now)
        self._listing.refresh()
        while len(arrivals) < limit and room > 0:
            try:
                look = ours.pop() if ours else self._claim_next(now)
                arrival = self._read(look) if look else None
            except (OSError, StoreError):
                if not arrivals:
                    raise
                break  # what was read is handed out; the next call meets the error again
            if look is None:
                break
            if arrival is not None:
                arrivals.append(arrival)
                room -= size_of(arrival.body)
        return arrivals

    def _claim_next(self, now: float) -> Look | None:
        """The next file of the listing that this owner gets hold of."""
        while (look := self._listing.pop()) is not None:
            if self._may_claim(look.name, now) and self._claim(look.name):
                self._waiting.add(look.name)
                return look
        return None

    def _may_claim(self, name: str, now: float) -> bool:
        """A name that is held already waits: a claim would replace the file of that name among ours."""
        if self._avoid and self._avoid.get(name, now) > now:
            return False
        return name not in self._handed and name not in self._waiting and name not in self._unsettled

    def _claim(self, name: str) -> bool:
        """With companions, who gets the companion has the file: a later file of that name needs one of its own."""
        if not self._marker:
            return self._claims.take(name)
        if not self._claims.take(name + self._marker):
            return False
        if self._claims.take(name):
            return True
        self._claims.put_back(name + self._marker)
        return False

    def _read(self, look: Look) -> Arrival | None:
        """A claimed file as an arrival; None when it was refused, or put back because it is not steady after all."""
        if look.size > self._options.max_bytes:
            self._refuse(look, f"{look.size} bytes; at most {self._options.max_bytes} are taken (max_bytes).")
            return None
        try:
            path, most = self._claims.path(look.name), self._options.max_bytes
            body, seen = read_steady(path, look.name, most, self._options.inodes, self.spool)
        except OSError as error:
            self._retreat(look.name, error.strerror or str(error))
            return None
        if seen is None or (seen != look and self._options.complete == "stable"):
            self._retreat(look.name, "it changed while it was read")
            return None
        self._waiting.discard(look.name)
        self._handed[look.name] = seen
        return self._arrival(seen, body)

    def _arrival(self, look: Look, body: Body) -> Arrival:
        name = shown_name(look.name)
        identity = f"{self.folder}\0{name}\0{look.inode}\0{look.modified}\0{look.size}\0".encode()
        return Arrival(
            source=self.name,
            # Time first: what comes one after the other stands together in an index.
            transport_id=f"{look.modified:016x}{sha256(identity + bytes.fromhex(sha256_of(body))).hexdigest()[:48]}",
            body=body,
            file_name=name,
            party=self._party,
            token=look.name,
        )

    def _retreat(self, name: str, reason: str) -> None:
        log.warning("file.unreadable", file_name=shown_name(name), folder=self.folder, reason=reason)
        self._avoid[name] = self._times.ticks() + AVOID_SECONDS
        self._put_back(name)

    def _refuse(self, look: Look, reason: str) -> None:
        log.warning("file.refused", file_name=shown_name(look.name), folder=self.folder, reason=reason)
        self._archive.refuse(self._claims.path(look.name), reason)
        self._drop_marker(look.name)
        self._waiting.discard(look.name)

    # Claims that nobody hands out

    def _put_back(self, name: str) -> None:
        """The file first: a companion without its file waits, a file may not wait without its companion."""
        if not os.path.lexists(self._claims.path(name)):
            self._waiting.discard(name)
        elif self._claims.put_back(name):
            self._waiting.discard(name)
            if self._marker:
                self._claims.put_back(name + self._marker)
        else:
            self._waiting.add(name)

    def _adopt(self) -> None:
        """Meet again what owners that are gone had claimed."""
        now = self._times.ticks()
        if now < self._next_adoption:
            return
        self._next_adoption = now + ADOPT_SECONDS
        names = self._claims.adopt({*self._handed, *self._waiting, *self._unsettled})
        documents = {name for name in names if not (self._marker and name.endswith(self._marker))}
        for marker in set(names) - documents:
            if marker.removesuffix(self._marker) not in documents:
                self._claims.put_back(marker)
        self._waiting |= documents
        if documents:
            log.info("file.adopted", folder=self.folder, files=len(documents))

    def _adopted_looks(self, now: float) -> list[Look]:
        """Claimed files to hand out, oldest last. What its owner claimed may still have been growing."""
        looks = [look for name in self._waiting if (look := self._look_at(name))]
        self._waiting = {look.name for look in looks}
        steady = [look for look in self._claimed_rule.complete(looks, now) if self._avoid.get(look.name, now) <= now]
        return sorted(steady, key=lambda look: look.age, reverse=True)

    def _look_at(self, name: str) -> Look | None:
        return look_at(self._claims.path(name), name, self._options.inodes)

    # Putting aside

    def _settle_rest(self) -> None:
        while self._unsettled:
            name = self._unsettled[-1]
            self._archive.settle(self._claims.path(name), self._times.day())
            self._drop_marker(name)
            self._unsettled.pop()

    def _drop_marker(self, name: str) -> None:
        if self._marker:
            self._archive.settle(self._claims.path(name + self._marker), self._times.day())

    def _purge(self) -> None:
        now = self._times.ticks()
        if now >= self._next_purge:
            self._next_purge = now + PURGE_SECONDS
            self._avoid = {name: until for name, until in self._avoid.items() if until > now}
            self._archive.purge(self._times.day(), PURGE_FILES)


def _token(arrival: Arrival) -> str:
    return str(arrival.token)
