"""One timeline as people read it: what belongs to what, what happened, what it waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gateway.cli.issue_table import issue_table
from gateway.cli.output import STYLES, Column, Record, plain, table, visible
from gateway.cli.rows import short

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text
    from rich.tree import Tree

_EVENTS = (Column("when (UTC)", "when"), Column("event", "name"), Column("about", "about"), Column("", "words"))
_EXPECTATIONS = (
    Column("awaited", "kind"),
    Column("of", "party"),
    Column("about", "about"),
    Column("by (UTC)", "by"),
    Column("state", "state", styled=True),
    Column("resolved by", "resolved_by"),
)


def show_story(story: Record) -> RenderableType:
    """The record for people."""
    from rich.console import Group

    parts: list[RenderableType] = [*_trees(story)]
    if issues := told(story):
        parts += ["", plain("Issues", "bold"), issue_table(issues)]
    for hold in story["holds"]:
        parts += ["", *show_hold(hold)]
    if story["waits"]:
        parts += ["", *map(_wait, story["waits"])]
    if story["expectations"]:
        rows = [row | {"about": _about(row), "by": short(row["due"])} for row in story["expectations"]]
        parts += ["", table(rows, _EXPECTATIONS, "Awaited")]
    rows = [row | {"when": short(row["at"]), "about": _about(row), "words": _words(row)} for row in story["events"]]
    return Group(*parts, "", table(rows, _EVENTS, "History"))


def told(story: Record) -> list[Record]:
    """The issues that no hold tells already."""
    held = {(hold["code"], _about(hold)) for hold in story["holds"]}
    return [issue for issue in story["issues"] if (issue["code"], _about(issue)) not in held]


def show_hold(hold: Record) -> list[RenderableType]:
    """Why something waits, and what lets it go on."""
    from rich.padding import Padding

    about = _about(hold)
    if "released_at" in hold:
        return [plain(f"{about} was held until {short(hold['released_at'])}: {hold['code']} {_sentence(hold)}", "dim")]
    lines: list[RenderableType] = [plain(f"{about} is held: {hold['code']}", "yellow")]
    lines.append(Padding(plain(_sentence(hold)), (0, 0, 0, 2), expand=False))
    if hold.get("configuration"):
        lines.append(Padding(plain("These lines would admit it:"), (0, 0, 0, 2), expand=False))
        lines.append(Padding(plain(hold["configuration"].rstrip(), "cyan"), (0, 0, 0, 4), expand=False))
    then = "Then" if hold.get("configuration") else "To go on"
    ways = f"{then}: crossdock release {about}. To end it: crossdock cancel {about}."
    lines.append(Padding(plain(ways), (0, 0, 0, 2), expand=False))
    return lines


def _wait(wait: Record) -> Text:
    text = "{document} waits behind {behind}, of the same business key. crossdock trace {behind} says what that awaits."
    return plain(text.format_map(wait), "yellow")


def _sentence(hold: Record) -> str:
    """Its text, without the configuration that is shown by itself."""
    return str(hold["text"]).split("In partners/")[0].strip() if hold.get("configuration") else str(hold["text"])


def _trees(story: Record) -> list[Tree]:
    """Transmissions with their interchanges and documents, and what these led to, below each other."""
    rows = {row["id"]: row for kind in ("transmissions", "interchanges", "documents") for row in story[kind]}
    below: dict[str | None, list[str]] = {}
    for id, row in rows.items():
        above = next((row[name] for name in ("parent", "interchange", "transmission") if row.get(name) in rows), None)
        below.setdefault(above, []).append(id)
    return [_tree(id, rows, below) for id in below.get(None, [])]


def _tree(id: str, rows: dict[str, Any], below: dict[str | None, list[str]]) -> Tree:
    from rich.tree import Tree

    found = Tree(_label(rows[id]))
    for child in below.get(id, []):
        found.children.append(_tree(child, rows, below))
    return found


def _label(row: Record) -> Any:
    arrow = "←" if row.get("direction") == "out" else "→"
    what = [row.get("endpoint"), row.get("file_name"), row.get("type"), row.get("control_number")]
    what += [row.get("business_key"), f"to {row['to_party']}" if row.get("to_party") else None]
    label = plain(f"{arrow} {row['id']}", "bold")
    label.append("  " + visible("  ".join(filter(None, what))) + "  ")
    label.append(row["status"], STYLES.get(row["status"], ""))
    return label.append(f"  {visible(row['reason'])}" if row.get("reason") else "", "dim")


def _about(row: Record) -> str:
    return next((row[kind] for kind in ("document", "interchange", "transmission") if kind in row), "")


def _words(row: Record) -> str:
    data = row.get("data", {})
    told = {name: value for name, value in data.items() if name != "text" and isinstance(value, str | int)}
    return ", ".join(f"{name} {value}" for name, value in told.items())
