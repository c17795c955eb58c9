"""Tables on terminals of any width: nothing is cut, and no id is broken that somebody will copy."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from gateway.cli.output import Column, table

_COLUMNS = (Column("id", "id"), Column("when (UTC)", "when"), Column("file", "file"), Column("status", "status"))
_ROWS = [
    {"id": "tx_130822", "when": "2026-11-22 23:42:31", "file": "acme-erp-orders-000000001.jsonl", "status": "held"},
    {"id": "tx_130823", "when": "2026-11-22 23:42:32", "file": "", "status": "delivered"},
]


def shown(width: int) -> str:
    out = StringIO()
    Console(file=out, width=width, markup=False, highlight=False).print(table(_ROWS, _COLUMNS))
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 60, 72, 80, 160])
def test_every_word_is_there_whole_and_fits(width: int) -> None:
    text = shown(width)
    assert all(len(line) <= width for line in text.splitlines())
    for word in ("tx_130822", "2026-11-22", "23:42:31", "acme-erp-orders-000000001.jsonl", "held", "delivered"):
        assert word in text


def test_where_there_is_room_a_row_is_one_line() -> None:
    [line] = [line for line in shown(160).splitlines() if "tx_130822" in line]
    assert "2026-11-22 23:42:31" in line
    assert line.endswith("held      ")


def test_with_less_room_moments_are_on_two_lines() -> None:
    lines = shown(72).splitlines()
    [first] = [number for number, line in enumerate(lines) if "tx_130822" in line]
    assert "acme-erp-orders-000000001.jsonl" in lines[first]
    assert lines[first + 1].strip() == "23:42:31"


def test_with_no_room_a_row_goes_on_below() -> None:
    lines = [line for line in shown(44).splitlines() if line.strip()]
    assert lines[:2] == ["id         when (UTC)", "tx_130822  2026-11-22 23:42:31"]


def test_a_long_text_at_the_end_begins_beside_the_others() -> None:
    out = StringIO()
    rows = [{"id": "disk", "status": "yes", "file": "free"}, {"id": "digest", "status": "yes", "file": "0" * 60}]
    columns = (Column("check", "id"), Column("works", "status"), Column("", "file"))
    Console(file=out, width=50, markup=False, highlight=False).print(table(rows, columns))
    assert "disk    yes    free\n" in out.getvalue()


def test_what_goes_on_below_says_what_it_is() -> None:
    lines = [line for line in shown(44).splitlines() if line.strip()]
    assert lines[2:4] == ["    file acme-erp-orders-000000001.jsonl", "    status held"]
    assert lines[5] == "    status delivered"
