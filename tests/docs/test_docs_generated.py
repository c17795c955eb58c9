"""The generated pages say what the program says, and no link in docs/ leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from gateway.core.catalogue import KINDS
from gateway.core.lifecycle import TABLES, states
from tests.docs import commands_page, connectors_page, issues_page, lifecycles_page
from tests.docs.generate import DOCS, PAGES, main, text_of
from tests.docs.markdown import table

ROOT = DOCS.parent


@pytest.mark.parametrize("path", sorted(PAGES))
def test_a_generated_page_is_what_its_source_says(path: str) -> None:
    expected, file = text_of(path), DOCS / path
    found = file.read_text(encoding="utf-8") if file.exists() else None
    assert found == expected, f"docs/{path} is out of date: make docs"


def test_writing_the_pages_changes_only_those_that_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tests.docs.generate.DOCS", tmp_path)
    main()
    (tmp_path / "reference/issues.md").write_text("old", encoding="utf-8")
    capsys.readouterr()
    main()
    assert capsys.readouterr().out == "docs/reference/issues.md\n"
    assert (tmp_path / "reference/issues.md").read_text(encoding="utf-8") == text_of("reference/issues.md")


def test_every_issue_has_its_row_with_the_code_that_a_receipt_reports() -> None:
    rows = [line.split(" | ") for line in issues_page.page().splitlines() if line.startswith("| `")]
    assert [row[0] for row in rows] == [f"| `{code}`" for code in KINDS]
    receipts = {row[0].strip("| `"): row[-1].removesuffix(" |") for row in rows}
    assert receipts["X12-E07"] == "AK403 = 7"
    assert receipts["EDF-E12"] == "UCD 0085 = 12"


def test_every_state_is_in_its_diagram() -> None:
    for name, lifecycle in TABLES.items():
        diagram = lifecycles_page.diagram(name, lifecycle)
        assert all(state.replace(" ", "_") in diagram for state in states(lifecycle))
        assert all(f"{state.replace(' ', '_')} --> [*]" in diagram for state in lifecycles_page.ends_of(lifecycle))


def test_every_option_of_a_connector_is_explained() -> None:
    rows = [line.split(" | ") for line in connectors_page.page().splitlines() if line.startswith("| `")]
    assert rows
    assert all(len(row[3].removesuffix(" |")) > 10 for row in rows)


def test_the_tree_of_commands_is_walked_without_what_is_hidden() -> None:
    @click.group()
    def root() -> None: ...

    @root.command(hidden=True)
    def secret() -> None: ...

    @root.group()
    def partners() -> None: ...

    @partners.command()
    def check() -> None: ...

    found = [ctx.command_path for _, ctx in commands_page.walk(root, click.Context(root, info_name="crossdock"))]
    assert found == ["crossdock", "crossdock partners", "crossdock partners check"]


def test_cells_with_bars_and_line_breaks_stay_one_cell() -> None:
    assert table(("a",), [("x|y\nz",)]).splitlines()[2] == "| x\\|y z |"


LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)")
PAPERS = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files_that_exist(paper: Path) -> None:
    missing = [link for link in LINK.findall(paper.read_text(encoding="utf-8")) if not (paper.parent / link).exists()]
    assert missing == []
