"""Events for those who want to hear of them: in the commit that they tell of, in order, once, and of nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

import gateway
from gateway.core.errors import ConfigurationError, DeliveryRefusedError, StoreError
from gateway.core.events import EVENTS, matching
from gateway.expectations import cancel, resend
from gateway.pipeline.event_letter import Letter, schema
from gateway.pipeline.telling import Telling
from gateway.store import Changes, commit
from gateway.store.ids import parse
from tests.pipeline.orders import order, x12
from tests.pipeline.yard import AT, ERP, GLOBEX, Yard

EVENTS_OUT = """\
[[endpoint]]
name = "{name}"
connector = "http"
direction = "out"
url = "https://erp.example/events"
events = [{events}]
"""


def listen(yard: Yard, *events: str, party: str = "acme-erp", more: str = "", name: str = "erp-events") -> None:
    """An endpoint that is told; the party's tables of agreements stay last."""
    text = {"acme-erp": ERP, "globex": GLOBEX}[party]
    names = ", ".join(f'"{event}"' for event in events)
    door = EVENTS_OUT.format(name=name, events=names) + more
    yard.agree(**{party: text.replace("[[agreement]]", door + "[[agreement]]", 1)})
    if not yard.database.listeners:
        yard.database.listeners.append(Telling(lambda: yard.agreements))


def told(yard: Yard, name: str = "erp-events") -> list[dict[str, Any]]:
    return [json.loads(body) for body in yard.to(name)]


def types(yard: Yard, name: str = "erp-events") -> list[str]:
    return [each["type"].removeprefix("crossdock.") for each in told(yard, name)]


def test_an_event_is_a_cloud_event_with_what_it_is_about(yard: Yard) -> None:
    listen(yard, "document.*")
    tx = yard.arrive(x12(1, order("PO-1")))
    first = told(yard)[0]
    assert (first["specversion"], first["type"]) == ("1.0", "crossdock.document.ready")
    assert first["source"] == "crossdock/erp-events"
    assert first["subject"] == first["data"]["document"] == str(yard.inbound())
    assert first["partitionkey"] == first["data"]["business_key"] == "order:PO-1"
    assert first["time"].startswith("2026-09-21T")
    assert first["time"].endswith("Z")
    assert first["data"]["transmission"] == str(tx)
    assert first["data"]["sender"] == "globex"
    assert (first["data"]["standard"], first["data"]["type"], first["data"]["canonical"]) == ("x12", "850", "Order")
    letters = [msgspec.json.decode(body, type=Letter, strict=True) for body in yard.to("erp-events")]
    assert len({each.id for each in letters}) == len(letters)
    assert yard.nothing_left()


def test_what_is_told_of_one_business_key_comes_in_order(yard: Yard) -> None:
    listen(yard, "*")
    for number in range(4):
        yard.arrive(x12(number + 1, order(f"PO-{number}")))
    keys: dict[str, list[int]] = {}
    for each in told(yard):
        if "partitionkey" in each:
            keys.setdefault(each["partitionkey"], []).append(int(each["id"].removeprefix("evt_")))
    assert len(keys) == 4
    assert all(ids == sorted(ids) and len(ids) > 3 for ids in keys.values())
    assert len({each["id"] for each in told(yard)}) == len(told(yard))


def test_one_that_is_refused_stops_and_the_others_go_on(yard: Yard) -> None:
    listen(yard, "document.ready", "order.received")
    yard.door("erp-events").failures.plan("deliver", DeliveryRefusedError("No."), times=1)
    yard.arrive(x12(1, order("PO-1")))
    assert types(yard) == ["order.received"]
    stopped = yard.column("SELECT id FROM transmissions WHERE status = 'stopped'")
    assert len(stopped) == 1
    yard.arrive(x12(2, order("PO-2")))
    assert types(yard) == ["order.received", "document.ready", "order.received"]
    resend(yard.database, parse(f"tx_{stopped[0]}"), "me", AT)
    yard.work()
    assert types(yard)[-1] == "document.ready"


def test_it_is_in_the_same_commit_as_what_it_tells_of(yard: Yard) -> None:
    listen(yard, "transmission.received")

    def fail(connection: object, changes: object) -> None:
        raise StoreError("The disk is full.")

    yard.database.listeners.append(fail)
    with pytest.raises(StoreError):
        yard.put(x12(1, order("PO-1")))
    assert yard.count("transmissions") == yard.count("events") == 0
    yard.database.listeners.pop()
    yard.put(x12(1, order("PO-1")))
    assert yard.count("transmissions", "format = 'event' AND status = 'composed'") == 1


