"""Which formats each canonical document can be read from and written in, by the mappings there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gateway.canonical import DOCUMENTS
from gateway.codecs.ubl import UBL
from gateway.core.errors import MappingDefinitionError
from gateway.mapping.definition import Texts, purpose
from gateway.mapping.notation import SEPARATORS

#: The columns, in the order in which they are shown.
STANDARDS = (*SEPARATORS, UBL)


class Cell(NamedTuple):
    """One mapping: its name, and the message that it ties to the document of the row."""

    name: str
    version: str
    message: str


def matrix(names: Iterable[str], texts: Texts) -> dict[str, dict[str, tuple[Cell, ...]]]:
    """Canonical document → standard → its mappings, by name; an empty cell is one that nothing reads or writes.

    Mappings that extend another one are left out: they change the way, and open none. So is one whose file says no
    purpose: ``crossdock mappings list`` tells what is wrong with it. JSON is no column, since every canonical document
    is JSON.
    """
    found: dict[str, dict[str, list[Cell]]] = {document: {one: [] for one in STANDARDS} for document in DOCUMENTS}
    for name in sorted(names):
        try:
            use = purpose(name, texts)
        except MappingDefinitionError:
            continue
        if not use.extends and use.document in found:
            found[use.document][use.standard].append(Cell(name, use.version, use.message))
    return {document: {one: tuple(cells) for one, cells in row.items()} for document, row in found.items()}
