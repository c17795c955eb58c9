"""The transition table of a message: at each place, which segment may follow, and where it leads.

A message is read from left to right with one rule: a segment takes the nearest place ahead that has its tag: the
same place again, later ones in the same loop, the loop again, then the same in the loops around it. That is how
X12.6 and ISO 9735:1988 §8 mean their tables, which avoid what would need a second look. Where places select by what a
segment holds, it takes the nearest that it fits; places that share a position (:attr:`Node.mates`) are equally near.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from gateway.grammar.model import MessageTable, Node, Selector


class Step(NamedTuple):
    """One transition. ``slot`` is the counter of its place or loop, ``again`` whether it counts on or starts at 1;
    ``missing`` are the mandatory places that it passes over, ``pending`` those that it leaves and that are missing
    unless they were counted; ``other`` leads on when there are too many here, or another code. ``fresh`` are counters
    that start at 0 with it. ``plain``: tag and counter decide, nothing else is to be looked at."""

    state: State
    slot: int
    most: int
    again: bool
    missing: tuple[Node, ...]
    other: Step | None = None
    plain: bool = False
    selects: tuple[Selector, ...] = ()
    pending: tuple[Node, ...] = ()
    fresh: tuple[int, ...] = ()

    @property
    def chain(self) -> Iterator[Step]:
        """Itself and the farther places of the same tag."""
        step: Step | None = self
        while step is not None:
            yield step
            step = step.other


class State(msgspec.Struct, eq=False, gc=False):
    """Where one stands: right behind a segment of ``node``, the root before the first. ``key`` names the pattern of
    its segment: the tag, or the place itself where it has a table of its own. ``steps``: tag → Step, made when they
    are asked for: :meth:`Machine.made`."""

    node: Node
    key: str | Node
    steps: dict[str, Step] = {}
    missing: tuple[Node, ...] = ()
    pending: tuple[Node, ...] = ()


class _Unmade(dict[str, Step]):
    """The steps of a state that no document has reached yet: most places of a message are never used."""

    def __init__(self, machine: Machine, state: State) -> None:
        super().__init__()
        self._machine = machine
        self._state = state

    def get(self, tag: str, default: Any = None) -> Any:
        """Makes them."""
        return self._machine.made(self._state).steps.get(tag, default)


class Machine:
    """The states of a message. ``end`` is the tag of its trailer; ``places`` are the states of each tag."""

    def __init__(self, table: MessageTable) -> None:
        self.end = "SE" if table.standard == "x12" else "UNT"
        nodes = list(table.root.walk())
        self.slots = {id(node): slot for slot, node in enumerate(nodes)}
        self.start = self._state(table.root)
        self._states = {id(node): self._state(node) for node in nodes if not node.is_loop}
        self.places: dict[str, list[State]] = {}
        for state in self._states.values():
            self.places.setdefault(state.node.tag, []).append(state)

    def made(self, state: State) -> State:
        """A state with its steps, and with what the message would lack if it ended there: mandatory places that are
        ``missing``, and those that are unless they were counted (``pending``)."""
        if isinstance(state.steps, _Unmade):
            self._fill(state)
        return state

    def _state(self, node: Node) -> State:
        state = State(node, node.tag if node.segment is None else node)
        state.steps = _Unmade(self, state)
        return state

    def slot(self, node: Node) -> int:
        """The counter of a place."""
        return self.slots[id(node)]

    def _fill(self, state: State) -> None:
        """The steps of a state; where a tag leads to several places, each knows the next."""
        found: dict[str, list[Step]] = {}
        for tag, step in self._ahead(state):
            found.setdefault(tag, []).append(step)
        node = state.node
        if node.parent is not None and node.tag not in found:
            found[node.tag] = [Step(state, self.slot(node), node.most, True, ())]  # once too often
        made: dict[str, Step] = {}
        for tag, steps in found.items():
            selective = any(step.selects for step in steps)
            chained: Step | None = None
            for step in reversed(steps):
                plain = not (selective or step.missing or step.pending)
                chained = step._replace(other=chained, plain=plain)
            assert chained is not None
            made[tag] = chained
        state.steps = made

    def _ahead(self, state: State) -> Iterator[tuple[str, Step]]:
        """The places ahead, the nearest first; notes what would be missing behind the last of them."""
        missing: list[Node] = []
        pending: list[Node] = []

        def enter(node: Node, again: bool, fresh: Sequence[Node] = ()) -> tuple[str, Step]:
            slots = tuple(self.slot(mate) for mate in fresh if mate is not node)
            first = self._states[id(node.first)]
            passed = tuple(missing), None, False, node.selectors, tuple(pending)
            return node.tag, Step(first, self.slot(node), node.most, again, *passed, slots)

        node = state.node
        while node.parent is not None:
            mates = node.mates
            if len(mates) > 1:
                yield from (enter(mate, True) for mate in mates)
                pending += [mate for mate in mates if mate.mandatory and mate is not node]
            elif node.most > 1 or node.is_loop:
                yield enter(node, True)
            yield from _later(node.parent, mates[-1].position + 1, missing, enter)
            node = node.parent
        if state.node is node:
            yield from _later(node, 0, missing, enter)
        state.missing, state.pending = tuple(missing), tuple(pending)


def _later(
    loop: Node, start: int, missing: list[Node], enter: Callable[..., tuple[str, Step]]
) -> Iterator[tuple[str, Step]]:
    """The places of a loop from one on; what is mandatory there is missing for those behind it."""
    siblings = loop.children or ()
    while start < len(siblings):
        mates = siblings[start].mates
        yield from (enter(mate, False, mates) for mate in mates)
        missing += [mate for mate in mates if mate.mandatory]
        start += len(mates)
