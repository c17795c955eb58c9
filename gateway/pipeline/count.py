"""Counting what was committed: from the same events that the log tells, a few increments for a whole batch."""

from __future__ import annotations

from collections import Counter

from gateway.observe import metrics
from gateway.store import Changes

#: The events of a unit of transport that are counted by endpoint: their direction, and what became of it.
_OUTCOMES = {
    "transmission.received": ("in", "received"),
    "transmission.deposited": ("out", "deposited"),
    "transmission.delivered": ("out", "delivered"),
}
_FAILED = {"translate": "in", "deliver": "out"}

#: Those that say how many bytes went over the wire.
_CARRIED = ("received", "delivered")


def count(changes: Changes) -> None:
    """Counts what ``changes`` did, after they are committed."""
    rows = changes.rows
    if "events" in rows:
        for event, number in Counter([row["name"] for row in rows["events"]]).items():
            metrics.events.labels(event).inc(number)
    if "documents" in rows:
        found = Counter([(row["direction"], row["type"], row["status"]) for row in rows["documents"]])
        for (direction, type, status), number in found.items():
            metrics.documents.labels(direction, metrics.bounded("type", type), status).inc(number)
    if "issues" in rows:
        for labels, number in Counter([(row["code"], row["severity"]) for row in rows["issues"]]).items():
            metrics.issues.labels(*labels).inc(number)
    _transmissions(changes)


def _transmissions(changes: Changes) -> None:
    units: Counter[tuple[str, str, str]] = Counter()
    carried: Counter[tuple[str, str]] = Counter()
    for name, fields, _ in changes.told:
        outcome = _OUTCOMES.get(name)
        if outcome is None and name == "transmission.failed" and fields.get("step") in _FAILED:
            outcome = (_FAILED[fields["step"]], "failed")
        if outcome is not None:
            direction, became = outcome
            endpoint = fields.get("endpoint") or ""
            units[endpoint, direction, became] += 1
            if became in _CARRIED:
                carried[endpoint, direction] += fields.get("size") or 0
    for labels, number in units.items():
        metrics.transmissions.labels(*labels).inc(number)
    for place, size in carried.items():
        metrics.transmission_bytes.labels(*place).inc(size)
