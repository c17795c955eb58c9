"""What is awaited, as people ask for it; and receipts that are asked for by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Command, x12

RESPONSES = """
[[agreement]]
name = "globex-forwarded"
with = "acme"
direction = "out"
standard = "x12"
version = "004010"
type = "850"
document = "Order"
mapping = "x12/850"
endpoint = "globex-out"
deadlines = { "997" = "1h" }
"""


@pytest.fixture
def awaiting(dock: Command, home: Path, tmp_path: Path) -> Path:
    """A home in which Globex was sent something that it has not answered, and jumped over two of its numbers."""
    partner = home / "partners/globex.toml"
    partner.write_text(partner.read_text() + RESPONSES)
    for number in (901, 904):
        file = tmp_path / f"{number}.x12"
        file.write_bytes(x12(number, f"PO-{number}"))
        assert dock("receive", file).code == 0
    for written in sorted((home / "exchange/out/acme-erp").glob("*.jsonl")):
        assert dock("send", written, "--to", "globex").code == 0
    return home


def test_what_is_awaited_is_listed_with_what_it_is_about(dock: Command, awaiting: Path) -> None:
    found = dock.json("expectations")
    kinds = [(row["kind"], row["party"], row["state"]) for row in found]
    assert ("interchange", "globex", "open") in kinds
    (gap,) = [row for row in found if row["kind"] == "interchange"]
    assert gap["what"] == "902–903"
    assert gap["interchange"].startswith("ic_")
    ran = dock("expectations", "--kind", "interchange")
    assert "902–903" in ran.out


def test_receipts_for_what_was_sent_are_among_it(dock: Command, awaiting: Path) -> None:
    found = dock.json("expectations", "--kind", "997", "--party", "globex")
    assert {(row["type"], row["business_key"]) for row in found} == {("850", "order:PO-901"), ("850", "order:PO-904")}
    assert [row["due"] for row in found] == sorted(row["due"] for row in found)


def test_nothing_is_overdue_yet(dock: Command, awaiting: Path) -> None:
    assert dock.json("expectations", "--overdue") == []
    assert "Nothing is awaited." in dock("expectations", "--overdue").out


def test_two_states_at_once_are_a_slip(dock: Command) -> None:
    assert dock("expectations", "--overdue", "--state", "open").code == 2


def test_a_receipt_can_be_asked_for_by_name(dock: Command, tmp_path: Path) -> None:
    file = tmp_path / "order.x12"
    body = x12(1, "A").replace(b"*00401*", b"*00501*").replace(b"*U*", b"*^*").replace(b"*X*004010", b"*X*005010")
    file.write_bytes(body)
    assert "ST*999*0001" in dock("acknowledge", file, "--receipt", "999").out
    assert "ST*997*0001" in dock("acknowledge", file).out
    assert "TA1" not in dock("acknowledge", file, "--receipt", "997").out
