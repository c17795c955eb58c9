"""The state of a consignment: its facts in the order of their time, however they came. Pure, literal tables.

The order of arrival never counts, so what comes late, twice or shuffled ends in the same state. An older event is kept
and changes nothing that came after it. What a document said is withdrawn by a later one under the same number that
replaces or cancels it.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from gateway.handlers.logistics.facts import (
    ESTIMATED_DELIVERY,
    ESTIMATES,
    FUNCTIONS,
    PLANNED_DELIVERY,
    WITHDRAWN,
    Fact,
)
from gateway.handlers.logistics.freight import Freight, compared, figures_of
from gateway.handlers.logistics.times import day_of

#: The states on the way, from the first to the last.
STATES = (
    "planned",
    "booked",
    "booking-confirmed",
    "picked-up",
    "at-origin-terminal",
    "loaded",
    "departed",
    "in-transit",
    "arrived",
    "discharged",
    "customs-hold",
    "customs-released",
    "available",
    "out-for-delivery",
    "cancelled",
    "delivered",
    "proof-of-delivery",
)
RANK = {state: rank for rank, state in enumerate(STATES)}

#: An event → the state that it leads to.
EFFECTS = {
    "tender-accepted": "booked",
    "booked": "booked",
    "ready": "booked",
    "acknowledged": "booking-confirmed",
    "booking-confirmed": "booking-confirmed",
    "despatched": "picked-up",
    "picked-up": "picked-up",
    "received": "at-origin-terminal",
    "received-from-carrier": "at-origin-terminal",
    "gate-in": "at-origin-terminal",
    "stuffed": "at-origin-terminal",
    "stuffed-and-sealed": "at-origin-terminal",
    "consolidated": "at-origin-terminal",
    "loaded": "loaded",
    "loaded-on-rail": "loaded",
    "loaded-on-truck": "loaded",
    "loaded-on-barge": "loaded",
    "departed": "departed",
    "in-transit": "in-transit",
    "expedited": "in-transit",
    "transhipped": "in-transit",
    "border-crossed": "in-transit",
    "handed-over": "in-transit",
    "handover-delivered": "in-transit",
    "arrived-at-terminal": "in-transit",
    "arrived": "arrived",
    "arrived-at-delivery": "arrived",
    "discharged": "discharged",
    "off-loaded": "discharged",
    "customs-hold": "customs-hold",
    "customs-refused": "customs-hold",
    "general-order": "customs-hold",
    "customs-released": "customs-released",
    "import-released": "customs-released",
    "released": "available",
    "carrier-released": "available",
    "available": "available",
    "consignee-informed": "available",
    "gate-out": "out-for-delivery",
    "out-for-delivery": "out-for-delivery",
    "delivered": "delivered",
    "delivery-completed": "delivered",
    "cancelled": "cancelled",
    "booking-cancelled": "cancelled",
}

#: An event that goes wrong → the condition that lasts until something clears it.
CONDITIONS = {
    "delayed": "delayed",
    "departure-delayed": "delayed",
    "transit-delayed": "delayed",
    "damaged": "damaged",
    "lost": "lost",
    "refused": "refused",
    "returned": "returned",
    "returned-as-instructed": "returned",
    "short-shipped": "short",
    "short-landed": "short",
    "stopped": "stopped",
    "not-picked-up": "not-picked-up",
    "not-loaded": "not-loaded",
    "delivery-attempted": "not-delivered",
    "delivery-not-completed": "not-delivered",
    "not-delivered": "not-delivered",
    "tender-declined": "declined",
}

#: An event → the conditions that it ends.
CLEARS = {
    "found": {"lost"},
    "in-transit": {"stopped"},
    "departed": {"stopped", "not-loaded"},
    "loaded": {"not-loaded"},
    "picked-up": {"not-picked-up", "declined"},
    "tender-accepted": {"declined"},
    "delivered": {"delayed", "stopped", "lost", "not-delivered", "refused"},
    "delivery-completed": {"delayed", "stopped", "lost", "not-delivered", "refused"},
}

#: Events that are known and change no state.
QUIET = frozenset(
    {
        "advised",
        "arrived-at-pickup",
        "authorized-to-load",
        "awaiting-export",
        "bill-of-lading-released",
        "customs-arrived",
        "empty-dispatched",
        "empty-returned",
        "export-released",
        "found",
        "from-bond",
        "into-bond",
        "loading",
        "reconsigned",
        "released-by-customer",
        "sealed",
        "stored",
        "tendered",
        "unloading",
    }
)

#: What every event of the list is for: any other is kept and told.
KNOWN = frozenset(EFFECTS) | frozenset(CONDITIONS) | ESTIMATES | QUIET | {WITHDRAWN}

_DELIVERED = frozenset(kind for kind, state in EFFECTS.items() if state == "delivered")


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What the facts come to. ``estimates``: of each kind the one that counts; ``history``: what counts, by time.

    ``delay_days``: how much later than planned it comes, or came. ``freight``: what carriers charge for it.
    """

    state: str = "planned"
    conditions: tuple[str, ...] = ()
    estimates: tuple[Fact, ...] = ()
    history: tuple[Fact, ...] = ()
    delivered: Fact | None = None
    delay_days: int = 0
    freight: tuple[Freight, ...] = ()

    @property
    def signatory(self) -> str:
        """Who signed for it."""
        return self.delivered.signatory if self.delivered else ""


