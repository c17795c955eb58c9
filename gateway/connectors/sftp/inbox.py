"""Files at a partner's server as arrivals: listed, claimed, fetched, and put away after the commit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import NamedTuple
from uuid import uuid4

import structlog

from gateway.connectors.directory.inbox import Times
from gateway.connectors.directory.looks import Look, name_filter
from gateway.connectors.directory.names import shown_name
from gateway.connectors.directory.rules import DoneFile, Renamed, Rule, Stable
from gateway.connectors.memory import MemorySpool
from gateway.connectors.sftp.away import Away
from gateway.connectors.sftp.claims import Claim, claim_in
from gateway.connectors.sftp.failures import LinkError, StatusError
from gateway.connectors.sftp.fetch import Begun, Fetched, Wanted, fetch
from gateway.connectors.sftp.ledger import MemoryLedger
from gateway.connectors.sftp.options import InboxOptions
from gateway.connectors.sftp.remote import Remote
from gateway.connectors.sftp.session import Secrets
from gateway.core.errors import ConnectorError
from gateway.core.ports import Arrival, Ledger, Met
from gateway.core.spooled import Spool, discard

BATCH_BYTES = 16 * 1024 * 1024  # a batch ends here even when fewer files were asked for: its bodies are in memory
AVOID_SECONDS = 30.0  # how long a file is left alone that changed while it was read, or could not be read
FORGET_LISTINGS = 3  # so many listings in a row a file must be missing before it is forgotten

log = structlog.get_logger(__name__)


class Held(NamedTuple):
    """A file that was handed out: how it was seen, its digest, and where it lies now."""

    look: Look
    sha256: str
    path: str
    claim: Claim | None


class SftpInbox:
    """Polls one folder. One thread uses it; any number of processes may poll the same folder.

    Every method raises :class:`ConnectorError` when the server cannot be used; what was not settled is settled later.
    """

    def __init__(
        self,
        options: InboxOptions,
        secrets: Secrets,
        *,
        name: str = "",
        party: str | None = None,
        times: Times | None = None,
    ) -> None:
        self.name = name or options.door
        self.ledger: Ledger = MemoryLedger()
        self.spool: Spool = MemorySpool()
        self._begun = Begun()
        self._options = options
        self._party = party
        self._times = times or Times()
        self._remote = Remote(options, secrets)
        self._away = Away(options, self._remote)
        self._owner = uuid4().hex[:8]
        self._rule = _rule(options)
        self._wanted = name_filter(options.wanted, options.temporary)
        self._marker = options.suffix if options.complete == "done-file" else ""
        self._known: dict[str, Met] | None = None
        self._missing: dict[str, int] = {}
        self._handed: dict[str, Held] = {}
        self._unsettled: dict[str, Held] = {}
        self._waiting: dict[str, Held] = {}  # claimed, not handed out
        self._avoid: dict[str, float] = {}
        self._told: set[Look] = set()

    def take(self, limit: int) -> list[Arrival]:
        """Fetch at most ``limit`` complete files, oldest first."""
        self._settle_rest()
        names = self._remote.scan()
        self._forget_gone({shown_name(look.name) for look in names})
        complete = [look for look in self._complete(names) if self._is_new(look)]
        chosen = self._within(sorted(complete, key=lambda look: look.age), limit)
        held = self._adopted()[:limit] if self._options.claim else []
        for look in chosen[: limit - len(held)]:
            if (claimed := self._claimed(look)) is not None:
                held.append(claimed)
        return self._fetched(held)

    def settle(self, arrivals: Iterable[Arrival]) -> None:
        """They are durable elsewhere: their files are remembered, archived or deleted."""
        for token in map(_token, arrivals):
            held = self._handed.pop(token, None)
            if held is not None:
                self._unsettled[token] = held
        self._settle_rest()

    def give_back(self, arrivals: Iterable[Arrival]) -> None:
        """They were not received: they are met again, by us or by others."""
        for arrival in arrivals:
            discard(arrival.body)
            token = _token(arrival)
            held = self._handed.pop(token, None)
            if held is not None:
                self._rule.trust(held.look)
                self._release(token, held)

    def close(self) -> None:
        """Returns what was not settled, and ends the connection. Never raises: claims expire by themselves."""
        for token, held in [*self._handed.items(), *self._waiting.items()]:
            try:
                self._release(token, held)
            except ConnectorError as error:
                log.warning("file.claimed", file_name=shown_name(token), endpoint=self.name, reason=str(error))
                break
        self._handed.clear()
        self._begun.close()
        self._remote.close()

    # Choosing

    def _complete(self, names: list[Look]) -> Iterable[Look]:
        """Files that bear a wanted name and are complete. Companions are looked at, and not among them."""
        kept = [look for look in names if self._wanted(look.name) or self._is_marker(look.name)]
        found = self._rule.complete([look for look in kept if claim_in(look.name) is None], self._times.ticks())
        return [look for look in found if self._wanted(look.name) and not self._is_marker(look.name)]

    def _is_marker(self, name: str) -> bool:
        return bool(self._marker) and name.endswith(self._marker)

    def _is_new(self, look: Look) -> bool:
        if look.name in self._handed or look.name in self._unsettled or look.name in self._waiting:
            return False
        if self._avoid.get(look.name, 0.0) > self._times.ticks():
            return False
        met = self._met().get(shown_name(look.name))
        if met is not None and (met.size, met.modified) == (look.size, look.modified):
            return False
        if look.size > self._options.max_bytes:
            if look not in self._told:
                self._told.add(look)
                reason = f"{look.size} bytes; at most {self._options.max_bytes} are taken (max_bytes)."
                log.warning("file.refused", file_name=shown_name(look.name), endpoint=self.name, reason=reason)
            return False
        return True

    def _met(self) -> dict[str, Met]:
        if self._known is None:
            self._known = self.ledger.known(self.name, self._options.path)
        return self._known

    def _forget_gone(self, names: set[str]) -> None:
        """A server may for once show a folder as empty: what is missing is missed several times before that counts."""
        gone = self._met().keys() - names
        self._missing = {name: self._missing.get(name, 0) + 1 for name in gone}
        forget = sorted(name for name, times in self._missing.items() if times >= FORGET_LISTINGS)
        if forget:
            self.ledger.forget(self.name, self._options.path, forget)
            for name in forget:
                del self._met()[name]

    def _within(self, looks: list[Look], limit: int) -> list[Look]:
        """As many as one batch may hold, one at least."""
        chosen: list[Look] = []
        room = BATCH_BYTES
        for look in looks[:limit]:
            if chosen and look.size > room:
                break
            chosen.append(look)
            room -= look.size
        return chosen

    # Claiming

    def _claimed(self, found: Look) -> Held | None:
        """The file where nobody else takes it; None when somebody was first."""
        path = self._remote.path(found.name)
        if not self._options.claim:
            return Held(found, "", path, None)
        claim = Claim(int(self._times.day()), self._owner, found.name)
        try:
            place = self._away.claim(path, claim, self._marker)
        except StatusError as error:
            self._avoid[found.name] = self._times.ticks() + AVOID_SECONDS
            log.warning("file.unclaimed", file_name=shown_name(found.name), endpoint=self.name, reason=str(error))
            return None
        if place is None:
            return None
        held = Held(found, "", place, claim)
        self._waiting[found.name] = held
        return held

    def _adopted(self) -> list[Held]:
        """Claims of ours that were not handed out, and those of pollers that were silent for long."""
        now = int(self._times.day())
        held = {each.claim for each in [*self._handed.values(), *self._unsettled.values()]}
        adopted: list[Held] = []
        there = list(self._away.claims())
        files = {claim for _, claim in there if not self._is_marker(claim.name)}
        for look, claim in there:
            if claim in held or (claim.owner != self._owner and now - claim.at < self._options.claim_seconds):
                continue
            if self._is_marker(claim.name):
                file = claim.name.removesuffix(self._marker)
                if claim._replace(name=file) not in files:  # its poller ended between the two
                    self._away.release(claim, self._remote.path(claim.name), "")
                continue
            if claim.name in self._handed or claim.name in self._unsettled:
                continue
            mine = claim if claim.owner == self._owner else Claim(now, self._owner, claim.name)
            path = self._away.taken_over(claim, mine, self._marker)
            if path is not None:
                seen = look._replace(name=claim.name)
                adopted.append(Held(seen, "", path, mine))
                self._waiting[claim.name] = adopted[-1]
        return adopted

    def _release(self, token: str, held: Held) -> None:
        self._waiting.pop(token, None)
        if held.claim is not None and not self._away.release(
            held.claim, self._remote.path(held.look.name), self._marker
        ):
            self._waiting[token] = held  # a newer file of that name lies there

    # Fetching

    def _fetched(self, held: list[Held]) -> list[Arrival]:
        cuts: list[LinkError] = []
        arrivals: list[Arrival] = []
        by_path = {each.path: each for each in held}
        for got in fetch(
            self._remote, [Wanted(each.look, each.path) for each in held], cuts.append, self.spool, self._begun
        ):
            each = by_path[got.wanted.path]
            if got.problem:
                self._retreat(each, got.problem)
            else:
                arrivals.append(self._arrival(each, got))
        if cuts and not arrivals:
            raise cuts[0]
        return arrivals

    def _arrival(self, held: Held, got: Fetched) -> Arrival:
        look, digest = held.look, got.sha256
        name = shown_name(look.name)
        identity = f"{self._options.path}\0{name}\0{look.modified}\0{look.size}\0{digest}".encode()
        self._waiting.pop(look.name, None)
        self._handed[look.name] = held._replace(sha256=digest)
        return Arrival(
            source=self.name,
            # Time first: what comes one after the other stands together in an index.
            transport_id=f"{look.modified:012x}{sha256(identity).hexdigest()[:52]}",
            body=got.body,
            file_name=name,
            party=self._party,
            token=look.name,
        )

    def _retreat(self, held: Held, reason: str) -> None:
        log.warning("file.unreadable", file_name=shown_name(held.look.name), endpoint=self.name, reason=reason)
        self._avoid = {name: until for name, until in self._avoid.items() if until > self._times.ticks()}
        self._avoid[held.look.name] = self._times.ticks() + AVOID_SECONDS
        self._release(held.look.name, held)

    # Putting away

    def _settle_rest(self) -> None:
        """What a server refuses to move or delete is remembered instead, so that it is not fetched again."""
        if not self._unsettled:
            return
        remembered = dict(self._unsettled) if self._options.after == "leave" else {}
        for token, held in list(self._unsettled.items()) if self._options.after != "leave" else []:
            try:
                self._away.put(held.look, held.sha256, held.path, held.claim, self._marker)
                del self._unsettled[token]
            except StatusError as error:
                log.error("file.stuck", file_name=shown_name(token), endpoint=self.name, reason=str(error))
                remembered[token] = held
        if remembered:
            files = {
                shown_name(each.look.name): Met(each.look.size, each.look.modified, each.sha256)
                for each in remembered.values()
            }
            self.ledger.remember(self.name, self._options.path, files)
            self._met().update(files)
            for token in remembered:
                del self._unsettled[token]


def _rule(options: InboxOptions) -> Rule:
    rules: dict[str, Callable[[], Rule]] = {
        "stable": lambda: Stable(options.settle_seconds),
        "done-file": lambda: DoneFile(options.suffix),
        "rename": Renamed,
    }
    return rules[options.complete]()


def _token(arrival: Arrival) -> str:
    return str(arrival.token)
