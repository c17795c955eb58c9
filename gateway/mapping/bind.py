"""Blocks bound to loops of the grammar: every mistake of an author is found here, before a document is seen."""

from __future__ import annotations

from typing import NamedTuple

from gateway.canonical import DOCUMENTS, Part, form_of
from gateway.grammar.model import MessageTable, Node
from gateway.mapping.bind_line import LineBinder, Scope, Tables, canonical_word
from gateway.mapping.bound import Child, Claim, Frame, Inner, Item, Row, Spot, node_of
from gateway.mapping.definition import Definition
from gateway.mapping.fields import Field, field_at
from gateway.mapping.lines import Block, Constant, Line, Path, dotted, mistake


class Bound(NamedTuple):
    """A mapping bound: the frame of the document, and all its places."""

    root: Frame
    spots: list[Spot]


def bind(definition: Definition, message: MessageTable, tables: Tables) -> Bound:
    """The definition bound to its message table. Raises MappingDefinitionError with file and line of a mistake."""
    document = form_of(definition.document, definition.standard)
    if document is None:
        known = ", ".join(sorted(DOCUMENTS))
        raise mistake(definition.file, f"There is no canonical document {definition.document}.", f"There are: {known}.")
    binder = _Binder(message, document, tables)
    frame = Frame(definition.document.lower(), document, message.root)
    frame.items = binder.items(definition.root.items, binder.scope(document, at_root=True), message.root)
    return Bound(frame, binder.lines.spots)


class _Binder:
    def __init__(self, message: MessageTable, document: type[Part], tables: Tables) -> None:
        self.message = message
        self.document = document
        self.lines = LineBinder(message, tables)
        self.names: dict[str, int] = {}

    def scope(self, part: type[Part], prefix: Path = (), at_root: bool = False) -> Scope:
        return Scope(part, prefix, self.document, at_root)

    def items(self, items: list[Line | Block], scope: Scope, loop: Node, at: int = 0) -> list[Item]:
        """The lines and blocks that stand in one loop; ``at``: the place of the line before them."""
        bound: list[Item] = []
        for item in items:
            head = item.first if isinstance(item, Block) else item
            if head is None:
                raise mistake(item.where, "This block has no lines.")
            node = self._node(head, loop, at)
            at = node.position
            bound += self._line(item, node, scope) if isinstance(item, Line) else self._block(item, node, scope, loop)
        _check_reach(bound)
        return bound

    def _line(self, line: Line, node: Node, scope: Scope) -> list[Item]:
        if node.children is None:
            return [Claim(self.lines.bind(line, node, scope, node.most > 1))]
        return [Inner(node, self.lines.bind(line, node.children[0], scope, node.most > 1))]

    def _block(self, block: Block, node: Node, scope: Scope, loop: Node) -> list[Item]:
        if block.kind == "loop":
            return [self._inner(block, node, scope)]
        field = field_at(scope.part, scope.prefix + block.path, block.where)
        _check_field(block, field)
        if block.kind == "part" and (node.children is None or isinstance(block.items[0], Block)):
            return self.items(block.items, scope._replace(prefix=scope.prefix + block.path), loop, node.position)
        frame = Frame(self._name(block.path[-1]), field.type, node)
        if block.filter:
            frame.fixed = self._fixed(block, field)
        if node.children is None:
            return [self._row(block, frame, node, scope)]
        inner = self.scope(field.type)
        frame.trigger = self.lines.bind(_trigger(block), node.children[0], inner, node.most > 1)
        frame.items = self.items(block.items[1:], inner, node)
        return [Child(frame, scope.prefix + block.path, field.many)]

    def _inner(self, block: Block, node: Node, scope: Scope) -> Inner:
        if node.children is None:
            raise mistake(block.where, f"{node.tag} opens no loop here.", "Write its line without 'loop:'.")
        trigger = self.lines.bind(_trigger(block), node.children[0], scope, node.most > 1)
        return Inner(node, trigger, self.items(block.items[1:], scope, node))

    def _row(self, block: Block, frame: Frame, node: Node, scope: Scope) -> Row:
        if len(block.items) > 1:
            raise mistake(block.items[1].where, f"{node.tag} opens no loop here: each item is one segment.")
        frame.trigger = self.lines.bind(_trigger(block), node, self.scope(frame.part), node.most > 1)
        return Row(frame.trigger, frame, scope.prefix + block.path)

    def _fixed(self, block: Block, field: Field) -> dict[str, object]:
        assert block.filter is not None
        name, word = block.filter
        inner = field_at(field.type, (name,), block.where)
        return {name: canonical_word(inner, word, block.where)}

    def _name(self, base: str) -> str:
        """A name for generated functions: the field's, numbered from its second use."""
        self.names[base] = self.names.get(base, 0) + 1
        return base if self.names[base] == 1 else f"{base}_{self.names[base]}"

    def _node(self, line: Line, loop: Node, at: int) -> Node:
        """The place of a segment in a loop: of several that the line's constants fit, the one after the previous
        line's place."""
        tagged = [node for node in inside(loop) if node.tag == line.tag and node.most]
        place = f"in the loop {loop.name}" if loop.parent else "at the top of the message"
        if not tagged:
            raise mistake(line.where, f"{line.tag} does not occur {place}.", self._elsewhere(line.tag))
        found = [node for node in tagged if fits(line, node)]
        if not found:
            codes = sorted({code for node in tagged for selector in node.selectors for code in selector.codes})
            hint = f"It is told by one of: {', '.join(codes)}."
            raise mistake(line.where, f"{line.tag} does not occur {place} with these constants.", hint)
        near = next((node for node in found if node.position >= at), found[0])
        return next((node for node in near.mates if node in found), near)

    def _elsewhere(self, tag: str) -> str:
        nodes = [node for node in self.message.root.walk() if node.tag == tag and node.parent is not None]
        loops = {(node.path if not node.is_loop else _outer(node)) or "the top of the message" for node in nodes}
        if not loops:
            return f"It is no segment of {self.message.type}."
        return f"It occurs in {', '.join(sorted(loops))}: indent it under the line that opens that loop."


