"""Somebody at the desk asks where goods are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import ISA, Command

CARRIER = """\
id = "hooli"
name = "Hooli Freight"

[[identity]]
standard = "x12"
qualifier = "ZZ"
identifier = "HOOLI"

[[agreement]]
name = "hooli-214"
with = "acme"
direction = "in"
standard = "x12"
version = "004010"
type = "214"
mapping = "x12/214"
"""

STATUS = """\
GS*QM*HOOLI*ACME*20260201*0815*7*X*004010~
ST*214*0001~
B10*7733100**ROAD~
L11*BOL-55*BM~
LX*1~
AT7*AF*NS***20260201*0830*LT~
MS1*Hamburg*HH*DE~
AT7*A9*NS***20260202*0900*01~
SE*8*0001~
GE*1*7~
IEA*1*000000007~
"""


@pytest.fixture
def told(dock: Command, home: Path, tmp_path: Path) -> Command:
    """A home whose carrier has told of a damage."""
    (home / "partners/hooli.toml").write_text(CARRIER)
    file = tmp_path / "status.x12"
    file.write_text(ISA.format(sender="HOOLI", number=7, ask=0) + STATUS)
    assert dock("receive", file).code == 0
    return dock


def test_it_is_found_by_any_number_and_tells_what_happened_where_and_when(told: Command) -> None:
    ran = told("consignment", "BOL-55")
    assert ran.code == 0
    for word in ("picked-up", "damaged", "2026-02-02 08:00", "2026-02-01 08:30 local", "Hamburg", "7733100"):
        assert word in ran.out


def test_programs_get_one_object_for_each(told: Command) -> None:
    [found] = told.json("consignment", "7733100")
    assert (found["state"], found["conditions"]) == ("picked-up", ["damaged"])
    assert [(event["event"], event.get("place")) for event in found["events"]] == [
        ("picked-up", "Hamburg, DE"),
        ("damaged", None),
    ]
    assert found["names"][0] == {"kind": "bill-of-lading", "value": "BOL-55", "scoped": "BOL-55"}


def test_the_document_says_what_an_operator_should_know(told: Command) -> None:
    [found] = told.json("consignment", "7733100")
    ran = told("trace", found["documents"][0])
    assert "LOG-CONDITION" in ran.out


def test_a_number_that_nobody_told_of_is_not_found(told: Command) -> None:
    ran = told("consignment", "BOL-56")
    assert ran.code == 1
    assert "No consignment goes by BOL-56" in ran.err
