"""Numbers as they arrive: what is missing, what comes late, what begins anew."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.series import LARGEST_GAP, MOST_GAPS, Series


def series(*numbers: int, first: int = 1040) -> Series:
    found = Series(highest=first)
    for number in numbers:
        found.arrive(number)
    return found


def missing(found: Series) -> list[str]:
    return [str(gap) for gap in found.gaps]


def test_one_by_one_nothing_is_missing() -> None:
    assert missing(series(1041, 1042, 1043)) == []


def test_a_jump_leaves_the_numbers_between_missing() -> None:
    assert missing(series(1044)) == ["1041–1043"]


def test_each_jump_is_a_gap_of_its_own() -> None:
    assert missing(series(1042, 1043, 1046)) == ["1041", "1044–1045"]


def test_what_comes_late_makes_the_gap_smaller() -> None:
    assert missing(series(1046, 1043)) == ["1041–1042, 1044–1045"]
    assert missing(series(1046, 1041, 1045)) == ["1042–1044"]


def test_when_all_of_it_came_the_gap_is_closed() -> None:
    found = series(1044, 1042, 1041)
    gap = found.arrive(1043)
    assert gap is not None
    assert gap.missing == []
    assert found.gaps == []


def test_a_number_twice_changes_nothing() -> None:
    found = series(1044)
    assert found.arrive(1044) is None
    assert found.arrive(1040) is None
    assert missing(found) == ["1041–1043"]


@pytest.mark.parametrize("first", [999_999_999, 500, 3])
def test_beginning_anew_at_one_is_no_gap(first: int) -> None:
    found = series(1, 2, 4, first=first)
    assert missing(found) == ["3"] if first != 3 else found.highest == 4
    assert found.highest == 4


def test_a_jump_too_far_is_a_new_series() -> None:
    assert missing(series(1041 + LARGEST_GAP)) == ["1041–2040"]
    assert missing(series(1042 + LARGEST_GAP)) == []
    assert series(5_000_000, 1041).highest == 1041


def test_of_very_many_gaps_the_last_are_remembered() -> None:
    found = series(*range(1042, 1042 + 3 * MOST_GAPS, 2))
    assert len(found.gaps) == MOST_GAPS


@given(numbers=st.permutations(range(1001, 1041)))
def test_in_whatever_order_they_come_nothing_is_missing_at_the_end(numbers: list[int]) -> None:
    assert series(*numbers, first=1000).gaps == []


@given(gone=st.sets(st.integers(1001, 1030), max_size=12), data=st.data())
def test_exactly_what_did_not_come_is_missing(gone: set[int], data: st.DataObject) -> None:
    came = data.draw(st.permutations(sorted(set(range(1001, 1032)) - gone)))
    found = series(*came, first=1000)
    left = {n for gap in found.gaps for first, last in gap.missing for n in range(first, last + 1)}
    assert left == gone


@given(numbers=st.lists(st.integers(0, 10**14)))
def test_any_numbers_can_be_kept(numbers: list[int]) -> None:
    found = series(*numbers, first=0)
    again = msgspec.json.decode(msgspec.json.encode(found), type=Series)
    assert missing(again) == missing(found)
