"""The reference of the notation shows mappings that compile and hold."""

from __future__ import annotations

import re

import pytest

from gateway.core.catalogue import KINDS
from gateway.mapping.dtm import FORMATS
from gateway.mapping.lint import KINDS as WANTED
from gateway.mapping.lint import lint
from tests.mapping.made import ROOT, made

PAGE = (ROOT / "docs" / "reference" / "mappings.md").read_text("utf-8")
FILES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
[STEPS] = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "how-to" / "mappings.md").read_text("utf-8"), re.DOTALL)


def test_the_page_shows_a_file_a_table_and_a_partner() -> None:
    assert len(FILES) == 3


@pytest.mark.parametrize("text", [*FILES[:1], FILES[2], STEPS])
def test_its_files_compile_and_their_examples_hold(text: str) -> None:
    mapping = made(x12__shown=text).get("x12/shown")
    assert mapping.check_examples() == []


def test_lint_finds_in_the_worked_change_what_the_page_says() -> None:
    warnings = [advice for advice in lint(made(own=STEPS).get("own")) if advice.severity == "warning"]
    assert [(advice.kind, advice.text) for advice in warnings] == [
        ("twice", "requested_delivery.end_date is filled by mappings/x12/850.toml:25 already.")
    ]
    better = STEPS.replace("DTM * 063", "DTM * 001 =\nDTM * 063")
    assert not [advice for advice in lint(made(own=better).get("own")) if advice.severity == "warning"]


def test_it_lists_what_lint_looks_for() -> None:
    rows = [
        f"| `{kind}` | {severity} | {text} |".replace("[[example]]", "`[[example]]`")
        for kind, (severity, text) in WANTED.items()
    ]
    assert [row for row in rows if row not in PAGE] == []


def test_it_names_issues_that_there_are() -> None:
    named = set(re.findall(r"MAP-[A-Z]+", PAGE))
    assert named <= KINDS.keys()
    assert {code for code in KINDS if code.startswith("MAP-")} - named == {"MAP-SPLIT", "MAP-ORDER"}


def test_it_names_the_formats_of_dates_that_are_read() -> None:
    numbers = {number for low, high in [(201, 204)] for number in range(low, high + 1)} | {101, 102, 303, 304}
    numbers |= {711, 717, 718, 719}
    assert {str(number) for number in numbers} == set(filter(None, FORMATS))
    assert "101, 102, 201 to 204, 303, 304, 711, 717, 718 and 719 are read" in PAGE
