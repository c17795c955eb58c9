"""pyx12, asked for its verdict: bounded in time and size, silent, and never with an exception of its own."""

from __future__ import annotations

import importlib
import io
import json
import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from gateway.codecs import Delimiters, RawDocument
from gateway.core.errors import SchemaError
from gateway.grammar import MessageTable
from gateway.grammar.maps import Guides, emitted
from gateway.grammar.maps.emit import GROUP, VERSION
from gateway.opinion.said import Said, said

Files = Callable[[str], bytes | None]

#: Characters that one run of pyx12 is given at most, and how long it may take.
_TOGETHER, _LARGEST, _SECONDS = 500_000, 4_000_000, 60.0

#: The first ST stands behind ISA and GS.
_FIRST = 3


class Opinion(NamedTuple):
    """pyx12 on one document. ``map``: by which of its maps, or ``ours`` where it was given one made from our table.
    ``none``: why there is no verdict, empty where there is one."""

    map: str
    said: tuple[Said, ...] = ()
    none: str = ""


class _Group(NamedTuple):
    """How a functional group calls itself so that pyx12 finds the map; ``folder``: of the map, None for its own."""

    icvn: str
    functional_id: str
    version: str
    map: str
    folder: Path | None


class _TooLong(Exception):
    """pyx12 took too long."""


class Judge:
    """Asks pyx12. ``files`` gives the bytes of a file of its map folder; ``seconds`` bounds one run.

    Maps that are made from our tables lie in a temporary folder as long as the judge is open.
    """

    def __init__(self, files: Files, seconds: float = _SECONDS) -> None:
        self._files = files
        self._seconds = seconds
        self._guides = Guides(files)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._made: dict[tuple[str, str], Path] = {}

    def __enter__(self) -> Judge:
        self._folder = tempfile.TemporaryDirectory(prefix="crossdock-maps-")
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def judge(self, documents: Sequence[RawDocument], table: MessageTable | None) -> list[Opinion]:
        """One opinion for each document; all are of one version and type. ``table`` serves where pyx12 has no map."""
        if not documents:
            return []
        try:
            group = self._group(documents[0], table)
        except SchemaError as error:
            return [Opinion("", none=str(error))] * len(documents)
        if group is None:
            return [Opinion("", none="pyx12 has no map for it, and there is no table to make one from.")] * len(
                documents
            )
        return [opinion for part in _parts(documents) for opinion in self._part(part, group)]

    def _part(self, documents: Sequence[RawDocument], group: _Group) -> list[Opinion]:
        """A few documents in one run; where that fails, by halves, until those are alone that it fails for."""
        if len(documents[0].text) > _LARGEST:
            return [Opinion(group.map, none=f"It is longer than the {_LARGEST} characters that pyx12 is given.")]
        try:
            transactions = self._run(documents, group)
        except Exception as error:  # whatever pyx12 raises is its answer
            if len(documents) == 1:
                return [Opinion(group.map, none=_failure(error, self._seconds))]
        else:
            if len(transactions) == len(documents):
                starts = accumulate((len(document.segments()) for document in documents), initial=_FIRST)
                return [Opinion(group.map, tuple(said(*found))) for found in zip(transactions, starts)]
            if len(documents) == 1:
                return [Opinion(group.map, none="pyx12 does not see one transaction set in it.")]
        half = len(documents) // 2
        return self._part(documents[:half], group) + self._part(documents[half:], group)

    def _run(self, documents: Sequence[RawDocument], group: _Group) -> list[Mapping[str, Any]]:
        """The transaction sets of pyx12's list of errors."""
        x12n: Any = importlib.import_module("pyx12.x12n_document")
        params: Any = importlib.import_module("pyx12.params")
        listed = io.StringIO()
        source = _Timed(_interchange(documents, group), time.monotonic() + self._seconds)
        folder = str(group.folder) if group.folder is not None else None
        with _silence():
            x12n.x12n_document(params.ParamsBase(), source, None, None, fd_json=listed, map_path=folder)
        found = json.loads(listed.getvalue() or "{}")
        return [
            transaction
            for interchange in found.get("interchanges", ())
            for one in interchange["groups"]
            for transaction in one["transactions"]
        ]

    def _group(self, document: RawDocument, table: MessageTable | None) -> _Group | None:
        icvn = "00501" if (document.syntax or document.version)[:5] >= "00501" else "00401"
        narrowed = table is not None and bool(table.guide)  # by a partner's guide, which pyx12 does not know
        for version in () if narrowed else (document.version, document.association):
            for entry in self._guides.entries(version, document.type):
                own = "00501" if version >= "005010" else "00401"
                return _Group(own, entry.functional_group, version, entry.file, None)
        if table is None:
            return None
        return _Group(icvn, GROUP, VERSION, "ours", self._folder_for(table, icvn))

    def _folder_for(self, table: MessageTable, icvn: str) -> Path:
        """The folder with the map of a table, written once."""
        if self._folder is None:
            raise RuntimeError("The judge is not open.")
        key = (table.digest, icvn)
        if key not in self._made:
            folder = self._made[key] = Path(self._folder.name) / str(len(self._made))
            folder.mkdir()
            control, elements = self._files(f"x12.control.{icvn}.xml"), self._files("dataele.xml")
            for name, data in emitted(table, icvn, control or b"", elements or b"").items():
                (folder / name).write_bytes(data)
        return self._made[key]


