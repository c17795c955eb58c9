"""Who asks: bearer tokens, and how often an address may be wrong about them."""

from __future__ import annotations

import time
from collections import OrderedDict
from hashlib import sha256
from threading import Lock

import structlog

from gateway.core.errors import RequestError
from gateway.store import Database, tokens
from gateway.store.tokens import Token
from gateway.web.callers import caller

log = structlog.get_logger(__name__)

#: Wrong tokens of one address within the time (seconds) after which it is refused for the rest of that time. Tokens
#: cannot be guessed: this bounds what guessing costs.
_MOST_FAILURES, _WITHIN = 10, 60.0

#: Addresses that are remembered, and tokens.
_MOST_ADDRESSES, _MOST_TOKENS = 10_000, 1_000

#: Seconds for which a token that was found is believed without asking the database.
BELIEVED = 5.0

_LONGEST = 200


class Throttle:
    """Counts failures by address. Bounded: the address that failed longest ago is forgotten first."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._lock = Lock()

    def refused_for(self, address: str) -> float:
        """Seconds for which the address is still refused; 0 where it is not."""
        with self._lock:
            count, since = self._failures.get(caller(address), (0, 0.0))
        left = since + _WITHIN - time.monotonic()
        return left if count >= _MOST_FAILURES and left > 0 else 0.0

    def failed(self, address: str) -> None:
        """One more failure."""
        name, now = caller(address), time.monotonic()
        with self._lock:
            count, since = self._failures.pop(name, (0, now))
            self._failures[name] = (count + 1, since) if now - since < _WITHIN else (1, now)
            if len(self._failures) > _MOST_ADDRESSES:
                self._failures.popitem(last=False)


class Doorkeeper:
    """Knows tokens. Threads may share it. A token that is revoked is refused within :data:`BELIEVED` seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._throttle = Throttle()
        self._known: OrderedDict[bytes, tuple[Token, float]] = OrderedDict()
        self._used: set[int] = set()
        self._lock = Lock()

    def remembered(self, authorization: str | None) -> Token | None:
        """A token that was found a moment ago; asks nobody."""
        given = _bearer(authorization)
        if given is None:
            return None
        with self._lock:
            found, until = self._known.get(_digest(given), (None, 0.0))
            if found is None or until < time.monotonic() or not found.holds(time.time_ns() // 1000):
                return None
            self._used.add(found.id)
            return found

    def admit(self, authorization: str | None, address: str) -> Token:
        """Asks the database. Raises RequestError for what is no token that holds, and for too many of these."""
        if (left := self._throttle.refused_for(address)) > 0:
            raise RequestError("throttled", "Too many wrong tokens came from there.", retry_after=int(left) + 1)
        given = _bearer(authorization)
        if given is None:
            text = "No bearer token was sent." if authorization is None else "This is not a bearer token."
            raise RequestError("unauthorized", text, hint="Send: Authorization: Bearer cd_…")
        found = tokens.find(self._database, given) if len(given) <= _LONGEST else None
        if found is None or not found.holds(time.time_ns() // 1000):
            self._throttle.failed(address)
            log.warning("http.token_refused", peer=address, name=found.name if found else None)
            raise RequestError("unauthorized", "This token does not hold: it is unknown, revoked or expired.")
        with self._lock:
            self._known[_digest(given)] = (found, time.monotonic() + BELIEVED)
            self._used.add(found.id)
            if len(self._known) > _MOST_TOKENS:
                self._known.popitem(last=False)
        return found

    def note_uses(self, at: int) -> None:
        """Writes down which tokens were used since the last time. Raises StoreError."""
        with self._lock:
            ids, self._used = self._used, set()
        if ids:
            tokens.used(self._database, ids, at)


def _bearer(authorization: str | None) -> str | None:
    kind, _, value = (authorization or "").partition(" ")
    value = value.strip()
    return value if kind.lower() == "bearer" and value.startswith(tokens.PREFIX) else None


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogateescape")).digest()
