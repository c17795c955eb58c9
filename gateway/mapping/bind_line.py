"""Places of a line bound to elements of the segment table and to fields of the document, with their conversions."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from gateway.canonical import Part
from gateway.grammar.model import Composite, ElementType, ElementUse, MessageTable, Node, SegmentTable
from gateway.mapping.bound import BoundLine, BoundTail, Spot
from gateway.mapping.columns import by_column
from gateway.mapping.conversions import TEXT, CodeTable, Conversion, by_types
from gateway.mapping.dtm import FORMATS
from gateway.mapping.fields import Field, field_at
from gateway.mapping.lines import Computed, Constant, Element, Hole, Line, Path, Place, Tail, dotted, mistake

_NUMBER = re.compile(r"-?[0-9.]+")

Tables = Callable[[str, str], CodeTable]
"""Gives a code table by name; the second is the line that asks. Raises MappingDefinitionError."""


class Scope(NamedTuple):
    """Where a line stands: the object that it fills, the part of it that a block names, and the document."""

    part: type[Part]
    prefix: Path
    root: type[Part]
    at_root: bool


class LineBinder:
    """Binds the lines of one mapping; numbers its places."""

    def __init__(self, message: MessageTable, tables: Tables) -> None:
        self.message = message
        self.tables = tables
        self.spots: list[Spot] = []

    def bind(self, line: Line, node: Node, scope: Scope, chooses: bool) -> BoundLine:
        """The line at ``node``. Raises MappingDefinitionError naming file and line of what does not fit."""
        if line.removes:
            raise mistake(line.where, "Only a mapping that extends another removes lines.")
        table = node.segment or self.message.segments.get(line.tag)
        if table is None:
            raise mistake(line.where, f"There is no table of segment {line.tag} in {self.message.version}.")
        line = by_column(line, table)
        spots = self._spots(line.elements, table, scope, line.where, start=1)
        tails = tuple(self._tail(tail, table, scope, len(line.elements) + 1) for tail in line.tails)
        self._check_tails(line, tails)
        if line.when:
            field_at(scope.part, scope.prefix + line.when, line.where)
        return BoundLine(
            tag=line.tag,
            node=node,
            table=table,
            where=line.where,
            spots=spots,
            length=len(line.elements),
            chooses=chooses,
            tails=tails,
            tail_start=len(line.elements) + 1,
            tail_room=_room(table, len(line.elements) + 1, tails[0].width) if tails else 0,
            when=scope.prefix + line.when if line.when else None,
        )

    def _spots(
        self, elements: tuple[Element, ...], table: SegmentTable, scope: Scope, where: str, start: int
    ) -> tuple[Spot, ...]:
        spots: list[Spot] = []
        for number, places in enumerate(elements, 1):
            for component, place in enumerate(places, 1):
                if place is not None:
                    use = _use(table, start + number - 1, where)
                    item, composite = _item(use, component, len(places), table.tag, where)
                    spot = self._spot(place, number, component, composite, item, use, scope, where)
                    spots.append(spot)
                    self.spots.append(spot)
        return tuple(spots)

    def _spot(
        self,
        place: Place,
        element: int,
        component: int,
        composite: bool,
        item: ElementType,
        use: ElementUse,
        scope: Scope,
        where: str,
    ) -> Spot:
        spot = Spot(len(self.spots) + 1, element, component, composite, place, item, where)
        if isinstance(place, Constant):
            _check_words(place, item, where)
            return spot
        if isinstance(place, Computed):
            field = field_at(scope.root, place.items, where)
            if not field.many:
                raise mistake(where, f"{dotted(place.items)} is not a list: there is nothing to count.")
            if place.value and field_at(field.type, place.value, where).type is not Decimal:
                raise mistake(where, f"{dotted(place.value)} is not a number: it has no sum.")
            return spot
        return self._hole(spot, place, use, scope)

    def _hole(self, spot: Spot, hole: Hole, use: ElementUse, scope: Scope) -> Spot:
        part = scope.root if hole.from_root else scope.part
        prefix = () if hole.from_root else scope.prefix
        paths = tuple(prefix + path for path in hole.paths)
        fields = tuple(_leaf(part, path, hole, spot.where) for path in paths)
        if len(fields) == 2 and hole.conversion != "dtm":
            raise mistake(spot.where, "Two fields share one place only by dtm.")
        return Spot(
            number=spot.number,
            element=spot.element,
            component=spot.component,
            composite=spot.composite,
            place=hole,
            item=spot.item,
            where=spot.where,
            paths=paths,
            fields=fields,
            conversion=self._conversion(spot, hole, use, fields),
            span=_span(use, spot.component) if hole.conversion == "text" else 1,
            from_root=hole.from_root and not scope.at_root,
            default=None if hole.default is None else canonical_word(fields[0], hole.default, spot.where),
        )

    def _conversion(self, spot: Spot, hole: Hole, use: ElementUse, fields: tuple[Field, ...]) -> Conversion | None:
        field, name = fields[0], hole.conversion
        if name == "dtm":
            _check_dtm(spot, hole, use, fields)
            return None
        if name == "text":
            if field.type is not str:
                raise mistake(spot.where, f"{field.name} is not a text.")
            return TEXT
        if name is not None:
            return self._table(name, field, spot.where)
        conversion = by_types(self.message.standard, spot.item.type, spot.item.most, field.type)
        if conversion is None:
            hint = "Name a code table: {" + f"{dotted(hole.paths[0])}:table" + "}"
            raise mistake(spot.where, f"There is no conversion to {field.name} ({field.type.__name__}).", hint)
        return conversion

    def _table(self, name: str, field: Field, where: str) -> Conversion:
        table = self.tables(name, where)
        for left, right in table.items():
            if type(right) is not field.type:
                raise mistake(where, f"The table {name} gives {right!r} for {left}, and {field.name} cannot hold it.")
        if table.passing and field.type is not str:
            raise mistake(where, f"The table {name} lets unknown codes pass, and {field.name} is not a text.")
        return Conversion(f"TABLE_{re.sub(r'[^0-9A-Za-z]', '_', name)}", table, table.write, coarse=table.coarse)

    def _tail(self, tail: Tail, table: SegmentTable, scope: Scope, start: int) -> BoundTail:
        part: type[Part] | None = None
        each: Path | None = None
        if tail.each is not None:
            each = scope.prefix + tail.each
            field = field_at(scope.part, each, tail.where)
            if not field.many or not field.is_part:
                raise mistake(tail.where, f"{dotted(tail.each)} is not a list of parts.")
            part = field.type
        inner = scope if part is None else Scope(part, (), scope.root, at_root=False)
        spots = self._spots(tail.elements, table, inner, tail.where, start)
        for spot in spots:
            if isinstance(spot.place, Computed) or spot.way != "plain" or spot.many or spot.from_root:
                raise mistake(tail.where, "A tail has constants and plain holes only.")
        bound = BoundTail(spots, len(tail.elements), tail.where, each, part)
        if not bound.values:
            raise mistake(tail.where, "A tail needs a hole for its value.")
        return bound

    def _check_tails(self, line: Line, tails: tuple[BoundTail, ...]) -> None:
        for tail, later in pairwise(tails):
            if tail.width != later.width:
                raise mistake(later.where, f"The tails of {line.tag} must all have the same number of elements.")
            if not tail.selection:
                raise mistake(later.where, f"This can never be reached: {tail.where} takes all that is left.")


def canonical_word(field: Field, word: str, where: str) -> Any:
    """A word of the mapping as the field's value (``or 220``, ``where kind = pallet``)."""
    if field.type is bool and word in ("true", "false"):
        return word == "true"
    try:
        if field.type in (str, int, Decimal):
            return field.type(word)
    except (ValueError, ArithmeticError):
        pass
    raise mistake(where, f"{field.name} ({field.type.__name__}) cannot be {word}.")


