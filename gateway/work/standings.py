"""The breakers of all endpoints of a process, and what others are told of them: the log, and a table for alerts and
metrics. Changes are written by the sweep, never by the thread that met them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial

import structlog

from gateway.agreements import Endpoint
from gateway.core.errors import StoreError
from gateway.core.ports import Clock
from gateway.store import Database, State, Step
from gateway.store.statements import both, run
from gateway.work.breaker import CLOSED, OPEN, Breaker, BreakerPolicy, Standing

log = structlog.get_logger(__name__)

_WRITE = both(
    "INSERT INTO endpoint_states (endpoint, direction, state, failures, error, since, updated_at) "
    "VALUES (:endpoint, :direction, :state, :failures, :error, :at, :at) ON CONFLICT (endpoint) DO UPDATE SET "
    "direction = excluded.direction, state = excluded.state, failures = excluded.failures, error = excluded.error, "
    "since = CASE WHEN (endpoint_states.state = 'closed') = (excluded.state = 'closed') "
    "THEN endpoint_states.since ELSE excluded.since END, "
    "updated_at = excluded.updated_at"
)
_FORGET = both("DELETE FROM endpoint_states WHERE endpoint = :endpoint")
_HEARD = both("UPDATE endpoint_states SET heard_at = :at WHERE endpoint {names} AND state = 'open'")
_NEWS = both("SELECT endpoint, heard_at FROM endpoint_states WHERE endpoint {names} AND heard_at >= updated_at")
_HURRY = both("UPDATE work SET state = 0, due = 0 WHERE step = :step AND source {names} AND state = :waiting")
_KNOWN = both("SELECT endpoint FROM endpoint_states WHERE state <> 'closed'")


class Standings:
    """One breaker for each endpoint as it is described now. Threads may share it."""

    def __init__(self, database: Database, clock: Clock, usual: BreakerPolicy) -> None:
        self._database, self._clock, self._usual = database, clock, usual
        self._breakers: dict[str, tuple[Endpoint, Breaker]] = {}
        self._lock = threading.Lock()
        self._dirty: set[str] = set()
        self._heard: dict[str, int] = {}
        self._begun = False

    def of(self, endpoint: Endpoint) -> Breaker:
        """Its breaker: a new one when it is described otherwise than before."""
        with self._lock:
            known = self._breakers.get(endpoint.name)
            if known is None or known[0] != endpoint:
                breaker = Breaker(self._policy(endpoint), partial(self._changed, endpoint))
                known = self._breakers[endpoint.name] = (endpoint, breaker)
                self._dirty.add(endpoint.name)
            return known[1]

    def ready(self, name: str) -> bool:
        """Whether the endpoint is to be called now; one that was not called yet is."""
        with self._lock:
            known = self._breakers.get(name)
        return known is None or known[1].ready()

    def tell(self) -> None:
        """Where this process got through, others that leave the endpoint alone may try again. Raises StoreError."""
        with self._lock:
            names = [name for name, (_, breaker) in self._breakers.items() if breaker.answered]
        heard(self._database, names, self._clock.now())

    def listen(self) -> list[str]:
        """Lets a try through at endpoints that are left alone here, and where somebody else got through since; what
        waits for them may leave. Returns them. Raises StoreError."""
        with self._lock:
            shut = {name: breaker for name, (_, breaker) in self._breakers.items() if breaker.standing.state == OPEN}
        if not shut:
            return []
        with self._database.read() as connection:
            news = {row.endpoint: row.heard_at for row in run(connection, _NEWS, names=sorted(shut))}
        told = [name for name, at in news.items() if self._heard.get(name) != at]
        self._heard |= news
        for name in told:
            shut[name].invite()
            log.info("endpoint.heard", endpoint=name)
        if told:
            with self._database.write() as connection:
                run(connection, _HURRY, step=int(Step.DELIVER), waiting=int(State.WAITING), names=told)
        return told

    def write(self, agreed: Callable[[], frozenset[str]]) -> None:
        """Writes down what changed; endpoints that are not ``agreed`` on any more are forgotten. Raises StoreError."""
        there = agreed()
        with self._lock:
            gone = [name for name in self._breakers if name not in there]
            for name in gone:
                del self._breakers[name]
            changed = {name: self._breakers[name] for name in self._dirty if name in self._breakers}
            self._dirty.clear()
        if not changed and not gone and self._begun:
            return
        try:
            self._write(changed, gone, there)
        except StoreError:
            with self._lock:
                self._dirty |= changed.keys()
            self._begun = False
            raise
        self._begun = True

    def _write(self, changed: dict[str, tuple[Endpoint, Breaker]], gone: list[str], there: frozenset[str]) -> None:
        with self._database.write() as connection:
            if not self._begun:
                gone += set(run(connection, _KNOWN).scalars()) - there
            for name in gone:
                run(connection, _FORGET, endpoint=name)
            for name, (endpoint, breaker) in changed.items():
                now = breaker.standing
                values = {"state": _state(now), "failures": now.failures, "error": now.error, "at": self._clock.now()}
                run(connection, _WRITE, endpoint=name, direction=endpoint.direction, **values)

    def _changed(self, endpoint: Endpoint, standing: Standing, before: str) -> None:
        with self._lock:
            self._dirty.add(endpoint.name)
        if before == CLOSED == standing.state:
            return  # one failure is told by whoever met it
        if standing.state == CLOSED:
            log.info("endpoint.answers", endpoint=endpoint.name, party=endpoint.party)
        else:
            log.warning(
                "endpoint.silent",
                endpoint=endpoint.name,
                party=endpoint.party,
                failures=standing.failures,
                error=standing.error,
                probe_in=round(standing.probe_in, 1),
            )

    def _policy(self, endpoint: Endpoint) -> BreakerPolicy:
        own, usual = endpoint.patience, self._usual
        first = own.first_seconds or usual.first
        most = own.most_seconds or max(first, usual.most)
        return BreakerPolicy(own.failures or usual.failures, min(first, most), most)


def _state(standing: Standing) -> str:
    """As the table has it: closed, failing (and still called), or open."""
    if standing.state != CLOSED:
        return "open"
    return "failing" if standing.failures else "closed"


def heard(database: Database, endpoints: Sequence[str], at: int) -> None:
    """Somebody got through at these endpoints at this time: see :meth:`Standings.listen`. Raises StoreError."""
    if endpoints:
        with database.write() as connection:
            run(connection, _HEARD, names=sorted(endpoints), at=at)
