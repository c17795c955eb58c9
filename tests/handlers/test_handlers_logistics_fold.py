"""The state of a consignment is that of its facts in the order of their time, however they came."""

from __future__ import annotations

import random
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.handlers.logistics.facts import ESTIMATES, STRONG, WEAK, Fact, Name
from gateway.handlers.logistics.fold import CLEARS, CONDITIONS, EFFECTS, KNOWN, QUIET, RANK, fold
from gateway.handlers.logistics.times import instant, told

HOUR = 3_600_000_000
DAY = 24 * HOUR


def fact(kind: str, at: int | None = 0, **more: object) -> Fact:
    return Fact(kind=kind, happened_at=at, **more)  # type: ignore[arg-type]


JOURNEY = [
    fact("picked-up", 1 * DAY),
    fact("loaded", 2 * DAY),
    fact("departed", 3 * DAY),
    fact("transhipped", 5 * DAY),
    fact("arrived", 9 * DAY),
    fact("discharged", 9 * DAY + HOUR),
    fact("customs-hold", 10 * DAY),
    fact("customs-released", 11 * DAY),
    fact("out-for-delivery", 12 * DAY),
    fact("delivered", 12 * DAY + 6 * HOUR, signatory="R. Example"),
]


@pytest.mark.parametrize(
    ("told", "state"),
    [(1, "picked-up"), (3, "departed"), (4, "in-transit"), (7, "customs-hold"), (9, "out-for-delivery")],
)
def test_the_state_follows_the_events(told: int, state: str) -> None:
    assert fold(JOURNEY[:told]).state == state


def test_a_signature_at_the_delivery_is_the_proof_of_it() -> None:
    found = fold(JOURNEY)
    assert (found.state, found.signatory) == ("proof-of-delivery", "R. Example")
    assert fold([*JOURNEY[:-1], fact("delivered", 13 * DAY)]).state == "delivered"


def test_an_event_that_comes_late_is_kept_and_does_not_lead_back() -> None:
    found = fold([JOURNEY[2], JOURNEY[0]])
    assert found.state == "departed"
    assert [one.kind for one in found.history] == ["picked-up", "departed"]


def test_a_second_leg_leads_back_on_the_way() -> None:
    assert fold([*JOURNEY[:5], fact("departed", 9 * DAY + 5 * HOUR)]).state == "departed"


def test_after_the_delivery_nothing_leads_back() -> None:
    assert fold([*JOURNEY, fact("in-transit", 30 * DAY)]).state == "proof-of-delivery"
    assert fold([*JOURNEY, fact("returned", 30 * DAY)]).conditions == ("returned",)


def test_what_a_document_said_is_withdrawn_by_the_one_that_replaces_it() -> None:
    wrong = fact("delivered", 4 * DAY, source="rail/status/1", issued_at=1)
    right = fact("delivery-attempted", 4 * DAY, source="rail/status/1", issued_at=2, function="replace")
    for order in ([JOURNEY[2], wrong, right], [right, wrong, JOURNEY[2]]):
        found = fold(order)
        assert (found.state, found.conditions) == ("departed", ("not-delivered",))


def test_a_cancelled_document_leaves_nothing() -> None:
    said = fact("delivered", 4 * DAY, source="rail/status/1", issued_at=1)
    ended = fact("withdrawn", None, source="rail/status/1", issued_at=3, function="cancellation")
    assert fold([JOURNEY[2], said, ended]).state == "departed"
    assert fold([ended, said]) == fold([])


def test_two_originals_under_one_number_add_up() -> None:
    first = fact("picked-up", DAY, source="rail/status/1", issued_at=1)
    second = fact("departed", 2 * DAY, source="rail/status/1", issued_at=9)
    assert len(fold([first, second]).history) == 2


def test_a_code_of_the_carriers_own_changes_no_state() -> None:
    assert fold([JOURNEY[0], fact("delivered", 20 * DAY, own_code=True)]).state == "picked-up"
    assert fold([JOURNEY[0], fact("ZQ", 20 * DAY)]).state == "picked-up"


