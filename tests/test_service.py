"""The wired gateway: it follows its configuration while it runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.cli.demo_documents import from_a_stranger, three_orders
from gateway.core.errors import ConfigurationError
from gateway.expectations import release
from gateway.service import Service
from gateway.store.ids import Reference
from gateway.store.search import Filter, find_documents, find_transmissions

PARTNERS = Path(__file__).parent.parent / "partners"

STRANGER = """\
id = "hooli"
name = "Hooli"
[[identity]]
standard = "x12"
qualifier = "ZZ"
identifier = "HOOLI"
[[endpoint]]
name = "hooli-in"
connector = "directory"
direction = "in"
path = "in/hooli"
complete = "rename"
[[agreement]]
name = "hooli-850"
with = "acme"
direction = "in"
standard = "x12"
version = "004010"
type = "850"
mapping = "x12/850"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(PARTNERS, tmp_path / "partners")
    return tmp_path


@pytest.fixture
def service(home: Path) -> Iterator[Service]:
    service = Service.open(home, {})
    yield service
    service.close()


def statuses(service: Service) -> list[str]:
    with service.database.read() as connection:
        rows = find_transmissions(connection, Filter(direction="in"))
    return [row.status for row in rows]


def test_a_party_that_is_added_while_it_runs_is_known_to_the_next_batch(service: Service, home: Path) -> None:
    worker = service.worker()
    (held,) = service.desk.receive([("po.x12", from_a_stranger())])
    worker.run_until_idle()
    assert statuses(service) == ["held"]
    (home / "partners" / "hooli.toml").write_text(STRANGER)
    release(service.database, Reference("transmission", held), "operator", service.clock.now())
    worker.run_until_idle()
    assert statuses(service) == ["translated"]


def test_a_door_that_is_added_while_it_runs_is_looked_into(service: Service, home: Path) -> None:
    receiver, worker = service.receiver(), service.worker()
    assert receiver.run_once() == 0
    (home / "partners" / "hooli.toml").write_text(STRANGER)
    folder = home / "exchange" / "in" / "hooli"
    folder.mkdir(parents=True)
    (folder / "po.x12").write_bytes(from_a_stranger())
    assert receiver.run_once() == 1
    worker.run_until_idle()
    receiver.close()
    assert statuses(service) == ["translated"]


def test_a_file_that_is_wrong_changes_nothing(service: Service, home: Path) -> None:
    worker, before = service.worker(), service.current()
    (home / "partners" / "hooli.toml").write_text("id = 7\n")
    assert service.current() is before
    service.desk.receive([("po.x12", three_orders())], "globex")
    worker.run_until_idle()
    with service.database.read() as connection:
        orders = find_documents(connection, Filter(direction="in"))
    assert [row.status for row in orders] == ["handled"] * 3
    with pytest.raises(ConfigurationError):
        Service.open(home, {})


def test_a_door_with_a_wrong_option_stops_nothing_that_runs(service: Service, home: Path) -> None:
    receiver, before = service.receiver(), service.current()
    (home / "partners" / "hooli.toml").write_text(STRANGER.replace('"rename"', '"soon"'))
    assert receiver.run_once() == 0
    receiver.close()
    assert service.current() is before
    with pytest.raises(ConfigurationError, match=r"endpoint hooli-in\.complete"):
        Service.open(home, {})


def test_bundled_texts_do_not_change(tmp_path: Path) -> None:
    service = Service.open(None, {"XDG_STATE_HOME": str(tmp_path), "CROSSDOCK_DATABASE": f"sqlite:///{tmp_path}/c.db"})
    assert service.knowledge.resources.stamp() == ()
    assert service.current() is service.current()
    service.close()
