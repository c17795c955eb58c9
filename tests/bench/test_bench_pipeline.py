"""What ``crossdock bench pipeline`` says, and that it fails when an order is lost or doubled."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.bench import checking, pipeline
from gateway.bench.figures import BenchmarkError
from gateway.bench.gateway_process import GatewayProcess, Usage
from gateway.bench.home import Home
from gateway.bench.pipeline import LOADS, Load, Options
from gateway.bench.traffic import Traffic
from gateway.cli.main import root


def _quiet(doing: str) -> None:
    assert doing


@pytest.fixture(scope="module")
def handled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which 50 orders went through, in interchanges of 10."""
    home = Home(tmp_path_factory.mktemp("home"))
    with GatewayProcess(home, 1) as process:
        traffic = Traffic(home, process, 10)
        assert traffic.flood(50) > 0
        traffic.settle()
    return home


@pytest.fixture
def copied(handled: Home, tmp_path: Path) -> Home:
    """The same, to be spoilt."""
    folder = tmp_path / "copy"
    made = Home(folder)
    for name in ("exchange/out/acme-erp", "exchange/out/globex"):
        shutil.copytree(handled.folder / name, folder / name, dirs_exist_ok=True)
    for file in handled.folder.glob("crossdock.db*"):
        shutil.copy(file, folder / file.name)
    return made


def test_every_order_arrived_exactly_once(handled: Home) -> None:
    checking.check(handled, range(1, 51))
    assert checking.accepted_in(handled.receipts) == 50


def test_an_order_that_is_not_at_the_erp_is_missed(copied: Home) -> None:
    checking.delivered(copied.erp)[0].unlink()
    with pytest.raises(BenchmarkError, match="ERP's folder: 1 are missing"):
        checking.check(copied, range(1, 51))


def test_an_order_that_is_there_twice_is_noticed(copied: Home) -> None:
    first = checking.delivered(copied.erp)[0]
    shutil.copy(first, first.with_name("again.jsonl"))
    with pytest.raises(BenchmarkError, match="1 are too many"):
        checking.check(copied, range(1, 51))


def test_a_receipt_that_is_missing_is_noticed(copied: Home) -> None:
    checking.delivered(copied.receipts)[0].unlink()
    with pytest.raises(BenchmarkError, match="997s accept 40 orders, 50 were sent"):
        checking.check(copied, range(1, 51))


def test_the_figures_of_a_run(tmp_path: Path) -> None:
    options = Options(orders=25, warm_up=10, rounds=1, workers=(2,), folder=tmp_path)
    figures = list(pipeline.measure(options, _quiet, (Load("single orders", 1, True),)))
    before = "SQLite, single orders, 2 workers: "
    assert [figure.case.removeprefix(before) for figure in figures] == [
        "throughput",
        "latency at half load, p50",
        "latency at half load, p99",
        "CPU of the gateway",
        "written to disk",
        "fsync of the disk, 4 KiB",
    ]
    assert figures[0].unit == "orders/s"
    assert figures[0].value is not None
    assert list(tmp_path.iterdir()) == []


def test_one_json_object_for_each_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    def ran(folder: Path, load: Load, workers: int, options: Options) -> pipeline.Run:
        return pipeline.Run(1000.0, Usage(2.0, None), [0.01, 0.02] if load.paced else [])

    monkeypatch.setattr(pipeline, "_run", ran)
    ended = CliRunner().invoke(root, ["bench", "pipeline", "--workers", "1", "--orders", "1000", "--json"])
    assert ended.exit_code == 0, ended.output
    records = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len(records) == 5 + 3 + 1
    assert records[1] == {
        "bench": "pipeline",
        "case": f"SQLite, {LOADS[0].name}, 1 worker: latency at half load, p50",
        "value": 10.0,
        "unit": "ms",
        "peer": None,
        "peer_value": None,
        "ratio": None,
    }
    throughput = records[0]
    assert (throughput["value"], throughput["unit"]) == (1000.0, "orders/s")
    assert throughput["peer"] == "pyx12 X12Reader, MB/s"
    assert throughput["ratio"] == round(1000.0 / throughput["peer_value"], 3)
    assert records[3]["value"] == 0.002
    assert records[4]["value"] is None


def test_a_benchmark_that_fails_says_so_and_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> pipeline.Run:
        raise BenchmarkError("Orders in the ERP's folder: 1 are missing.")

    monkeypatch.setattr(pipeline, "_run", lost)
    ended = CliRunner().invoke(root, ["bench", "pipeline"])
    assert ended.exit_code == 1
    assert "1 are missing" in ended.stderr


def test_a_gateway_that_ends_by_itself_fails_the_run(tmp_path: Path) -> None:
    home = Home(tmp_path)
    (home.folder / "crossdock.toml").write_text("no_such_key = 1\n")
    with pytest.raises(BenchmarkError, match="no_such_key"), GatewayProcess(home, 1) as process:
        Traffic(home, process, 1).flood(1)