def fits(line: Line, node: Node) -> bool:
    """Whether the constants of a line let it stand at a place that selects: another word is never there."""
    for position, component, codes in node.selectors:
        places = line.elements[position - 1] if position <= len(line.elements) else ()
        place = places[max(component, 1) - 1] if max(component, 1) <= len(places) else None
        if isinstance(place, Constant) and not codes.intersection(place.words):
            return False
    return True


def inside(loop: Node) -> tuple[Node, ...]:
    """What follows a loop's trigger; at the top of a message, everything."""
    children = loop.children or ()
    return children[1:] if loop.parent is not None else children


def _outer(loop: Node) -> str:
    """The path of the loop around a loop; a trigger's own path is its loop's."""
    return loop.parent.path if loop.parent is not None else ""


def _trigger(block: Block) -> Line:
    first = block.items[0]
    if isinstance(first, Block):
        raise mistake(
            first.where, "The first line of a loop decides whose it is: it cannot stand in a block of its own."
        )
    return first


def _check_field(block: Block, field: Field) -> None:
    name = dotted(block.path)
    if not field.is_part:
        hint = f"Write {{{name}[]}} in a line." if field.many else f"Write {{{name}}} in a line."
        raise mistake(block.where, f"{name} is a value, not a part.", hint)
    if field.many and block.kind == "part":
        raise mistake(block.where, f"{name} is a list.", f"Write each {name}:")
    if not field.many and block.kind == "each":
        raise mistake(block.where, f"{name} is no list.", f"Write {name}:")


def _check_reach(items: list[Item]) -> None:
    """A line that another takes everything from is a mistake."""
    for index, later in enumerate(items):
        for earlier in items[:index]:
            if node_of(earlier) is node_of(later) and earlier.line.covers(later.line):
                where, other = later.line.where, earlier.line.where
                raise mistake(where, f"This line can never be reached: {other} takes every such {later.line.tag}.")
