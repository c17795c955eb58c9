"""A message table as a result, and as a tree for people; what a guide changed is marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from gateway.cli.output import Column, Record, plain, table

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.tree import Tree

    from gateway.grammar import Component, ElementUse, MessageTable, Node, SegmentTable

_ELEMENTS = (
    Column("", "place"),
    Column("element", "reference"),
    Column("name", "name"),
    Column("", "status"),
    Column("repeats", "repeats", right=True),
    Column("type", "type"),
    Column("length", "length", right=True),
    Column("codes", "codes"),
)
_LISTED = 12  # values that are shown one by one
_CHANGED = "bold yellow"

Words = Callable[[str], Mapping[str, str]]


class SchemaRecord:
    """Makes the record of a message. ``words``: of a reference, what its values mean; ``standard``: the message without
    the guide, where it has one."""

    def __init__(self, message: MessageTable, words: Words, standard: MessageTable | None = None) -> None:
        self._message = message
        self._words = words
        self._standard = standard if standard is not None and message.guide else None

    def record(self, segments: Iterable[str], *, full: bool = False) -> dict[str, Any]:
        """The tree, and the tables of these segments. ``full``: each place with all its elements, not only with those
        that a guide changed."""
        message, wanted = self._message, list(segments)
        return {
            "standard": message.standard,
            "version": message.version,
            "type": message.type,
            "name": message.name,
            "functional_group": message.functional_group,
            "source": message.source,
            "guide": message.guide,
            "digest": message.digest,
            "items": [self._node(child, full) for child in message.root.children or ()],
            "segments": {tag: self._segment(message.segments[tag]) for tag in wanted},
            "places": [self._own(node) for node in message.root.walk() if node.segment and node.tag in wanted],
        }

    def _node(self, node: Node, full: bool) -> dict[str, Any]:
        found: dict[str, Any] = {"loop" if node.is_loop else "segment": node.name}
        if not node.is_loop:
            found["name"] = self._table(node).name
        found |= {"mandatory": node.mandatory, "most": _most(node.most)}
        if node.selects and node.place is node:
            found["where"] = self._where(node)
        first = _origin(node)
        if first is not node and (first.mandatory, first.most) != (node.mandatory, node.most):
            found["standard"] = {"mandatory": first.mandatory, "most": _most(first.most)}
        if node.is_loop:
            found["items"] = [self._node(child, full) for child in node.children or ()]
        elif full or self._standard is not None:
            elements = self._elements(node)
            found |= {"elements": elements if full else [one for one in elements if one.get("changed")]}
        if full and not node.is_loop:
            found["conditions"] = [str(condition) for condition in self._table(node).conditions]
        return found

    def _own(self, node: Node) -> dict[str, Any]:
        """The segment at a place that has a table of its own."""
        where = {"where": self._where(node)} if node.selectors else {}
        return {"segment": node.tag, "loop": node.path or None, **where, **self._segment(self._table(node))}

    def _where(self, node: Node) -> list[dict[str, Any]]:
        table = self._table(node.first)
        return [
            {
                "place": f"{table.tag}{one.position:02d}" + (f"-{one.component:02d}" if one.component else ""),
                "codes": sorted(one.codes),
            }
            for one in node.selectors
        ]

    def _table(self, node: Node) -> SegmentTable:
        return node.segment or self._message.segments[node.tag]

    def _segment(self, segment: SegmentTable) -> dict[str, Any]:
        return {
            "name": segment.name,
            "elements": [self._place(use) for use in segment.elements],
            "conditions": [str(condition) for condition in segment.conditions],
        }

    def _elements(self, node: Node) -> list[dict[str, Any]]:
        """The elements at a place; those that the guide changed say so."""
        first, standard = _origin(node), self._standard
        before = first.segment or (standard.segments[node.tag] if standard is not None else self._table(node))
        return [self._place(use, old) for use, old in zip(self._table(node).elements, before.elements)]

    def _place(self, use: ElementUse | Component, old: ElementUse | Component | None = None) -> dict[str, Any]:
        """One place of a segment or of a composite."""
        item, before = _item(use), _item(old) if old is not None else None
        found: dict[str, Any] = {
            "position": use.position,
            "reference": item.reference,
            "name": item.name,
            "mandatory": use.mandatory,
            "repeats": use.repeats,
        }
        if old is not None and use != old:
            found["changed"] = True
        parts = getattr(item, "components", None)
        if parts is not None:
            olds = getattr(before, "components", parts)
            return found | {"components": [self._place(part, one) for part, one in zip(parts, olds)]}
        found |= {"type": item.type, "least": item.least, "most": item.most}
        if item.codes is not None:
            found["codes"] = len(item.codes)
            if len(item.codes) <= _LISTED:
                words = self._words(item.reference)
                found["values"] = {code: words.get(code, "") for code in sorted(item.codes)}
        return found


def show_schema(record: Record) -> RenderableType:
    """The record for people."""
    from rich.console import Group
    from rich.tree import Tree

    title = " ".join(filter(None, (record["standard"], record["version"], record["type"], record["name"])))
    top = Tree(plain(title, "bold"))
    if record["guide"]:
        top.label = plain(title, "bold").append(f"  guide {record['guide']}", _CHANGED)
    for item in record["items"]:
        _grow(top, item)
    parts: list[RenderableType] = [top]
    own = {place["segment"] for place in record["places"]}
    shown = [(tag, one) for tag, one in record["segments"].items() if tag not in own]
    shown += [(place_title(place), place) for place in record["places"]]
    for heading, segment in shown:
        rows = [row for place in segment["elements"] for row in element_rows(place)]
        parts += ["", plain(f"{heading} {segment['name']}", "bold"), table(rows, _ELEMENTS)]
        if segment["conditions"]:
            parts.append(plain("conditions " + " ".join(segment["conditions"])))
    return Group(*parts)


def place_title(place: Record) -> str:
    """``REF in PO1 where REF01 is DP``."""
    return " ".join(filter(None, (place["segment"], f"in {place['loop']}" if place["loop"] else "", where_of(place))))


def where_of(item: Record) -> str:
    """``where REF01 is DP``."""
    said = [f"{one['place']} is {', '.join(one['codes'])}" for one in item.get("where", ())]
    return f"where {' and '.join(said)}" if said else ""


def use_of(item: Record) -> str:
    """``M 1``, ``O any number``, ``not used``."""
    if item["most"] == 0:
        return "not used"
    return f"{'M' if item['mandatory'] else 'O'} {'any number' if item['most'] is None else item['most']}"


def element_rows(place: Record, before: str = "") -> list[dict[str, Any]]:
    """An element as a row, and its components as further ones."""
    here = f"{before}{place['position']:02d}"
    row = {"place": here, "status": "M" if place["mandatory"] else "O" if place["repeats"] else "not used", **place}
    row["repeats"] = place["repeats"] if place["repeats"] > 1 else None
    if "type" in place:
        row["length"] = place["most"] if place["least"] == place["most"] else f"{place['least']}..{place['most']}"
        row["codes"] = values_of(place)
    return [row, *(part for inner in place.get("components", ()) for part in element_rows(inner, f"{here}-"))]


def values_of(place: Record) -> str | None:
    """``SA Stand-alone order, NE New order``, or how many."""
    if "values" in place:
        return ", ".join(f"{code} {words}".strip() for code, words in place["values"].items())
    return str(place["codes"]) if "codes" in place else None


def _grow(tree: Tree, item: Record) -> None:
    name = f"loop {item['loop']}" if "loop" in item else item["segment"]
    label = plain(name, "cyan" if "loop" in item else "bold")
    if where := where_of(item):
        label.append(f" {where}", _CHANGED)
    label.append(f"  {use_of(item)}", _CHANGED if "standard" in item else "dim")
    if "standard" in item:
        label.append(f"  (standard: {use_of(item['standard'])})", "dim")
    if "loop" not in item:
        label.append(f"  {item['name']}")
    branch = tree.add(label)
    for place in item.get("elements", ()):
        for row in element_rows(place):
            if row.get("changed") and "components" not in row:
                branch.add(_element(row))
    for child in item.get("items", ()):
        _grow(branch, child)


def _element(row: Record) -> RenderableType:
    length = f"  {row['length']}" if row.get("length") else ""
    label = plain(f"{row['place']}  {row['status']}{length}", _CHANGED).append(f"  {row['name']}")
    return label.append(f": {row['codes']}") if row.get("codes") else label


def _origin(node: Node) -> Node:
    """The place of the standard that a guide made this one of."""
    while node.base is not None:
        node = node.base
    return node


def _item(use: ElementUse | Component) -> Any:
    from gateway.grammar import Component

    return use.element if isinstance(use, Component) else use.item


def _most(most: int) -> int | None:
    from gateway.grammar import UNBOUNDED

    return None if most >= UNBOUNDED else most
