"""The one way of results to stdout: a JSON object a line with ``--json``, otherwise for people."""

from __future__ import annotations

import functools
import itertools
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, JustifyMethod, RenderableType, RenderResult
    from rich.table import Table
    from rich.text import Text

Record = Mapping[str, Any]

#: Columns of a table that goes to a file or a pipe.
_WIDTH = 160

#: A moment, which is set on two lines where there is little room; and how far lines are set in that go on.
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)")
_INDENT = 4
_GAP = "  "

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
        if self.as_json:
            return
        if sys.stdout.isatty():
            self.console.print(what)
            return
        with self.console.capture() as captured:
            self.console.print(what)
        lines = (line.rstrip() for line in captured.get().split("\n"))
        sys.stdout.write("\n".join(lines).strip("\n") + "\n")

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
    used = [column for column in columns if any(row.get(column.key) not in (None, "") for row in rows)]
    return _Fitted(rows, used, title)


class _Fitted:
    """A table where its words have room, else lines that go on below: nothing is cut, no id is broken."""

    def __init__(self, rows: Sequence[Record], columns: Sequence[Column], title: str | None) -> None:
        self._cells = [[visible(row.get(column.key)) for column in columns] for row in rows]
        self._columns = columns
        self._title = visible(title) or None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        wide = self._table(close=False)
        if wide.__rich_measure__(console, options).maximum <= options.max_width:
            yield wide
            return
        close = self._table(close=True)
        if close.__rich_measure__(console, options).minimum <= options.max_width:
            yield close
        else:
            yield from self._lines(console, options.max_width)

    def _table(self, *, close: bool) -> Table:
        """``close``: less room between columns, moments on two lines, and only texts of several words are folded."""
        from rich.box import SIMPLE_HEAD
        from rich.table import Table

        padding = (0, 1, 0, 0) if close else (0, 1)
        found = Table(box=SIMPLE_HEAD, title=self._title, title_justify="left", pad_edge=False, padding=padding)
        for place, column in enumerate(self._columns):
            words = all(" " not in _MOMENT.sub("", row[place]) for row in self._cells)
            justify: JustifyMethod = "right" if column.right else "left"
            found.add_column(column.heading, justify=justify, overflow="fold", no_wrap=close and words)
        for row in self._cells:
            cells = [_MOMENT.sub(r"\1\n\2", cell) if close else cell for cell in row]
            found.add_row(*map(self._styled, self._columns, cells))
        return found

    def _lines(self, console: Console, width: int) -> Iterator[Text]:
        """The first columns that have room side by side; the others below each row, behind their headings."""
        rows = [[cell.replace("\n", ", ") for cell in row] for row in self._cells]
        widths = [max(plain(cell).cell_len for cell in cells) for cells in zip(self._headings(), *rows)]
        room = width - _INDENT + len(_GAP)
        beside = max(1, sum(end <= room for end in itertools.accumulate(one + len(_GAP) for one in widths)))
        beside += beside == len(widths) - 1  # a long text at the end begins beside the others
        if self._title:
            yield plain(self._title, "italic")
        yield plain("")
        heads = [plain(heading, "dim") for heading in self._headings()[:beside]]
        yield from _hanging(_padded(heads, widths), console, width)
        for row in rows:
            cells = list(map(self._styled, self._columns, row))
            yield from _hanging(_padded(cells[:beside], widths), console, width)
            below = zip(self._columns[beside:], cells[beside:])
            labelled = [plain(f"{column.heading} ", "dim").append_text(cell) for column, cell in below if cell]
            yield from _hanging([plain(" " * (_INDENT - len(_GAP))), *labelled] if labelled else [], console, width)
        yield plain("")

    def _headings(self) -> list[str]:
        return [column.heading for column in self._columns]

    @staticmethod
    def _styled(column: Column, cell: str) -> Text:
        return plain(cell, STYLES.get(cell, "") if column.styled else "")


def _padded(cells: list[Text], widths: Sequence[int]) -> list[Text]:
    """Cells as wide as their columns, but for the last one."""
    for cell, width in zip(cells[:-1], widths):
        cell.pad_right(width - cell.cell_len)
    return cells


def _hanging(cells: Iterable[Text], console: Console, width: int) -> Iterator[Text]:
    """Cells with two blanks between them; what does not fit goes on below, set in."""
    line = plain(_GAP).join(cell for cell in cells if cell)
    if not line:
        return
    for number, part in enumerate(line.wrap(console, max(width - _INDENT, 1), overflow="fold")):
        part.rstrip()
        yield plain(" " * _INDENT).append_text(part) if number else part


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
