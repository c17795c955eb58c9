"""What an incoming order does to the order that is known: pure, one literal table.

Identity of an order is (own party, partner, lane, number). The same content again changes nothing; the same number with
other content is a conflict unless the document says that it replaces or cancels the first (X12 353, EDIFACT 1225).
"""

from __future__ import annotations

import msgspec

from gateway.core.issues import Issue

NEW, CANCELLED = "new", "cancelled"
UNKNOWN = "unknown"

#: (state of the known order, function of the document) -> (action, state afterwards).
#: A cancelled order is an end: its number can be taken again by nobody.
ORDERS: dict[tuple[str, str], tuple[str, str]] = {
    (UNKNOWN, "original"): ("create", NEW),
    (NEW, "original"): ("conflict", NEW),
    (NEW, "replace"): ("replace", NEW),
    (NEW, "cancellation"): ("cancel", CANCELLED),
    (CANCELLED, "original"): ("conflict", CANCELLED),
}

#: Functions that repeat a document rather than say something new; they count as what they repeat.
REPEATS = {"duplicate": "original", "copy": "original"}

PARTICIPLE = {"replace": "replaced", "cancellation": "cancelled", "original": "entered again"}


class KnownOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The order as the records have it. ``fingerprint`` is over the content without the function code.

    ``shipped``: something of it has left.
    """

    id: int
    state: str
    version: int
    fingerprint: bytes
    shipped: bool = False


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """``action``: create, replace, cancel, repeat (nothing changes) or hold."""

    action: str
    state: str = ""
    version: int = 1
    issue: Issue | None = None


def decide(number: str, partner: str, function: str, fingerprint: bytes, known: KnownOrder | None) -> Decision:
    """What to do with an order document of this number, function and content."""
    function = REPEATS.get(function, function)
    state = known.state if known else UNKNOWN
    if function not in PARTICIPLE:
        return _hold("TRD-FUNCTION", function)
    if known and known.fingerprint == fingerprint and _says_nothing_new(state, function):
        return Decision(
            action="repeat", state=state, version=known.version, issue=_issue("TRD-REPEAT", number, partner)
        )
    row = ORDERS.get((state, function))
    if row is None and known is None:
        return _hold("TRD-UNKNOWN", number, party=partner, action=PARTICIPLE[function])
    if row is None:
        return _hold("TRD-STATE", number, party=partner, state=state, action=PARTICIPLE[function])
    action, after = row
    if action == "cancel" and known is not None and known.shipped:
        return _hold("TRD-CANCEL-SHIPPED", number, order=number)
    if action == "conflict":
        return _hold("TRD-CONFLICT", number, party=partner)
    return Decision(action=action, state=after, version=known.version + 1 if known else 1)


def _says_nothing_new(state: str, function: str) -> bool:
    return function != "cancellation" if state == NEW else function == "cancellation"


def _issue(code: str, number: str, partner: str) -> Issue:
    return Issue(code, value=number, params={"party": partner})


def _hold(code: str, value: str, **params: str) -> Decision:
    return Decision(action="hold", issue=Issue(code, value=value, params=params))
