"""The message tables: lines nested by loops become the tree of places that a message has."""

from __future__ import annotations

from typing import NamedTuple

from gateway.grammar import notation
from gateway.grammar.model import Node
from gateway.grammar.notation import Line

_START = {"x12": "ST", "edifact": "UNH", "idoc": "UNH"}


class MessageText(NamedTuple):
    """What the file of a message says."""

    type: str
    name: str
    functional_group: str
    root: Node


def name(file: str, text: str) -> str:
    """What the first line calls the message. Raises SchemaError."""
    return _head(next(notation.lines(file, text), None), file).rest(2)


def message(file: str, text: str, standard: str) -> MessageText:
    """The tree of a message. Raises SchemaError, also where a loop does not start as it must."""
    rows = list(notation.lines(file, text))
    head = _head(rows.pop(0) if rows else None, file)
    group = ""
    if rows and rows[0].words[0] == "functional-group":
        group = rows.pop(0).word(1, "The functional group")
    root = Node(_START[standard], True, 1, 0, head.word(1, "The type"))
    rest = _children(root, rows, 0, 0)
    if rest < len(rows):
        raise rows[rest].error("This line is nested too deep.")
    if not root.children:
        raise head.error("The message has no segments.")
    return MessageText(head.words[1], head.rest(2), group, root)


def _head(line: Line | None, file: str) -> Line:
    if line is None or line.words[0] != "message":
        raise Line(file, 1, 0, []).error('The first line is "message TYPE NAME".')
    return line


def _children(parent: Node, rows: list[Line], start: int, depth: int) -> int:
    """Gives the parent its children from the rows of that depth on; returns where they end."""
    found: list[Node] = []
    at = start
    while at < len(rows) and rows[at].depth == depth:
        row = rows[at]
        node = _node(row, len(found), parent)
        at += 1
        if row.words[0] == "loop":
            at = _children(node, rows, at, depth + 1)
            _check_trigger(row, node)
        found.append(node)
    parent.children = tuple(found)
    return at


def _node(row: Line, position: int, parent: Node) -> Node:
    """The place that one line says; a loop gets its tag with its children."""
    first = 1 if row.words[0] == "loop" else 0
    row.at_most(first + 3)
    mandatory, most = notation.status(row, first + 1), notation.count(row, first + 2)
    return Node(row.words[first], mandatory, most, position, row.words[first], None, parent)


def _check_trigger(row: Line, loop: Node) -> None:
    """The first segment of a loop tells that it starts: it is mandatory and stands once in each repetition."""
    trigger = loop.children[0] if loop.children else None
    if trigger is None or trigger.is_loop or not trigger.mandatory or trigger.most > 1:
        raise row.error(f"Loop {row.words[1]} does not start with a mandatory segment that stands once.")
    loop.tag = trigger.tag
