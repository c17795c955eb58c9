"""What the figures are compared with: other readers of the same formats, and the cheapest look at all bytes.

Peers are not needed to run anything: ``pip install 'crossdock[bench]'`` installs them.
"""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

HINT = "pip install 'crossdock[bench]'"

#: Bytes that peers read at most: as fast as with more, and they would take minutes, or gigabytes.
_PYX12_BYTES, _PYDIFACT_BYTES = 10_000_000, 1_000_000


class Peer(NamedTuple):
    """``read`` reads a whole file. ``most``: bytes of the file that it is given, None for all of them."""

    name: str
    read: Callable[[Path], object]
    most: int | None = None

    @property
    def installed(self) -> bool:
        module = self.name.partition(" ")[0]
        return module == "bytes.split" or importlib.util.find_spec(module) is not None


def _pyx12(path: Path) -> None:
    """Segments and elements, and the counts of the envelope."""
    reader: Any = importlib.import_module("pyx12.x12file")
    with path.open(encoding="ascii") as file:
        for _ in reader.X12Reader(file):
            pass


def _pydifact(path: Path) -> None:
    """Segments and elements, unescaped."""
    collection: Any = importlib.import_module("pydifact.segmentcollection")
    text = path.read_text(encoding="ascii")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it does not validate
        for message in collection.Interchange.from_str(text).get_messages():
            for _ in message.segments:
                pass


PYX12 = Peer("pyx12 X12Reader", _pyx12, _PYX12_BYTES)
PYDIFACT = Peer("pydifact", _pydifact, _PYDIFACT_BYTES)
