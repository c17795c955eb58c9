"""Somebody at the desk asks where a declaration stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Command
from tests.customs import made
from tests.customs.port import CUSTOMS, ERP, HOOLI, party, submits


@pytest.fixture
def declared(dock: Command, home: Path, tmp_path: Path) -> Command:
    """A home to which order, list and payment have come, and no waybill; what was paid differs."""
    texts = {"hooli": HOOLI, "hooli-erp": ERP, "vandelay": party("vandelay"), "customs": CUSTOMS + submits("621")}
    for name, text in texts.items():
        (home / "partners" / f"{name}.toml").write_text(text)
    for number, node in (("311", made.order()), ("621", made.inventory()), ("411", made.payment(amountPaid="290"))):
        file = tmp_path / f"{number}.xml"
        file.write_bytes(made.message(number, node))
        assert dock("receive", file, "--from", "vandelay" if number == "411" else "hooli-erp").code == 0
    return dock


def test_it_says_what_is_there_what_is_missing_and_what_differs(declared: Command) -> None:
    ran = declared("declaration", "PO-1")
    assert ran.code == 0
    for word in ("Declaration C-PO-1 of hooli", "It waits for: waybill", "missing", "'289' is not payment amountPaid"):
        assert word in ran.out
    assert made.CARD not in ran.out
    assert "王小明" not in ran.out


def test_programs_get_one_object_for_each(declared: Command) -> None:
    [found] = declared.json("declaration", "C-PO-1")
    assert (found["state"], found["waits_for"]) == ("draft", ["waybill"])
    assert {each["message"] for each in found["documents"]} == {"311", "411", "621"}
    [listed] = declared.json("declarations", "--state", "draft")
    assert (listed["order"], listed["list"], listed["waits"]) == ("PO-1", "C-PO-1", "waybill, what differs")


def test_a_number_that_nobody_told_of_is_not_found(declared: Command) -> None:
    ran = declared("declaration", "PO-2")
    assert ran.code == 1
    assert "No declaration goes by PO-2" in ran.err


def test_what_holds_is_shown_with_its_rule(dock: Command) -> None:
    found = {each["name"]: each for each in dock("customs", "policy", "--on", "2018-12-31", "--json").records}
    assert (found["year_limit"]["value"], found["year_limit"]["since"]) == ("20000", "2016-04-08")
    assert "Cai Guan Shui [2018] 49" in dock("customs", "policy", "--on", "2026-11-24").out
    assert dock("customs", "policy", "--on", "yesterday").code == 2
