"""When to try again: waits grow, are bounded, differ from one to the next, and end."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.retry import DEFAULT, RetryPolicy

POLICIES = st.builds(
    RetryPolicy,
    attempts=st.integers(1, 40),
    first=st.floats(0.01, 60),
    factor=st.floats(1, 4),
    most=st.floats(60, 86400),
    spread=st.floats(0, 0.9),
)
SEEDS = st.integers(0, 2**63 - 1)


@given(POLICIES, SEEDS)
def test_it_is_tried_exactly_as_often_as_the_policy_says(policy: RetryPolicy, seed: int) -> None:
    waits = [policy.delay(attempt, seed) for attempt in range(1, policy.attempts + 3)]
    assert [wait is not None for wait in waits] == [n < policy.attempts for n in range(1, policy.attempts + 3)]


@given(POLICIES, SEEDS, st.integers(1, 39))
def test_a_wait_stays_within_its_spread(policy: RetryPolicy, seed: int, attempt: int) -> None:
    wait = policy.delay(attempt, seed)
    if wait is not None:
        middle = min(policy.most, policy.first * policy.factor ** (attempt - 1))
        assert middle * (1 - policy.spread) <= wait * (1 + 1e-9)
        assert wait <= middle * (1 + policy.spread) * (1 + 1e-9)


@given(POLICIES, SEEDS, st.integers(1, 39))
def test_the_same_work_always_waits_the_same_time(policy: RetryPolicy, seed: int, attempt: int) -> None:
    assert policy.delay(attempt, seed) == policy.delay(attempt, seed)


@given(SEEDS)
def test_waits_never_shrink_while_the_bound_is_far(seed: int) -> None:
    waits = [wait for attempt in range(1, 10) if (wait := DEFAULT.delay(attempt, seed))]
    assert waits == sorted(waits)


def test_a_thousand_that_failed_together_come_back_spread_out() -> None:
    waits = sorted(DEFAULT.delay(1, seed) or 0 for seed in range(1000))
    assert waits[0] < 0.76
    assert waits[-1] > 1.24
    assert max(after - before for before, after in pairwise(waits)) < 0.01


@pytest.mark.parametrize(("attempt", "expected"), [(1, 1.0), (2, 2.0), (3, 4.0), (11, 1024.0), (12, None)])
def test_the_default_doubles_from_a_second(attempt: int, expected: float | None) -> None:
    assert RetryPolicy(spread=0).delay(attempt) == expected


def test_no_wait_is_longer_than_the_policy_allows() -> None:
    assert RetryPolicy(attempts=1000, spread=0, most=3600).delay(900) == 3600
