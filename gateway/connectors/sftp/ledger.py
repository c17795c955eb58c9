"""What was received, kept in memory: for tests, and where there is no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from gateway.core.ports import Met


class MemoryLedger:
    """The :class:`~gateway.core.ports.Ledger` of one process."""

    def __init__(self) -> None:
        self._met: defaultdict[tuple[str, str], dict[str, Met]] = defaultdict(dict)

    def known(self, endpoint: str, folder: str) -> dict[str, Met]:
        return dict(self._met[endpoint, folder])

    def remember(self, endpoint: str, folder: str, files: Mapping[str, Met]) -> None:
        self._met[endpoint, folder].update(files)

    def forget(self, endpoint: str, folder: str, names: Sequence[str]) -> None:
        for name in names:
            self._met[endpoint, folder].pop(name, None)
