"""Somebody at the desk asks what became of an order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import HOOLI, ISA, Command

CHANGES = """
[[agreement]]
name = "hooli-860"
with = "acme"
direction = "in"
standard = "x12"
version = "004010"
type = "860"
mapping = "x12/860"
"""
ORDER = """\
GS*PO*HOOLI*ACME*20260201*0815*7*X*004010~
ST*850*0001~
BEG*00*SA*H-100**20260201~
PO1*1*100*EA*5**VP*AT-1001~
CTT*1~
SE*5*0001~
GE*1*7~
IEA*1*000000007~
"""
CHANGE = """\
GS*PC*HOOLI*ACME*20260202*0815*8*X*004010~
ST*860*0001~
BCH*04*SA*H-100***20260201*****20260202~
POC*1*CA*80*80*EA*5**VP*AT-1001~
SE*4*0001~
GE*1*8~
IEA*1*000000008~
"""


@pytest.fixture
def ordered(dock: Command, home: Path, tmp_path: Path) -> Command:
    """A home whose customer ordered 100 and changed that to 80."""
    (home / "partners/hooli.toml").write_text(HOOLI + CHANGES)
    for number, body in ((7, ORDER), (8, CHANGE)):
        file = tmp_path / f"{number}.x12"
        file.write_text(ISA.format(sender="HOOLI", number=number, ask=0) + body)
        assert dock("receive", file).code == 0
    return dock


def test_it_shows_lines_documents_and_what_is_awaited(ordered: Command) -> None:
    ran = ordered("order", "H-100")
    assert ran.code == 0
    for word in ("sold to hooli", "in-change", "Awaited: response", "80", "x12 850", "x12 860"):
        assert word in ran.out


def test_programs_get_one_object_for_each(ordered: Command) -> None:
    [found] = ordered.json("order", "H-100", "--partner", "hooli")
    assert found["lines"][0]["ordered"] == "80"
    assert [each["kind"] for each in found["documents"]] == ["Order", "OrderChange"]
    assert all(each["document"].startswith("doc_") for each in found["documents"])


@pytest.mark.parametrize("words", [("H-101",), ("H-100", "--partner", "initech")])
def test_an_order_that_nobody_told_of_is_not_found(ordered: Command, words: tuple[str, ...]) -> None:
    ran = ordered("order", *words)
    assert ran.code == 1
    assert "No order" in ran.err
