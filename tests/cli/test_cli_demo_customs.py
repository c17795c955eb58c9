"""The demo of customs: what it tells is so."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import Command


def test_an_export_and_an_import_are_cleared_and_what_does_not_match_stays(crossdock: Command, tmp_path: Path) -> None:
    folder = tmp_path / "port"
    ran = crossdock("demo", "--customs", "--keep", folder)
    assert ran.code == 0, ran.err
    for words in ("tax bill", "'271'", "What this leaves out"):
        assert words in ran.out
    home = Command(folder)
    states = {each["order"]: each["state"] for each in home.json("declarations")}
    assert states == {"EX-1": "cleared", "IM-1": "cleared", "IM-2": "draft"}
    [found] = home.json("declaration", "IM-1")
    assert all(each.get("sha256") for document in found["documents"] for each in document["versions"])
