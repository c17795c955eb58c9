"""Where a declaration stands, by what the port answered: one table, and the fold over all receipts.

Receipts come late, twice and in any order. They are put into the order of their own time (``returnTime``; of the same
moment, the one that is further on counts), so what comes in between changes nothing. None is thrown away: what does
not lead anywhere from where the declaration stood is kept, and said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

SENT, STAGED, DECLARING, AT_CUSTOMS, REGISTERED = "sent", "staged", "declaring", "at customs", "registered"
IN_REVIEW, INSPECTION, APPROVED, RELEASED, CLOSED = "in review", "inspection", "approved", "released", "closed"
SEND_FAILED, REJECTED, ERROR, DETAINED, RETURNED = "send failed", "rejected", "error", "detained", "returned"

#: returnStatus → state (field tables of the receipts, edition 2022-05). Below zero: the message was not processed.
STATE_OF: dict[str, str] = {
    "1": STAGED,
    "2": DECLARING,
    "3": AT_CUSTOMS,
    "4": SEND_FAILED,
    "100": REJECTED,
    "120": REGISTERED,
    "300": IN_REVIEW,
    "399": APPROVED,
    "500": INSPECTION,
    "501": DETAINED,
    "502": DETAINED,
    "503": DETAINED,
    "505": DETAINED,
    "599": DETAINED,
    "600": DETAINED,
    "700": RETURNED,
    "800": RELEASED,
    "899": CLOSED,
}

_ROAD = (SENT, STAGED, DECLARING, AT_CUSTOMS, REGISTERED, IN_REVIEW, INSPECTION, APPROVED, RELEASED, CLOSED)
_RANK = {state: number for number, state in enumerate(_ROAD)} | {
    SEND_FAILED: 0,
    DETAINED: _ROAD.index(INSPECTION),
    RETURNED: len(_ROAD),
    REJECTED: len(_ROAD),
    ERROR: len(_ROAD),
}

FINAL = frozenset({CLOSED, RETURNED, REJECTED, ERROR})
"""What leads nowhere by itself: another version may be submitted."""


def _table() -> dict[str, frozenset[str]]:
    """Along the road and never back; off it while it is not released. What failed to be sent may be sent again."""
    found = {}
    for number, state in enumerate(_ROAD):
        onwards = frozenset(_ROAD[number:])
        before_release = number < _ROAD.index(RELEASED)
        aside = {REJECTED, SEND_FAILED, ERROR, DETAINED, RETURNED} if before_release else {RETURNED}
        found[state] = onwards | (aside if state != CLOSED else frozenset())
    found[SEND_FAILED] = frozenset({*_ROAD, SEND_FAILED, REJECTED, ERROR})
    found[DETAINED] = frozenset({DETAINED, INSPECTION, APPROVED, RELEASED, CLOSED, RETURNED, REJECTED})
    return found | {state: frozenset({state}) for state in (RETURNED, REJECTED, ERROR)}


TABLE = _table()
"""From a state, where a receipt may lead."""


class Submission(NamedTuple):
    """A version that was declared. ``at``: its appTime, YYYYMMDDhhmmss. ``kind``: 1 new, 2 changed, 3 deleted."""

    at: str
    kind: str = "1"


class Answer(NamedTuple):
    """What a receipt says. ``at``: returnTime, YYYYMMDDhhmmssSSS. ``id``: the guid that the port gave it."""

    id: str
    at: str
    status: str
    text: str = ""


class Standing(NamedTuple):
    """``state``, since when, and why (the words of the port). ``version`` counts submissions. ``passed``: receipts that
    lead nowhere from where the declaration stood, with the state that it had."""

    state: str
    at: str
    text: str
    version: int
    passed: tuple[tuple[Answer, str], ...] = ()

    @property
    def final(self) -> bool:
        return self.state in FINAL


def state_of(status: str) -> str:
    """The state that a returnStatus names: ``error`` for any number below zero, and for one that is not known."""
    return STATE_OF.get(status, ERROR)


def fold(submissions: Sequence[Submission], answers: Iterable[Answer]) -> Standing:
    """Where a declaration stands. Each receipt counts once, by its id; the order in which they came does not matter."""
    once = {answer.id: answer for answer in sorted(answers)}
    steps: list[tuple[str, int, str, Submission | Answer]] = [
        (f"{each.at:0<17}", -1, each.kind, each) for each in sorted(set(submissions))
    ]
    steps += [(each.at, _RANK[state_of(each.status)], each.id, each) for each in once.values()]
    state, at, text, version = SENT, "", "", 0
    passed: list[tuple[Answer, str]] = []
    for time, _, _, step in sorted(steps, key=lambda each: each[:3]):
        if isinstance(step, Submission):
            state, at, text, version = SENT, time, "", version + 1
        elif state_of(step.status) in TABLE[state]:
            state, at, text = state_of(step.status), time, step.text
        else:
            passed.append((step, state))
    return Standing(state, at, text, version, tuple(passed))
