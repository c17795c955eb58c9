"""Laws of receipts: through the real pipeline, in any order and as often as they come, they end in the same state."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.handlers.customs import progress, states
from gateway.simulate.port import OUTCOMES, Port
from gateway.store import open_database
from gateway.store.payloads import Payloads
from tests.customs import made
from tests.customs.port import port, shown
from tests.customs.signing import signer_of
from tests.pipeline.yard import Yard


def declared(url: str, folder: Path) -> Yard:
    yard = port(open_database(url, Payloads(folder / "payloads")))
    yard.signer = lambda agreement: signer_of()
    for body in made.parcel():
        yard.arrive(body, "hooli-in")
    return yard


def story(yard: Yard) -> tuple[object, ...]:
    """Where it stands, without what is of one run: guids and documents."""
    found = shown(yard, "PO-1")
    documents = [(each["message"], each["state"], each["at"], each["text"]) for each in found["documents"]]
    receipts = sorted(each["guid"] for document in found["documents"] for each in document["receipts"])
    taxes = [(each["number"], each["valueAddedTax"], each["status"]) for each in found["taxes"]]
    return found["state"], documents, receipts, taxes


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(outcome=st.sampled_from(sorted(OUTCOMES)), data=st.data())
def test_receipts_shuffled_and_repeated_end_in_the_same_state(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, outcome: str, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("law")
    path = folder / "crossdock.db"
    shutil.copy(migrated_sqlite, path)
    yard = declared(f"sqlite:///{path}", folder)
    player = Port(made.schemas(), outcome=outcome)
    answers = [each.body for body in yard.to("customs-out") for each in player.answer(body)]
    order = data.draw(st.permutations(answers))
    again = data.draw(st.lists(st.sampled_from(answers), max_size=4)) if answers else []
    other = declared_again(yard, folder, "other")
    for body in answers:
        yard.arrive(body, "customs-in")
    for body in [*order, *again]:
        other.arrive(body, "customs-in")
    assert story(other) == story(yard)
    assert yard.nothing_left()
    assert other.nothing_left()
    yard.database.close()
    other.database.close()


def declared_again(yard: Yard, folder: Path, name: str) -> Yard:
    """The same gateway once more, as it is at this moment."""
    path = folder / f"{name}.db"
    source = sqlite3.connect(folder / "crossdock.db")
    target = sqlite3.connect(path)
    source.backup(target)
    source.close()
    target.close()
    found = port(open_database(f"sqlite:///{path}", Payloads(folder / "payloads")))
    found.signer = yard.signer
    return found


def test_every_step_of_ceb_is_one_of_declarations() -> None:
    for before, steps in states.TABLE.items():
        for after in steps:
            here, there = progress.OF_CEB[before], progress.OF_CEB[after]
            assert here == there or there in progress.NEXT[here], (before, after)


def test_every_state_of_ceb_has_a_name_among_those_of_declarations() -> None:
    assert set(progress.OF_CEB) == set(states.TABLE)
    assert set(progress.OF_CEB.values()) <= set(progress.NEXT)
