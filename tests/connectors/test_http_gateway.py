"""The whole gateway with a receiver by HTTP: what the how-to shows, documents and events, trouble and refusals."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response

from gateway import agreements, doors
from gateway.agreements import check
from gateway.cli.init import configuration
from gateway.core.issues import Severity
from gateway.example import parties
from gateway.expectations import resend
from gateway.service import Service
from gateway.store.ids import parse
from gateway.store.statements import both, run
from tests.chaos.proxy import CLIENT, ChaosProxy, cut, delay, half_close, refuse, reset, truncate
from tests.connectors.receiving import Got, Receiver, receiver
from tests.pipeline.orders import order, x12

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
SECRET = "whsec_" + "YWJj" * 11

ERP = """
[[endpoint]]
name = "erp-hook"
connector = "http"
direction = "out"
url = "{url}"
secret = "file:erp.secret"
seconds = 1.0
patience = {{ failures = 1000 }}
events = ["document.ready", "order.received", "document.sent"]
"""


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (HOW_TO / page).read_text(), re.DOTALL)


@pytest.fixture
def far() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


@pytest.fixture
def gateway(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Callable[[str], Service]]:
    """``gateway(url)``: one whose ERP gets orders and events there."""
    opened: list[Service] = []

    def open_one(url: str) -> Service:
        home = tmp_path / "dock"
        (home / "partners").mkdir(parents=True)
        (home / "crossdock.toml").write_text(configuration())
        (home / "erp.secret").write_text(SECRET)
        for name, text in parties().items():
            (home / name).write_text(text)
        erp = home / "partners" / "acme-erp.toml"
        text = erp.read_text().replace('endpoint = "erp-out"', 'endpoint = "erp-hook"')
        erp.write_text(text.replace("[[agreement]]", ERP.format(url=url) + "\n[[agreement]]", 1))
        shutil.copy(migrated_sqlite, home / "crossdock.db")
        opened.append(Service.open(home))
        return opened[-1]

    yield open_one
    for service in opened:
        service.close()


def work(service: Service) -> None:
    """Everything that is ready, at once also what waits for its next try."""
    service.worker().run_until_idle()
    with service.database.write() as connection:
        run(connection, both("UPDATE work SET state = 0, due = 0 WHERE state = 3"))


def told(far: Receiver) -> list[tuple[str, str]]:
    """(the business key, what), in the order of arrival; each delivery once."""
    seen: dict[str, tuple[str, str]] = {}
    for got in far.requests:
        found = json.loads(got.body)
        event = (
            (found.get("partitionkey", ""), found["type"]) if "specversion" in found else (f"order:{found['id']}", "")
        )
        seen.setdefault(got.headers["webhook-id"], event)
    return list(seen.values())


def test_orders_and_events_arrive_in_order_and_a_resend_has_the_same_id(
    gateway: Callable[[str], Service], far: Receiver
) -> None:
    service = gateway(far.url)
    service.desk.receive([(f"{n}.x12", x12(n, order(f"PO-{n}"))) for n in range(1, 4)], party="globex")
    work(service)
    found = told(far)
    for number in range(1, 4):
        mine = [what.removeprefix("crossdock.") for key, what in found if key == f"order:PO-{number}"]
        assert mine[:2] == ["document.ready", "order.received"]
        assert sorted(mine[2:]) == ["", "document.sent"]
    first = next(got for got in far.requests if b'"document":"Order"' in got.body)
    id = first.headers["webhook-id"]
    resend(service.database, parse(id.partition("-")[0]), "me", service.clock.now())
    work(service)
    again = [got for got in far.requests if got.headers["webhook-id"] == id]
    assert len(again) == 2
    assert again[0].body == again[1].body


def test_trouble_is_tried_again_and_a_refusal_stops(gateway: Callable[[str], Service], far: Receiver) -> None:
    service = gateway(far.url)

    def busy(got: Got) -> Response:
        return Response("later", 503, headers={"retry-after": "120"})

    def no(got: Got) -> Response:
        return Response("no such article", 422)

    far.answers += [busy]
    service.desk.receive([("1.x12", x12(1, order("PO-1")))], party="globex")
    service.worker().run_until_idle()
    with service.database.read() as connection:
        (row,) = run(connection, both("SELECT error, due, {now} AS now FROM work WHERE state = 3")).all()
    assert "answered 503: later" in row.error
    assert row.due - row.now > 100_000_000
    far.answers += [no]
    work(service)
    work(service)
    with service.database.read() as connection:
        (row,) = run(connection, both("SELECT reason FROM transmissions WHERE status = 'stopped'")).all()
    assert "answered 422: no such article" in row.reason


FAULTS = [[refuse()], [cut(200)], [reset(300)], [cut(5, CLIENT)], [truncate(10, CLIENT)], [half_close(100)],
          [reset(1, CLIENT)], [delay(0.02)]]  # fmt: skip


def test_a_network_that_fails_loses_nothing_and_repeats_nothing_under_another_id(
    gateway: Callable[[str], Service], far: Receiver
) -> None:
    with ChaosProxy(("127.0.0.1", far.port), *FAULTS) as proxy:
        service = gateway(f"http://127.0.0.1:{proxy.port}/hook")
        service.desk.receive([(f"{n}.x12", x12(n, order(f"PO-{n}"))) for n in range(1, 6)], party="globex")
        for _ in range(40):
            work(service)
            with service.database.read() as connection:
                if run(connection, both("SELECT 1 FROM work")).first() is None:
                    break
        assert proxy.struck >= 6
    found = told(far)
    for number in range(1, 6):
        mine = [what.removeprefix("crossdock.") for key, what in found if key == f"order:PO-{number}"]
        assert mine[:2] == ["document.ready", "order.received"]
        assert sorted(mine[2:]) == ["", "document.sent"]
    assert len({got.headers["webhook-id"] for got in far.requests}) == len({got.body for got in far.requests})


@pytest.mark.parametrize("page", ["webhooks.md", "web-shops.md"])
def test_the_configuration_of_the_how_tos_can_be_copied(page: str) -> None:
    files = {name: text for name, text in parties().items() if name.endswith(("acme.toml", "globex.toml"))}
    files["partners/acme-erp.toml"] = 'id = "acme-erp"\nname = "ERP"\nkind = "own"\n'
    for block in blocks(page, "toml"):
        name = block.split()[1].rstrip(",")
        files[name] = files.get(name, "") + block
    loaded = agreements.load(files)
    doors.check(loaded)
    assert [finding for finding in check(loaded) if finding.severity is Severity.ERROR] == []


def test_the_receiver_of_the_how_to_verifies(gateway: Callable[[str], Service], far: Receiver) -> None:
    service = gateway(far.url)
    service.desk.receive([("1.x12", x12(1, order("PO-1")))], party="globex")
    work(service)
    (source,) = blocks("webhooks.md", "python")
    names: dict[str, Any] = {}
    exec(source, names)
    verify = names["is_from_gateway"]
    assert far.requests
    assert all(verify(got.headers, got.body, SECRET) for got in far.requests)
    assert not any(verify(got.headers, got.body + b" ", SECRET) for got in far.requests)
