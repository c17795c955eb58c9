"""What is read from the database when somebody asks for metrics: the backlog, its age, holds, what is overdue.

Every part is an index search, and counting ends at a bound: a scrape costs milliseconds, whatever the backlog.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from prometheus_client.metrics_core import GaugeMetricFamily

from gateway.core.ports import Clock
from gateway.core.validity import End
from gateway.observe.metrics import Metric
from gateway.store import Database, State, Step
from gateway.store.batches import TURN_BITS
from gateway.store.statements import Both, both, run

#: Further rows are not counted.
MOST = 100_000

#: A state has an index of its own, which all its rows are in.
_COUNT: dict[State, Both] = {
    state: both(
        f"SELECT step, count(*) AS number FROM (SELECT step FROM work WHERE state = {int(state)} LIMIT :most) c "  # noqa: S608
        "GROUP BY step"
    )
    for state in (State.LEASED, State.PARKED, State.WAITING)
}
READY = both(
    "SELECT count(*) FROM (SELECT 1 FROM work w WHERE w.step = :step AND w.state = 0 ORDER BY w.source LIMIT :most) c"
)

#: The first turn of each source that has ready work; a turn begins with the transmission that came or is to leave.
OLDEST = both(
    f"""
WITH RECURSIVE s(source) AS (
  SELECT * FROM (SELECT w.source FROM work w WHERE w.step = :step AND w.state = 0 ORDER BY w.source LIMIT 1) seed
  UNION ALL
  SELECT (SELECT w.source FROM work w
          WHERE w.step = :step AND w.state = 0 AND w.source > s.source ORDER BY w.source LIMIT 1)
  FROM s WHERE s.source IS NOT NULL
)
SELECT t.created_at FROM transmissions t WHERE t.id = (
  SELECT min((SELECT min(w.turn) FROM work w WHERE w.step = :step AND w.state = 0 AND w.source = s.source))
  FROM s WHERE s.source IS NOT NULL) >> {TURN_BITS}"""  # noqa: S608
)
HOLDS = both("SELECT count(*) FROM (SELECT 1 FROM holds WHERE released_at IS NULL ORDER BY condition LIMIT :most) h")
EXPECTATIONS = both(
    "SELECT state, count(*) AS number FROM ("
    "SELECT state FROM expectations WHERE state IN ('open', 'overdue') ORDER BY state LIMIT :most) e GROUP BY state"
)

_ENDPOINTS = both("SELECT endpoint, direction, state, failures FROM endpoint_states ORDER BY endpoint LIMIT :most")
_ALERTS = both("SELECT kind, count(*) AS number FROM alerts WHERE closed_at IS NULL GROUP BY kind ORDER BY kind")

DATABASE_UP = Metric("crossdock_database_up", "gauge", (), "1 when the database answered, 0 when it did not.")
_CERTIFICATE = Metric(
    *("crossdock_certificate_seconds", "gauge", ("party", "use")),
    "How long a party can do with its keys and certificates for a use: until what ends last is over, negative "
    "afterwards. Of our own servers' (use server) the party is empty.",
)

#: Of the database; the last row is of it too, when it is out of reach.
_READ = (
    Metric("crossdock_work_items", "gauge", ("step", "state"), f"Work that is to be done, counted up to {MOST} rows."),
    Metric(
        *("crossdock_work_oldest_seconds", "gauge", ("step",)),
        "How long ago came what has waited longest for a worker of the step.",
    ),
    Metric("crossdock_holds", "gauge", (), "What is held and waits for its release."),
    Metric("crossdock_expectations", "gauge", ("state",), "What must still arrive: open, or overdue."),
    Metric(
        *("crossdock_endpoint_open", "gauge", ("endpoint", "direction")),
        "1 while nobody answers at a far endpoint and it is left alone (its breaker is open), else 0.",
    ),
    Metric(
        *("crossdock_endpoint_failures", "gauge", ("endpoint", "direction")),
        "Failures in a row at a far endpoint, when that was last written down.",
    ),
    Metric("crossdock_alerts", "gauge", ("kind",), "Alerts that are open."),
    DATABASE_UP,
)
TABLE = (*_READ, _CERTIFICATE)


class Gauges:
    """A collector: reads the database once for each scrape."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Raises :class:`~gateway.core.errors.StoreError`."""
        items, oldest, holds, expectations, opened, failures, alerts, up = (
            GaugeMetricFamily(metric.name, metric.text, labels=metric.labels) for metric in _READ
        )
        with self._database.read() as connection:
            for state, statement in _COUNT.items():
                counted = {row.step: row.number for row in run(connection, statement, most=MOST)}
                for step in Step:
                    items.add_metric([step.name.lower(), state.name.lower()], counted.get(step, 0))
            for step in Step:
                ready = run(connection, READY, step=int(step), most=MOST).scalar()
                items.add_metric([step.name.lower(), State.READY.name.lower()], ready)
                since = run(connection, OLDEST, step=int(step)).scalar() if ready else None
                age = 0 if since is None else max(0, self._clock.now() - since) / 1_000_000
                oldest.add_metric([step.name.lower()], age)
            holds.add_metric([], run(connection, HOLDS, most=MOST).scalar())
            awaited = {row.state: row.number for row in run(connection, EXPECTATIONS, most=MOST)}
            for row in run(connection, _ENDPOINTS, most=MOST):
                opened.add_metric([row.endpoint, row.direction], int(row.state == "open"))
                failures.add_metric([row.endpoint, row.direction], row.failures)
            for row in run(connection, _ALERTS):
                alerts.add_metric([row.kind], row.number)
        for wanted in ("open", "overdue"):
            expectations.add_metric([wanted], awaited.get(wanted, 0))
        up.add_metric([], 1)
        yield from (items, oldest, holds, expectations, opened, failures, alerts, up)


class Validity:
    """A collector: of keys and certificates, in files of the home. What cannot be read is left out."""

    def __init__(self, clock: Clock, ends: Callable[[], Iterable[End]]) -> None:
        self._clock, self._ends = clock, ends

    def collect(self) -> Iterator[GaugeMetricFamily]:
        found = GaugeMetricFamily(_CERTIFICATE.name, _CERTIFICATE.text, labels=_CERTIFICATE.labels)
        for end in self._ends():
            if not end.error:
                found.add_metric([end.party, end.use], (end.until - self._clock.now()) / 1_000_000)
        yield found
