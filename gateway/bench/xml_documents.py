"""UBL beside lxml: a file is one document, so a large one is read again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from gateway.bench.figures import BenchmarkError, Figure, Tell, cpu_seconds, middle
from gateway.bench.following import ubl_invoice
from gateway.codecs.xml_text import XmlText, decoded
from gateway.core.issues import Issue
from gateway.grammar.xml_validator import xml_validator
from gateway.knowledge import Knowledge

_MB = 1_000_000
NAME, PEER = "UBL Invoice", "lxml.etree.fromstring"


def measure(size: int, rounds: int, tell: Tell, folder: Path, knowledge: Knowledge) -> Iterator[Figure]:
    """Figures for an invoice of a megabyte, read until it makes ``size`` bytes. Raises BenchmarkError."""
    path = folder / "invoice.xml"
    lines = ubl_invoice(path, min(size, _MB))
    body = path.read_bytes()
    times = max(1, size // len(body))
    steps = _steps(decoded(body), knowledge, lines)
    rates: dict[str, list[float]] = {case: [] for case in (*steps, PEER)}
    for number in range(1, rounds + 1):
        for case, work in {PEER: lambda: _by_lxml(body), **steps}.items():
            tell(f"{NAME}: {case}, round {number} of {rounds}")
            rates[case].append(_rate(work, times, len(body)))
    for case in steps:
        peer = None if case == "write" else PEER
        yield Figure(
            bench="parse",
            case=f"{NAME}: {case}",
            value=middle(rates[case]),
            unit="MB/s",
            peer=peer,
            peer_value=middle(rates[PEER]) if peer else None,
        )


def _steps(text: XmlText, knowledge: Knowledge, lines: int) -> dict[str, Callable[[], int | None]]:
    """What is timed, cheapest first. Each returns the bytes that it made, None where these are those that it read."""
    validator = xml_validator(knowledge.schemas, "2.1", "Invoice")
    mapping = knowledge.mappings.xml("ubl/invoice")

    def validate() -> None:
        _fine(validator.validate(text, knowledge.limits))

    def read() -> Any:
        found = mapping.read(text, knowledge.limits)
        _fine(found.issues)
        document: Any = found.document
        if len(document.invoice_lines) != lines:
            raise BenchmarkError(f"Of {lines} lines {len(document.invoice_lines)} were read.")
        return document

    def validate_and_map() -> None:
        validate()
        read()

    document = read()

    def write() -> int:
        written = mapping.write(document)
        _fine(written.issues)
        return len(written.body)

    return {"parse and validate": validate, "parse, validate and map": validate_and_map, "write": write}


def _rate(work: Callable[[], object], times: int, size: int) -> float:
    made: list[object] = []

    def often() -> None:
        made.extend(work() for _ in range(times))

    seconds = cpu_seconds(often)
    done = sum(each if isinstance(each, int) else size for each in made)
    return done / _MB / seconds


def _by_lxml(body: bytes) -> None:
    """A tree, and nothing that is said of it."""
    from lxml import etree

    etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def _fine(issues: Any) -> None:
    found: tuple[Issue, ...] = tuple(issues)
    if found:
        raise BenchmarkError(f"The benchmark's own invoice is not in order: {found[0].text}")
