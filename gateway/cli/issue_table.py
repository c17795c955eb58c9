"""Issues as people read them: where, what, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from gateway.cli.output import STYLES, plain, visible

if TYPE_CHECKING:
    from rich.console import RenderableType


def issue_table(issues: Iterable[Mapping[str, Any]]) -> RenderableType:
    """``issues`` as JSON shows them."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    found = Table(box=SIMPLE_HEAD, pad_edge=False)
    found.add_column("issue", no_wrap=True)
    found.add_column("place", overflow="fold", ratio=2)
    found.add_column("what, and what to do", overflow="fold", ratio=4)
    for issue in issues:
        code = plain(f"{issue['severity']}\n{issue['code']}", STYLES.get(issue["severity"], ""))
        found.add_row(code, visible(place_of(issue.get("location") or {})), _sentence(issue))
    return found


def place_of(location: Mapping[str, Any]) -> str:
    """``PO1 (segment 17), element 3, byte 812``."""
    import msgspec

    from gateway.core.issues import Location

    return str(msgspec.convert(location, Location))


def _sentence(issue: Mapping[str, Any]) -> RenderableType:
    text = plain(issue["text"])
    if issue.get("hint"):
        text.append("\n" + visible(issue["hint"]), style="dim")
    return text
