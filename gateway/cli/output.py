"""The one way of results to stdout: a JSON object a line with ``--json``, otherwise for people."""

from __future__ import annotations

import functools
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

Record = Mapping[str, Any]

#: Columns of a table that goes to a file or a pipe.
_WIDTH = 160
_SURROGATE = re.compile("[\ud800-\udfff]")

#: How states and severities look on a terminal.
STYLES: dict[str, str] = {
    **dict.fromkeys(("error", "refused", "failed", "rejected", "stopped", "invalid", "no", "overdue"), "red"),
    **dict.fromkeys(("warning", "held", "withheld", "partial", "resolved late"), "yellow"),
    **dict.fromkeys(("handled", "translated", "delivered", "accepted", "sent", "valid", "yes", "resolved"), "green"),
    **dict.fromkeys(("duplicate", "cancelled", "information", "waived"), "dim"),
}


class Column(NamedTuple):
    """One column of a table: its heading, and the key of its value in a record. ``styled``: coloured by its value."""

    heading: str
    key: str
    styled: bool = False
    right: bool = False


class Output:
    """Where a command puts its results."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json

    def record(self, record: Record, human: Callable[[Record], RenderableType | None]) -> None:
        """One result: a line of JSON, or what ``human`` makes of it (None: nothing)."""
        if self.as_json:
            sys.stdout.write(json_line(record))
        elif (shown := human(record)) is not None:
            self.show(shown)

    def table(self, records: Iterable[Record], columns: Sequence[Column], empty: str = "Nothing found.") -> None:
        """Many results: a line of JSON each, or a table."""
        if self.as_json:
            for record in records:
                sys.stdout.write(json_line(record))
            return
        rows = list(records)
        self.show(table(rows, columns) if rows else plain(empty))

    def show(self, what: RenderableType) -> None:
        """For people only."""
        if not self.as_json:
            self.console.print(what)

    @functools.cached_property
    def console(self) -> Console:
        """Made on first use: rich is not loaded for JSON."""
        from rich.console import Console

        class Plain(Console):
            """Texts of partners are no markup; a closed pipe is not ours to hide."""

            def on_broken_pipe(self) -> None:
                raise BrokenPipeError

        terminal = sys.stdout.isatty()
        return Plain(markup=False, emoji=False, highlight=False, width=None if terminal else _WIDTH)


def results(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command with ``--json``, which gets an :class:`Output` as ``out``."""

    @click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
    @functools.wraps(command)
    def run(*args: Any, as_json: bool, **kwargs: Any) -> Any:
        return command(*args, out=Output(as_json=as_json), **kwargs)

    return run


def json_line(record: Record) -> str:
    """The record as a line of UTF-8. Bytes that were no text (lone surrogates) are written ``\\xNN``."""
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"), default=str)
    return _SURROGATE.sub(lambda found: f"\\\\x{ord(found[0]) & 0xFF:02x}", text) + "\n"


def visible(value: object) -> str:
    """A value as a terminal may show it: nothing in it moves the cursor or changes colours."""
    text = "" if value is None else "yes" if value is True else "no" if value is False else str(value)
    if text.isprintable():
        return text
    lines = text.expandtabs(4).split("\n")
    return "\n".join(line if line.isprintable() else _escaped(line) for line in lines)


def plain(text: str, style: str = "") -> Text:
    """A text for people."""
    from rich.text import Text

    return Text(visible(text), style=style)


def table(rows: Sequence[Record], columns: Sequence[Column], title: str | None = None) -> RenderableType:
    """Rows under headings; columns in which no row has anything are left out."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    used = [column for column in columns if any(row.get(column.key) not in (None, "") for row in rows)]
    found = Table(box=SIMPLE_HEAD, title=visible(title) or None, title_justify="left", pad_edge=False)
    for column in used:
        found.add_column(column.heading, justify="right" if column.right else "left", overflow="fold")
    for row in rows:
        cells = [visible(row.get(column.key)) for column in used]
        found.add_row(*(plain(cell, STYLES.get(cell, "")) if c.styled else cell for cell, c in zip(cells, used)))
    return found


def facts(record: Record, title: str | None = None) -> RenderableType:
    """One record as lines of name and value."""
    from rich.table import Table

    found = Table.grid(padding=(0, 2))
    if title:
        found.title, found.title_justify = visible(title), "left"
    for name, value in record.items():
        if value not in (None, "", [], {}):
            found.add_row(plain(name, "bold"), visible(value))
    return found


def _escaped(line: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in line)
