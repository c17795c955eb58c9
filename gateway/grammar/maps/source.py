"""The guides there are: found by what an interchange says, compiled on first use, kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import NamedTuple

from gateway.core.errors import SchemaError
from gateway.grammar.layers import OnDemand
from gateway.grammar.maps.compiled import compiled
from gateway.grammar.maps.index import Entry, index
from gateway.grammar.maps.shared import Shared, shared
from gateway.grammar.model import MessageTable, SegmentTable
from gateway.grammar.versions import edition_of

_TITLE = re.compile(rb"<transaction\b[^>]*>\s*<name>([^<&]*)</name>")


class Guide(NamedTuple):
    """The table of one guide; ``purpose`` is the BHT02 of its documents where that chooses among guides, or empty."""

    purpose: str
    table: MessageTable


def _joined(first: Mapping[str, SegmentTable], second: Mapping[str, SegmentTable]) -> Mapping[str, SegmentTable]:
    """Those of both, of the first where both have one; none is read before it is asked for."""
    return OnDemand([*first, *second], lambda tag: first[tag] if tag in first else second[tag])


class Guides:
    """The guides of an installed package.

    ``files`` gives the bytes of one of its files (``maps.xml``) or None, and is called on first use only; ``source``
    is its name and version. One object serves all threads: what two of them read is equal.
    """

    def __init__(self, files: Callable[[str], bytes | None], source: str = "") -> None:
        self._files = files
        self._source = source
        self._compiled: dict[str, MessageTable] = {}

    def find(self, version: str, type: str, segments: Mapping[str, SegmentTable], tags: frozenset[str]) -> list[Guide]:
        """The guides of a version (``005010X222A1``) for a transaction set, mostly one; none where there is none.

        ``segments`` and ``tags`` are those of the version of the standard that the guides narrow. Raises SchemaError
        on a map that is wrong.
        """
        entries = self.entries(version, type)
        return [Guide(entry.purpose, self._table(entry, segments, tags)) for entry in entries]

    def nearest(self, version: str, type: str) -> str | None:
        """Another edition of the guide that a version names (``005010X222A1`` for ``005010X222``): the next older, else
        the oldest. None where no edition of it is for the transaction set."""
        there = [name for name, kind in self.names() if kind == type and edition_of(name) == edition_of(version)]
        older = [name for name in there if name <= version]
        return next(iter(older[-1:] or there), None)

    def names(self) -> list[tuple[str, str]]:
        """Version and transaction set of every guide, in order."""
        return sorted(self._index)

    def title(self, version: str, type: str) -> str:
        """What the guides of a version for a transaction set call themselves; their places are not read."""
        heads = [_TITLE.search(self._read(entry.file)) for entry in self.entries(version, type)]
        return "; ".join(head[1].decode(errors="replace") for head in heads if head is not None)

    def entries(self, version: str, type: str) -> tuple[Entry, ...]:
        """Which maps those are."""
        return self._index.get((version, type), ())

    @cached_property
    def _index(self) -> Mapping[tuple[str, str], tuple[Entry, ...]]:
        data = self._files("maps.xml")
        return index(data) if data is not None else {}

    @cached_property
    def _shared(self) -> Shared:
        return shared(self._read("dataele.xml"), self._read("codes.xml"))

    def _read(self, name: str) -> bytes:
        data = self._files(name)
        if data is None:
            raise SchemaError("The file is missing in the installed package.", file=name)
        return data

    def _table(self, entry: Entry, segments: Mapping[str, SegmentTable], tags: frozenset[str]) -> MessageTable:
        key = f"{entry.version} {entry.file}"
        if key not in self._compiled:
            data = self._read(entry.file)
            made = compiled(entry.file, data, self._shared)
            parts = (data, self._read("dataele.xml"), self._read("codes.xml"))
            digest = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
            self._compiled[key] = MessageTable(
                standard="x12",
                version=entry.version,
                type=entry.type,
                name=made.name,
                root=made.root,
                segments=_joined(segments, made.segments),
                digest=digest,
                functional_group=entry.functional_group,
                tags=tags | frozenset(made.segments),
                source=self._source,
            )
        return self._compiled[key]
