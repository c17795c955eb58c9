"""Files put into a folder of an OpenSSH server: whole, once, never replacing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from gateway.connectors.sftp import OutboxOptions, SftpOutbox, outbox
from gateway.core.errors import ConnectorError
from gateway.core.ports import Departure, Outcome
from gateway.core.strict import convert
from tests.connectors.folders import everything, files, put
from tests.interop.openssh import OpenSsh
from tests.interop.openssh import secrets as of_files

Open = Callable[..., SftpOutbox]


@pytest.fixture
def outlet(server: OpenSsh) -> Iterator[Open]:
    """Opens outboxes on the server's folder, options as keywords; they are closed when the test ends."""
    opened: list[SftpOutbox] = []

    def open_one(**options: object) -> SftpOutbox:
        opened.append(SftpOutbox(convert({**server.options(), **options}, OutboxOptions, "test"), of_files))
        return opened[-1]

    yield open_one
    for box in opened:
        box.close()


def departure(number: int, name: str, body: bytes = b"ISA*") -> Departure:
    return Departure(transmission=number, endpoint="globex-out", name=name, body=body)


@pytest.mark.parametrize("upload", ["rename", "direct"])
class TestBothWays:
    def test_files_of_all_sizes_appear_whole(self, server: OpenSsh, outlet: Open, upload: str) -> None:
        bodies = {f"f{size}": os.urandom(size) for size in (0, 1, 32_000, 32_663, 32_664, 100_000, 3_000_000)}
        sent = [departure(number, name, body) for number, (name, body) in enumerate(bodies.items())]
        assert outlet(upload=upload).deliver(sent) == [Outcome(number) for number in range(len(bodies))]
        assert {path.name: path.read_bytes() for path in server.root.iterdir()} == bodies

    def test_the_same_bytes_again_are_fine_and_others_refused(self, server: OpenSsh, outlet: Open, upload: str) -> None:
        box = outlet(upload=upload)
        assert box.deliver([departure(1, "a", b"one")]) == [Outcome(1)]
        again, other = box.deliver([departure(2, "a", b"one"), departure(3, "a", b"two")])
        assert again == Outcome(2)
        assert not other.retryable
        assert "a file of this name with other content is there" in str(other.error)
        assert files(server.root) == {"a": b"one"}

    def test_within_one_batch_too(self, server: OpenSsh, outlet: Open, upload: str) -> None:
        sent = [departure(1, "a", b"one"), departure(2, "a", b"one"), departure(3, "a", b"two")]
        assert [outcome.error is None for outcome in outlet(upload=upload).deliver(sent)] == [True, True, False]
        assert everything(server.root) == ["a"]

    def test_a_large_file_that_was_begun_is_continued(
        self, server: OpenSsh, outlet: Open, upload: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(outbox, "BACK", 100_000)
        body = os.urandom(1_000_000)
        box = outlet(upload=upload)
        begun = box._upload(departure(1, "a", body))
        put(server.root, os.path.basename(begun.final if upload == "direct" else begun.temporary), body[:600_000])
        assert box._begin(begun, begun.final if upload == "direct" else begun.temporary) == 500_000
        assert box.deliver([departure(1, "a", body)]) == [Outcome(1)]
        assert files(server.root) == {"a": body}


class TestRenaming:
    def test_what_was_begun_with_other_bytes_is_begun_anew(
        self, server: OpenSsh, outlet: Open, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(outbox, "BACK", 100_000)
        body = os.urandom(1_000_000)
        box = outlet()
        put(server.root, os.path.basename(box._upload(departure(1, "a", body)).temporary), os.urandom(600_000))
        assert box.deliver([departure(1, "a", body)]) == [Outcome(1)]
        assert files(server.root) == {"a": body}

    def test_names_are_made_safe(self, server: OpenSsh, outlet: Open) -> None:
        assert outlet().deliver([departure(1, "../../a:b")]) == [Outcome(1)]
        assert list(files(server.root)) == ["_._.._a_b"]

    def test_five_hundred_small_files(self, server: OpenSsh, outlet: Open) -> None:
        sent = [departure(number, f"{number:03}", b"%d" % number) for number in range(500)]
        assert outlet().deliver(sent) == [Outcome(number) for number in range(500)]
        assert files(server.root) == {each.name: each.body for each in sent}


class TestFolder:
    def test_one_that_is_missing_is_an_error(self, server: OpenSsh, outlet: Open) -> None:
        (outcome,) = outlet(path=str(server.root / "none")).deliver([departure(1, "a")])
        assert outcome.retryable
        assert "no such file or folder" in str(outcome.error)

    def test_it_is_made_where_that_was_asked_for(self, server: OpenSsh, outlet: Open) -> None:
        assert outlet(path=str(server.root / "made"), create=True).deliver([departure(1, "a")]) == [Outcome(1)]
        assert everything(server.root) == ["made/a"]

    def test_without_a_connection_nothing_was_sent(self, outlet: Open) -> None:
        with pytest.raises(ConnectorError, match="Nothing listens there"):
            outlet(port=1).deliver([departure(1, "a")])
