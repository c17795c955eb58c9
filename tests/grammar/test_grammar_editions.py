"""Editions of an implementation guide: one whose map is not there is checked by another of the same guide."""

from __future__ import annotations

import pytest

from gateway import resources
from gateway.core.errors import SchemaError
from gateway.grammar import MapFiles, Schemas
from tests.grammar.conftest import SCHEMAS


def _text(name: str) -> str | None:
    path = SCHEMAS / name
    return path.read_text("utf-8") if path.is_file() else None


def _names(prefix: str) -> list[str]:
    found = (path.relative_to(SCHEMAS).as_posix() for path in SCHEMAS.rglob("*.txt"))
    return sorted(name for name in found if name.startswith(prefix))


@pytest.fixture(scope="module")
def guided() -> Schemas:
    return Schemas(_text, _names, MapFiles(resources.map_file, resources.map_source))


@pytest.mark.parametrize(
    ("version", "type", "nearest"),
    [
        ("005010X222", "837", "005010X222A1"),
        ("005010X222A2", "837", "005010X222A1"),
        ("005010X222E1", "837", "005010X222A1"),
        ("005010X220", "834", "005010X220A1"),
        ("005010X22", "837", "004010"),  # another guide, however alike the number
        ("005010X222", "850", "005010"),  # the guide is not about orders
        ("005010X224A2", "837", "004010"),  # no edition of it is there
    ],
)
def test_another_edition_is_nearer_than_another_version(guided: Schemas, version: str, type: str, nearest: str) -> None:
    assert guided.nearest("x12", version, type) == nearest


def test_an_agreement_may_let_an_edition_serve(guided: Schemas) -> None:
    served = guided.message("x12", "005010X222", "837", base="005010X222A1")
    assert served is guided.message("x12", "005010X222A1", "837")


def test_an_edition_that_is_there_serves_itself(guided: Schemas) -> None:
    assert guided.message("x12", "005010X223A2", "837", base="005010X222A1").version == "005010X223A2"


def test_an_edition_that_nobody_has_does_not_serve(guided: Schemas) -> None:
    with pytest.raises(SchemaError, match="837"):
        guided.message("x12", "005010X222", "837", base="005010X224A2")


def test_a_version_that_has_its_own_table_is_not_served_by_a_guide(guided: Schemas) -> None:
    assert guided.message("x12", "004010", "837", base="005010X222A1").version == "004010"
