"""Message tables and segment tables as the compiler hands them out: shared by the validator and the mappings.

Both read the same loop tree, so that what the validator calls a segment's place is what a mapping's line binds to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

UNBOUNDED = 999_999


class ElementType(msgspec.Struct, frozen=True):
    """A simple data element. ``type``: X12 AN ID DT TM R N0…N9 B, EDIFACT a n an. ``codes`` None: not listed here;
    ``advisory``: others keep them and add to them, so that a value not among them is worth a warning."""

    reference: str
    name: str
    type: str
    least: int
    most: int
    codes: frozenset[str] | None = None
    advisory: bool = False


class Condition(NamedTuple):
    """A relational condition of X12: kind P R E C L and the positions, ``C0302``."""

    kind: str
    positions: tuple[int, ...]

    def __str__(self) -> str:
        return self.kind + "".join(f"{p:02d}" for p in self.positions)


class Component(msgspec.Struct, frozen=True):
    """One place in a composite. ``repeats`` 0: a guide does not use it, and it must be empty."""

    position: int
    element: ElementType
    mandatory: bool
    repeats: int = 1


class Composite(msgspec.Struct, frozen=True):
    """A composite data element. Positions in its ``conditions`` are those of its components."""

    reference: str
    name: str
    components: tuple[Component, ...]
    conditions: tuple[Condition, ...] = ()


class ElementUse(msgspec.Struct, frozen=True):
    """One place in a segment: a simple element or a composite. ``position`` counts from 1. ``repeats`` 0: a guide does
    not use it, and it must be empty."""

    position: int
    item: ElementType | Composite
    mandatory: bool
    repeats: int = 1


class SegmentTable(msgspec.Struct, frozen=True):
    tag: str
    name: str
    elements: tuple[ElementUse, ...]
    conditions: tuple[Condition, ...] = ()


class Selector(NamedTuple):
    """What a segment must hold to take a place: one of ``codes`` in an element (``component`` 0: in its first or only
    component)."""

    position: int
    component: int
    codes: frozenset[str]


class Node(msgspec.Struct, eq=False, gc=False):
    """One place in a message: a segment, or a loop (``children`` is not None) whose first child is its trigger.

    ``name`` is the loop's name in reports: the trigger's tag in X12 (``PO1``), ``SG25`` in EDIFACT. ``position`` is
    the place among its siblings, from 0: the order of writing. ``most`` 0: a guide does not use the place.

    ``segment`` is the segment as it is at this place, None: as it is everywhere in the version. ``selects``: the place
    takes only segments that fit all of them; a loop has those of its trigger. Siblings of one tag that follow each
    other, some of which select, come in any order: the first of them that a segment fits is its place. ``base`` is the
    place that a guide made this one of.
    """

    tag: str
    mandatory: bool
    most: int
    position: int
    name: str
    children: tuple[Node, ...] | None = None
    parent: Node | None = None
    segment: SegmentTable | None = None
    selects: tuple[Selector, ...] = ()
    base: Node | None = None

    @property
    def is_loop(self) -> bool:
        return self.children is not None

    @property
    def first(self) -> Node:
        """The segment that starts it: a loop's trigger, or itself."""
        return self.children[0] if self.children else self

    @property
    def place(self) -> Node:
        """What a segment takes with it: the loop that it starts, or itself."""
        around = self.parent
        return around if around is not None and self.position == 0 and around.parent is not None else self

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """What it selects by, said at a loop or at its trigger."""
        return self.selects or self.first.selects

    @property
    def mates(self) -> tuple[Node, ...]:
        """The siblings that share its place and are told apart by what they select, itself among them."""
        around = self.parent
        if around is None or self.place is not self:
            return (self,)
        siblings = around.children or ()
        start = end = self.position
        while start > (around.parent is not None) and siblings[start - 1].tag == self.tag:
            start -= 1
        while end + 1 < len(siblings) and siblings[end + 1].tag == self.tag:
            end += 1
        found = siblings[start : end + 1]
        return found if any(node.selectors for node in found) else (self,)

    @property
    def path(self) -> str:
        """Names of the loops around it, outermost first, ``SG25/SG28``; empty at the top."""
        names: list[str] = []
        node = self if self.is_loop else self.parent
        while node is not None and node.parent is not None:
            names.append(node.name)
            node = node.parent
        return "/".join(reversed(names))

    def find(self, tag: str) -> list[Node]:
        """Its children of that tag (a loop answers to the tag of its trigger)."""
        return [child for child in self.children or () if child.tag == tag]

    def walk(self) -> Iterator[Node]:
        """Itself and all below it, in the order of the message."""
        yield self
        for child in self.children or ():
            yield from child.walk()


class MessageTable(msgspec.Struct, frozen=True, eq=False):
    """One message: its tree without the service segments (ST/SE, UNH/UNT), and the segment tables of its version.

    ``root`` is a loop node with tag ST or UNH that stands for the message. ``digest`` is a hash of every text that
    the table was compiled from. ``tags`` are all segments of the version, also those without a table here. ``source``
    is the package that the table comes from, empty for our own.
    """

    standard: str
    version: str
    type: str
    name: str
    root: Node
    segments: Mapping[str, SegmentTable]
    digest: str
    functional_group: str = ""
    tags: frozenset[str] = frozenset()
    guide: str = ""
    source: str = ""
