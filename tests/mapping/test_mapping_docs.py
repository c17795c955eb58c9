"""The reference of the notation shows mappings that compile and hold."""

from __future__ import annotations

import re

import pytest

from gateway.core.catalogue import KINDS
from gateway.mapping.dtm import FORMATS
from tests.mapping.made import ROOT, made

PAGE = (ROOT / "docs" / "reference" / "mappings.md").read_text("utf-8")
FILES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_shows_a_file_a_table_and_a_partner() -> None:
    assert len(FILES) == 3


@pytest.mark.parametrize("text", [text for text in FILES if "format " in text or "extends" in text])
def test_its_files_compile_and_their_examples_hold(text: str) -> None:
    mapping = made(x12__shown=text).get("x12/shown")
    assert mapping.check_examples() == []


def test_it_names_issues_that_there_are() -> None:
    named = set(re.findall(r"MAP-[A-Z]+", PAGE))
    assert named <= KINDS.keys()
    assert {code for code in KINDS if code.startswith("MAP-")} - named == {"MAP-SPLIT", "MAP-ORDER"}


def test_it_names_the_formats_of_dates_that_are_read() -> None:
    numbers = {number for low, high in [(201, 204)] for number in range(low, high + 1)} | {101, 102, 711, 717, 718, 719}
    assert {str(number) for number in numbers} == set(filter(None, FORMATS))
    assert "101, 102, 201 to 204, 711, 717, 718 and 719 are read" in PAGE
