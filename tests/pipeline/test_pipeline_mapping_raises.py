"""A mapping that misbehaves: what it does to its document, and to nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from gateway.expectations import release
from gateway.mapping import Mapping
from gateway.store import Database
from tests.pipeline.orders import order, x12
from tests.pipeline.yard import AT, GLOBEX, Yard, segments


@pytest.fixture
def yard(database: Database) -> Yard:
    return Yard(database)


@pytest.fixture
def raising(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The mapping raises for order B."""
    read = Mapping.read

    def wrong(self: Mapping, segments: Sequence[list[str]], delimiters: Any, *more: Any, **named: Any) -> Any:
        if segments[1][3] == "B":
            raise ZeroDivisionError("a function of the mapping")
        return read(self, segments, delimiters, *more, **named)

    monkeypatch.setattr(Mapping, "read", wrong)
    return monkeypatch


def test_a_mapping_that_raises_holds_its_document_alone(yard: Yard, raising: pytest.MonkeyPatch) -> None:
    sent = yard.arrive(x12(1, order("A"), order("B"), order("C")))
    assert yard.status(sent) == "translated"
    assert yard.statuses() == ["handled", "held", "handled"]
    assert yard.erp() == [["A", "C"]]
    assert segments(yard.to("globex-out")[0], "AK9") == ["AK9*A*3*3*3"]
    assert "ZeroDivisionError" in yard.one("SELECT text FROM holds")
    raising.undo()
    release(yard.database, yard.inbound(1), "ann", AT)
    yard.work()
    assert yard.erp() == [["A", "C"], ["B"]]


def test_a_document_that_is_read_again_is_held_for_what_is_not_mapped(yard: Yard, raising: pytest.MonkeyPatch) -> None:
    yard.agree(globex=f'{GLOBEX}unmapped = "hold"\n')
    odd = order("B")
    odd.insert(1, "DTM*017*20261201")
    yard.arrive(x12(1, odd))
    raising.undo()
    release(yard.database, yard.inbound(), "ann", AT)
    yard.work()
    assert yard.column("SELECT code FROM holds WHERE released_at IS NULL") == ["GTW-UNMAPPED"]
    assert yard.erp() == []
    release(yard.database, yard.inbound(), "ann", AT)
    yard.work()
    assert yard.erp() == [["B"]]
    assert yard.nothing_left()
