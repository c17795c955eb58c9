"""A message table as a result, and as a tree for people."""

from __future__ import annotations

from collections.abc import Iterable
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
    Column("codes", "codes", right=True),
)


def record_of(message: MessageTable, segments: Iterable[str]) -> dict[str, Any]:
    """The tree, and the tables of these segments."""
    return {
        "standard": message.standard,
        "version": message.version,
        "type": message.type,
        "name": message.name,
        "functional_group": message.functional_group,
        "source": message.source,
        "digest": message.digest,
        "items": [_node(child, message) for child in message.root.children or ()],
        "segments": {tag: _segment(message.segments[tag]) for tag in segments},
    }


def show_schema(record: Record) -> RenderableType:
    """The record for people."""
    from rich.console import Group
    from rich.tree import Tree

    title = " ".join(filter(None, (record["standard"], record["version"], record["type"], record["name"])))
    top = Tree(plain(title, "bold"))
    for item in record["items"]:
        _grow(top, item)
    parts: list[RenderableType] = [top]
    for tag, segment in record["segments"].items():
        rows = [row for place in segment["elements"] for row in _rows(place)]
        parts += ["", plain(f"{tag} {segment['name']}", "bold"), table(rows, _ELEMENTS)]
        if segment["conditions"]:
            parts.append(plain("conditions " + " ".join(segment["conditions"])))
    return Group(*parts)


def _node(node: Node, message: MessageTable) -> dict[str, Any]:
    found: dict[str, Any] = {"loop" if node.is_loop else "segment": node.name}
    if not node.is_loop:
        found["name"] = message.segments[node.tag].name
    found |= {"mandatory": node.mandatory, "most": _most(node.most)}
    if node.is_loop:
        found["items"] = [_node(child, message) for child in node.children or ()]
    return found


def _segment(segment: SegmentTable) -> dict[str, Any]:
    return {
        "name": segment.name,
        "elements": [_place(use) for use in segment.elements],
        "conditions": [str(condition) for condition in segment.conditions],
    }


def _place(use: ElementUse | Component) -> dict[str, Any]:
    """One place of a segment or of a composite."""
    from gateway.grammar import Component, Composite

    item = use.element if isinstance(use, Component) else use.item
    found = {
        "position": use.position,
        "reference": item.reference,
        "name": item.name,
        "mandatory": use.mandatory,
        "repeats": use.repeats,
    }
    if isinstance(item, Composite):
        return found | {"components": [_place(part) for part in item.components]}
    codes = {"codes": len(item.codes)} if item.codes is not None else {}
    return found | {"type": item.type, "least": item.least, "most": item.most, **codes}


def _most(most: int) -> int | None:
    from gateway.grammar import UNBOUNDED

    return None if most >= UNBOUNDED else most


def _grow(tree: Tree, item: Record) -> None:
    status = "M" if item["mandatory"] else "O"
    most = "any number" if item["most"] is None else item["most"]
    if "loop" in item:
        branch = tree.add(plain(f"loop {item['loop']}", "cyan").append(f"  {status} {most}", "dim"))
        for child in item["items"]:
            _grow(branch, child)
    else:
        tree.add(plain(item["segment"], "bold").append(f"  {status} {most}", "dim").append(f"  {item['name']}"))


def _rows(place: Record, before: str = "") -> list[dict[str, Any]]:
    here = f"{before}{place['position']:02d}"
    row = {"place": here, "status": "M" if place["mandatory"] else "O", **place}
    row["repeats"] = place["repeats"] if place["repeats"] > 1 else None
    if "type" in place:
        row["length"] = place["most"] if place["least"] == place["most"] else f"{place['least']}..{place['most']}"
    return [row, *(part for inner in place.get("components", ()) for part in _rows(inner, f"{here}-"))]
