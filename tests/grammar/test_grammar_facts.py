"""The shipped tables agree with the tables of facts beside the checkout, where there are any."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.grammar.convert import convert

CHECKOUT = Path(__file__).parents[2]
FACTS = CHECKOUT.parent / "shared" / "standards"
SHIPPED = CHECKOUT / "schemas"

pytestmark = pytest.mark.skipif(not FACTS.is_dir(), reason="no tables of facts beside the checkout")


def facts(name: str) -> dict[str, Any]:
    raw = (FACTS / name).read_bytes()
    found: dict[str, Any] = json.loads(gzip.decompress(raw) if name.endswith(".gz") else raw)
    return found


def shipped(directory: str) -> dict[str, str]:
    return {
        path.relative_to(SHIPPED).as_posix(): path.read_text("utf-8") for path in (SHIPPED / directory).rglob("*.txt")
    }


def messages(directory: str) -> list[str]:
    return [path.stem for path in (SHIPPED / directory / "messages").glob("*.txt")]


def test_x12_004010() -> None:
    there = shipped("x12/004010")
    names = facts("x12/004010_named.json")
    assert convert(facts("x12/004010.json"), messages("x12/004010"), names=names, existing=there.get) == there


def test_edifact_d96a() -> None:
    there = shipped("edifact/D.96A")
    assert convert(facts("edifact/D96A.json.gz"), messages("edifact/D.96A"), existing=there.get) == there


@pytest.mark.parametrize("version", ["3", "4"])
def test_edifact_service_segments(version: str) -> None:
    there = shipped(f"edifact/service-{version}")
    assert convert(facts("edifact/service.json")[f"V{version}"], [], existing=there.get) == there


def test_any_message_of_any_directory_can_be_converted_and_read() -> None:
    """A later directory and a set that is not shipped: users write their own tables with this."""
    from gateway.grammar import Schemas

    files = convert(facts("edifact/D01B.json.gz"), ["ORDERS", "DESADV", "INVOIC"]) | shipped("edifact/service-3")
    files |= convert(facts("x12/004010.json"), ["204", "214", "315"]) | shipped("x12/service")
    schemas = Schemas(files.get, lambda prefix: [name for name in files if name.startswith(prefix)])
    assert schemas.message("edifact", "D.01B", "DESADV").root.find("UNH") == []
    assert len(schemas.available()) == 7
