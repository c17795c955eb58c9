"""Looking for what somebody should look at. Every question is an index search, and has a bound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection

from gateway.agreements import Agreements
from gateway.agreements.model import duration
from gateway.alerts.kinds import Condition
from gateway.core.validity import End
from gateway.store import Database, Step
from gateway.store.rows import moment
from gateway.store.statements import both, run
from gateway.work.gauges import OLDEST

# Almost all rows have one of the other statuses, and SQLite's statistics do not say that these are rare.

#: Rows that one question looks at; what is beyond is there, and not counted.
MOST = 5000

_OVERDUE = both(
    "SELECT party, kind, what IS NOT NULL AS numbered, count(*) AS number FROM ("
    "SELECT party, kind, what FROM expectations WHERE state = 'overdue' LIMIT :most) e "
    "GROUP BY party, kind, what IS NOT NULL"
)
DOCUMENTS = both(
    "SELECT party, status, reason, count(*) AS number FROM ("
    "SELECT CASE direction WHEN 'in' THEN from_party ELSE to_party END AS party, status, "
    "CASE status WHEN 'failed' THEN '' ELSE coalesce(reason, '') END AS reason "
    "FROM documents {indexed} WHERE status IN ('held', 'failed', 'withheld') LIMIT :most) d "
    "GROUP BY party, status, reason",
    indexed=("INDEXED BY ix_documents_status", ""),
)
TRANSMISSIONS = both(
    "SELECT endpoint, status, count(*) AS number FROM ("
    "SELECT endpoint, status FROM transmissions {indexed} WHERE status IN ('held', 'failed', 'stopped') LIMIT :most) t "
    "GROUP BY endpoint, status",
    indexed=("INDEXED BY ix_transmissions_status", ""),
)
#: What partners have not fetched, deposited before a moment.
UNFETCHED = both(
    "SELECT endpoint, party, count(*) AS number, min(created_at) AS since FROM ("
    "SELECT endpoint, party, created_at FROM transmissions {indexed} "
    "WHERE status = 'deposited' AND created_at < :before LIMIT :most) t GROUP BY endpoint, party",
    indexed=("INDEXED BY ix_transmissions_status", ""),
)
_ENDPOINTS = both("SELECT endpoint, state, failures, error, since FROM endpoint_states WHERE state <> 'closed'")
UNMAPPED = both(
    "SELECT d.from_party AS party, d.type, count(*) AS number FROM ("
    "SELECT id, from_party, type FROM documents WHERE created_at > :since AND created_at <= :now AND direction = 'in' "
    "ORDER BY created_at LIMIT :most) d "
    "WHERE EXISTS (SELECT 1 FROM issues i WHERE i.document_id = d.id AND i.code = 'MAP-UNMAPPED') "
    "GROUP BY d.from_party, d.type"
)
#: The last that came in at each endpoint, of those since a moment; and where looking back began.
ARRIVALS = both(
    "SELECT endpoint, max(created_at) AS at FROM ("
    "SELECT endpoint, direction, created_at FROM transmissions WHERE created_at > :since ORDER BY created_at DESC "
    "LIMIT :most) t WHERE direction = 'in' GROUP BY endpoint"
)
_REACH = both(
    "SELECT min(created_at) FROM (SELECT created_at FROM transmissions ORDER BY created_at DESC LIMIT :most) t"
)
_BACK = 100_000  # rows that are looked back at when this begins
#: AS2 messages that were refused since a moment; of strangers with the names that they gave.
REFUSED = both(
    "SELECT endpoint, party, as2_from, as2_to, count(*) AS number FROM (SELECT endpoint, party, "
    "CASE WHEN party IS NULL THEN as2_from ELSE '' END AS as2_from, CASE WHEN party IS NULL THEN as2_to ELSE '' END "
    "AS as2_to FROM exchanges WHERE status = 'refused' AND direction = 'in' AND created_at > :since LIMIT :most) e "
    "GROUP BY endpoint, party, as2_from, as2_to ORDER BY number DESC LIMIT 20"
)
_OVERLAP = 60_000_000  # microseconds: commits do not come in the order of the times that they write


class Bounds(NamedTuple):
    """Microseconds after which a failing endpoint, waiting work, and what nobody fetches are worth an alert."""

    failing: int
    waiting: int
    unfetched: int = 86_400_000_000


class Found(NamedTuple):
    """What is the case now; ``unknown`` are kinds and subjects of which nothing can be said yet."""

    conditions: list[Condition]
    unknown: frozenset[tuple[str, str]]


class Watch:
    """Asked again and again, by one thread; other threads may :meth:`report`."""

    def __init__(
        self,
        database: Database,
        agreements: Callable[[], Agreements],
        bounds: Bounds,
        ends: Callable[[], Iterable[End]] = tuple,
    ) -> None:
        """``ends``: how long keys and certificates are good for, asked for at each look."""
        self._database, self._agreements, self._bounds, self._ends = database, agreements, bounds, ends
        self._since = 0  # up to where documents were looked at
        self._came: dict[str, int] = {}  # by endpoint: when something came in
        self._reach: int | None = None  # since when that is known
        self._reports: Counter[tuple[str, str, str]] = Counter()

    def report(self, kind: str, subject: str, what: str) -> None:
        """Something that happened in this process."""
        self._reports[kind, subject, what] += 1

    def look(self, now: int) -> Found:
        """What is the case. Raises :class:`~gateway.core.errors.StoreError`."""
        unknown: set[tuple[str, str]] = set()
        with self._database.read() as connection:
            found = [
                *self._counted(connection),
                *self._unfetched(connection, now),
                *self._endpoints(connection, now),
                *self._backlog(connection, now),
                *self._unmapped(connection, now),
                *self._refused(connection, now),
                *self._silent(connection, now, unknown),
            ]
        found += expiring(self._ends(), now)
        reports, self._reports = self._reports, Counter()
        for (kind, subject, what), number in reports.items():
            found.append(Condition(kind=kind, subject=subject, count=number, values={"what": what}))
        return Found(found, frozenset(unknown))

    def _counted(self, connection: Connection) -> Iterator[Condition]:
        for row in run(connection, _OVERDUE, most=MOST):
            kind = "missing" if row.numbered else "overdue"
            yield _condition(kind, f"{row.party}/{row.kind}", row.number, party=row.party, what=row.kind)
        for row in run(connection, DOCUMENTS, most=MOST):
            party, what = row.party or "an unknown party", row.reason or row.status
            subject = "/".join(filter(None, (row.party, row.status, row.reason)))
            yield _condition("documents", subject, row.number, party=party, status=row.status, what=what)
        for row in run(connection, TRANSMISSIONS, most=MOST):
            subject = f"{row.endpoint}/{row.status}"
            yield _condition("transmissions", subject, row.number, endpoint=row.endpoint, status=row.status)

    def _unfetched(self, connection: Connection, now: int) -> Iterator[Condition]:
        for row in run(connection, UNFETCHED, before=now - self._bounds.unfetched, most=MOST):
            values = {"endpoint": row.endpoint, "party": row.party or "nobody", "since": _minute(row.since)}
            yield _condition("unfetched", row.endpoint, row.number, **values)

    def _endpoints(self, connection: Connection, now: int) -> Iterator[Condition]:
        for row in run(connection, _ENDPOINTS):
            if row.state == "open" or now - row.since >= self._bounds.failing:
                values = {"endpoint": row.endpoint, "since": _minute(row.since), "what": row.error}
                yield _condition("endpoint", row.endpoint, row.failures, **values)

    def _backlog(self, connection: Connection, now: int) -> Iterator[Condition]:
        """Deliveries are not asked for: they wait for their endpoint, which has an alert of its own."""
        for step in (Step.TRANSLATE, Step.HANDLE, Step.COMPOSE):
            since = run(connection, OLDEST, step=int(step)).scalar()
            if since is not None and now - since >= self._bounds.waiting:
                name = step.name.lower()
                yield _condition("backlog", name, 1, what=name, since=_minute(since))

    def _unmapped(self, connection: Connection, now: int) -> Iterator[Condition]:
        since, self._since = self._since or now - 60_000_000, now
        for row in run(connection, UNMAPPED, since=since, now=now, most=MOST):
            party = row.party or ""
            yield _condition("unmapped", f"{party}/{row.type}", row.number, party=party, type=row.type)

    def _refused(self, connection: Connection, now: int) -> Iterator[Condition]:
        for row in run(connection, REFUSED, since=now - 3_600_000_000, most=MOST):
            if row.party is not None:
                yield _condition("as2_refused", row.endpoint, row.number, party=row.party, endpoint=row.endpoint)
            else:
                names = f'AS2-From "{row.as2_from}" and AS2-To "{row.as2_to}"'
                yield _condition("as2_stranger", names, row.number, what=names)

    def _silent(self, connection: Connection, now: int, unknown: set[tuple[str, str]]) -> Iterator[Condition]:
        wanted = [each for each in self._agreements().endpoints("in") if each.expect_every]
        if not wanted:
            return
        if self._reach is None:
            self._reach = run(connection, _REACH, most=_BACK).scalar() or now
            self._note(run(connection, ARRIVALS, since=self._reach - 1, most=_BACK))
        else:
            last = max(self._came.values(), default=self._reach)
            self._note(run(connection, ARRIVALS, since=last - _OVERLAP, most=_BACK))
        for endpoint in wanted:
            longest = duration(endpoint.expect_every) * 1_000_000
            if now - self._came.get(endpoint.name, self._reach) > longest:
                values = {"endpoint": endpoint.name, "party": endpoint.party, "what": endpoint.expect_every}
                yield _condition("silent", endpoint.name, 1, **values)
            elif endpoint.name not in self._came:
                unknown.add(("silent", endpoint.name))

    def _note(self, rows: Any) -> None:
        self._came.update((row.endpoint, row.at) for row in rows)


def expiring(found: Iterable[End], now: int) -> Iterator[Condition]:
    """What ends soon, is over, or cannot be read."""
    for end in found:
        subject, step = f"{end.party or 'server'}/{end.use}", end.step(now)
        if end.error:
            yield _condition("unreadable", subject, 1, what=end.name, reason=end.error)
        elif step == 0:
            yield _condition("expired", subject, 1, what=end.name, since=_minute(end.until))
        elif step:
            yield _condition("expiry", subject, step, what=end.name, since=_minute(end.until))


def _condition(kind: str, subject: str, count: int, **values: str) -> Condition:
    return Condition(kind=kind, subject=subject, count=count, values=values)


def _minute(at: int) -> str:
    return moment(at)[:16].replace("T", " ") + " UTC"
