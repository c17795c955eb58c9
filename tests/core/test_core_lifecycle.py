"""The lifecycle tables: every state can be reached, nothing is stuck, and what is not in a table is refused."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gateway.core.errors import IllegalTransitionError
from gateway.core.lifecycle import BEGINNINGS, TABLES, Table, decide, states

ALL = sorted(TABLES)


def reachable(table: Table, start: set[str]) -> set[str]:
    found, new = set(start), set(start)
    while new:
        new = {after for (before, _), after in table.items() if before in new} - found
        found |= new
    return found


def ends(table: Table) -> set[str]:
    return set(states(table)) - {before for before, _ in table}


@pytest.mark.parametrize("name", ALL)
class TestTables:
    def test_every_state_is_reached_from_a_beginning(self, name: str) -> None:
        assert reachable(TABLES[name], set(BEGINNINGS[name])) >= set(states(TABLES[name]))

    def test_every_beginning_is_a_state_or_an_end_of_its_own(self, name: str) -> None:
        leads_on = [state for state in BEGINNINGS[name] if state in states(TABLES[name])]
        assert set(BEGINNINGS[name]) - set(leads_on) <= {"refused"}

    def test_from_every_state_an_end_can_be_reached(self, name: str) -> None:
        table = TABLES[name]
        assert all(reachable(table, {state}) & ends(table) for state in states(table))

    def test_an_event_that_a_state_does_not_have_is_refused_with_those_that_it_has(self, name: str) -> None:
        table = TABLES[name]
        for state in states(table):
            possible = sorted(event for before, event in table if before == state)
            with pytest.raises(IllegalTransitionError) as caught:
                decide(table, state, "vanish")
            assert state in str(caught.value)
            assert (", ".join(possible) or "it is final") in str(caught.value)

    def test_words_are_those_of_the_log_and_the_store(self, name: str) -> None:
        words = {word for (before, event), after in TABLES[name].items() for word in (before, event, after)}
        assert all(word.replace(" ", "").isalpha() and word.islower() for word in words)


class TestPromises:
    """What must hold whatever else a table gets."""

    def test_what_is_held_is_released_or_cancelled_and_nothing_else(self) -> None:
        events = {event for table in TABLES.values() for before, event in table if before in ("held", "withheld")}
        assert events == {"release", "cancel"}

    @pytest.mark.parametrize("name", ["transmission", "document"])
    def test_what_was_refused_stays_refused(self, name: str) -> None:
        assert not [event for before, event in TABLES[name] if before == "refused"]

    @pytest.mark.parametrize("name", ["transmission", "document"])
    def test_what_failed_can_be_processed_again(self, name: str) -> None:
        assert decide(TABLES[name], "failed", "reprocess") in BEGINNINGS[name]

    def test_an_answer_after_the_deadline_still_counts(self) -> None:
        assert decide(TABLES["expectation"], "overdue", "resolve") == "resolved late"


class Walk(RuleBasedStateMachine):
    """Any walk stays in the table, whatever is asked of it."""

    @initialize(name=st.sampled_from(ALL), data=st.data())
    def begin(self, name: str, data: st.DataObject) -> None:
        self.table = TABLES[name]
        self.state = data.draw(st.sampled_from(BEGINNINGS[name]))
        self.known = set(states(self.table)) | set(BEGINNINGS[name])

    @rule(event=st.sampled_from(sorted({event for table in TABLES.values() for _, event in table})))
    def ask(self, event: str) -> None:
        before = self.state
        if (before, event) in self.table:
            self.state = decide(self.table, before, event)
        else:
            with pytest.raises(IllegalTransitionError):
                decide(self.table, before, event)
            assert self.state == before

    @invariant()
    def it_is_in_a_state_of_the_table(self) -> None:
        assert self.state in self.known


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)
