"""Lines bound to a grammar and to a canonical document: what the generators of reading and writing work from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gateway.canonical import Part
from gateway.grammar.model import ElementType, Node, SegmentTable
from gateway.mapping.conversions import CodeTable, Conversion
from gateway.mapping.fields import Field
from gateway.mapping.lines import Computed, Constant, Hole, Path, dotted

Words = tuple[str, ...] | CodeTable
"""What selects at a place: constants, or the left side of a code table."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of a line that is tied to something. ``element`` and ``component`` count from 1.

    ``paths`` are relative to the frame's object, or to the document when the hole is ``from_root``. ``span``: how
    many components a ``text`` covers. ``most``: the characters that fit.
    """

    number: int
    element: int
    component: int
    composite: bool
    place: Constant | Hole | Computed
    item: ElementType
    where: str
    paths: tuple[Path, ...] = ()
    fields: tuple[Field, ...] = ()
    conversion: Conversion | None = None
    span: int = 1
    from_root: bool = False
    default: Any = None

    @property
    def name(self) -> str:
        """How generated code calls it."""
        return f"P{self.number}"

    @property
    def path(self) -> Path:
        return self.paths[0]

    @property
    def field_name(self) -> str:
        """For a person: ``price.price_amount``, or what is computed."""
        return dotted(self.path) if self.paths else str(self.place)

    @property
    def is_hole(self) -> bool:
        return isinstance(self.place, Hole)

    @property
    def words(self) -> Words | None:
        """The words that select here, if this is a selecting constant."""
        return self.place.words if isinstance(self.place, Constant) and not self.place.written_only else None

    @property
    def many(self) -> bool:
        return isinstance(self.place, Hole) and self.place.many

    @property
    def way(self) -> str:
        """``text`` and ``dtm`` are conversions of more than one place; all others are plain."""
        name = self.place.conversion if isinstance(self.place, Hole) else None
        return name if name in ("text", "dtm") else "plain"

    @property
    def covered(self) -> range:
        """The components that it reads."""
        return range(self.component, self.component + (2 if self.way == "dtm" else self.span))


@dataclass(frozen=True, slots=True)
class BoundTail:
    """The repeating rest of a segment. Elements of its spots count from 1 in each repetition, ``width`` of them."""

    spots: tuple[Spot, ...]
    width: int
    where: str
    each: Path | None = None
    part: type[Part] | None = None

    @property
    def holes(self) -> list[Spot]:
        return [spot for spot in self.spots if spot.is_hole]

    @property
    def selection(self) -> list[tuple[Spot, Words]]:
        """Its constants; a code table selects too."""
        return [(spot, words) for spot in self.spots if (words := spot.words or _table(spot))]

    @property
    def values(self) -> list[Spot]:
        """The holes that carry data: not the qualifier that selects."""
        chosen = {spot.number for spot, _ in self.selection}
        return [spot for spot in self.holes if spot.number not in chosen]


@dataclass(frozen=True, slots=True)
class BoundLine:
    """A segment line at its place in the grammar. ``tail_start``: the first element of the tail; ``tail_room``: how
    often the segment table lets it repeat. ``chooses``: several instances may stand here, so a code table selects."""

    tag: str
    node: Node
    table: SegmentTable
    where: str
    spots: tuple[Spot, ...]
    length: int
    chooses: bool
    tails: tuple[BoundTail, ...] = ()
    tail_start: int = 0
    tail_room: int = 0
    when: Path | None = None

    @property
    def holes(self) -> list[Spot]:
        return [spot for spot in self.spots if spot.is_hole]

    @property
    def selection(self) -> list[tuple[Spot, Words]]:
        """What an instance must show to be taken by this line."""
        found: list[tuple[Spot, Words]] = [(spot, words) for spot in self.spots if (words := spot.words)]
        first = next((spot for spot in self.spots if spot.element == 1 and spot.component == 1), None)
        if self.chooses and first is not None and (table := _table(first)):
            found.append((first, table))
        return found

    @property
    def composites(self) -> list[int]:
        """The elements that have to be cut into components."""
        return sorted({spot.element for spot in self.spots if spot.composite})

    def covers(self, other: BoundLine) -> bool:
        """Whether every instance that ``other`` would take is taken by this line."""
        theirs = {(spot.element, spot.component): set(words) for spot, words in other.selection}
        mine = {(spot.element, spot.component): set(words) for spot, words in self.selection}
        return all(place in theirs and theirs[place] <= words for place, words in mine.items())


@dataclass(slots=True)
class Claim:
    """A line that fills fields of its frame's object."""

    line: BoundLine


@dataclass(slots=True)
class Row:
    """``each`` over a segment that opens no loop: one item of a list a segment."""

    line: BoundLine
    frame: Frame
    path: Path


@dataclass(slots=True)
class Child:
    """A loop with an object of its own: one part (``many`` False), or one item of a list for each instance."""

    frame: Frame
    path: Path
    many: bool

    @property
    def line(self) -> BoundLine:
        assert self.frame.trigger is not None
        return self.frame.trigger


@dataclass(slots=True)
class Inner:
    """A loop without an object of its own: its lines fill the fields of the frame around it."""

    node: Node
    line: BoundLine
    items: list[Item] = field(default_factory=list)


Item = Claim | Row | Child | Inner


@dataclass(slots=True)
class Frame:
    """One object and the lines that fill it. ``fixed``: fields that the block's ``where`` sets."""

    name: str
    part: type[Part]
    loop: Node
    trigger: BoundLine | None = None
    items: list[Item] = field(default_factory=list)
    fixed: dict[str, Any] = field(default_factory=dict)

    @property
    def lines(self) -> Iterator[BoundLine]:
        """All lines that fill this object."""
        if self.trigger is not None:
            yield self.trigger
        yield from _lines(self.items)

    @property
    def holders(self) -> Iterator[Row | Child]:
        """Rows and children, also those in inner loops."""
        yield from _holders(self.items)


def node_of(item: Item) -> Node:
    """The grammar's place of an item: the loop's, where it opens one."""
    if isinstance(item, Child):
        return item.frame.loop
    return item.node if isinstance(item, Inner) else item.line.node


def _table(spot: Spot) -> CodeTable | None:
    table = spot.conversion.table if spot.conversion else None
    return table if isinstance(table, CodeTable) and not table.passing else None


def _lines(items: list[Item]) -> Iterator[BoundLine]:
    for item in items:
        if isinstance(item, Claim | Inner):
            yield item.line
        if isinstance(item, Inner):
            yield from _lines(item.items)


def _holders(items: list[Item]) -> Iterator[Row | Child]:
    for item in items:
        if isinstance(item, Row | Child):
            yield item
        elif isinstance(item, Inner):
            yield from _holders(item.items)
