"""A guide applied to a message: the tree of places with each line's narrowing, and where it came from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from gateway.grammar import narrowing, notation
from gateway.grammar.guides import Guide, Row
from gateway.grammar.model import UNBOUNDED, MessageTable, Node, SegmentTable, Selector
from gateway.grammar.notation import Line


def narrowed(message: MessageTable, guide: Guide, name: str, text: str) -> MessageTable:
    """The message as a guide has it. Raises SchemaError naming the line that does not fit, or that would widen."""
    tags = sorted({node.tag for node in message.root.walk() if node.parent is not None})
    usual = {tag: message.segments[tag] for tag in tags}
    tables = _general(message, guide, usual)
    segments = {tag: tables[id(table)] for tag, table in usual.items()}
    root = _Tree(segments, tables).root(message.root, guide.messages.get(message.type))
    digest = hashlib.sha256(f"{message.digest}\0{name}\0{text}".encode()).hexdigest()
    return msgspec.structs.replace(message, root=root, segments=segments, digest=digest, guide=name)


def _general(message: MessageTable, guide: Guide, usual: Mapping[str, SegmentTable]) -> dict[int, SegmentTable]:
    """What holds wherever an element or a segment stands: by the identity of the table that it narrows."""
    found = {id(table): table for table in usual.values()}
    found |= {id(node.segment): node.segment for node in message.root.walk() if node.segment is not None}
    for row in guide.segments:
        row.line.at_most(2)
        if row.line.words[1] not in usual and row.line.words[1] not in message.tags:
            raise row.line.error(f"There is no segment {row.line.words[1]} in {message.version}.")
    for key, table in found.items():
        made = narrowing.everywhere(table, guide.elements)
        for row in guide.segments:
            if row.line.words[1] == table.tag:
                made = narrowing.segment(made, row.rows)
        found[key] = made
    return found


class _Said(NamedTuple):
    """The words of a line that names a place. ``others``: it is for what no ``where`` takes."""

    row: Row
    loop: bool
    name: str
    use: str
    most: int | None
    where: tuple[str, ...]
    others: bool

    @property
    def line(self) -> Line:
        return self.row.line


class _Tree:
    def __init__(self, segments: dict[str, SegmentTable], tables: dict[int, SegmentTable]) -> None:
        self._segments = segments
        self._tables = tables

    def root(self, root: Node, row: Row | None) -> Node:
        made = Node(root.tag, root.mandatory, root.most, 0, root.name, base=root)
        self._fill(made, root.children or (), row.rows if row is not None else [])
        return made

    def _fill(self, loop: Node, places: Sequence[Node], rows: Sequence[Row], trigger: bool = False) -> None:
        """Gives a loop its places, each narrowed by the lines that name it."""
        said: dict[int, list[_Said]] = {}
        at = -1
        for one in (one for row in rows for one in _each(row, places)):
            place = self._named(places, one, at, said, loop)
            at = place.position
            said.setdefault(id(place), []).append(one)
        found: list[Node] = []
        for number, place in enumerate(places):
            for node in self._places(place, said.get(id(place), []), fixed=trigger and not number):
                node.position, node.parent = len(found), loop
                found.append(node)
        loop.children = tuple(found)

    def _named(self, places: Sequence[Node], one: _Said, at: int, said: dict[int, list[_Said]], loop: Node) -> Node:
        """The place that a line names: the nearest behind the line before it, and the same again for ``where``."""
        found = [place for place in places if place.is_loop == one.loop and place.name == one.name]
        if not found:
            there = ", ".join(dict.fromkeys(f"loop {p.name}" if p.is_loop else p.tag for p in places))
            where = f"in the loop {loop.name}" if loop.base and loop.base.parent else "at the top of the message"
            what = f"loop {one.name}" if one.loop else one.name
            raise one.line.error(f"There is no {what} {where}. There are: {there}.")
        if one.where and any(place.selectors for place in found):
            found = [place for place in found if self._takes(place, one)] or found
        split = bool(one.where) or one.others
        free = [place for place in found if split or id(place) not in said]
        near = [place for place in free if place.position >= at]
        if not free:
            raise one.line.error(f"{one.name} stands here twice: say which by where, or others.")
        return (near or free)[0]

    def _takes(self, place: Node, one: _Said) -> bool:
        """Whether a place that selects takes all that a line's ``where`` names."""
        wanted = {selector[:2]: selector.codes for selector in self._selectors(place, one)}
        return all(wanted.get(mine[:2], frozenset({""})) <= mine.codes for mine in place.selectors)

    def _places(self, place: Node, said: Sequence[_Said], fixed: bool) -> list[Node]:
        """One place of the table below as those that the lines make of it."""
        if not any(one.where or one.others for one in said) or self._is_all(place, said):
            return [self._one(place, said[0] if said else None, fixed)]
        plain = next((one for one in said if not one.where and not one.others), None)
        if plain is not None:
            raise plain.line.error(f"Other lines split {plain.name} by where: say others.")
        made, room = [], place.most
        for one in sorted(said, key=lambda one: one.others):
            node = self._alternative(place, one, room)
            room -= node.most if place.most < UNBOUNDED else 0
            made.append(node)
        if not any(one.others for one in said) and room > 0:
            made.append(self._copy(place, False, room, place.selects, None, []))
        elif said and made[-1].most == 0 and any(one.others and one.use == "none" for one in said):
            made.pop()
        if place.mandatory and not any(node.mandatory for node in made):
            raise said[0].line.error(f"{place.name} is mandatory in the standard: one of these lines must be M.")
        return made

    def _is_all(self, place: Node, said: Sequence[_Said]) -> bool:
        """Whether the one line names just what the place selects already."""
        if len(said) > 1 or not place.selectors or not said[0].where:
            return False
        return set(self._selectors(place, said[0])) == set(place.selectors)

    def _alternative(self, place: Node, one: _Said, room: int) -> Node:
        """The part of a place that a ``where`` or ``others`` takes. ``room``: how many its count leaves."""
        usual = room if one.others else min(1, room)
        most = 0 if one.use == "none" else usual if one.most is None else one.most
        if most > room or (one.use == "M" and not most):
            raise one.line.error(f"{place.name} stands {place.most} times in the standard: these lines allow more.")
        selects = () if one.others else self._selectors(place, one)
        kept = tuple(mine for mine in place.selectors if mine[:2] not in [new[:2] for new in selects])
        return self._copy(place, one.use == "M", most, (*selects, *kept), one, selects)

    def _one(self, place: Node, one: _Said | None, fixed: bool) -> Node:
        """A place that is not split."""
        if one is None:
            return self._copy(place, place.mandatory, place.most, place.selects, None, [])
        if fixed and (one.use or one.most is not None):
            raise one.line.error(f"{one.name} starts the loop: say at the loop whether it is used, and how often.")
        if place.mandatory and one.use in ("O", "none"):
            raise one.line.error(f"{one.name} is mandatory in the standard: a guide cannot make it less.")
        most = place.most if one.most is None else one.most
        if most > place.most or (one.use == "M" and not place.most):
            raise one.line.error(f"{one.name} stands {_times(place.most)} in the standard: a guide cannot allow more.")
        mandatory = place.mandatory or one.use == "M"
        return self._copy(place, mandatory, 0 if one.use == "none" else most, place.selects, one, [])

    def _copy(
        self,
        place: Node,
        mandatory: bool,
        most: int,
        selects: tuple[Selector, ...],
        one: _Said | None,
        chosen: Sequence[Selector],
    ) -> Node:
        """A place with what stands below it, narrowed by the lines nested below its own."""
        made = Node(place.tag, mandatory, most, 0, place.name, selects=selects, base=place)
        rows = one.row.rows if one is not None else []
        if place.children is None:
            made.segment = self._segment(place, chosen, one, rows)
            return made
        self._fill(made, place.children, rows, trigger=True)
        assert made.children is not None
        trigger = made.children[0]
        trigger.selects = made.selectors
        if chosen and one is not None:
            trigger.segment = narrowing.selected(self._table(trigger), chosen, one.line)
        return made

    def _segment(
        self, place: Node, chosen: Sequence[Selector], one: _Said | None, rows: Sequence[Row]
    ) -> SegmentTable | None:
        """The table of the segment at a place; None where it is the usual one."""
        own = self._tables[id(place.segment)] if place.segment is not None else None
        if one is None or not (chosen or rows):
            return own
        return narrowing.segment(narrowing.selected(self._table(place), chosen, one.line), rows)

    def _table(self, place: Node) -> SegmentTable:
        """The segment at a place, with what the guide says of it everywhere."""
        own = place.first.segment
        return self._segments[place.tag] if own is None else self._tables.get(id(own), own)

    def _selectors(self, place: Node, one: _Said) -> tuple[Selector, ...]:
        table, words, found = self._table(place), list(one.where), []
        while words:
            end = words.index("and") if "and" in words else len(words)
            part, words = words[:end], words[end + 1 :]
            if len(part) < 3 or part[1] != "is":
                raise one.line.error('A choice is written "where 01 is CODE …", further ones behind "and".')
            position, component = narrowing.place_of(table, one.line, part[0])
            found.append(Selector(position, component, frozenset(part[2:])))
        narrowing.selected(table, found, one.line)  # raises where a code is none of the element
        return tuple(found)


