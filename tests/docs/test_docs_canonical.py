"""The page of canonical documents: its example is one, and no field or code is forgotten."""

from __future__ import annotations

import re

import msgspec
import pytest

from gateway.canonical import DOCUMENTS, from_json
from tests.docs import canonical_page


def test_the_example_is_a_document() -> None:
    [example] = re.findall(r"```json\n(.*?)```", canonical_page.page(), re.S)
    answer = from_json("OrderResponse", example.encode())
    assert [status.status_code for status in answer.order_lines[0].statuses] == ["accepted", "backordered"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_has_its_fields(name: str) -> None:
    section = canonical_page.page().split(f"\n## {name}\n")[1].split("\n## ")[0]
    named = re.findall(r"^\| `(\w+)` \|", section, re.M)
    assert named == [field.name for field in msgspec.structs.fields(DOCUMENTS[name])]


def test_every_part_that_is_named_is_on_the_page() -> None:
    page = canonical_page.page()
    headings = {heading.lower() for heading in re.findall(r"^## (.*)$", page, re.M)}
    assert set(re.findall(r"\(#(\w+)\)", page)) <= headings


def test_codes_that_an_answer_may_have_are_listed() -> None:
    assert "`accepted-with-amended-lines`" in canonical_page.page().split("## Codes")[1]


def test_it_says_which_messages_are_of_which_document() -> None:
    rows = re.findall(r"^\| \[(\w+)\]\(#\w+\) \| (.*) \|$", canonical_page.page(), re.M)
    assert [name for name, _ in rows] == list(DOCUMENTS)
    found = dict(rows)
    assert found["TransportationStatus"].split(" | ")[0] == "214 (004010), 315 (004010)"
    assert "IFTMIN (D.96A)" in found["TransportInstruction"]
