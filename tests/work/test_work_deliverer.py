"""Deliveries to far endpoints: one that hangs, fails or refuses delays nobody else, and nothing is done twice."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from starlette.responses import Response

from gateway.service import Service
from tests.connectors.receiving import receiver
from tests.store.making import column
from tests.work.far import endpoint, eventually, home, leave, nobody, running, silent, statuses


def test_a_healthy_endpoint_is_served_in_order_beside_one_that_hangs_and_one_that_is_gone(tmp_path: Path) -> None:
    with receiver() as fine, silent() as hanging:
        far = [endpoint("fine", fine.url), endpoint("hangs", hanging, seconds=1.5), endpoint("gone", nobody())]
        service = Service.open(home(tmp_path / "home", *far))
        try:
            for name in ("hangs", "gone"):
                leave(service, name, 40)
            mine = leave(service, "fine", 100)
            with running(service.deliverer().run, service.worker(remote=False).run, service.sweeper().run):
                eventually(lambda: set(statuses(service, mine)) == {"delivered"}, seconds=10)
                more = leave(service, "fine", 20)  # while the others still hang
                eventually(lambda: set(statuses(service, more)) == {"delivered"}, seconds=10)
            assert [got.body for got in fine.requests] == [b"%d" % n for n in [*range(100), *range(20)]]
        finally:
            service.close()


def test_workers_of_the_pipeline_leave_far_endpoints_alone(tmp_path: Path) -> None:
    with receiver() as fine:
        service = Service.open(home(tmp_path / "home", endpoint("fine", fine.url)))
        try:
            mine = leave(service, "fine", 3)
            assert service.worker(remote=False).run_until_idle() == 0
            assert service.worker().run_until_idle() == 3
            assert statuses(service, mine) == ["delivered"] * 3
        finally:
            service.close()


def test_two_deliverers_share_the_work(tmp_path: Path) -> None:
    with receiver() as fine:
        folder = home(tmp_path / "home", endpoint("fine", fine.url), settings="[endpoints]\nbatch = 4\n")
        one, other = Service.open(folder), Service.open(folder)
        try:
            mine = leave(one, "fine", 60)
            with running(one.deliverer().run, other.deliverer().run):
                eventually(lambda: set(statuses(one, mine)) == {"delivered"})
            assert sorted(int(got.body) for got in fine.requests) == list(range(60))
        finally:
            one.close()
            other.close()


def test_while_nobody_answers_deliveries_wait_and_use_up_no_tries(tmp_path: Path) -> None:
    patience = "[endpoint.patience]\nfailures = 2\nfirst_seconds = 0.2\nmost_seconds = 0.4\n"
    with receiver() as fine:
        url, fine.port = fine.url, fine.port
        service = Service.open(home(tmp_path / "home", endpoint("away", nobody(), more=patience)))
        try:
            mine = leave(service, "away", 10)
            with running(service.deliverer().run, service.sweeper().run):
                eventually(lambda: column(service.database, "SELECT state FROM endpoint_states") == ["open"])
                time.sleep(1)  # some probes
                assert set(statuses(service, mine)) == {"composed"}
                assert max(column(service.database, "SELECT attempts FROM work")) <= 3
                party = tmp_path / "home" / "partners" / "globex.toml"
                party.write_text(party.read_text().replace(_url_of(party.read_text()), url))
                service.current()
                eventually(lambda: set(statuses(service, mine)) == {"delivered"})
                eventually(lambda: column(service.database, "SELECT state FROM endpoint_states") == ["closed"])
        finally:
            service.close()


def test_a_refusal_is_an_answer(tmp_path: Path) -> None:
    with receiver() as strict:
        strict.answers = [lambda got: Response("never", status_code=422)] * 8
        patience = "[endpoint.patience]\nfailures = 2\n"
        service = Service.open(home(tmp_path / "home", endpoint("strict", strict.url, more=patience)))
        try:
            mine = leave(service, "strict", 10)
            with running(service.deliverer().run):
                eventually(lambda: "composed" not in statuses(service, mine))
            assert statuses(service, mine) == ["stopped"] * 8 + ["delivered"] * 2
            assert service.standings.of(service.context.agreements.endpoint("strict")).standing.state == "closed"
        finally:
            service.close()


def test_a_stop_is_not_held_up_for_ever_and_what_hung_is_delivered_later(tmp_path: Path) -> None:
    with silent() as hanging:
        service = Service.open(home(tmp_path / "home", endpoint("hangs", hanging, seconds=3.0)))
        try:
            mine = leave(service, "hangs", 1)
            deliverer, stop = service.deliverer(), threading.Event()
            assert deliverer.begin(stop) == 1
            eventually(lambda: column(service.database, "SELECT state FROM work") == [1])
            stop.set()
            assert deliverer.join(0.05) == ["hangs"]
            assert deliverer.join(10) == []
            assert statuses(service, mine) == ["composed"]
        finally:
            service.close()


def _url_of(text: str) -> str:
    return text.partition('url = "')[2].partition('"')[0]
