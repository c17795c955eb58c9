"""The transition table of a message: at each place, which segment may follow, and where it leads.

A message is read from left to right with one rule: a segment takes the nearest place ahead that has its tag: the
same place again, later ones in the same loop, the loop again, then the same in the loops around it. That is how
X12.6 and ISO 9735:1988 §8 mean their tables, which avoid what would need a second look.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from gateway.grammar.model import MessageTable, Node


class Step(NamedTuple):
    """One transition. ``slot`` is the counter of its place or loop, ``again`` whether it counts on or starts at 1;
    ``missing`` are the mandatory places that it passes over; ``other`` leads on when there are too many here."""

    state: State
    slot: int
    most: int
    again: bool
    missing: tuple[Node, ...]
    other: Step | None


class State(msgspec.Struct, eq=False, gc=False):
    """Where one stands: right behind a segment of ``node``, the root before the first. ``steps``: tag → Step;
    ``missing`` are the mandatory places that the message would lack if it ended here."""

    node: Node
    steps: dict[str, Step]
    missing: tuple[Node, ...] = ()


class Machine:
    """The states of a message. ``end`` is the tag of its trailer; ``places`` are the states of each tag."""

    def __init__(self, table: MessageTable) -> None:
        self.end = "SE" if table.standard == "x12" else "UNT"
        nodes = list(table.root.walk())
        self.slots = {id(node): slot for slot, node in enumerate(nodes)}
        self.start = State(table.root, {})
        self._states = {id(node): State(node, {}) for node in nodes if not node.is_loop}
        self.places: dict[str, list[State]] = {}
        for state in self._states.values():
            self.places.setdefault(state.node.tag, []).append(state)
            self._fill(state)
        self._fill(self.start)

    def _fill(self, state: State) -> None:
        """The steps of a state; where a tag leads to several places, each knows the next."""
        found: dict[str, list[Step]] = {}
        for tag, step in self._ahead(state):
            found.setdefault(tag, []).append(step)
        node = state.node
        if node.parent is not None and node.tag not in found:
            found[node.tag] = [Step(state, self.slots[id(node)], node.most, True, (), None)]  # once too often
        for tag, steps in found.items():
            chained = steps[-1]
            for nearer in reversed(steps[:-1]):
                chained = nearer._replace(other=chained)
            state.steps[tag] = chained

    def _ahead(self, state: State) -> Iterator[tuple[str, Step]]:
        """The places ahead, the nearest first; notes what would be missing behind the last of them."""
        node = state.node
        if node.parent is not None and node.most > 1:
            yield node.tag, Step(self._states[id(node)], self.slots[id(node)], node.most, True, (), None)
        missing: list[Node] = []
        loop, start = (node, 0) if node.parent is None else (node.parent, node.position + 1)
        while True:
            for child in (loop.children or ())[start:]:
                yield child.tag, self._enter(child, False, missing)
                if child.mandatory:
                    missing.append(child)
            if loop.parent is None:
                break
            yield loop.tag, self._enter(loop, True, missing)
            loop, start = loop.parent, loop.position + 1
        state.missing = tuple(missing)

    def _enter(self, node: Node, again: bool, missing: list[Node]) -> Step:
        """To a segment, or to the first segment of a loop."""
        first = node.children[0] if node.children else node
        return Step(self._states[id(first)], self.slots[id(node)], node.most, again, tuple(missing), None)
