"""What to make of a segment that does not fit: one mistake should give one finding, and the rest be read as meant.

There are three ways on: take it, as if what it passes over was forgotten; pass it by; or take it for a segment of
another place of the message, as it is when segments were exchanged, a loop stands in the wrong place or the segment
that starts a loop is missing. Each is tried on the next few segments, and the one that leaves the least to complain
about is chosen, in this order where they are equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gateway.grammar.findings import Finding, Kind
from gateway.grammar.model import MessageTable, Node
from gateway.grammar.transitions import Machine, State, Step

_AHEAD = 5  # segments: enough to tell a stray segment from a stray loop; more would only cost time
_BACK = 200
_LISTED = 8
_PLACES = 3
_TAGS = {"x12": re.compile(r"[A-Z][A-Z0-9]{1,2}"), "edifact": re.compile(r"[A-Z]{3}")}


class _Way(NamedTuple):
    """One way on. ``cost`` is how many findings it makes, its own and those of the next segments."""

    cost: int
    step: Step | None
    findings: list[Finding]


class Repair:
    """``trail`` is where the document went so far, the states in order; whoever walks appends to it."""

    def __init__(self, table: MessageTable, machine: Machine, raws: Sequence[str], separator: str) -> None:
        self._table = table
        self._machine = machine
        self._raws = raws
        self._separator = separator
        self._jumped = False
        self.trail: list[State] = []

    def resolve(self, state: State, number: int, tag: str, step: Step | None) -> tuple[list[Finding], Step | None]:
        """For segment ``number`` at a state: what to report, and the step to take (None: pass it by)."""
        if tag not in self._machine.places:
            return [self._stranger(tag)], None
        ahead = self._ahead(number)
        ways = []
        if step is not None:
            missing = self._missing(step.missing, f" before {tag}")
            if not missing:
                return [], step
            ways.append(_Way(len(missing) + self._cost(step.state, ahead), step, missing))
        ways.append(_Way(1 + self._cost(state, ahead), None, [self._misplaced(state, tag)]))
        ways += self._elsewhere(state, tag, ahead)
        best = min(ways, key=lambda way: way.cost)
        self._jumped |= best.step is not None and best.step is not step
        return best.findings, best.step

    def missing_at_end(self, state: State) -> list[Finding]:
        """What is mandatory and did not come before the trailer."""
        return self._missing(state.missing, f" before {self._machine.end}")

    def _ahead(self, number: int) -> list[str]:
        """The tags of the next segments that belong to this message."""
        tags = (raw.partition(self._separator)[0] for raw in self._raws[number : number + _AHEAD])
        return [tag for tag in tags if tag in self._machine.places or tag == self._machine.end]

    def _cost(self, state: State, ahead: Sequence[str]) -> int:
        """How many findings the next segments make from a state."""
        cost = 0
        for tag in ahead:
            if tag == self._machine.end:
                return cost + len(self._unseen(state.missing))
            step = state.steps.get(tag)
            if step is None:
                cost += 1
                continue
            cost += len(self._unseen(step.missing))
            state = step.state
        return cost

    def _elsewhere(self, state: State, tag: str, ahead: Sequence[str]) -> Iterator[_Way]:
        """The other places of the message that have this tag: those of the open loops first."""
        open_loops = _around(state.node)
        places = self._machine.places[tag]
        for place in sorted(places, key=lambda place: _home(place.node) not in open_loops):
            taken = Step(place, self._machine.slots[id(place.node)], place.node.most, False, (), None)
            cost = self._cost(place, ahead)
            if _home(place.node) in open_loops:
                yield _Way(1 + cost, taken, [self._misplaced(state, tag)])
            else:
                findings = self._without_start(state, place.node, tag)
                yield _Way(len(findings) + cost, taken, findings)

    def _without_start(self, state: State, node: Node, tag: str) -> list[Finding]:
        """A segment inside a loop that did not start: its start is missing, if the loop could start here."""
        loop = node.parent
        start = state.steps.get(loop.tag) if loop is not None else None
        if loop is None or start is None or start.state.node.parent is not loop or node.position == 0:
            return [self._misplaced(state, tag)]
        return [*self._missing(start.missing, f" before {tag}"), _missing(loop, f" before {tag}")]

    def _missing(self, nodes: Sequence[Node], where: str) -> list[Finding]:
        return [_missing(node, where) for node in self._unseen(nodes)]

    def _unseen(self, nodes: Sequence[Node]) -> list[Node]:
        return [node for node in nodes if not self._seen(node)]

    def _seen(self, node: Node) -> bool:
        """Whether a mandatory place was taken already, before a jump back led behind it again."""
        if not self._jumped:
            return False
        start = node.parent.children[0] if node.parent is not None and node.parent.children else None
        for state in reversed(self.trail[-_BACK:]):
            if state.node is node or (node.children is not None and state.node is node.children[0]):
                return True
            if state.node is start:
                return False
        return False

    def _stranger(self, tag: str) -> Finding:
        """A tag that this message has nowhere."""
        if not _TAGS[self._table.standard].fullmatch(tag):
            return Finding(Kind.NOT_A_TAG, {}, tag, tag=tag)
        if tag in self._table.tags:
            params = {"type": self._table.type, "expected": f"{self._table.type} has no {tag}."}
            return Finding(Kind.NOT_IN_MESSAGE, {"tag": tag, **params}, tag=tag)
        return Finding(Kind.UNKNOWN_TAG, {"tag": tag, "version": self._table.version}, tag=tag)

    def _misplaced(self, state: State, tag: str) -> Finding:
        """Out of sequence where an open loop has the segment at another place, unexpected where none has."""
        around = _around(state.node)
        homes = sorted((place.node for place in self._machine.places[tag]), key=lambda node: _home(node) not in around)
        known = _home(homes[0]) in around
        kind = Kind.OUT_OF_SEQUENCE if known else Kind.UNEXPECTED
        places = ", or ".join(_place(node) for node in homes[:_PLACES])
        follow = list(state.steps)[:_LISTED]
        expected = f"{tag} belongs {places}." + (f" Here may stand: {', '.join(follow)}." if follow else "")
        return Finding(kind, {"tag": tag, "type": self._table.type, "expected": expected}, tag=tag)


def _missing(node: Node, where: str) -> Finding:
    return Finding(Kind.SEGMENT_MISSING, {"tag": node.tag, "where": where}, tag=node.tag, node=node)


def _home(node: Node) -> Node | None:
    """The loop in whose sequence a segment has its place: for the start of a loop, the loop around that."""
    loop = node.parent
    return loop.parent if loop is not None and node.position == 0 and loop.parent is not None else loop


def _around(node: Node) -> list[Node]:
    """The loops that are open at a place, the message itself included."""
    found: list[Node] = []
    loop: Node | None = node if node.parent is None else node.parent
    while loop is not None:
        found.append(loop)
        loop = loop.parent
    return found


def _place(node: Node) -> str:
    """``after BEG``, ``in loop PO1/N1 after N3``."""
    own = node
    if node.position == 0 and node.parent is not None and node.parent.parent is not None:
        own = node.parent
    around = own.parent
    before = around.children[own.position - 1] if around is not None and around.children and own.position else None
    path = around.path if around is not None else ""
    place = f"in loop {path} " if path else ""
    return place + (f"after {before.tag}" if before is not None else "first")
