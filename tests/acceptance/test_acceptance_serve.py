"""A home of one's own: made, served, stopped and started again, while partners put files into its folders."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.acceptance.newcomer import Newcomer
from tests.pipeline.orders import REPLACE, broken, order, x12
from tests.pipeline.yard import control_number, segments


@contextmanager
def serving(newcomer: Newcomer, dock: Path, *options: str) -> Iterator[None]:
    """``crossdock serve`` that is told to stop in the end, and does so without complaint."""
    log = newcomer.folder / "serve.log"
    with newcomer.start("--home", dock, "serve", *options, log=log) as process:
        try:
            wait(lambda: "serve.started" in log.read_text())
            yield
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
            assert "Traceback" not in log.read_text()
        finally:
            process.kill()


def wait(until: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.05)


def files(dock: Path, place: str) -> list[bytes]:
    """What lies in a folder of the exchange, in the order of the names."""
    return [path.read_bytes() for path in sorted((dock / "exchange" / place).glob("*")) if path.is_file()]


def orders(dock: Path) -> Counter[str]:
    return Counter(json.loads(line)["id"] for body in files(dock, "out/acme-erp") for line in body.splitlines())


def put(dock: Path, name: str, body: bytes) -> None:
    folder = dock / "exchange/in/globex"
    (folder / f"{name}.tmp").write_bytes(body)
    (folder / f"{name}.tmp").rename(folder / name)


@pytest.fixture
def dock(newcomer: Newcomer) -> Path:
    """A home as ``crossdock init`` makes it, taking files as soon as they are renamed."""
    folder = newcomer.folder / "dock"
    newcomer.run("init", folder)
    partner = folder / "partners/globex.toml"
    partner.write_text(partner.read_text().replace('path = "in/globex"', 'path = "in/globex"\ncomplete = "rename"'))
    return folder


def test_the_example_crosses_the_dock(newcomer: Newcomer, dock: Path) -> None:
    with serving(newcomer, dock):
        put(dock, "order.x12", (dock / "examples/order.x12").read_bytes())
        wait(lambda: bool(orders(dock)) and bool(files(dock, "out/globex")))
    (receipt,) = files(dock, "out/globex")
    assert segments(receipt, "AK5", "AK9")[-1].startswith("AK9*A*")
    found = newcomer.run("--home", dock, "documents", "--json", "--status", "handled")
    assert len(found.splitlines()) == sum(orders(dock).values())


def test_what_nobody_agreed_on_is_admitted_with_the_lines_that_are_given(newcomer: Newcomer, dock: Path) -> None:
    partner = dock / "partners/globex.toml"
    partner.write_text(partner.read_text().replace('version = "004010"', 'version = "004010VICS"'))
    with serving(newcomer, dock):
        put(dock, "known.x12", x12(1, order("PO-1"), version="004010VICS"))
        put(dock, "version.x12", x12(2, order("PO-2"), version="004010"))
        wait(lambda: bool(orders(dock)) and len(_held(newcomer, dock)) == 1)  # asking starts a process
    (held,) = _held(newcomer, dock)
    story = newcomer.run("--home", dock, "trace", held, "--json")
    (lines,) = {hold["configuration"] for hold in _of_kind(story, "configuration")}
    file, _, configuration = lines.removeprefix("# ").partition("\n")
    with (dock / file).open("a") as partner:
        partner.write("\n" + configuration)
    newcomer.run("--home", dock, "partners", "check")
    newcomer.run("--home", dock, "release", held)
    with serving(newcomer, dock):
        wait(lambda: orders(dock) == {"PO-1": 1, "PO-2": 1})
    assert _held(newcomer, dock) == []


@pytest.mark.slow
def test_stopped_and_started_again_in_the_middle_it_loses_and_doubles_nothing(newcomer: Newcomer, dock: Path) -> None:
    """Each order comes in three versions, in three interchanges; one order of each interchange is wrong."""
    numbers = [f"PO-{n}" for n in range(40)]
    stream = [(version, number) for version in (1, 2, 3) for number in numbers]
    pending = [
        x12(
            control,
            order(number, function="00" if version == 1 else REPLACE, quantity=version),
            broken(f"bad-{control}"),
        )
        for control, (version, number) in enumerate(stream, 1)
    ]
    for part, workers in enumerate(("1", "2", "1")):
        with serving(newcomer, dock, "--workers", workers):
            wanted = len(files(dock, "out/globex")) + 1
            for control in range(part * 40 + 1, part * 40 + 41):
                put(dock, f"{control:03d}.x12", pending[control - 1])
            wait(lambda wanted=wanted: len(files(dock, "out/globex")) >= wanted)  # type: ignore[misc]
    with serving(newcomer, dock):
        wait(lambda: len(files(dock, "out/globex")) == 120 and orders(dock).total() == 120)
    assert orders(dock) == dict.fromkeys(numbers, 3)
    answers = files(dock, "out/globex")
    assert {tuple(segments(answer, "AK9")) for answer in answers} == {("AK9*P*2*2*1",)}
    assert len({control_number(answer) for answer in answers}) == 120
    assert sorted(ak1 for answer in answers for ak1 in segments(answer, "AK1")) == sorted(
        f"AK1*PO*{control}" for control in range(1, 121)
    )
    quantities: dict[str, list[str]] = {}
    for body in files(dock, "out/acme-erp"):
        for line in map(json.loads, body.splitlines()):
            quantities.setdefault(line["id"], []).append(line["order_lines"][0]["quantity"]["value"])
    assert set(map(tuple, quantities.values())) == {("1", "2", "3")}
    assert files(dock, "in/globex") == []


def _held(newcomer: Newcomer, dock: Path) -> list[str]:
    found = newcomer.run("--home", dock, "transmissions", "--json", "--status", "held")
    return [json.loads(line)["id"] for line in found.splitlines()]


def _of_kind(text: str, key: str) -> list[dict[str, str]]:
    """The objects in the lines of a story that have a key with a value."""
    found: list[dict[str, str]] = []
    for line in map(json.loads, text.splitlines()):
        rows = [line, *(row for value in line.values() if isinstance(value, list) for row in value)]
        found += [row for row in rows if isinstance(row, dict) and row.get(key)]
    return found
