"""Markdown that the pages share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def head(title: str, source: str) -> str:
    """The title, and where to change the page."""
    return f"# {title}\n\n<!-- Written by `make docs` from {source}. -->\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells may have line breaks and bars."""
    lines = [_row(columns), "|" + "---|" * len(columns), *map(_row, rows)]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"
