"""What ``crossdock bench parse`` says. How fast it was is nothing that a test could hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gateway.bench import parse
from gateway.bench.figures import BenchmarkError, Figure, cpu_seconds, middle
from gateway.bench.peers import Peer
from gateway.cli.main import root

CASES = [
    "bytes.split",
    "envelope scan",
    "parse and validate",
    "parse, validate and map",
    "write",
    "peak memory",
    "peak memory, a tenth of the file",
]
CLAIMS = "837: parse and validate"
INVOICE = [f"UBL Invoice: {case}" for case in ("parse and validate", "parse, validate and map", "write")]
COLD = ["x12: detect, cold", "edifact: detect, cold"]


def _quiet(doing: str) -> None:
    assert doing


@pytest.fixture
def no_peers(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(path: Path) -> None:
        raise AssertionError("A peer that is not installed is not called.")

    monkeypatch.setattr(parse, "PYX12", Peer("nosuch12", nobody))
    monkeypatch.setattr(parse, "PYDIFACT", Peer("nosuchfact", nobody))


def _measured(tmp_path: Path) -> Iterator[Figure]:
    return parse.measure(50_000, 1, _quiet, tmp_path)


@pytest.mark.usefixtures("no_peers")
def test_every_format_has_all_figures_and_peers_that_are_not_installed_are_null(tmp_path: Path) -> None:
    figures = list(_measured(tmp_path))
    orders = [f"{name}: {case}" for name in ("850", "ORDERS", "856", "INVOIC") for case in CASES]
    assert [figure.case for figure in figures] == [*orders, *INVOICE, CLAIMS, *COLD]
    assert all(figure.value is not None and figure.value > 0 for figure in figures)
    validated = figures[2]
    assert (validated.peer, validated.peer_value, validated.ratio) == (None, None, None)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    """What the command prints, once for all who look at it."""
    ended = CliRunner().invoke(root, ["bench", "parse", "--size-mb", "0.1", "--rounds", "1", "--json"])
    assert ended.exit_code == 0, ended.output
    return [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.mark.parametrize(
    ("case", "peer"),
    [("850: parse, validate and map", "pyx12 X12Reader"), (CLAIMS, "pyx12 x12n_document")],
)
def test_x12_is_compared_with_pyx12_and_claims_by_the_same_map(
    records: list[dict[str, Any]], case: str, peer: str
) -> None:
    [found] = [record for record in records if record["case"] == case]
    assert found["peer"] == peer
    assert found["peer_value"] > 0
    assert found["ratio"] > 0


def test_one_json_object_for_each_figure(records: list[dict[str, Any]]) -> None:
    assert len(records) == 4 * len(CASES) + len(INVOICE) + 1 + len(COLD)
    for record in records:
        assert list(record) == ["bench", "case", "value", "unit", "peer", "peer_value", "ratio"]
        assert record["bench"] == "parse"
        assert record["unit"] in {"MB/s", "MiB", "ms"}


def test_a_document_that_is_missed_fails_the_benchmark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.bench.reading.Reading.scan", lambda self, path: 1)
    with pytest.raises(BenchmarkError, match="1 were read"):
        list(_measured(tmp_path))


def test_figures_are_medians_and_know_their_ratio() -> None:
    assert middle([3.0, 1.0, 2.0]) == 2.0
    assert middle([1.0, None]) is None
    figure = Figure(bench="parse", case="c", value=6.0, unit="MB/s", peer="p", peer_value=4.0)
    assert figure.ratio == 1.5
    assert cpu_seconds(lambda: sum(range(10))) >= 0
