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

from gateway.codecs.model import Delimiters
from gateway.grammar.explain import named
from gateway.grammar.findings import Finding, Kind
from gateway.grammar.model import MessageTable, Node, Selector
from gateway.grammar.notation import TAG
from gateway.grammar.selectors import fits, fitting, held
from gateway.grammar.transitions import Machine, State, Step

_AHEAD = 5  # segments: enough to tell a stray segment from a stray loop; more would only cost time
_BACK = 200
_LISTED = 8
_PLACES = 3
_CODES = 15
_TAGS = {"x12": re.compile(TAG), "edifact": re.compile(r"[A-Z]{3}")}
_ANY_TAG = re.compile(TAG)


class Resolved(NamedTuple):
    """What to report, and the step to take; None: pass the segment by. ``astray``: see :class:`walk.Place`."""

    findings: list[Finding]
    step: Step | None
    astray: int = 0


class _Way(NamedTuple):
    """One way on. ``cost`` is how many findings it makes, its own and those of the next segments."""

    cost: int
    to: Resolved


class _Ahead(NamedTuple):
    tag: str
    raw: str


class Repair:
    """``trail`` is where the document went so far, the states in order, and ``counts`` how often each place was taken;
    whoever walks keeps both. ``excused`` are places that a segment with a wrong code was taken for."""

    def __init__(
        self, table: MessageTable, machine: Machine, raws: Sequence[str], delimiters: Delimiters, trail: list[State]
    ) -> None:
        self._table = table
        self._machine = machine
        self._raws = raws
        self._delimiters = delimiters
        self._jumped = False
        self.trail = trail
        self.counts = [0] * len(machine.slots)
        self.excused: set[int] = set()

    def resolve(self, state: State, number: int, tag: str, raw: str, step: Step | None) -> Resolved:
        """The way on for segment ``number``, where tag and counter alone do not tell it."""
        if tag not in self._machine.places:
            return Resolved([self._stranger(tag)], None)
        chosen = self._chosen(step, raw)
        if chosen is not None and not (chosen.missing or self._lacking(chosen.pending)):
            return Resolved([], chosen)
        ahead, ways = self._ahead(number), []
        if chosen is not None:
            lacking = self._missing([*chosen.missing, *self._lacking(chosen.pending)], f" before {tag}")
            if not lacking:
                return Resolved([], chosen)
            ways.append(_Way(len(lacking) + self._cost(chosen.state, ahead), Resolved(lacking, chosen)))
        elsewhere = list(self._elsewhere(state, tag, raw, ahead))
        ways += [way for selective, way in elsewhere if selective]
        if chosen is None and step is not None:
            ways.append(self._astray(step, raw, ahead))
        ways.append(_Way(1 + self._cost(state, ahead), Resolved([self._misplaced(state, tag)], None)))
        if chosen is not None or step is None:  # else it is meant for here, whatever other place takes any code
            ways += [way for selective, way in elsewhere if not selective]
        best = min(ways, key=lambda way: way.cost).to
        self._jumped |= best.step is not None and best.step is not chosen and not best.astray
        return best

    def enter(self, step: Step) -> None:
        """Counts anew what a step begins."""
        for slot in step.fresh:
            self.counts[slot] = 0
            self.excused.discard(slot)
        if not step.again:
            self.excused.discard(step.slot)

    def missing_at_end(self, state: State) -> list[Finding]:
        """What is mandatory and did not come before the trailer."""
        state = self._machine.made(state)
        return self._missing([*state.missing, *self._lacking(state.pending)], f" before {self._machine.end}")

    def _chosen(self, step: Step | None, raw: str) -> Step | None:
        """Of the places that the segment fits, the nearest; a farther one where that is full, and nothing is missing
        before the other."""
        fit = fitting(step, raw, self._delimiters)
        if not fit:
            return None
        nearest = fit[0]
        if self.has_room(nearest):
            return nearest
        mates = {self._machine.slot(mate) for mate in nearest.state.node.place.mates}
        farther = (one for one in fit[1:] if one.slot not in mates and not one.missing and self.has_room(one))
        return next((one for one in farther if not self._lacking(one.pending)), nearest)

    def has_room(self, step: Step) -> bool:
        """Whether its place may be taken once more."""
        return (self.counts[step.slot] if step.again else 0) < step.most

    def _lacking(self, pending: Sequence[Node]) -> list[Node]:
        slots = ((node, self._machine.slot(node)) for node in pending)
        return [node for node, slot in slots if not self.counts[slot] and slot not in self.excused]

    def _astray(self, step: Step, raw: str, ahead: Sequence[_Ahead]) -> _Way:
        """None of the places ahead takes what the segment holds: it is meant for one that waits, or the nearest."""
        near = [one for one in step.chain if len(one.missing) == len(step.missing)]
        waiting = (one for one in near if not (one.again and self.counts[one.slot]) and one.state.node.place.mandatory)
        taken = next(waiting, step)
        selector = next(one for one in taken.selects if held(raw, one, self._delimiters) not in one.codes)
        there = [one for near_step in near for one in near_step.selects if one[:2] == selector[:2]]
        codes = sorted({code for one in there for code in one.codes})
        findings = self._missing([*taken.missing, *self._lacking(taken.pending)], f" before {taken.state.node.tag}")
        findings.append(self._wrong_code(taken.state.node, selector, held(raw, selector, self._delimiters), codes))
        return _Way(len(findings) + self._cost(taken.state, ahead), Resolved(findings, taken, selector.position))

    def _wrong_code(self, node: Node, selector: Selector, value: str, codes: Sequence[str]) -> Finding:
        """None of the codes that tell the places of a tag apart."""
        name, reference = self._named(node, selector)
        at = selector.position, selector.component
        if not value:
            return Finding(Kind.ELEMENT_MISSING, {"name": name, "tag": node.tag}, None, *at, 0, reference)
        shown = ", ".join(codes[:_CODES]) + (" …" if len(codes) > _CODES else "")
        params = {"name": name, "tag": node.tag, "explained": f"Here may stand {node.tag} with: {shown}."}
        return Finding(Kind.WRONG_QUALIFIER, params, value, *at, 0, reference)

    def _ahead(self, number: int) -> list[_Ahead]:
        """The next segments that belong to this message."""
        separator = self._delimiters.element
        found = (_Ahead(raw.partition(separator)[0], raw) for raw in self._raws[number : number + _AHEAD])
        return [one for one in found if one.tag in self._machine.places or one.tag == self._machine.end]

    def _cost(self, state: State, ahead: Sequence[_Ahead]) -> int:
        """How many findings the next segments make from a state."""
        cost = 0
        for tag, raw in ahead:
            if tag == self._machine.end:
                return cost + len(self._unseen(self._machine.made(state).missing))
            step = state.steps.get(tag)
            if step is not None and not step.plain:
                step = next(iter(fitting(step, raw, self._delimiters)), None)
            if step is None:
                cost += 1
                continue
            cost += len(self._unseen(step.missing))
            state = step.state
        return cost

    def _elsewhere(self, state: State, tag: str, raw: str, ahead: Sequence[_Ahead]) -> Iterator[tuple[bool, _Way]]:
        """The other places of the message that the segment fits: those of the open loops first. With each whether it
        selects such a segment."""
        open_loops = _around(state.node)
        places = [place for place in self._machine.places[tag] if self._fits(place.node, raw)]
        for place in sorted(places, key=lambda place: _home(place.node) not in open_loops):
            selective = bool(place.node.place.selectors)
            taken = Step(place, self._machine.slot(place.node), place.node.most, False, ())
            cost = self._cost(place, ahead)
            if _home(place.node) in open_loops:
                yield selective, _Way(1 + cost, Resolved([self._misplaced(state, tag)], taken))
            else:
                findings = self._without_start(state, place.node, tag)
                yield selective, _Way(len(findings) + cost, Resolved(findings, taken))

    def _fits(self, node: Node, raw: str) -> bool:
        return fits(node.place.selectors, raw, self._delimiters)

    def _without_start(self, state: State, node: Node, tag: str) -> list[Finding]:
        """A segment inside a loop that did not start: its start is missing, if the loop could start here."""
        loop = node.parent
        start = state.steps.get(loop.tag) if loop is not None else None
        if loop is None or start is None or start.state.node.parent is not loop or node.position == 0:
            return [self._misplaced(state, tag)]
        return [*self._missing(start.missing, f" before {tag}"), self._lacks(loop, f" before {tag}")]

    def _missing(self, nodes: Sequence[Node], where: str) -> list[Finding]:
        return [self._lacks(node, where) for node in self._unseen(nodes)]

    def _lacks(self, node: Node, where: str) -> Finding:
        """With the codes that tell it from others of its tag."""
        which = [f"{self._named(node, one)[0]} {' or '.join(sorted(one.codes)[:_PLACES])}" for one in node.selectors]
        tag = f"{node.tag} with {', '.join(which)}" if which else node.tag
        return Finding(Kind.SEGMENT_MISSING, {"tag": tag, "where": where}, tag=node.tag, node=node)

    def _named(self, node: Node, selector: Selector) -> tuple[str, str]:
        table = node.first.segment or self._table.segments[node.tag]
        return named(table, selector.position, selector.component, self._table.standard)

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
        if not _TAGS.get(self._table.standard, _ANY_TAG).fullmatch(tag):
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
        follow = [tag for tag, step in self._machine.made(state).steps.items() if step.most][:_LISTED]
        expected = f"{tag} belongs {places}." + (f" Here may stand: {', '.join(follow)}." if follow else "")
        return Finding(kind, {"tag": tag, "type": self._table.type, "expected": expected}, tag=tag)


def _home(node: Node) -> Node | None:
    """The loop in whose sequence a segment has its place: for the start of a loop, the loop around that."""
    return node.place.parent


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
    own = node.place
    around = own.parent
    before = around.children[own.position - 1] if around is not None and around.children and own.position else None
    path = around.path if around is not None else ""
    place = f"in loop {path} " if path else ""
    return place + (f"after {before.tag}" if before is not None else "first")
