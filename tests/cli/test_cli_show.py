"""What is kept is shown byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Command, x12


@pytest.fixture
def sent(tmp_path: Path) -> bytes:
    return b"\r\n" + x12(901, "4711", "4712")


@pytest.fixture
def found(dock: Command, tmp_path: Path, sent: bytes) -> dict[str, Any]:
    file = tmp_path / "order.x12"
    file.write_bytes(sent)
    return dock.json("receive", file)[0]


def test_a_transmission_is_shown_as_it_came(dock: Command, found: dict[str, Any], sent: bytes) -> None:
    assert dock("show", found["transmission"]).raw == sent


def test_a_document_is_its_part_of_it(dock: Command, found: dict[str, Any]) -> None:
    second = dock("show", found["documents"][1]["id"]).raw
    assert second.startswith(b"ST*850*0002~")
    assert second.rstrip().endswith(b"SE*7*0002~")


def test_a_document_is_shown_in_canonical_form(dock: Command, found: dict[str, Any]) -> None:
    assert json.loads(dock("show", "--canonical", found["documents"][0]["id"]).raw)["id"] == "4711"


def test_what_is_held_can_be_looked_at_too(dock: Command, tmp_path: Path) -> None:
    file = tmp_path / "stranger.x12"
    file.write_bytes(x12(1, sender="HOOLI"))
    [held] = dock.json("receive", file)
    assert dock("show", held["transmission"]).raw == file.read_bytes()


def test_what_is_not_there_is_said(dock: Command) -> None:
    ran = dock("show", "tx_9999")
    assert ran.code == 1
    assert "There are no bytes of tx_9999" in ran.err
    assert dock("show", "letter").code == 2


def test_it_can_go_to_a_file(dock: Command, found: dict[str, Any], tmp_path: Path, sent: bytes) -> None:
    copy = tmp_path / "copy"
    assert dock("show", found["transmission"], "-o", copy).raw == b""
    assert copy.read_bytes() == sent


def test_a_document_that_left_is_shown_as_it_left(dock: Command, home: Path) -> None:
    dock("receive", home / "examples/order.x12")
    dock("send", home / "examples/answer.json", "--to", "globex")
    [answer] = dock.json("documents", "--type", "855")
    shown = dock("show", answer["id"]).raw
    assert shown.startswith(b"ST*855*0001~")
    assert shown.endswith(b"*0001~")
