"""Rows of the database as results: ids as people write them, times in UTC, JSON as JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from gateway.store.ids import show

Row = Mapping[str, Any]

#: Keys that hold an id, what they are called in a result, and of what kind they are.
_REFERENCES = {
    "transmission_id": ("transmission", "transmission"),
    "interchange_id": ("interchange", "interchange"),
    "source_interchange_id": ("source_interchange", "interchange"),
    "document_id": ("document", "document"),
    "earlier_id": ("earlier", "interchange"),
    "resolved_by": ("resolved_by", "transmission"),
}
_TIMES = frozenset({"created_at", "updated_at", "released_at", "resolved_at", "raised_at", "at", "due"})
_JSON = frozenset({"data", "headers"})
_INTERNAL = frozenset({"payload_id", "turn", "identity", "pending"})


def public(row: Row, kind: str | None = None) -> dict[str, Any]:
    """A row without what is empty or internal. ``kind``: of what it is a row, where its own id says something."""
    found: dict[str, Any] = {"id": show(kind, row["id"])} if kind else {}
    for name, value in row.items():
        if name in _INTERNAL or name == "id" or value is None or value == "":
            continue
        if name in _REFERENCES:
            called, of = _REFERENCES[name]
            found[called] = show(of, value)
        elif name == "parent_id":
            found["parent"] = show(kind or "document", value)
        elif name in _TIMES:
            found[name] = moment(value)
        else:
            found[name] = json.loads(value) if name in _JSON else value
    return {name: value for name, value in found.items() if value != {}}


def moment(microseconds: int) -> str:
    """``2026-11-20T08:15:00.123456Z``."""
    seconds, rest = divmod(microseconds, 1_000_000)
    at = dt.datetime.fromtimestamp(seconds, dt.UTC).replace(microsecond=rest)
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
