"""What is mapped to what: each cell is a mapping that works both ways, and crosses with the others of its row."""

from __future__ import annotations

import itertools

import msgspec
import pytest

from gateway.canonical import DOCUMENTS, Document, from_json
from gateway.codecs.xml_text import decoded
from gateway.core.issues import Issue
from gateway.mapping import XmlMapping
from gateway.mapping.examples import USUAL
from gateway.mapping.matrix import STANDARDS
from tests.mapping.made import bundled, made

MATRIX = bundled().matrix()
NAMES = sorted(cell.name for row in MATRIX.values() for cells in row.values() for cell in cells)
PAIRS = [
    pair
    for row in MATRIX.values()
    for pair in itertools.permutations([cell.name for cells in row.values() for cell in cells], 2)
]


def test_there_is_a_row_for_each_document_and_a_cell_for_each_format() -> None:
    assert list(MATRIX) == list(DOCUMENTS)
    assert {tuple(row) for row in MATRIX.values()} == {STANDARDS}


def test_every_mapping_that_extends_none_stands_in_it_once() -> None:
    assert sorted({*NAMES, "partners/initech-850"}) == bundled().names()
    assert len(NAMES) == len(set(NAMES))


def test_a_mapping_of_ones_own_is_in_its_cell() -> None:
    own = "format = 'x12 004010 855'\ndocument = 'OrderResponse'\nmap = 'BAK * 00 * {order_response_code} * {id}'\n"
    row = made(x12__own=own).matrix()["OrderResponse"]
    assert [cell.name for cell in row["x12"] if cell.name not in NAMES] == ["x12/own"]


def test_a_file_that_says_nothing_is_left_out() -> None:
    assert made(x12__odd="document = 'Order'\n").matrix() == MATRIX


@pytest.mark.parametrize("name", NAMES)
def test_a_document_of_its_own_example_is_written_and_read_back_the_same(name: str) -> None:
    samples = _samples(name)
    assert samples
    assert [_crossed(name, sample)[0] for sample in samples] == samples


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_what_arrived_in_another_format_stays_the_same_from_then_on(first: str, second: str) -> None:
    """Something may have no place there, once; a document that cannot be read back there is told of."""
    for sample in _samples(first):
        arrived, issues = _crossed(second, sample)
        if arrived is None:
            assert issues
        else:
            assert _crossed(second, arrived)[0] == arrived


def _samples(name: str) -> list[Document]:
    mapping = bundled().find(name)
    return [_bare(from_json(mapping.document, example.document)) for example in mapping.examples]


def _bare(document: Document) -> Document:
    """Without what no line took: it is shown to people and not written."""
    return msgspec.structs.replace(document, extensions=())


def _crossed(name: str, document: Document) -> tuple[Document | None, tuple[Issue, ...]]:
    """Written by the mapping and read again, and what writing told."""
    mapping = bundled().find(name)
    if isinstance(mapping, XmlMapping):
        body = mapping.write(document)
        found, told = mapping.read(decoded(body.body)).document, body.issues
    else:
        marks = USUAL[mapping.format.standard]
        writing = mapping.write(document, marks)
        found, told = mapping.read(writing.segments, marks).document, writing.issues
    return (_bare(found) if found is not None else None), tuple(told)