def _each(row: Row, places: Sequence[Node]) -> list[_Said]:
    """What a line says of each place that it names."""
    line = row.line
    if line.words[0] != "none":
        return [_said(row)]
    loops = {place.name for place in places if place.is_loop}
    if len(line.words) < 2 or row.rows:
        raise line.error("What is not used is written none NAME NAME …")
    return [_Said(row, name in loops, name, "none", None, (), False) for name in line.words[1:]]


def _said(row: Row) -> _Said:
    """The words of a line that names a place."""
    line, words = row.line, list(row.line.words)
    where: list[str] = []
    if "where" in words:
        at = words.index("where")
        words, where = words[:at], words[at + 1 :]
        if not where:
            raise line.error('A choice is written "where 01 is CODE …".')
    loop = words[0] == "loop"
    name = line.word(1, "The name of the loop") if loop else words[0]
    rest = words[2:] if loop else words[1:]
    others = rest[:1] == ["others"]
    rest = rest[1:] if others else rest
    use = rest.pop(0) if rest and rest[0] in ("M", "O", "none") else ""
    most = notation.count(line, line.words.index(rest[0], 1)) if rest else None
    if len(rest) > 1 or (where and others) or (use == "none" and (rest or row.rows)):
        raise line.error("A place is written [loop] NAME [others] [M | O | none] [COUNT] [where …].")
    return _Said(row, loop, name, use, most, tuple(where), others)


def _times(most: int) -> str:
    return "once" if most == 1 else f"{most} times"
