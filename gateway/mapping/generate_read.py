"""Source of a reader: one function per loop with an object, local variables, one constructor call at the end.

A loop's function takes what belongs to the loop and returns at the first tag that is not its own. A segment goes to
the innermost loop that allows its tag. What no line claims is flagged, never dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from gateway.grammar.model import Node
from gateway.mapping.bind import Bound, inside
from gateway.mapping.bound import Child, Claim, Frame, Inner, Item, Row, node_of
from gateway.mapping.construct import Constructor, Leaf, leaves_of
from gateway.mapping.lines import dotted
from gateway.mapping.read_lines import LineReader, Style
from gateway.mapping.source import Code, Constants, ambiguous, positions, variable

ENDLESS = 10_000
"""Loops that the grammar repeats so often are the lines of a document."""


class Generated(NamedTuple):
    """A module's source and the objects it knows by name. Its entry point is ``read`` or ``write``."""

    source: str
    constants: dict[str, Any]


def generate(bound: Bound, style: Style) -> Generated:
    """The reader of a mapping in one style. Raises MappingDefinitionError when a required field has no line."""
    return _Generator(bound, style).generate()


class _Generator:
    def __init__(self, bound: Bound, style: Style) -> None:
        self.bound, self.style = bound, style
        self.code = Code()
        self.constants = Constants(bound.spots)
        self.lines = LineReader(self.code, self.constants, style)
        self.construct = Constructor(self.code, self.constants, style.careful)
        self.path = ", path" if style.careful else ""

    def generate(self) -> Generated:
        for holder in all_holders(self.bound.root):
            if isinstance(holder, Child):
                self._loop(holder.frame)
            else:
                self._row(holder.frame)
        self._root(self.bound.root)
        return Generated(self.code.text, self.constants.values)

    def _root(self, frame: Frame) -> None:
        leaves = leaves_of(frame)
        with self.code.block("def read(S, i, n, run):"):
            if self.style.careful:
                self.code("path = ''")
            self._locals(leaves)
            self._while(frame.items, frame.loop, root=True)
            self._roots(leaves)
            self.construct.finish(frame, leaves, more=", extensions=run.extensions()")
            self.code("return o")

    def _loop(self, frame: Frame) -> None:
        assert frame.trigger is not None
        leaves = leaves_of(frame)
        with self.code.block(f"def read_{frame.name}(S, i, n, run{self.path}):"):
            self._locals(leaves)
            self.code("e = S[i]; m = len(e)")
            self.lines.body(frame.trigger, (), single=True)
            self.code("i += 1")
            self._while(frame.items, frame.loop)
            self.construct.finish(frame, leaves)
            self.code("return i, o")

    def _row(self, frame: Frame) -> None:
        assert frame.trigger is not None
        leaves = leaves_of(frame)
        with self.code.block(f"def read_{frame.name}(e, m, i, run{self.path}):"):
            self._locals(leaves)
            self.lines.body(frame.trigger, (), single=True)
            self.construct.finish(frame, leaves)
            self.code("return o")

    def _locals(self, leaves: dict[Any, Leaf]) -> None:
        if self.style.escaped:
            self.code("split = run.split")
        else:
            self.code("cs = run.component")
        self.construct.start(leaves)

    def _roots(self, leaves: dict[Any, Leaf]) -> None:
        """What holes of inner loops filled at the document's root (``{/field}``)."""
        paths = {spot.path for spot in self.bound.spots if spot.from_root}
        for path in sorted(paths):
            if path not in leaves:
                leaves[path] = Leaf(path, "one")
                self.code(f"{variable(path)} = None")
            self.code(f"{variable(path)} = run.at_root({dotted(path)!r}, {variable(path)})")

    def _while(self, items: list[Item], loop: Node, root: bool = False) -> None:
        """What follows in a loop, until a tag that its surroundings take."""
        if not items and not root:
            self._nothing(loop)
            return
        ordered = bool(ambiguous(loop) & {item.line.tag for item in items})
        if ordered:
            self.code("at = 0")
        with self.code.block("while i < n:"):
            self.code("e = S[i]; t = e[0]; m = len(e)")
            word = "if"
            for tag, group in _by_tag(items).items():
                with self.code.block(f"{word} t == {tag!r}:"):
                    self._places_of_tag(group, loop, ordered)
                word = "elif"
            if not root:
                with self.code.block(f"{word} t in {self.constants.outside(loop)}:"):
                    self.code("break")
                word = "elif"
            self._unclaimed(loop, ordered, word if items or not root else "")

    def _nothing(self, loop: Node) -> None:
        """A loop of which only the first segment is mapped."""
        if inside(loop):
            name = self._inside(loop)
            with self.code.block(f"while i < n and S[i][0] in {name}:"):
                self.code(f"i = run.skip(S, i, n, {name})")

    def _unclaimed(self, loop: Node, ordered: bool, word: str) -> None:
        """A tag that no line names: all of it is flagged, and the loop that it opens."""
        if not word:
            self._skip(loop, ordered)
            return
        with self.code.block("else:"):
            self._skip(loop, ordered)

    def _skip(self, loop: Node, ordered: bool) -> None:
        if ordered:
            self.code(f"at = {self.constants.places(loop)}.get(t, at)")
        self.code(f"i = run.skip(S, i, n, {self._inside(loop)})")

    def _inside(self, loop: Node) -> str:
        return self.constants.inside(loop)

    def _places_of_tag(self, group: list[Item], loop: Node, ordered: bool) -> None:
        """One tag. Where it stands at several places of the loop, the place reached so far tells which is meant."""
        tag = group[0].line.tag
        places = [mates for mates in positions(loop) if mates[0].tag == tag]
        if len(places) == 1 or not ordered:
            if ordered:
                self.code(f"at = {places[0][0].position}")
            self._candidates(group, loop)
            return
        for number, mates in enumerate(places):
            last = number == len(places) - 1
            header = "else:" if last else f"{'if' if not number else 'elif'} at <= {mates[0].position}:"
            with self.code.block(header):
                self.code(f"at = {mates[0].position}")
                mine = [item for item in group if node_of(item) in mates]
                if mine:
                    self._candidates(mine, loop)
                else:
                    self.code(f"i = run.skip(S, i, n, {self._inside(loop)})")

    def _candidates(self, group: list[Item], loop: Node) -> None:
        """The first line that fits takes the segment."""
        cut = sorted({spot.element for item in group for spot, _ in item.line.selection if spot.composite})
        self.lines.cut(cut)
        word = "if"
        for item in group:
            condition = self.lines.condition(item.line)
            if not condition and word == "if":
                self._item(item, loop, cut)
                return
            with self.code.block(f"{word} {condition}:" if condition else "else:"):
                self._item(item, loop, cut)
            if not condition:
                return
            word = "elif"
        with self.code.block("else:"):
            self.code(f"i = run.skip(S, i, n, {self._inside(loop)})")

    def _item(self, item: Item, loop: Node, cut: Iterable[int]) -> None:
        if isinstance(item, Claim):
            self.lines.body(item.line, cut, single=False)
            self.code("i += 1")
        elif isinstance(item, Inner):
            self._inner(item, cut)
        elif isinstance(item, Row):
            self._row_item(item)
        else:
            self._child(item, loop)

    def _inner(self, item: Inner, cut: Iterable[int]) -> None:
        self.lines.body(item.line, cut, single=False)
        self.code("i += 1")
        self._while(item.items, item.node)

    def _row_item(self, item: Row) -> None:
        name = variable(item.path)
        self.code(f"o = read_{item.frame.name}(e, m, i, run{self._list_path(item)})")
        with self.code.block("if o is not None:"):
            self.code(f"{name}.append(o)")
        self.code("i += 1")

    def _child(self, item: Child, loop: Node) -> None:
        name, call = variable(item.path), f"read_{item.frame.name}(S, i, n, run"
        if item.many:
            self.code(f"i, o = {call}{self._list_path(item)})")
            with self.code.block("if o is not None:"):
                self.code(f"{name}.append(o)")
            return
        with self.code.block(f"if {name} is None:"):
            inner = f", f'{{path}}{dotted(item.path)}.'" if self.style.careful else ""
            self.code(f"i, {name} = {call}{inner})")
        with self.code.block("else:"):
            if self.style.careful:
                self.code(f"i = run.second(S, i, n, {self._inside(loop)}, path + {dotted(item.path)!r})")
            else:
                self.code("raise Surprise")

    def _list_path(self, item: Row | Child) -> str:
        if not self.style.careful:
            return ""
        return f", f'{{path}}{dotted(item.path)}[{{len({variable(item.path)})}}].'"


def _by_tag(items: list[Item]) -> dict[str, list[Item]]:
    """Items by the tag that they begin with, those without a limit first: most loops are theirs."""
    groups: dict[str, list[Item]] = {}
    for item in sorted(items, key=lambda item: not (isinstance(item, Child) and node_of(item).most >= ENDLESS)):
        groups.setdefault(item.line.tag, [])
    for item in items:
        groups[item.line.tag].append(item)
    return groups


def all_holders(frame: Frame) -> list[Row | Child]:
    """The rows and children of a frame and of theirs, the inmost first."""
    found: list[Row | Child] = []
    for holder in frame.holders:
        found += [*all_holders(holder.frame), holder]
    return found