def _check_words(constant: Constant, item: ElementType, where: str) -> None:
    """Constants that no document can show are mistakes: too long, letters where digits belong, a code that is none."""
    if item.codes is not None and constant.words[0] not in item.codes:
        raise mistake(where, f"{constant.words[0]} is written, and it is not one of the codes of {item.reference}.")
    for word in constant.words:
        if len(word) > item.most:
            raise mistake(where, f"{item.reference} holds {item.most} characters: {word} does not fit.")
        if (item.type[0] in "NR" or item.type in ("n", "DT", "TM")) and not _NUMBER.fullmatch(word):
            raise mistake(
                where, f"{item.reference} holds numbers, and {word} is none.", "Is a place missing before it?"
            )


def _leaf(part: type[Part], path: Path, hole: Hole, where: str) -> Field:
    field = field_at(part, path, where)
    if field.is_part:
        block = f"each {dotted(path)}:" if field.many else f"{dotted(path)}.…"
        raise mistake(where, f"{dotted(path)} is a {field.type.__name__}, not a value.", f"Write {block}")
    if field.many != hole.many:
        says = f"{{{dotted(path)}[]}}" if field.many else f"{{{dotted(path)}}}"
        raise mistake(where, f"{dotted(path)} is {'a list' if field.many else 'no list'}.", f"Write {says}.")
    return field


def _use(table: SegmentTable, element: int, where: str) -> ElementUse:
    if element > len(table.elements):
        raise mistake(where, f"{table.tag} has {len(table.elements)} elements: there is no element {element}.")
    return table.elements[element - 1]


def _item(use: ElementUse, component: int, written: int, tag: str, where: str) -> tuple[ElementType, bool]:
    """The simple element at a place, and whether it is a component."""
    item = use.item
    if isinstance(item, Composite):
        if component > len(item.components):
            most = len(item.components)
            raise mistake(where, f"Element {use.position} of {tag} has {most} components: there is no {component}.")
        return item.components[component - 1].element, True
    if written > 1:
        raise mistake(where, f"Element {use.position} of {tag} ({item.reference}) has no components.")
    return item, False


def _span(use: ElementUse, component: int) -> int:
    """How many components from this one on carry the same data element: the room for a text."""
    if not isinstance(use.item, Composite):
        return 1
    rest = use.item.components[component - 1 :]
    count = 0
    for other in rest:
        if other.element.reference != rest[0].element.reference:
            break
        count += 1
    return count


def _check_dtm(spot: Spot, hole: Hole, use: ElementUse, fields: tuple[Field, ...]) -> None:
    types = tuple(field.type for field in fields)
    if types not in ((date,), (date, time), (date, date)):
        raise mistake(spot.where, "dtm fills a date, a date and a time, or two dates.")
    if not isinstance(use.item, Composite) or spot.component >= len(use.item.components):
        raise mistake(spot.where, "dtm needs a composite with a place for the format behind the value.")
    if len(hole.arguments) > len(fields):
        raise mistake(spot.where, f"dtm of {len(fields)} fields names {len(fields)} formats at most.")
    for code in hole.arguments:
        if code not in FORMATS:
            raise mistake(
                spot.where, f"dtm does not know format {code}.", f"It knows {', '.join(filter(None, FORMATS))}."
            )


def _room(table: SegmentTable, start: int, width: int) -> int:
    """How often a group of ``width`` elements stands in the segment table from ``start`` on."""
    references = [use.item.reference for use in table.elements[start - 1 :]]
    first = references[:width]
    count = 0
    while references[count * width : (count + 1) * width] == first:
        count += 1
    return count
