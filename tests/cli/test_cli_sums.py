"""``crossdock validate`` and ``translate`` tell what does not add up, at its segment and byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.cli.running import Command
from tests.pipeline.orders import order, x12

BODY = x12(7, [*order("A"), "AMT*TT*90"])


def issues(tmp_path: Path, command: str, *options: str) -> list[dict[str, Any]]:
    file = tmp_path / "order.edi"
    file.write_bytes(BODY)
    ran = Command()(command, file, *options, "--json")
    assert ran.code == 0, ran.out
    found: list[dict[str, Any]] = ran.records[0]["issues"]
    return found


def test_both_commands_say_the_same_at_the_same_place(tmp_path: Path) -> None:
    validated = issues(tmp_path, "validate")
    assert issues(tmp_path, "translate", "--to", "canonical") == validated
    (issue,) = validated
    assert (issue["code"], issue["severity"]) == ("TRD-PAYABLE", "warning")
    place = {"segment": 6, "tag": "AMT", "element": 2, "field": "payable_amount", "offset": BODY.index(b"90~SE")}
    assert issue["location"] == place
