"""Generated source: indentation, names, and the constants that the code refers to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gateway.grammar.model import Node
from gateway.mapping.bind import inside
from gateway.mapping.bound import Spot, Words
from gateway.mapping.conversions import CodeTable
from gateway.mapping.lines import Path

Inside = dict[str, "Inside | None"]
"""What may follow in a loop, by tag: None for a segment, the same again for a loop."""

#: Segments around a bounded loop.
_BEGIN, _END = "LS", "LE"


class Code:
    """Lines of Python being written. Calling it adds a line at the present depth."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.depth = 0

    def __call__(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    @contextmanager
    def block(self, header: str) -> Iterator[None]:
        """A header and the lines below it."""
        self(header)
        self.depth += 1
        yield
        self.depth -= 1

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


class Constants:
    """The objects that generated code knows by name."""

    def __init__(self, spots: list[Spot]) -> None:
        self.values: dict[str, Any] = {}
        self._loops: dict[int, int] = {}
        for spot in spots:
            self.values[spot.name] = spot
            if spot.conversion is not None and spot.conversion.table is not None:
                self.values[spot.conversion.name] = spot.conversion.table

    def type(self, part: type[Any]) -> str:
        """The name of a part's class."""
        self.values[part.__name__] = part
        return part.__name__

    def inside(self, loop: Node) -> str:
        """The name of the tags that belong to a loop."""
        name = f"INSIDE_{self._number(loop)}"
        self.values[name] = tags_inside(loop)
        return name

    def outside(self, loop: Node) -> str:
        """The name of the tags that end a loop: what its surroundings take, and itself does not."""
        name = f"OUTSIDE_{self._number(loop)}"
        tags: set[str] = set()
        around = loop.parent
        while around is not None:
            tags |= {node.tag for node in inside(around)}
            around = around.parent
        self.values[name] = frozenset(tags - tags_inside(loop).keys())
        return name

    def places(self, loop: Node) -> str:
        """The name of the places of the tags that stand at one place of a loop only."""
        name = f"PLACES_{self._number(loop)}"
        twice = ambiguous(loop)
        self.values[name] = {mates[0].tag: mates[0].position for mates in positions(loop) if mates[0].tag not in twice}
        return name

    def _number(self, loop: Node) -> int:
        return self._loops.setdefault(id(loop), len(self._loops) + 1)


def tags_inside(loop: Node) -> Inside:
    """What may follow a loop's trigger. What is bounded by LS and LE (X12.6, 3.10.3) stands behind its LS only: a
    loop of the same tag may follow outside."""
    found: Inside = {}
    bounded: Inside | None = None
    for node in inside(loop):
        if node.tag == _BEGIN:
            found[_BEGIN] = bounded = {}
        elif node.tag == _END and bounded is not None:
            bounded[_END], bounded = None, None
        else:
            place = found if bounded is None else bounded
            if node.children is None:
                place.setdefault(node.tag, None)
            else:
                place[node.tag] = {**(place.get(node.tag) or {}), **tags_inside(node)}
    return found


def ambiguous(loop: Node) -> set[str]:
    """Tags that stand at several positions of one loop: only the order tells which is meant."""
    tags = [mates[0].tag for mates in positions(loop)]
    return {tag for tag in tags if tags.count(tag) > 1}


def positions(loop: Node) -> list[tuple[Node, ...]]:
    """What may follow a loop's trigger, by position: places told apart by what their segments hold share one."""
    return list(dict.fromkeys(node.mates for node in inside(loop)))


def variable(path: Path) -> str:
    """The local variable of a field."""
    return "v_" + "__".join(path)


def any_of(tests: list[str]) -> str:
    """One condition of several."""
    return " or ".join(tests)


def member(name: str, spot: Spot, words: Words) -> str:
    """A test that the text ``name`` is one of the words that select."""
    if isinstance(words, CodeTable):
        assert spot.conversion is not None
        return f"{name} in {spot.conversion.name}"
    return f"{name} == {words[0]!r}" if len(words) == 1 else f"{name} in {words!r}"