class _Timed(io.StringIO):
    """A text that cannot be read any more after a moment of the monotonic clock."""

    def __init__(self, text: str, until: float) -> None:
        super().__init__(text)
        self._until = until

    def read(self, size: int | None = -1) -> str:
        if time.monotonic() > self._until:
            raise _TooLong
        return super().read(size)


def _parts(documents: Sequence[RawDocument]) -> Iterator[list[RawDocument]]:
    """Runs of documents that pyx12 can read together: each is whole and has a number of its own, none is large."""
    part: list[RawDocument] = []
    numbers: set[str] = set()
    size = 0
    for document in documents:
        full = size + len(document.text) > _TOGETHER or document.control_number in numbers
        if part and (full or not _closed(part[-1])):
            yield part
            part, numbers, size = [], set(), 0
        part.append(document)
        numbers.add(document.control_number)
        size += len(document.text)
    yield part


def _closed(document: RawDocument) -> bool:
    """Whether it ends with its trailer: what follows a document that does not would be read as part of it."""
    marks = document.delimiters
    last = document.text.rstrip(f"{marks.terminator}\r\n ").rpartition(marks.terminator)[2]
    return last.strip().startswith(f"SE{marks.element}")


def _interchange(documents: Sequence[RawDocument], group: _Group) -> str:
    """An interchange of our own around the documents, which are judged as they are."""
    marks = documents[0].delimiters
    repetition = marks.repetition or "^" if group.icvn == "00501" else "U"
    blank, party = " " * 10, f"{'X':<15}"
    isa = ["ISA", "00", blank, "00", blank, "ZZ", party, "ZZ", party, "260101", "0000", repetition, group.icvn]
    isa += ["000000001", "0", "T", marks.component]
    head = ["GS", group.functional_id, "X", "X", "20260101", "0000", "1", "X", group.version]
    tail = [["GE", str(len(documents)), "1"], ["IEA", "1", "000000001"]]
    parts = [marks.element.join(segment) for segment in (isa, head)]
    bodies = "".join(_ended(document.text, marks) for document in documents)
    ends = "".join(marks.element.join(segment) + marks.terminator for segment in tail)
    return "".join(part + marks.terminator for part in parts) + bodies + ends


def _ended(text: str, marks: Delimiters) -> str:
    """pyx12 takes an empty line for the end of all."""
    kept = text.strip("\r\n") if marks.terminator not in "\r\n" else text
    return kept if kept.endswith(marks.terminator) else kept + marks.terminator


def _failure(error: Exception, seconds: float) -> str:
    if isinstance(error, _TooLong):
        return f"pyx12 did not finish in {seconds:g} seconds."
    return f"pyx12 stops: {type(error).__name__}: {str(error)[:200]}"


@contextmanager
def _silence() -> Iterator[None]:
    """pyx12 logs each of its findings."""
    logger = logging.getLogger("pyx12")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
