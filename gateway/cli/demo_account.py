"""What the demo tells: one scene at a time, out of what the gateway itself has on record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from gateway.service import Service
from gateway.store.ids import Reference
from gateway.store.search import Filter, find_documents, find_transmissions
from gateway.store.timeline import Timeline, timeline

GOOD, BAD, WAITS, QUIET = "green", "red", "yellow", "dim"

#: How a status looks: its mark and colour.
MARKS = {
    "handled": ("✓", GOOD),
    "refused": ("✗", BAD),
    "duplicate": ("↺", QUIET),
    "translated": ("✓", GOOD),
    "held": ("‖", WAITS),
}

_ORDERS = ("850", "ORDERS")
_MOST_LINES = 24  # of a receipt

LOOK_FURTHER = (
    ("documents", "what came and went"),
    ("trace tx_…", "one timeline, with everything that belongs to it"),
    ("serve", "the gateway itself: drop files into exchange/in/…"),
)


class Left(NamedTuple):
    """A file that left."""

    endpoint: str
    name: str
    number: str
    body: bytes


class Account(NamedTuple):
    """One scene: what came, and everything that the gateway wrote down about it and sent because of it."""

    partner: str
    name: str
    body: bytes
    before: int
    story: Timeline | None = None
    answered: tuple[Timeline, ...] = ()
    sent: tuple[Left, ...] = ()

    @classmethod
    def begin(cls, service: Service, partner: str, name: str, body: bytes) -> Account:
        return cls(partner, name, body, _last(service))

    def finish(self, service: Service) -> Account:
        """With what happened since it began."""
        with service.database.read() as connection:
            rows = [row for row in find_transmissions(connection, Filter()) if row.id > self.before]
        came = next(row for row in rows if row.direction == "in")
        exchange = Path(service.config.exchange)
        story = timeline(service.database, Reference("transmission", came.id))
        numbers = {row["transmission_id"]: row["control_number"] for row in story.interchanges}
        sent = [row for row in reversed(rows) if row.direction == "out"]
        left = (Left(r.endpoint, r.file_name, numbers.get(r.id, ""), _read(exchange, r.file_name)) for r in sent)
        ours = {row["source_interchange_id"] for row in story.documents if row["direction"] == "in"} - {None}
        answered = (timeline(service.database, Reference("interchange", id)) for id in sorted(ours))
        return self._replace(story=story, answered=tuple(answered), sent=tuple(left))


def introduce(console: Console, home: Path) -> None:
    console.print()
    console.print(
        Panel(
            "[b]Crossdock[/b]: trade documents in on one side, sorted, and out on the other.\n"
            "Globex speaks X12, Initech speaks EDIFACT, Acme's ERP speaks JSON. "
            f"Everything happens in [b]{home}[/b],\nwith a real database and real folders.",
            border_style="cyan",
            padding=(1, 2),
        )
    )


def show(console: Console, number: int, title: str, expected: str, accounts: Sequence[Account]) -> None:
    """One scene."""
    console.print()
    console.print(Rule(f"[b]{number}. {title}[/b]", align="left", style="cyan"))
    console.print(Padding(Text(expected, style=QUIET), (0, 0, 0, 3)))
    for account in accounts:
        story = account.story
        assert story is not None
        found = (_documents(story), *map(_answered, account.answered), _issues(story), _hold(story))
        parts: list[RenderableType] = [_arrival(account, story), *(part for part in found if part is not None)]
        parts += [_sending(sent) for sent in account.sent]
        console.print(Padding(Group(*parts), (1, 0, 0, 3)))


def say_goodbye(console: Console, service: Service, home: Path | None) -> None:
    """The sum of it, and how to look further."""
    with service.database.read() as connection:
        found = [row for row in find_documents(connection, Filter(direction="in", limit=500)) if row.type in _ORDERS]
    counts = {status: sum(row.status == status for row in found) for status in ("handled", "refused")}
    console.print()
    console.print(Rule(style="cyan"))
    console.print(
        f"   {counts['handled']} orders are in Acme's records and in its ERP, {counts['refused']} was refused "
        "with its reason; nothing was lost, nothing done twice."
    )
    where = f"--home {home} " if home else ""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 3))
    if home is None:
        table.add_row("crossdock demo --keep DIR", "the same, and the folder stays: then, with --home DIR")
    for command, meaning in LOOK_FURTHER:
        table.add_row(f"crossdock {where}{command}", meaning)
    table.add_row("crossdock init DIR", "a home of your own")
    console.print(Padding(table, (1, 0, 1, 0)))


def _arrival(account: Account, story: Timeline) -> Text:
    came = min(story.transmissions, key=lambda row: int(row["id"]))
    mark, colour = MARKS.get(came["status"], ("·", QUIET))
    text = Text.assemble(
        ("→ ", "cyan"), (f"in/{account.partner}/{account.name}", "b"), f"  {len(account.body)} bytes  "
    )
    return text.append(f"tx_{came['id']} {mark} {came['status']}", style=colour)


def _documents(story: Timeline) -> Table | None:
    rows = [row for row in story.documents if row["direction"] == "in"]
    if not rows:
        return None
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 2))
    for row in rows:
        mark, colour = MARKS.get(row["status"], ("·", QUIET))
        key = (row["business_key"] or "").replace(":", " ")
        table.add_row(f"doc_{row['id']}", f"{row['type']} {row['control_number']}", key,
                      Text(f"{mark} {row['status']}", style=colour))  # fmt: skip
    return table


def _answered(story: Timeline) -> Group | None:
    """Documents of ours that the arrival answers, and what was awaited about them."""
    lines: list[RenderableType] = []
    sent = {row["id"]: row for row in story.documents if row["direction"] == "out"}
    for row in story.expectations:
        document = sent.get(row["document_id"])
        if document is not None and row["state"].startswith("resolved"):
            what = f"  {document['type']} {(document['business_key'] or '').replace(':', ' ')}  "
            words = Text.assemble(what, (f"✓ {document['status']}", GOOD), f"  {row['kind']} awaited: {row['state']}")
            lines.append(words)
    return Group(*lines) if lines else None


def _issues(story: Timeline) -> Group | None:
    lines: list[RenderableType] = []
    for row in story.issues:
        issue: dict[str, Any] = json.loads(row["data"])
        if issue["severity"] == "information" and issue["code"] != "GTW-DUPLICATE":
            continue
        colour = BAD if issue["severity"] == "error" else WAITS
        place = _place(issue["location"])
        lines.append(Text.assemble("  ", (issue["code"], colour), "  ", issue["text"], (f"  {place}", QUIET)))
    return Group(*lines) if lines else None


def _place(location: dict[str, Any]) -> str:
    words = [location.get("tag") or "", f"segment {location['segment']}" if "segment" in location else ""]
    words += [f"element {location['element']}" if "element" in location else ""]
    words += [f"byte {location['offset']}" if "offset" in location else ""]
    return " · ".join(word for word in words if word)


def _hold(story: Timeline) -> Group | None:
    if not story.holds:
        return None
    hold = story.holds[0]
    parts: list[RenderableType] = [Text(f"  held until: {hold['condition']}", style=WAITS)]
    if hold["configuration"]:
        parts.append(Padding(Syntax(hold["configuration"], "toml", background_color="default"), (0, 0, 0, 4)))
    return Group(*parts)


def _sending(left: Left) -> Group:
    text = f"  {len(left.body)} bytes, control number {left.number}"
    head = Text.assemble(("← ", "cyan"), (f"{left.endpoint}/{left.name}", "b"), text)
    excerpt = Text(_excerpt(left.body), style=QUIET, no_wrap=True, overflow="ellipsis")
    return Group(head, Padding(excerpt, (0, 0, 0, 4)))


def _excerpt(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    if text.startswith(("ISA", "UNA", "UNB")):
        end = "~" if text.startswith("ISA") else "'"
        lines = [segment + end for segment in text.split(end) if segment]
        return "\n".join(lines[:_MOST_LINES])
    return text.rstrip("\n")


def _read(exchange: Path, name: str) -> bytes:
    found = next(exchange.glob(f"out/*/{name}"), None)
    return found.read_bytes() if found else b""


def _last(service: Service) -> int:
    with service.database.read() as connection:
        rows = find_transmissions(connection, Filter(limit=1))
    return int(rows[0].id) if rows else 0