def fold(facts: Iterable[Fact]) -> State:
    """The state that these facts come to, in whatever order they are given."""
    counting = effective(facts)
    events = [fact for fact in counting if fact.kind not in ESTIMATES and figures_of(fact) is None]
    happened = {_content(fact): fact for fact in sorted(events, key=_order)}
    history = tuple(happened.values())
    state, conditions, delivered = "planned", set[str](), None
    for fact in history:
        if fact.happened_at is None or fact.own_code:
            continue
        state = _next(state, fact)
        conditions -= CLEARS.get(fact.kind, set())
        if fact.kind in CONDITIONS:
            conditions.add(CONDITIONS[fact.kind])
        if fact.kind in _DELIVERED:
            delivered = fact
    estimates = _estimates(counting)
    days = _delay(counting, estimates, delivered)
    if days > 0 and delivered is None:
        conditions.add("delayed")
    return State(
        state="proof-of-delivery" if state == "delivered" and delivered and delivered.signatory else state,
        conditions=tuple(sorted(conditions)),
        estimates=estimates,
        history=history,
        delivered=delivered,
        delay_days=days,
        freight=compared(counting, delivered=delivered is not None),
    )


def effective(facts: Iterable[Fact]) -> list[Fact]:
    """What counts: of the documents under one number those that were issued last, and nothing twice."""
    unique = {fact.digest: fact for fact in facts}
    last: dict[str, tuple[int, int]] = {}
    for fact in unique.values():
        if fact.source:
            last[fact.source] = max(last.get(fact.source, (-1, -1)), _issue(fact))
    return [
        fact
        for fact in unique.values()
        if fact.kind != WITHDRAWN
        and (not fact.source or last[fact.source][1] == 0 or _issue(fact) == last[fact.source])
    ]


def _content(fact: Fact) -> tuple[object, ...]:
    """What is told again by another document is one event."""
    return fact.kind, fact.happened_at, fact.place, fact.reason, fact.description, fact.signatory, fact.own_code


def _issue(fact: Fact) -> tuple[int, int]:
    """Documents that replace or cancel count by when they were issued; originals under one number add up."""
    weight = FUNCTIONS.get(fact.function, 0)
    return (fact.issued_at, weight) if weight else (-1, 0)


def _order(fact: Fact) -> tuple[int, int, str]:
    at = -1 if fact.happened_at is None else fact.happened_at
    return at, RANK.get(EFFECTS.get(fact.kind, ""), -1), fact.digest


def _next(state: str, fact: Fact) -> str:
    """After the delivery nothing leads back on the way; under way, no booking leads back to before it."""
    after = EFFECTS.get(fact.kind)
    if after is None or (state == "delivered" and RANK[after] < RANK[state]):
        return state
    under_way = RANK["picked-up"] <= RANK[state] and state != "cancelled"
    return state if under_way and RANK[after] < RANK["picked-up"] else after


def _estimates(facts: list[Fact]) -> tuple[Fact, ...]:
    """Of each kind the one that was said last; of those said at once, the later."""
    found: dict[str, Fact] = {}
    for fact in facts:
        if fact.kind in ESTIMATES and fact.happened_at is not None:
            known = found.get(fact.kind)
            if known is None or _said(fact) > _said(known):
                found[fact.kind] = fact
    return tuple(found[kind] for kind in sorted(found))


def _said(fact: Fact) -> tuple[int, int, str]:
    return fact.issued_at, fact.happened_at or 0, fact.digest


def _delay(facts: list[Fact], estimates: tuple[Fact, ...], delivered: Fact | None) -> int:
    """Days between what was promised first (planned, or the first estimate) and what is expected now, or came."""
    latest = {fact.kind: fact for fact in estimates}
    all_of = [fact for fact in facts if fact.kind == ESTIMATED_DELIVERY and fact.happened_at is not None]
    promised = latest.get(PLANNED_DELIVERY) or min(all_of, key=_said, default=None)
    expected = delivered or latest.get(ESTIMATED_DELIVERY)
    if promised is None or expected is None or promised.happened_at is None or expected.happened_at is None:
        return 0
    return max(0, (day_of(expected.happened_at) - day_of(promised.happened_at)).days)
