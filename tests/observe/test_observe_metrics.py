"""Several processes count in one folder; what one counted that ended is kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway.core.errors import StoreError
from gateway.observe import metrics, shared_metrics
from gateway.store import Database
from gateway.work.exposition import exposition
from tests.pipeline.orders import order, x12
from tests.pipeline.yard import Yard

_COUNTS = """
import sys
from pathlib import Path
from gateway.observe import shared_metrics
shared_metrics.share(Path(sys.argv[1]))
from gateway.observe import metrics
metrics.polls.labels("globex-in", "some").inc(2)
metrics.step_seconds.labels("handle").observe(0.2)
"""


class Still:
    """A clock that stands."""

    def now(self) -> int:
        return 1_700_000_000_000_000


def samples(text: bytes) -> dict[tuple[str, ...], float]:
    """Each value by its name and the values of its labels, in the order of their names."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_what_processes_counted_is_added_up_and_survives_them(tmp_path: Path, database: Database) -> None:
    folder = tmp_path / shared_metrics.FOLDER
    for _ in range(2):
        subprocess.run([sys.executable, "-c", _COUNTS, str(tmp_path)], check=True)
    assert samples(exposition(database, Still(), folder))["crossdock_polls_total", "globex-in", "some"] == 4
    assert shared_metrics.keep_of_dead(folder) == 2  # the second had added up those of the first when it began
    assert sorted(file.name for file in folder.glob("*.db")) == ["counter_0.db", "histogram_0.db"]
    subprocess.run([sys.executable, "-c", _COUNTS, str(tmp_path)], check=True)
    shared_metrics.keep_of_dead(folder)
    found = samples(exposition(database, Still(), folder))
    assert found["crossdock_polls_total", "globex-in", "some"] == 6
    assert found["crossdock_step_seconds_count", "handle"] == 3
    assert found["crossdock_step_seconds_bucket", "0.1", "handle"] == 0
    assert found["crossdock_step_seconds_bucket", "0.25", "handle"] == 3


def test_files_of_living_processes_are_left_alone(tmp_path: Path) -> None:
    file = tmp_path / f"counter_{os.getpid()}.db"
    file.touch()
    assert shared_metrics.keep_of_dead(tmp_path) == 0
    assert file.exists()


def test_an_order_is_counted_on_its_way(yard: Yard) -> None:
    before = samples(exposition(yard.database, Still()))
    body = x12(1, order("A"), order("B"))
    yard.arrive(body)
    after = samples(exposition(yard.database, Still()))

    def rose(*key: str) -> float:
        return after.get(key, 0) - before.get(key, 0)

    assert rose("crossdock_transmissions_total", "in", "globex-in", "received") == 1
    assert rose("crossdock_transmission_bytes_total", "in", "globex-in") == len(body)
    assert rose("crossdock_documents_total", "in", "ready", "850") == 2
    assert rose("crossdock_events_total", "order.received") == 2
    delivered = {
        key: rose(*key) for key in after if key[0] == "crossdock_transmissions_total" and key[-1] == "delivered"
    }
    assert sum(delivered.values()) == rose("crossdock_events_total", "transmission.delivered") > 0
    assert rose("crossdock_step_seconds_count", "handle") >= 1
    assert after["crossdock_work_items", "ready", "translate"] == 0
    assert after["crossdock_database_up",] == 1


def test_types_that_partners_make_up_are_bounded() -> None:
    found = {metrics.bounded("made up", str(number)) for number in range(300)}
    assert len(found) == 201
    assert metrics.bounded("made up", "7") == "7"


def test_a_database_out_of_reach_costs_only_what_is_read_from_it(
    monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    def refuse() -> None:
        raise StoreError("nobody is there")

    metrics.polls.labels("globex-in", "empty").inc()
    monkeypatch.setattr(database, "read", refuse)
    found = samples(exposition(database, Still()))
    assert found["crossdock_database_up",] == 0
    assert ("crossdock_holds",) not in found
    assert any(key[0] == "crossdock_polls_total" for key in found)
