"""An explained document on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.columns import Columns
from rich.console import Group
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table

from gateway.cli.output import STYLES, Record, plain, visible

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text


def show_document(record: Record) -> RenderableType:
    """The overview, what is wrong with the whole, and the segments with what is wrong in its place."""
    return Group(*_parts(record))


def show_file(record: Record) -> RenderableType | None:
    """What is wrong with the envelopes of a file; nothing where they are in order."""
    if not record["issues"]:
        return None
    return Group(plain(record["file"], "bold"), *_issues(record["issues"], placed=True))


def _parts(record: Record) -> Iterator[RenderableType]:
    verdict = "valid" if record["valid"] else "invalid"
    heading = plain(record["name"], "bold").append(f"  {verdict}", STYLES[verdict])
    heading.append(f"\n{_envelope(record)}", "dim")
    yield Panel(heading, expand=False)
    yield from _issues(record["issues"], placed=True)
    if record["overview"]:
        yield from _overview(record["overview"])
    for segment in record["segments"]:
        yield from _segment(segment)


def _envelope(record: Record) -> str:
    about = " ".join(filter(None, (record["standard"], record["version"], record["type"], record["reference"])))
    way = f"from {record['sender']} to {record['receiver']}" if record["sender"] or record["receiver"] else ""
    return visible("  ".join(filter(None, (about, way, "test" if record["test"] else ""))))


def _overview(found: Mapping[str, Any]) -> Iterator[RenderableType]:
    cards = [Group(plain(card["role"], "dim"), *map(plain, card["lines"])) for card in found["cards"]]
    if cards:
        yield Padding(Columns(cards, padding=(0, 4)), (0, 0, 1, 0))
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    for fact in found["facts"]:
        facts.add_row(visible(fact["label"]), visible(fact["value"]))
    yield facts
    for grid in found["grids"]:
        yield _grid(grid)


def _grid(grid: Mapping[str, Any]) -> RenderableType:
    shown = Table(box=SIMPLE_HEAD, title=visible(grid["title"]), title_justify="left", pad_edge=False)
    for place, column in enumerate(grid["columns"]):
        figures = place in grid["numbers"]
        shown.add_column(visible(column), justify="right" if figures else "left", overflow="fold", no_wrap=figures)
    for row in grid["rows"]:
        shown.add_row(*map(visible, row))
    return shown


def _segment(segment: Mapping[str, Any]) -> Iterator[RenderableType]:
    inset = 2 * segment["depth"]
    head = plain(segment["tag"], "bold").append(f"  {visible(segment['name'])}", "cyan")
    head.append(f"  segment {segment['number']}" + (f", loop {segment['opens']}" if segment["opens"] else ""), "dim")
    yield Padding(head, (0, 0, 0, inset))
    entries = Table.grid(padding=(0, 2))
    for column in ("place", "name", "value"):
        entries.add_column(style="dim" if column != "value" else "", overflow="fold", no_wrap=column == "place")
    for entry in segment["entries"]:
        entries.add_row(entry["place"], visible(entry["name"]), _value(entry))
    if segment["entries"]:
        yield Padding(entries, (0, 0, 0, inset + 4))
    for issue in _issues(segment["issues"], placed=False):
        yield Padding(issue, (0, 0, 0, inset + 4))


def _value(entry: Mapping[str, Any]) -> Text:
    found = plain(entry["value"])
    return found.append(f"  {visible(entry['meaning'])}", "green") if entry["meaning"] else found


def _issues(issues: Sequence[Mapping[str, Any]], *, placed: bool) -> Iterator[RenderableType]:
    for issue in issues:
        style = STYLES.get(issue["severity"], "")
        line = plain(f"▲ {issue['severity']} {issue['code']}  ", style)
        if placed and issue["place"]:
            line.append(f"{visible(issue['place'])}  ", "dim")
        line.append(visible(issue["text"]))
        if issue.get("hint"):
            line.append(f" {visible(issue['hint'])}", "dim")
        yield line