def test_an_event_without_a_date_is_kept_and_changes_no_state() -> None:
    found = fold([JOURNEY[0], fact("delivered", None)])
    assert (found.state, len(found.history)) == ("picked-up", 2)


def test_what_is_lost_is_so_until_it_is_found() -> None:
    assert fold([JOURNEY[0], fact("lost", 2 * DAY)]).conditions == ("lost",)
    assert fold([fact("found", 3 * DAY), fact("lost", 2 * DAY)]).conditions == ()


def test_of_the_estimates_the_one_that_was_said_last_counts_whatever_it_says() -> None:
    early = fact("estimated-delivery", 12 * DAY, issued_at=1 * DAY)
    later = fact("estimated-delivery", 15 * DAY, issued_at=3 * DAY)
    better = fact("estimated-delivery", 13 * DAY, issued_at=5 * DAY)
    found = fold([better, early, later])
    assert found.estimates == (better,)
    assert (found.delay_days, found.conditions) == (1, ("delayed",))


def test_the_delay_is_against_the_plan_and_ends_with_the_delivery_as_it_was() -> None:
    plan = fact("planned-delivery", 10 * DAY + 23 * HOUR)
    assert fold([plan, fact("estimated-delivery", 12 * DAY, issued_at=1)]).delay_days == 2
    found = fold([plan, fact("estimated-delivery", 12 * DAY, issued_at=1), fact("delivered", 11 * DAY)])
    assert (found.delay_days, found.conditions) == (1, ())
    assert fold([plan, fact("delivered", 10 * DAY + 2 * HOUR)]).delay_days == 0


FACTS = st.builds(
    Fact,
    kind=st.sampled_from([*sorted(KNOWN), "ZQ"]),
    happened_at=st.none() | st.integers(0, 20).map(lambda days: days * DAY),
    place=st.sampled_from(["", "Tilburg"]),
    source=st.sampled_from(["", "rail/status/1", "rail/status/2"]),
    issued_at=st.integers(0, 5).map(lambda days: days * DAY),
    function=st.sampled_from(["original", "original", "replace", "cancellation"]),
    own_code=st.booleans(),
)


@settings(deadline=None, max_examples=300)
@given(facts=st.lists(FACTS, max_size=12), seed=st.integers())
def test_shuffled_duplicated_and_delayed_facts_end_in_the_same_state(facts: list[Fact], seed: int) -> None:
    chance = random.Random(seed)
    again = [*facts, *chance.choices(facts, k=3)] if facts else []
    chance.shuffle(again)
    assert fold(again) == fold(facts)


def test_the_tables_speak_of_known_states_and_no_event_is_in_two_minds() -> None:
    assert set(EFFECTS.values()) <= set(RANK)
    assert set(CLEARS) <= KNOWN
    assert not (set(EFFECTS) | set(CONDITIONS)) & (QUIET | ESTIMATES)
    assert not STRONG & WEAK
    assert Name("sscc", "1") < Name("sscc", "2")


@pytest.mark.parametrize(
    ("clock", "zone", "end", "hour"),
    [
        (time(8, 30), None, False, 8.5),
        (time(8, 30), "local", False, 8.5),
        (time(8, 30), "utc", False, 8.5),
        (time(8, 30), "+02:00", False, 6.5),
        (time(8, 30), "-05:00", False, 13.5),
        (time(8, 30), "eastern", False, 12.5),
        (time.fromisoformat("08:30+01:00"), None, False, 7.5),
        (None, None, False, 0),
    ],
)
def test_times_are_told_with_their_zone(clock: time | None, zone: str | None, end: bool, hour: float) -> None:
    midnight = instant(date(2026, 7, 1), None, None)
    at = instant(date(2026, 7, 1), clock, zone, end=end)
    assert at is not None
    assert midnight is not None
    assert (at - midnight) / HOUR == hour


def test_a_day_alone_may_stand_for_its_end() -> None:
    start, end = (instant(date(2026, 7, 1), None, None, end=last) for last in (False, True))
    assert end is not None
    assert start is not None
    assert 23 * HOUR < end - start < DAY
    assert instant(None, time(8), None) is None
    assert told(date(2026, 7, 1), time(8, 5), "local") == "2026-07-01 08:05 local"
