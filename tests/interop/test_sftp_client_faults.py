"""An OpenSSH server behind a network that fails: nothing is lost, nothing comes twice."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from gateway.connectors.sftp import InboxOptions, OutboxOptions, SftpInbox, SftpOutbox, outbox
from gateway.core.errors import ConnectorError
from gateway.core.ports import Departure
from gateway.core.strict import convert
from tests.chaos.proxy import CLIENT, SERVER, ChaosProxy, Fault, cut, delay, half_close, refuse, reset, stall, truncate
from tests.connectors.folders import everything, files, put
from tests.interop.openssh import OpenSsh, secrets, sshd

QUICK = {"seconds": 0.4, "banner_seconds": 1.0, "auth_seconds": 1.0, "connect_seconds": 1.0}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSsh]:
    with sshd(tmp_path_factory.mktemp("faults")) as server:
        yield server


@pytest.fixture
def server(running: OpenSsh) -> OpenSsh:
    running.empty()
    return running


def options(server: OpenSsh, proxy: ChaosProxy, **more: object) -> dict[str, object]:
    return server.options(port=proxy.port, **QUICK, **more)


def received(box: SftpInbox, tries: int = 12) -> list[tuple[str, bytes]]:
    """Polls as the gateway does: what was received under an identity is not received again."""
    known: dict[str, tuple[str, bytes]] = {}
    for _ in range(tries):
        try:
            taken = box.take(10)
            if not taken and box._remote._session is not None:
                break
            for arrival in taken:
                known.setdefault(arrival.transport_id, (arrival.file_name, arrival.body))
            box.settle(taken)
        except ConnectorError:
            continue
    return sorted(known.values())


def departure(number: int, name: str, body: bytes) -> Departure:
    return Departure(transmission=number, endpoint="out", name=name, body=body)


ENDINGS = [cut, reset, half_close, truncate, stall]


@pytest.mark.parametrize(
    ("ending", "after"), [*((ending, "delete") for ending in ENDINGS), (cut, "leave"), (reset, "archive")]
)
@pytest.mark.parametrize("towards", [SERVER, CLIENT])
def test_fetching(server: OpenSsh, ending: object, towards: str, after: str) -> None:
    bodies = {f"f{number}": os.urandom(1_000 + 60_000 * number) for number in range(4)}
    for name, body in bodies.items():
        put(server.root, name, body)
    points = [500, 4_000, 30_000] if towards == CLIENT else [300, 2_800, 3_500]
    faults: list[Fault] = [ending(point, towards) for point in points]  # type: ignore[operator]
    with ChaosProxy(("127.0.0.1", server.port), *faults) as proxy:
        checked = convert(options(server, proxy, complete="rename", after=after), InboxOptions, "test")
        box = SftpInbox(checked, secrets, name="in")
        assert received(box) == sorted(bodies.items())
        box.close()
    where = server.root / "archive" if after == "archive" else server.root
    assert files(where) == ({} if after == "delete" else bodies)


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("towards", [SERVER, CLIENT])
def test_putting(server: OpenSsh, ending: object, towards: str) -> None:
    bodies = {f"f{number}": os.urandom(1_000 + 60_000 * number) for number in range(4)}
    points = [500, 4_000, 100_000, 250_000] if towards == SERVER else [500, 2_500, 3_000]
    faults: list[Fault] = [ending(point, towards) for point in points]  # type: ignore[operator]
    with ChaosProxy(("127.0.0.1", server.port), *faults) as proxy:
        box = SftpOutbox(convert(options(server, proxy), OutboxOptions, "test"), secrets)
        left = [
            Departure(transmission=n, endpoint="out", name=name, body=b) for n, (name, b) in enumerate(bodies.items())
        ]
        for _ in range(10):
            try:
                done = {outcome.transmission for outcome in box.deliver(left) if outcome.error is None}
            except ConnectorError:
                continue
            left = [each for each in left if each.transmission not in done]
            if not left:
                break
        assert left == []
        box.close()
        assert proxy.struck == len(points)
    assert files(server.root) == bodies


def test_a_large_upload_goes_on_where_it_was_cut(server: OpenSsh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "BACK", 300_000)
    body = os.urandom(8_000_000)
    with ChaosProxy(("127.0.0.1", server.port), cut(5_000_000, SERVER)) as proxy:
        box = SftpOutbox(convert(options(server, proxy), OutboxOptions, "test"), secrets)
        sent = [departure(1, "big", body)]
        assert box.deliver(sent)[0].error is not None
        assert box.deliver(sent)[0].error is None
        assert proxy.passed(SERVER) < 13_000_000
        box.close()
    assert files(server.root) == {"big": body}


def test_a_slow_line_and_a_door_that_is_shut_at_first(server: OpenSsh) -> None:
    put(server.root, "a", b"x" * 50_000)
    with ChaosProxy(("127.0.0.1", server.port), refuse(), [delay(0.02, CLIENT), delay(0.02, SERVER)]) as proxy:
        checked = convert(options(server, proxy, complete="rename"), InboxOptions, "test")
        box = SftpInbox(checked, secrets, name="in")
        with pytest.raises(ConnectorError, match="Exchanging keys"):
            box.take(1)
        assert received(box) == [("a", b"x" * 50_000)]
        box.close()


def test_no_temporary_file_stays(server: OpenSsh) -> None:
    body = os.urandom(200_000)
    with ChaosProxy(("127.0.0.1", server.port), cut(100_000, SERVER)) as proxy:
        box = SftpOutbox(convert(options(server, proxy), OutboxOptions, "test"), secrets)
        sent = [departure(1, "a", body)]
        box.deliver(sent)
        box.deliver(sent)
        box.close()
    assert everything(server.root) == ["a"]
