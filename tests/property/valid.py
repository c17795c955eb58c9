"""Valid messages from any table, for tests: what is mandatory, and some of what is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

from gateway.codecs.model import Delimiters, RawDocument
from gateway.grammar import Component, Composite, ElementType, ElementUse, MessageTable, Node, SegmentTable
from gateway.grammar.model import Condition

MARKS = {"x12": Delimiters("*", ">", "~", repetition="^"), "edifact": Delimiters("+", ":", "'", release="?")}
_MANY = 60  # segments; behind them only what is mandatory follows
_DAYS = "804"  # a format of DTM that is no date


def a_message(table: MessageTable, random: Random) -> RawDocument:
    """One document. Optional places are taken where nothing else in the message has their tag: no other reading of
    the document is possible then."""
    marks = MARKS[table.standard]
    tags = Counter(node.tag for node in table.root.walk() if not node.is_loop)
    body = [
        marks.element.join(_elements(table.segments[node.tag], random, marks, table.standard))
        for node in _places(table.root, random, tags, [0])
    ]
    head = ["ST", table.type, "0001"] if table.standard == "x12" else ["UNH", "1", f"{table.type}:D:96A:UN"]
    tail = ["SE", str(len(body) + 2), "0001"] if table.standard == "x12" else ["UNT", str(len(body) + 2), "1"]
    text = "".join(
        segment + marks.terminator for segment in (marks.element.join(head), *body, marks.element.join(tail))
    )
    return RawDocument(
        standard=table.standard, type=table.type, version=table.version, association="", control_number="1",
        position=1, text=text, offset=0, length=len(text), delimiters=marks, charset="utf-8",
    )  # fmt: skip


def _places(loop: Node, random: Random, tags: Counter[str], written: list[int]) -> Iterator[Node]:
    """The segments of one repetition of a loop, in order."""
    for node in loop.children or ():
        welcome = tags[node.tag] == 1 and written[0] < _MANY and random.random() < 0.4
        if not (node.mandatory or welcome):
            continue
        for _ in range(random.randint(1, min(node.most, 2)) if tags[node.tag] == 1 else 1):
            written[0] += 1
            if node.is_loop:
                yield from _places(node, random, tags, written)
            else:
                yield node


def _elements(table: SegmentTable, random: Random, marks: Delimiters, standard: str) -> list[str]:
    wanted = _chosen(table.elements, table.conditions, random)
    values = [_value(use, random, marks, standard) if use.position in wanted else "" for use in table.elements]
    while values and not values[-1]:
        values.pop()
    return [table.tag, *values]


def _chosen(
    uses: tuple[ElementUse, ...] | tuple[Component, ...], conditions: tuple[Condition, ...], random: Random
) -> set[int]:
    """The positions that are filled: some that satisfy all conditions."""
    must = {use.position for use in uses if use.mandatory}
    wanted = must | {use.position for use in uses if random.random() < 0.3}
    for _ in range(40):
        before = set(wanted)
        for condition in conditions:
            _satisfy(condition, wanted, must)
        if wanted == before:
            break
    return wanted


def _satisfy(condition: Condition, wanted: set[int], must: set[int]) -> None:
    first, *others = condition.positions
    there = wanted.intersection(condition.positions)
    if condition.kind == "P" and there:
        wanted.update(condition.positions)
    elif condition.kind == "R" and not there:
        wanted.add(first)
    elif condition.kind == "C" and first in wanted:
        wanted.update(others)
    elif condition.kind == "L" and first in wanted and not wanted.intersection(others):
        wanted.add(others[0])
    elif condition.kind == "E" and len(there) > 1:
        keep = next(iter(there & must), min(there))
        wanted -= there - {keep}


def _value(use: ElementUse, random: Random, marks: Delimiters, standard: str) -> str:
    if not isinstance(use.item, Composite):
        return _simple(use.item, random, standard)
    wanted = _chosen(use.item.components, use.item.conditions, random) or {1}
    parts = [_simple(part.element, random, standard) if part.position in wanted else "" for part in use.item.components]
    while parts and not parts[-1]:
        parts.pop()
    return marks.component.join(parts)


def _simple(element: ElementType, random: Random, standard: str) -> str:
    if element.reference == "2379":
        return _DAYS
    if element.codes:
        fitting = [code for code in sorted(element.codes) if element.least <= len(code) <= element.most]
        return random.choice(fitting or sorted(element.codes))
    size = random.randint(element.least, min(element.most, element.least + 3))
    if element.type == "DT":
        return "20240229" if element.most >= 8 else "240229"
    if element.type == "TM":
        return "1259"
    if element.type in ("R", "n") or element.type[0] == "N":
        return "1" * size
    return "A" * size
