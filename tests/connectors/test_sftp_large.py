"""Large files by SFTP: a piece at a time, and on from where a connection broke. The server is one of a few lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway.connectors.directory.looks import Look
from gateway.connectors.sftp import remote as remote_module
from gateway.connectors.sftp.failures import LinkError
from gateway.connectors.sftp.fetch import Begun, Fetched, Wanted, fetch
from gateway.connectors.sftp.options import Account
from gateway.connectors.sftp.outbox import SftpOutbox
from gateway.connectors.sftp.remote import Remote
from gateway.connectors.sftp_server.wire import Attributes, Kind
from gateway.core.spooled import Spooled, in_memory
from gateway.store.payloads import Payloads

LARGE = bytes(range(256)) * 4096
LOOK = Look("order.edi", 0, 1_700_000_000, len(LARGE))
BLOCK = 100_000


class Line:
    """A connection to a server with one file. ``breaks`` after so many bytes were read."""

    def __init__(self, data: bytes, breaks: int | None = None) -> None:
        self.data, self.breaks, self.asked = data, breaks, []  # type: ignore[var-annotated]
        self.written = bytearray()

    def call(self, kind: Kind, body: bytes, doing: str = "") -> Any:
        return self

    @property
    def fields(self) -> Line:
        return self

    def string(self) -> bytes:
        return b"handle"

    def attributes(self) -> Attributes:
        return Attributes(size=len(self.data), modified=LOOK.modified)

    def read_into(self, handle: bytes, target: memoryview, at: int = 0) -> int:
        if self.breaks is not None and at >= self.breaks:
            raise LinkError("the connection broke")
        self.asked.append(at)
        found = self.data[at : at + len(target)]
        target[: len(found)] = found
        return len(found)

    def write_from(self, handle: bytes, body: memoryview, at: int = 0) -> None:
        assert len(self.written) == at
        self.written += body


class OneFile(Remote):
    """An account at that server."""

    def __init__(self, line: Line) -> None:
        super().__init__(Account(host="acme", username="globex", host_key=()), lambda text: text)
        self.line = line

    @contextmanager
    def link(self) -> Iterator[Any]:
        yield self.line


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_module, "_BLOCK", BLOCK)


@pytest.fixture
def payloads(tmp_path: Path) -> Payloads:
    return Payloads(tmp_path / "payloads", memory=10_000)


def fetched(line: Line, payloads: Payloads, begun: Begun, look: Look = LOOK) -> list[Fetched]:
    cuts: list[LinkError] = []
    found = list(fetch(OneFile(line), [Wanted(look, "order.edi")], cuts.append, payloads, begun))
    assert bool(found) != bool(cuts)
    return found


def test_a_large_file_is_fetched_in_blocks_into_the_spool(payloads: Payloads) -> None:
    line = Line(LARGE)
    (got,) = fetched(line, payloads, Begun())
    assert not isinstance(got.body, bytes)
    assert in_memory(got.body) == LARGE
    assert line.asked == list(range(0, len(LARGE), BLOCK))


def test_a_download_goes_on_where_the_connection_broke(payloads: Payloads) -> None:
    begun = Begun()
    assert fetched(Line(LARGE, breaks=500_000), payloads, begun) == []
    line = Line(LARGE)
    (got,) = fetched(line, payloads, begun)
    assert line.asked[0] == 500_000
    assert in_memory(got.body) == LARGE


@pytest.mark.parametrize("changed", [{"modified": 1}, {"size": len(LARGE) - 1}, {"name": "other.edi"}])
def test_a_file_that_changed_is_fetched_from_its_beginning(payloads: Payloads, changed: dict[str, Any]) -> None:
    begun = Begun()
    fetched(Line(LARGE, breaks=500_000), payloads, begun)
    line = Line(LARGE)
    fetched(line, payloads, begun, LOOK._replace(**changed))
    assert line.asked[0] == 0


def test_a_file_that_changed_while_it_was_read_leaves_nothing(payloads: Payloads) -> None:
    (got,) = fetched(Line(LARGE + b"more"), payloads, Begun())
    assert got.problem == "it changed while it was read"
    assert not any(path.is_file() for path in payloads.folder.rglob("*"))


def test_nobody_goes_on_with_it(payloads: Payloads) -> None:
    begun = Begun()
    fetched(Line(LARGE, breaks=500_000), payloads, begun)
    begun.close()
    assert not any(path.is_file() for path in payloads.folder.rglob("*"))


@pytest.mark.parametrize("begin", [0, 123_456])
def test_a_large_departure_is_written_in_blocks_from_any_place(payloads: Payloads, begin: int) -> None:
    with payloads.write() as writer:
        writer.write(LARGE)
        body = writer.finish()
    assert not isinstance(body, bytes)
    kept: Spooled = payloads.file(payloads.keep(body), len(LARGE))
    line: Any = Line(b"")
    line.written = bytearray(LARGE[:begin])
    SftpOutbox._send(line, b"handle", kept, begin)
    assert bytes(line.written) == LARGE
    assert OneFile(Line(LARGE)).has("order.edi", kept)
    assert not OneFile(Line(b"x" + LARGE[1:])).has("order.edi", kept)
    assert OneFile(Line(LARGE[:begin])).has("order.edi", kept, begin)