def test_nobody_listens_nothing_is_read_or_written(yard: Yard) -> None:
    yard.database.listeners.append(Telling(lambda: yard.agreements))
    yard.arrive(x12(1, order("PO-1")))
    assert yard.count("transmissions", "format = 'event'") == 0


def test_of_the_delivery_of_an_event_nothing_is_told(yard: Yard) -> None:
    listen(yard, "transmission.*")
    yard.arrive(x12(1, order("PO-1")))
    formats = {each["data"].get("file", "").rpartition(".")[2] for each in told(yard)}
    assert "transmission.delivered" in types(yard)
    assert "json" not in formats
    yard.door("erp-events").failures.plan("deliver", DeliveryRefusedError("No."), times=1)
    before = len(told(yard))
    yard.arrive(x12(2, order("PO-2")))
    (stopped, *_) = yard.column("SELECT id FROM transmissions WHERE status = 'stopped'")
    cancel(yard.database, parse(f"tx_{stopped}"), "me", AT)
    yard.work()
    assert not {"transmission.failed", "transmission.cancelled"} & set(types(yard)[before:])
    assert yard.nothing_left()


def test_a_partner_only_hears_of_what_is_its_own(yard: Yard) -> None:
    listen(yard, "document.*", "expectation.*", party="globex", name="globex-events")
    yard.database.listeners.append(Telling(lambda: yard.agreements))
    changes = Changes(AT)
    changes.event("expectation.overdue", data={"party": "initech"})
    commit(yard.database, changes)
    yard.arrive(x12(1, order("PO-1")))
    assert {each["data"]["sender"] for each in told(yard, "globex-events") if "sender" in each["data"]} <= {
        "globex",
        "acme",
    }
    assert "expectation.overdue" not in types(yard, "globex-events")


@pytest.mark.parametrize(
    ("narrow", "some"),
    [
        ('parties = ["globex"]', True),
        ('parties = ["initech"]', False),
        ('types = ["850"]', True),
        ('types = ["Order"]', True),
        ('types = ["ORDERS"]', False),
        ('lane = "production"', True),
        ('lane = "test"', False),
    ],
)
def test_what_is_told_can_be_narrowed(yard: Yard, narrow: str, some: bool) -> None:
    listen(yard, "document.ready", more=f"events_of = {{ {narrow} }}\n")
    yard.arrive(x12(1, order("PO-1")))
    assert types(yard) == (["document.ready"] if some else [])


def test_two_endpoints_are_told_each_for_itself(yard: Yard) -> None:
    listen(yard, "document.ready", party="globex", name="globex-events")
    listen(yard, "document.ready")
    yard.arrive(x12(1, order("PO-1")))
    assert types(yard) == types(yard, "globex-events") == ["document.ready"]


@pytest.mark.parametrize(
    "lines",
    ['events = ["document.acepted"]\n', 'events_of = { lane = "test" }\n',
     'events = ["*"]\nevents_of = { parties = ["nobody"] }\n'],
)  # fmt: skip
def test_an_event_that_does_not_exist_is_told_at_once(yard: Yard, lines: str) -> None:
    yard.agree(acme_erp=ERP.replace('path = "out/erp"\n', 'path = "out/erp"\n' + lines))
    with pytest.raises(ConfigurationError) as caught:
        _ = yard.agreements
    assert "events" in str(caught.value)


def test_events_leave(yard: Yard) -> None:
    yard.agree(globex=GLOBEX.replace('path = "in/globex"\n', 'path = "in/globex"\nevents = ["*"]\n'))
    with pytest.raises(ConfigurationError, match="events leave"):
        _ = yard.agreements


def test_every_event_that_the_program_records_is_in_the_table() -> None:
    source = "".join(file.read_text() for file in Path(gateway.__file__).parent.rglob("*.py"))
    named = set(re.findall(r'changes\.event\(\s*"([a-z_]+\.[a-z_]+)"', source))
    named |= set(re.findall(r'event="([a-z_]+\.[a-z_]+)"', source))
    assert named <= EVENTS.keys()
    assert len(named) > 10
    assert matching("document.*") == {name for name in EVENTS if name.startswith("document.")}


def test_the_schema_is_published_and_fits(yard: Yard) -> None:
    assert schema()["$id"] == "urn:crossdock:event:1"
    assert {"Letter", "Matter"} <= schema()["$defs"].keys()
