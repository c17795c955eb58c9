"""Two gateways that know each other in AS2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from tests.as2_doors.gateways import Node, free_port, make_home, serving
from tests.as2_doors.plain import PlainSpeaker


class Open(Protocol):
    def __call__(self, name: str, speaker: PlainSpeaker | None = None, **told: str) -> Node: ...


@pytest.fixture
def gateway(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Open]:
    """Opens a gateway with these options; THEM and US name the two sides."""
    with ExitStack() as stack:

        def open_(name: str, speaker: PlainSpeaker | None = None, **told: str) -> Node:
            port = int(told.pop("port", free_port()))
            home = make_home(tmp_path / name, migrated_sqlite, port, **told)
            return stack.enter_context(serving(home, speaker))

        yield open_
