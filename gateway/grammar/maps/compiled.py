"""A map of pyx12 as the tree of places that a message has.

Wrapper loops (HEADER, DETAIL, FOOTER) only gather what stands in one table of the guide: what they hold stands in the
loop around them. A loop keeps its name (``2010AA``); its first segment starts it. Where several places of a message
take segments of one tag, a qualifier tells them apart, at the element where guides have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gateway.core.errors import SchemaError
from gateway.grammar.maps import xml
from gateway.grammar.maps.segments import Segments, loosened
from gateway.grammar.maps.shared import Shared
from gateway.grammar.maps.xml import Element
from gateway.grammar.model import Composite, Node, SegmentTable, Selector


class Compiled(NamedTuple):
    """``segments``: of each tag the first that the map has, without what only its place asks for."""

    name: str
    root: Node
    segments: dict[str, SegmentTable]


def compiled(file: str, data: bytes, shared: Shared) -> Compiled:
    """Everything between ST and SE of a map. Raises SchemaError."""
    transaction = xml.parsed(file, data)
    top = next((loop for loop in transaction.iter("loop") if loop.get("xid") == "ST_LOOP"), None)
    if top is None:
        raise SchemaError("This map has no loop ST_LOOP.", file=file)
    segments = Segments(file, shared)
    root = Node("ST", True, 1, 0, top.get("xid") or "")
    root.children = tuple(_nodes(root, _ordered(top, ("ST", "SE")), segments))
    if not root.children:
        raise SchemaError("This map has no segments.", file=file)
    _select(root)
    tables: dict[str, SegmentTable] = {}
    for node in root.walk():
        if node.segment is not None:
            tables.setdefault(node.tag, loosened(node.segment))
    return Compiled(xml.text(transaction, "name"), root, tables)


def _ordered(loop: Element, without: tuple[str, ...] = ()) -> Iterator[Element]:
    """Its segments and loops by their positions, those of its wrappers among them; empty loops are no places."""
    items = [item for item in loop.iterchildren("segment", "loop") if item.get("xid") not in without]
    for item in sorted(items, key=lambda item: (xml.number(item, "pos"), item.tag == "loop")):
        if item.get("type") == "wrapper":
            yield from _ordered(item)
        elif item.tag == "segment" or item.find("segment") is not None:
            yield item


def _nodes(parent: Node, items: Iterable[Element], segments: Segments) -> Iterator[Node]:
    for position, item in enumerate(items):
        yield (
            _segment(parent, position, item, segments)
            if item.tag == "segment"
            else _loop(parent, position, item, segments)
        )


def _segment(parent: Node, position: int, item: Element, segments: Segments) -> Node:
    table = segments.table(item)
    usage, most = xml.text(item, "usage"), xml.count(item, "max_use")
    return Node(table.tag, usage == "R", most if usage != "N" else 0, position, table.tag, None, parent, segment=table)


def _loop(parent: Node, position: int, item: Element, segments: Segments) -> Node:
    """A segment that starts a loop and may repeat starts the loop again each time."""
    usage, most = xml.text(item, "usage"), xml.count(item, "repeat")
    node = Node("", usage == "R", most, position, item.get("xid") or "", None, parent)
    node.children = tuple(_nodes(node, _ordered(item), segments))
    first = node.children[0]
    if first.is_loop:
        raise SchemaError(f"Loop {node.name} does not start with a segment.", file=segments.file)
    node.tag, node.most = first.tag, max(most, first.most) if usage != "N" else 0
    first.mandatory, first.most = True, 1
    return node


def _select(root: Node) -> None:
    """Gives the places of a tag their selectors, unless all would select the same."""
    places: dict[str, list[Node]] = {}
    for node in root.walk():
        if not node.is_loop and node.parent is not None:
            places.setdefault(node.tag, []).append(node)
    for same in places.values():
        found = [_selector(node.segment) for node in same if node.segment is not None]
        if len(set(found)) < 2:
            continue
        for node, selector in zip(same, found):
            if selector is not None:
                node.selects = (selector,)


def _selector(table: SegmentTable) -> Selector | None:
    """Where guides qualify a segment: in its first element or that one's first component; ENT in the second, HL in
    the third."""
    position = {"ENT": 2, "HL": 3}.get(table.tag, 1)
    if len(table.elements) < position:
        return None
    use = table.elements[position - 1]
    if isinstance(use.item, Composite):
        first = use.item.components[0].element
        return Selector(position, 1, first.codes) if first.codes and not first.advisory else None
    qualifies = use.item.type == "ID" and (use.mandatory or position > 1) and not use.item.advisory
    return Selector(position, 0, use.item.codes) if use.item.codes and qualifies else None
