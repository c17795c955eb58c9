"""One message about many alerts: for people as text, for programs as JSON. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from gateway.store.rows import moment

What = Literal["opened", "reminder", "closed"]

#: Alerts that one message names; it always says how many there are.
MOST = 50

_HEADINGS = {"opened": "New", "reminder": "Still so", "closed": "Over"}
_WORDS: dict[What, str] = {"opened": "new", "reminder": "still open", "closed": "over"}


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One alert in a message; times as text, UTC."""

    what: What
    id: int
    kind: str
    subject: str
    severity: str
    text: str
    count: int
    since: str
    until: str | None = None


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """``id`` is the same in every try; ``more``: alerts that are not named."""

    id: str
    gateway: str
    alerts: tuple[Told, ...]
    more: int = 0

    @property
    def subject(self) -> str:
        counts = Counter(told.what for told in self.alerts)
        parts = [f"{counts[what]} {word}" for what, word in _WORDS.items() if counts[what]]
        if self.more:
            parts.append(f"{self.more} more")
        return f"[{self.gateway}] Alerts: {', '.join(parts)}"

    @property
    def text(self) -> str:
        lines: list[str] = []
        for what, heading in _HEADINGS.items():
            those = [told for told in self.alerts if told.what == what]
            if those:
                lines += [f"{heading}:", *map(_line, those), ""]
        if self.more:
            lines += [f"And {self.more} more.", ""]
        lines += ["crossdock alerts lists what is open; crossdock alerts mute ID --for 24h keeps one quiet.", ""]
        return "\n".join(lines)


def compose(rows: Sequence[Any], id: str, gateway: str) -> Message:
    """``rows``: alerts, each with ``what`` is to be told of it. What is critical comes first, then what is oldest."""
    ordered = sorted(rows, key=lambda row: (row.severity != "critical", row.opened_at, row.id))
    told = tuple(
        Told(
            what=row.what,
            id=row.id,
            kind=row.kind,
            subject=row.subject,
            severity=row.severity,
            text=row.text,
            count=row.count,
            since=moment(row.opened_at),
            until=None if row.closed_at is None else moment(row.closed_at),
        )
        for row in ordered[:MOST]
    )
    return Message(id=id, gateway=gateway, alerts=told, more=len(ordered) - len(told))


def _line(told: Told) -> str:
    mark = "! " if told.severity == "critical" else "- "
    return f"{mark}{told.text}\n  ({told.kind} {told.subject}, number {told.id}, since {told.since[:16]}Z)"
