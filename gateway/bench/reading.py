"""What is measured on one core: each takes a file through a part of the way of a document."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from itertools import islice
from pathlib import Path
from typing import Any

from gateway.bench.corpus import ACME, ACME_GLN, GLOBEX, INITECH_GLN
from gateway.bench.figures import BenchmarkError
from gateway.codecs import (
    Address,
    Body,
    Delimiters,
    EdifactEnvelope,
    RawDocument,
    X12Envelope,
    X12Group,
    read,
    scan,
    write_edifact,
    write_x12,
)
from gateway.codecs.edifact_advice import DEFAULT
from gateway.codecs.x12_write import X12_DELIMITERS
from gateway.core.issues import Issue
from gateway.grammar import Validator
from gateway.knowledge import Knowledge

#: Documents that are written into one interchange.
_TOGETHER = 100
_GROUPS = {"850": "PO", "856": "SH"}
_DAY, _HOUR = date(2026, 1, 15), time(8, 15)


class Reading:
    """One format: its files, its validator, its mapping. Every document must be fine, or BenchmarkError is raised."""

    def __init__(self, standard: str, version: str, type: str, mapping: str, knowledge: Knowledge) -> None:
        self.standard, self.version, self.type = standard, version, type
        self.validator: Validator = knowledge.schemas.validator(standard, version, type, "")
        self.mapping = knowledge.mappings.get(mapping)
        self.delimiters: Delimiters = X12_DELIMITERS if standard == "x12" else DEFAULT

    def scan(self, path: Path) -> int:
        """Envelopes alone; returns the documents counted."""
        with path.open("rb") as file:
            summaries = scan(file)
        for summary in summaries:
            _fine(summary.issues)
        return sum(summary.documents for summary in summaries)

    def validate(self, path: Path) -> int:
        """Parsed, and checked in full; returns the documents."""
        return sum(1 for _ in self._valid(path))

    def map(self, path: Path) -> int:
        """Parsed, checked, and made into canonical documents; returns how many."""
        return sum(1 for _ in self.documents(path))

    def documents(self, path: Path) -> Iterator[Any]:
        """The canonical documents of a file."""
        for raw in self._valid(path):
            found = self.mapping.read(raw.segments(), raw.delimiters, raw.text)
            _fine(found.issues)
            yield found.document

    def write(self, documents: list[Any]) -> int:
        """Canonical documents written as interchanges; returns the bytes."""
        rest, size = iter(documents), 0
        while part := list(islice(rest, _TOGETHER)):
            bodies = [self._body(document, number) for number, document in enumerate(part, 1)]
            size += len(self._interchange(bodies))
        return size

    def _valid(self, path: Path) -> Iterator[RawDocument]:
        with path.open("rb") as file:
            for event in read(file):
                if isinstance(event, RawDocument):
                    _fine((*event.issues, *self.validator.validate(event)))
                    yield event

    def _body(self, document: Any, number: int) -> Body:
        written = self.mapping.write(document, self.delimiters)
        if not written.ok:
            _fine(written.issues)
        return Body(type=self.type, version=self.version, control_number=f"{number:04d}", segments=written.segments)

    def _interchange(self, bodies: list[Body]) -> bytes:
        if self.standard == "x12":
            group = X12Group(functional_id=_GROUPS[self.type], control_number=1, version=self.version, documents=bodies)
            addresses = Address(GLOBEX, "ZZ"), Address(ACME, "ZZ")
            header = X12Envelope(sender=addresses[0], receiver=addresses[1], control_number=1, date=_DAY, time=_HOUR)
            return write_x12(header, [group])
        return write_edifact(
            EdifactEnvelope(
                sender=Address(INITECH_GLN, "14"),
                receiver=Address(ACME_GLN, "14"),
                control_number="1",
                date=_DAY,
                time=_HOUR,
            ),
            bodies,
        )


def readings(knowledge: Knowledge) -> dict[str, Reading]:
    """The formats that are measured, by the names that the figures have for them."""
    return {
        "850": Reading("x12", "004010", "850", "x12/850", knowledge),
        "ORDERS": Reading("edifact", "D.96A", "ORDERS", "edifact/orders-d96a", knowledge),
        "856": Reading("x12", "004010", "856", "x12/856", knowledge),
        "INVOIC": Reading("edifact", "D.96A", "INVOIC", "edifact/invoic-d96a", knowledge),
    }


def _fine(issues: tuple[Issue, ...]) -> None:
    if issues:
        raise BenchmarkError(f"The benchmark's own documents are not in order: {issues[0].text}")
