from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.connectors.directory import DirectoryInbox, InboxOptions
from gateway.core.strict import convert
from tests.connectors.folders import Hands
from tests.interop.openssh import OpenSsh, sshd


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "in"
    path.mkdir()
    return path


@pytest.fixture
def inbox(folder: Path, hands: Hands) -> Iterator[Callable[..., DirectoryInbox]]:
    """Opens inboxes on the folder, options as keywords; they are closed when the test ends."""
    opened: list[DirectoryInbox] = []

    def open_one(**options: object) -> DirectoryInbox:
        checked = convert({"path": str(folder), "complete": "rename", **options}, InboxOptions, "test")
        opened.append(DirectoryInbox(checked, str(folder), "tester", name="acme-in", times=hands.times))
        return opened[-1]

    yield open_one
    for box in opened:
        box.close()


@pytest.fixture(scope="session")
def _openssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSsh]:
    with sshd(tmp_path_factory.mktemp("openssh")) as running:
        yield running


@pytest.fixture
def server(_openssh: OpenSsh) -> Iterator[OpenSsh]:
    """Debian's sshd, with an empty folder."""
    _openssh.empty()
    yield _openssh
    _openssh.empty()
