"""Several nodes of one gateway on PostgreSQL, several processes on one port: each message once, whoever takes it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from gateway.as2 import cms
from gateway.store import open_database
from gateway.store.statements import both, run
from tests.as2_doors.gateways import Node, free_port, make_home, serving
from tests.as2_doors.test_as2_shapes import BODY, prepare
from tests.conftest import empty

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def keys() -> dict[str, cms.PrivateKey]:
    return {name: cms.make_key(name, bits=2048) for name in ("here", "there")}


@pytest.fixture
def nodes(
    tmp_path: Path, migrated_sqlite: Path, migrated_postgresql: str, keys: dict[str, cms.PrivateKey]
) -> Iterator[list[Node]]:
    """Two nodes of ours on one PostgreSQL, and a partner that sends its MDNs to the second."""
    empty(migrated_postgresql)
    ports = [free_port() for _ in range(3)]
    allowed = f'mdn_urls = ["http://127.0.0.1:{ports[1]}/"]'
    partner = make_home(
        tmp_path / "partner",
        migrated_sqlite,
        ports[2],
        in_options=allowed,
        us="they",
        them="them",
        US="THEM",
        THEM="US",
    )
    prepare(partner, keys["there"], keys["here"], "they", "them", "")
    homes = []
    for number in (0, 1):
        url = f"http://127.0.0.1:{ports[2]}/as2"
        home = make_home(tmp_path / f"node{number}", migrated_sqlite, ports[number], url=url)
        prepare(home, keys["here"], keys["there"], "us", "them", 'mdn = "async"\n')
        config = home / "crossdock.toml"
        text = config.read_text().replace("[as2]\n", f'[as2]\nurl = "http://127.0.0.1:{ports[1]}/as2"\n')
        config.write_text(f'database = "{migrated_postgresql}"\n[store]\npayloads = "{tmp_path}/payloads"\n{text}')
        homes.append(home)
    with ExitStack() as stack:
        yield [stack.enter_context(serving(home, plain=False)) for home in (*homes, partner)]


def test_an_mdn_settles_what_another_node_sent(nodes: list[Node]) -> None:
    first, second, partner = nodes
    id = first.leave(BODY)
    first.deliver()
    partner.deliver()
    assert second.status(id) == ("delivered", None)
    (exchange,) = second.rows("SELECT status FROM exchanges WHERE direction = 'out'")
    assert exchange.status == "confirmed"
    (came,) = partner.rows(
        "SELECT p.body FROM transmissions t JOIN payloads p ON p.id = t.payload_id WHERE direction = 'in'"
    )
    assert came.body == BODY


def plain(number: int, content: bytes) -> dict[str, str]:
    names = {"AS2-Version": "1.1", "AS2-From": "THEM", "AS2-To": "US", "Disposition-Notification-To": "them"}
    return {**names, "Message-ID": f"<{number}@them>", "Content-Type": "application/edi-x12"}


def test_the_same_message_at_two_nodes_at_once_is_taken_once(nodes: list[Node]) -> None:
    first, second, _ = nodes
    todo = [(node, number) for number in range(10) for node in (first, second, first, second)]
    random.Random(7).shuffle(todo)

    def post(item: tuple[Node, int]) -> str:
        node, number = item
        body = b"ISA*%d" % number
        return httpx.post(node.url, content=body, headers=plain(number, body), timeout=30).text

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(post, todo))
    assert all("processed" in answer and "error" not in answer for answer in answers)
    found = first.rows("SELECT transport_id, count(*) AS number FROM transmissions GROUP BY transport_id")
    assert sorted(row.transport_id for row in found) == sorted(f"<{number}@them>" for number in range(10))
    assert {row.number for row in found} == {1}


def test_several_processes_share_a_port_and_one_that_dies_is_started_again(
    tmp_path: Path, migrated_sqlite: Path
) -> None:
    port = free_port()
    home = make_home(tmp_path / "home", migrated_sqlite, port, in_options="")
    config = home / "crossdock.toml"
    config.write_text(config.read_text().replace("[as2]\n", "[as2]\nprocesses = 3\n"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CROSSDOCK_")}
    command = [sys.executable, "-m", "gateway.cli", "--home", str(home), "as2"]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, stderr=log, stdout=log, env=environment)
    try:
        url = f"http://127.0.0.1:{port}/as2"
        _until(lambda: (home / "log").read_text().count("web.listening") == 3)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert len(children) == 2

        def post(number: int) -> str:
            for _ in range(5):  # a connection to the process that is killed breaks: the partner sends again
                try:
                    return httpx.post(url, content=b"ISA*%d" % number, headers=plain(number, b""), timeout=30).text
                except httpx.TransportError:
                    time.sleep(0.1)
            raise AssertionError(number)

        numbers = [*range(50), *range(10)]
        with ThreadPoolExecutor(8) as threads:
            answers = threads.map(post, numbers)
            os.kill(int(children[0]), signal.SIGKILL)
            assert all("processed" in answer for answer in answers)
        _until(lambda: (home / "log").read_text().count("web.listening") == 4)
    finally:
        process.terminate()
        assert process.wait(30) == 0
    database = open_database(f"sqlite:///{home / 'crossdock.db'}")
    with database.read() as connection:
        found = run(connection, both("SELECT transport_id FROM transmissions")).scalars()
    database.close()
    assert sorted(found) == sorted(f"<{number}@them>" for number in range(50))


def _until(so: object) -> None:
    until = time.monotonic() + 30
    while not so():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.05)
