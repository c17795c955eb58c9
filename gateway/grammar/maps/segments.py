"""The segments of a map, each as it is at its place."""

from __future__ import annotations

from msgspec.structs import replace

from gateway.core.errors import SchemaError
from gateway.grammar.maps import xml
from gateway.grammar.maps.shared import Shared
from gateway.grammar.maps.xml import Element
from gateway.grammar.model import Component, Composite, Condition, ElementType, ElementUse, SegmentTable
from gateway.grammar.notation import condition

_MOST = 99  # elements of a segment
_FORBIDDEN = ElementType("", "not used", "AN", 1, 1)


class Segments:
    """Tables of one map; equal ones are one object, so that they are compiled once."""

    def __init__(self, file: str, shared: Shared) -> None:
        self.file = file
        self._shared = shared
        self._known: dict[SegmentTable, SegmentTable] = {}
        self._elements: dict[ElementType, ElementType] = {}

    def table(self, item: Element) -> SegmentTable:
        """The table of a ``segment``. Raises SchemaError."""
        tag = item.get("xid") or ""
        uses = {xml.number(use, "seq"): use for use in item.iterchildren("element", "composite")}
        if not tag or not all(0 < place <= _MOST for place in uses):
            raise SchemaError(f"Segment {tag} has no tag or more than {_MOST} elements.", file=self.file)
        places = tuple(self._use(position, uses.get(position)) for position in range(1, max(uses, default=0) + 1))
        found = SegmentTable(tag, xml.text(item, "name"), places, _conditions(item, len(places)))
        return self._known.setdefault(found, found)

    def _use(self, position: int, item: Element | None) -> ElementUse:
        """A place; one that the map leaves out is not used."""
        if item is None:
            return ElementUse(position, _FORBIDDEN, False, 0)
        usage = xml.text(item, "usage")
        most = 0 if usage == "N" else xml.number(item, "repeat") if xml.text(item, "repeat") else 1
        if not most and item.tag == "composite" and item.find("element") is None:  # what is not used has no parts
            return ElementUse(position, _FORBIDDEN, False, 0)
        made = self._composite(item) if item.tag == "composite" else self._element(item)
        return ElementUse(position, made, usage == "R", most)

    def _composite(self, item: Element) -> Composite:
        parts: list[Component] = []
        for part in sorted(item.iterchildren("element"), key=lambda part: xml.number(part, "seq")):
            usage = xml.text(part, "usage")
            parts.append(Component(len(parts) + 1, self._element(part), usage == "R", int(usage != "N")))
        if not parts:
            raise SchemaError(f"Composite {item.get('xid')} is empty.", file=self.file)
        return Composite(
            xml.text(item, "data_ele"), xml.text(item, "name"), tuple(parts), _conditions(item, len(parts))
        )

    def _element(self, item: Element) -> ElementType:
        reference = xml.text(item, "data_ele")
        known = self._shared.elements.get(reference)
        if known is None:
            raise SchemaError(f"Data element {reference} of {item.get('xid')} is not described.", file=self.file)
        codes, advisory = self._codes(item)
        name = xml.text(item, "name") or known.name
        kind = "ID" if codes and known.type != "AN" else known.type
        found = ElementType(reference, name, kind, known.least, known.most, codes, advisory)
        return self._elements.setdefault(found, found)

    def _codes(self, item: Element) -> tuple[frozenset[str] | None, bool]:
        """The values of a coded element, with those of an outside list; and whether there is such a list."""
        listed = item.find("valid_codes")
        if listed is None:
            return None, False
        own = frozenset(code.text for code in listed.iterchildren("code") if code.text)
        outside = listed.get("external")
        if outside is None:
            return own or None, False
        if outside not in self._shared.codes:
            raise SchemaError(f"There is no code list {outside}.", file=self.file)
        return own | self._shared.codes[outside], True


def _conditions(item: Element, places: int) -> tuple[Condition, ...]:
    """Relational conditions between places that there are."""
    found = []
    for text in (line.text or "" for line in item.iterchildren("syntax")):
        said = condition(text.strip())
        if said is not None and all(0 < number <= places for number in said.positions):
            found.append(said)
    return tuple(found)


def loosened(table: SegmentTable) -> SegmentTable:
    """The segment without the codes, obligations and bans of a place: for one that fits no place."""
    uses = [
        replace(use, item=_loosened(use.item), mandatory=False, repeats=max(use.repeats, 1)) for use in table.elements
    ]
    return replace(table, elements=tuple(uses))


def _loosened(item: ElementType | Composite) -> ElementType | Composite:
    if isinstance(item, ElementType):
        return replace(item, codes=None, advisory=False)
    parts = (
        replace(part, element=replace(part.element, codes=None, advisory=False), mandatory=False, repeats=1)
        for part in item.components
    )
    return replace(item, components=tuple(parts))
