"""A partner's control numbers: one that never came is noticed and told once; one that comes late closes the gap."""

from __future__ import annotations

import json

import pytest

from gateway.expectations import overdue
from gateway.pipeline.watch import GRACE
from gateway.store import Database
from tests.pipeline.orders import document, edifact, group, interchange, message, order, x12
from tests.pipeline.outgoing import RESPONSES, functional
from tests.pipeline.yard import AT, GLOBEX, Yard

LATER = AT + GRACE + 3_600_000_000


@pytest.fixture
def yard(database: Database) -> Yard:
    return Yard(database)


def numbered(*numbers: int) -> list[bytes]:
    return [x12(number, order(f"O-{number}")) for number in numbers]


def gaps(yard: Yard) -> list[tuple[str, str]]:
    """(what is missing, state)."""
    rows = yard.column("SELECT what || '|' || state FROM expectations WHERE kind = 'interchange' ORDER BY id")
    return [tuple(row.split("|")) for row in rows]


def test_a_jump_is_noticed_and_told_once(yard: Yard) -> None:
    for body in numbered(1040, 1044):
        yard.arrive(body)
    assert gaps(yard) == [("1041–1043", "open")]
    (alert,) = overdue(yard.database, LATER)
    assert (alert.party, alert.kind, alert.what) == ("globex", "interchange", ("1041–1043",))
    assert overdue(yard.database, LATER + 1) == []
    (issue,) = [json.loads(data) for data in yard.column("SELECT data FROM issues WHERE code = 'GTW-GAP'")]
    assert issue["text"] == "Numbers 1041–1043 of globex have not arrived."


def test_numbers_that_overtake_each_other_are_told_to_nobody(yard: Yard) -> None:
    yard.receive(*numbered(1040, 1043, 1041, 1042))
    yard.work()
    assert gaps(yard) == []
    for body in numbered(1046, 1045):
        yard.arrive(body)
    assert gaps(yard) == [("1044", "open")]
    yard.arrive(*numbered(1044))
    assert [state for _, state in gaps(yard)] == ["resolved"]
    assert overdue(yard.database, LATER) == []


def test_a_late_arrival_says_so(yard: Yard) -> None:
    for body in numbered(1040, 1043):
        yard.arrive(body)
    overdue(yard.database, LATER)
    yard.arrive(*numbered(1042))
    assert gaps(yard) == [("1041", "overdue")]
    last = yard.arrive(*numbered(1041))
    assert gaps(yard) == [("1041", "resolved late")]
    assert yard.one("SELECT resolved_by FROM expectations") == last.id


def test_a_repeat_is_no_arrival_and_a_refused_one_is(yard: Yard) -> None:
    for body in numbered(1040, 1040):
        yard.arrive(body)
    yard.arrive(interchange([group([document(order("A"), 1)], 1041)], 1041, count=5))
    yard.arrive(*numbered(1042))
    assert yard.statuses("interchanges") == ["accepted", "duplicate", "refused", "accepted"]
    assert gaps(yard) == []


def test_beginning_anew_is_no_gap(yard: Yard) -> None:
    for body in numbered(999_999_998, 999_999_999, 1, 2):
        yard.arrive(body)
    assert gaps(yard) == []


def test_each_pair_of_identities_counts_by_itself_and_so_does_a_test_system(yard: Yard) -> None:
    yard.agree(globex=GLOBEX + GLOBEX[GLOBEX.index("[[agreement]]") :].replace(
        'name = "globex-orders"', 'name = "globex-test"\nlane = "test"'
    ))  # fmt: skip
    yard.arrive(x12(1040, order("A")))
    yard.arrive(x12(7, order("B"), usage="T"))
    yard.arrive(edifact("500", message("C", 1)), "initech-in")
    yard.arrive(x12(1041, order("D")))
    yard.arrive(x12(8, order("E"), usage="T"))
    assert gaps(yard) == []
    assert yard.count("partner_numbers") == 3


def test_references_that_are_no_numbers_are_passed_over(yard: Yard) -> None:
    for reference in ("ABC1", "ABC9", "2026112008154711"):
        yard.arrive(edifact(reference[:14] + ("X" if len(reference) > 14 else ""), message("C", 1)), "initech-in")
    assert gaps(yard) == []
    assert yard.count("partner_numbers") == 0


def test_an_agreement_may_say_that_nothing_is_counted(yard: Yard) -> None:
    yard.agree(globex=f'{GLOBEX}number_gaps = "ignore"\n')
    for body in numbered(1040, 1044):
        yard.arrive(body)
    assert gaps(yard) == []


def test_what_one_agreement_says_holds_for_receipts_too(yard: Yard) -> None:
    yard.agree(globex=f'{GLOBEX}number_gaps = "ignore"\n{RESPONSES}')
    for control in (5, 9):
        yard.arrive(functional(control, ["AK1*PR*41", "AK9*A*1*1*1"]))
    assert gaps(yard) == []


def test_behind_a_network_groups_are_counted(yard: Yard) -> None:
    yard.agree(globex=f'{GLOBEX}number_gaps = "group"\n')
    for control, number in ((5, 70), (900, 71), (17, 74)):
        yard.arrive(interchange([group([document(order(f"O-{number}"), 1)], number)], control))
    assert gaps(yard) == [("72–73", "open")]


def test_chunks_count_an_interchange_once(database: Database) -> None:
    yard = Yard(database, chunk=1)
    yard.arrive(x12(1040, order("A"), order("B"), order("C")))
    yard.arrive(x12(1042, order("D"), order("E")))
    assert gaps(yard) == [("1041", "open")]
