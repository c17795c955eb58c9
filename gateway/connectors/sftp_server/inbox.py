"""The folder ``inbox/`` of an account: what is uploaded is received, and shown for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
from hashlib import sha256

import structlog

from gateway.agreements.model import duration
from gateway.connectors.sftp_server import accounts, wire
from gateway.connectors.sftp_server.doubts import Doubts, Pieces, has_end
from gateway.connectors.sftp_server.files import Opened, Upload, file_of
from gateway.connectors.sftp_server.memory import MEMORY
from gateway.connectors.sftp_server.refusal import Refusal
from gateway.connectors.sftp_server.spool import Draft, Limits, Spool
from gateway.connectors.sftp_server.wire import Flag
from gateway.core.errors import ConnectorError
from gateway.core.ports import Arrival, Clock, Intake, Shelf, Shown

log = structlog.get_logger(__name__)

NAME = "inbox"

#: The folder of the shelf where what the partner deleted is kept in mind.
_REMOVED = "removed"

_MICROSECONDS = 1_000_000

#: Microseconds in which two uploads of the same bytes at the same time are one: the second is the first's retry.
_SPAN = 60 * _MICROSECONDS

_MODE = 0o200

_INTERRUPTED = (
    "It ends where a piece of the client ends, as an upload does that was interrupted. Upload it again, or under a "
    "temporary name that is renamed when it is complete."
)


class InboxFolder:
    """One account's. ``peer`` is the address of the client, for evidence."""

    name = NAME
    mode = 0o300

    def __init__(
        self,
        inbox: accounts.Inbox,
        intake: Intake,
        shelf: Shelf,
        spool: Spool,
        doubts: Doubts,
        clock: Clock,
        peer: str,
    ):
        self._doubts = doubts
        self._endpoint, self._party, self._options = inbox
        self._intake, self._shelf, self._spool, self._clock, self._peer = intake, shelf, spool, clock, peer
        self._limits = Limits(self._options.max_bytes, self._options.quota)

    # What is shown

    def list(self, after: str, limit: int) -> list[tuple[str, wire.Attributes]]:
        """What was received, and unfinished uploads, by name."""
        shown = self._shelf.list(self._endpoint, NAME, after=after, limit=limit)
        found = {each.name: file_of(each, _MODE) for each in shown}
        for each in self._spool.parked(self._endpoint):
            if each.name > after:
                found[each.name] = _unfinished(each.size, each.modified)
        return sorted(found.items())[:limit]

    def find(self, name: str) -> wire.Attributes:
        parked = self._spool.find(self._endpoint, name)
        if parked is not None:
            return _unfinished(parked.size, parked.modified)
        shown = self._shelf.find(self._endpoint, NAME, name)
        if shown is None:
            raise Refusal.missing(f"{NAME}/{name}")
        return file_of(shown, _MODE)

    # What is uploaded

    def open(self, name: str, flags: Flag) -> Opened:
        if not flags & Flag.WRITE:
            self.find(name)
            raise Refusal.forbidden("Uploads cannot be read.")
        if self._options.rename_only and not self._temporary(name):
            patterns = ", ".join(self._options.temporary)
            raise Refusal.forbidden(
                f"Upload it under a temporary name ({patterns}), and rename it when it is complete."
            )
        draft = None
        if not flags & Flag.TRUNCATE:
            draft = self._spool.resume(self._endpoint, name, self._limits)
        draft = draft or self._spool.begin(self._endpoint, self._limits)
        now = self._clock.now() // _MICROSECONDS
        return Upload(self, draft, name, now, append=bool(flags & Flag.APPEND))

    def finished(self, draft: Draft, name: str, pieces: Pieces) -> None:
        """Received, or kept until it gets its name. What cannot be received is not there: it is uploaded again."""
        if self._temporary(name):
            draft.park(name)
            return
        try:
            with MEMORY.room(draft.size):
                body = draft.read()
                if pieces.all_alike and self._doubted(name, body):
                    draft.leave(name)
                    raise Refusal.failure(_INTERRUPTED)
                self._receive(name, body)
        finally:
            draft.drop()
        with suppress(ConnectorError):  # it is received: what was left of an attempt before it is tidied up later
            self._spool.drop(self._endpoint, name)

    def _doubted(self, name: str, body: bytes) -> bool:
        """Whether this looks interrupted, and is not the same again."""
        if self._options.interrupted == "receive" or has_end(body):
            return False
        if self._doubts.again(self._endpoint, name, sha256(body).hexdigest()):
            return False
        log.warning("sftp.upload_doubted", endpoint=self._endpoint, file_name=name, size=len(body), hint=_INTERRUPTED)
        return True

    def rename(self, name: str, other: str) -> None:
        """From a temporary name to the one that it is received under."""
        parked = self._spool.find(self._endpoint, name)
        if parked is None:
            self.find(name)
            log.warning("sftp.rename_refused", endpoint=self._endpoint, file_name=name, to=other)
            raise Refusal.forbidden(f"{name} was received already, and keeps its name.")
        if self._temporary(other):
            self._spool.rename(self._endpoint, name, other)
            return
        if not parked.complete:
            raise Refusal.failure(f"{name} is not complete: upload the rest, or all of it again.")
        draft = self._spool.resume(self._endpoint, name, self._limits)
        if draft is None:
            raise Refusal.missing(f"{NAME}/{name}")
        try:
            with MEMORY.room(draft.size):
                self._receive(other, draft.read())
        except BaseException:
            draft.park(name)
            raise
        draft.drop()

    def remove(self, name: str) -> None:
        """The client sees it no more. What was received stays received."""
        if not self._spool.drop(self._endpoint, name) and not self._shelf.removed(self._endpoint, NAME, name):
            raise Refusal.missing(f"{NAME}/{name}")

    def _receive(self, name: str, body: bytes) -> None:
        """Returns after the commit, or when it was received before."""
        digest = sha256(body).hexdigest()
        now = self._clock.now()
        before = self._before(name)
        told = {"endpoint": self._endpoint, "file_name": name, "size": len(body)}
        if before is not None and before.sha256 == digest and before.name:
            log.info("sftp.upload_repeated", transmission=f"tx_{before.transmission}", **told)
            return
        units = list(_units(name, digest, before, now))
        if self._shelf.known(self._endpoint, units[1:]):
            log.info("sftp.upload_repeated", **told)
            return
        arrival = Arrival(
            source=self._endpoint,
            transport_id=units[0],
            body=body,
            file_name=name,
            headers={"peer": self._peer},
            party=self._party,
            shown_until=now + duration(self._options.visible) * _MICROSECONDS,
        )
        (receipt,) = self._intake.accept([arrival])
        event = "sftp.upload_repeated" if receipt.repeated else "sftp.received"
        log.info(event, transmission=f"tx_{receipt.transmission}", **told)

    def _before(self, name: str) -> Shown | None:
        """The latest upload of this name. One that the client deleted was another: its name is empty."""
        shown = self._shelf.find(self._endpoint, NAME, name)
        removed = self._shelf.find(self._endpoint, _REMOVED, name)
        if removed is not None and (shown is None or removed.transmission > shown.transmission):
            return Shown(transmission=removed.transmission, name="", size=0, at=0, sha256="")
        return shown

    def _temporary(self, name: str) -> bool:
        """Whoever writes names in capitals means the same."""
        return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in self._options.temporary)


def _units(name: str, digest: str, before: Shown | None, now: int) -> Iterator[str]:
    """Identities of an upload: the first is its own, under the others it may have been received a moment ago.

    Bytes that come back after others of that name are new, so the one before is part of it. Where there is none it is
    the time: two clients (or one, that did not wait for its answer) may upload the same at once.
    """
    if before is not None:
        yield f"{name} {digest} after tx_{before.transmission}"
        return
    for each in (now // _SPAN, now // _SPAN - 1):
        yield f"{name} {digest} at {each}"


def _unfinished(size: int, modified: int) -> wire.Attributes:
    return wire.file_attributes(size, _MODE, modified)
