"""What happens between the chunks of an interchange."""

from __future__ import annotations

import pytest

from gateway.expectations import cancel, release
from gateway.store import Database
from gateway.store.ids import Reference
from tests.pipeline.orders import broken, order, x12
from tests.pipeline.yard import AT, GLOBEX, Yard, segments


@pytest.fixture
def yard(database: Database) -> Yard:
    return Yard(database, chunk=1)


def begin(yard: Yard, body: bytes) -> Reference:
    """Its first chunk is translated."""
    begun = yard.put(body)
    worker = yard.worker()
    worker.run_once()
    worker.close()
    return begun


@pytest.mark.parametrize("scope", ["group", "interchange"])
def test_what_was_released_is_not_refused_by_an_agreement_that_changed_meanwhile(yard: Yard, scope: str) -> None:
    begin(yard, x12(1, order("A"), broken("B"), order("C")))
    yard.agree(globex=f'{GLOBEX}reject = "{scope}"\n')
    yard.work()
    assert yard.statuses() == ["handled", "refused", "handled"]
    assert segments(yard.to("globex-out")[0], "AK5") == ["AK5*A", "AK5*R*5", "AK5*A"]
    assert yard.erp() == [["A", "C"]]
    assert yard.nothing_left()


@pytest.mark.parametrize("decide", [cancel, release])
def test_a_repeat_of_what_is_held_in_the_middle_is_held_and_nothing_waits_for_it(yard: Yard, decide: object) -> None:
    body = x12(1, order("A"), order("B"))
    begun = begin(yard, body)
    yard.agree(globex=None)
    yard.work()
    yard.agree(globex=GLOBEX)
    repeat, later = yard.put(body), yard.put(x12(2, order("C")))
    yard.work()
    assert [yard.status(each) for each in (begun, repeat, later)] == ["held", "held", "translated"]
    assert str(begun) in yard.one("SELECT text FROM holds WHERE code = 'GTW-FAILED'")
    assert yard.erp() == [["C"]]

    decide(yard.database, begun, "ann", AT)  # type: ignore[operator]
    yard.work()
    release(yard.database, repeat, "ann", AT)
    yard.work()
    assert yard.status(repeat) == ("translated" if decide is cancel else "duplicate")
    assert sorted(number for file in yard.erp() for number in file) == ["A", "B", "C"]
    assert yard.nothing_left()
