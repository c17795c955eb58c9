"""What an author may want to know of a mapping that works: what it loses, what it never fills, what nobody has tried.

Mistakes that keep a mapping from working are found when it is bound; these are the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gateway.codecs.split import segments
from gateway.grammar.model import Composite, Node
from gateway.mapping.bind import inside
from gateway.mapping.bound import BoundLine, Child, Frame, Inner, Item, Row, Spot, node_of
from gateway.mapping.conversions import CodeTable
from gateway.mapping.examples import USUAL
from gateway.mapping.fields import fields_of
from gateway.mapping.lines import Constant, Path, dotted
from gateway.mapping.mapping import Mapping
from gateway.mapping.xml_mapping import XmlMapping

AnyMapping = Mapping | XmlMapping

WARNING, INFORMATION = "warning", "information"

KINDS: dict[str, tuple[str, str]] = {
    "unfilled": (WARNING, "a place that the message requires, and no line fills"),
    "twice": (WARNING, "a field that two lines fill: on reading the first wins, on writing both are written"),
    "no-example": (WARNING, "a mapping without an [[example]]"),
    "untried": (INFORMATION, "a line of this file that no example reads"),
    "untied": (INFORMATION, "a field of the document without a line: writing reports it when it has a value"),
    "general": (INFORMATION, "a general line, which does not write what a specific line reads (MAP-SHADOW)"),
    "synonyms": (INFORMATION, "several words that are read alike: the first is written"),
    "codes": (INFORMATION, "several codes with one meaning: the first is written"),
    "guess": (INFORMATION, "a code table that lets unknown codes pass"),
    "ignored": (INFORMATION, "what is neither carried nor reported, by decision of the author"),
    "overwritten": (INFORMATION, "a place where anything is read and a constant is written"),
}
"""What is looked for: its severity, and what it is."""


class Advice(NamedTuple):
    """One thing to know: where it stands (``file:line``) and what it is about."""

    kind: str
    where: str
    text: str
    about: str = ""  # the field, where it is about one

    @property
    def severity(self) -> str:
        return KINDS[self.kind][0]


def lint(mapping: Mapping) -> list[Advice]:
    """Everything there is to say about a mapping, by file and line."""
    root = mapping.bound.root
    found = [
        *_untried(mapping),
        *ignored(mapping),
        *codes(mapping),
        *(advice for advice in _frame(root, "") if not (advice.kind == "untied" and mapping.implies(advice.about))),
        *_items(root.items),
        *_mandatory(root),
    ]
    unique = dict.fromkeys(found)
    return sorted(unique, key=lambda advice: (advice.severity == INFORMATION, *_place(advice.where), advice.kind))


def untied(frame: Frame, path: str = "") -> Iterator[str]:
    """The fields that no line of a frame ties, those of nested parts with their path."""
    tied: dict[Path, None] = dict.fromkeys(
        path for line in frame.lines for spot in spots_of(line) if not spot.from_root for path in spot.paths
    )
    tied.update(dict.fromkeys(tail.each for line in frame.lines for tail in line.tails if tail.each))
    tied.update(dict.fromkeys(holder.path for holder in frame.holders))
    tied.update(dict.fromkeys((name,) for name in frame.fixed))
    yield from _missing(frame.part, (), set(tied), path)


def spots_of(line: BoundLine) -> Iterator[Spot]:
    """The places of a line, and of those tails that fill the same object."""
    yield from line.spots
    for tail in line.tails:
        if tail.each is None:
            yield from tail.spots


def _missing(part: type, prefix: Path, tied: set[Path], path: str) -> Iterator[str]:
    for name, field in fields_of(part).items():
        here = (*prefix, name)
        if here in tied or name == "extensions":
            continue
        deeper = [other for other in tied if other[: len(here)] == here]
        if not deeper:
            yield path + dotted(here)
        elif field.is_part:
            only = (*here, "0")
            yield from _missing(field.type, only if any(o[: len(only)] == only for o in deeper) else here, tied, path)


def _untried(mapping: Mapping) -> Iterator[Advice]:
    """Lines that stand in the mapping's own file and that no example reads."""
    if not mapping.examples:
        yield Advice("no-example", mapping.file, "It has no [[example]]: nothing shows that it does what is meant.")
        return
    marks = USUAL[mapping.format.standard]
    readings = [mapping.read_careful(segments(example.input, marks), marks) for example in mapping.examples]
    seen = {entry.line for reading in readings for entry in reading.lineage}
    for line in all_lines(mapping.bound.root):
        for where, spots in [(line.where, line.holes), *((tail.where, tail.values) for tail in line.tails)]:
            if spots and where not in seen and where.startswith(f"{mapping.file}:"):
                yield Advice("untried", where, f"No example has a value for {spots[0].field_name} ({line.tag}).")


def ignored(mapping: AnyMapping) -> Iterator[Advice]:
    """What is not carried."""
    if mapping.ignored:
        text = f"{', '.join(sorted(mapping.ignored))}: what no line takes of these is neither carried nor reported."
        yield Advice("ignored", mapping.file, text)


def codes(mapping: AnyMapping) -> Iterator[Advice]:
    """What its code tables lose or let pass."""
    for table in mapping.tables:
        meanings: dict[object, list[str]] = {}
        for left, right in table.items():
            meanings.setdefault((type(right), right), []).append(left)
        for (_, right), lefts in meanings.items():  # type: ignore[misc]
            if len(lefts) > 1:
                text = f"{table.name}: {', '.join(lefts)} are all read as {right}; {lefts[0]} is written."
                yield Advice("codes", _row(mapping, table, lefts[1]), text)
        if table.passing:
            yield Advice(
                "guess", _row(mapping, table, "*"), f"{table.name}: codes that it does not know pass as they are."
            )


def _frame(frame: Frame, path: str) -> Iterator[Advice]:
    where = next(frame.lines).where
    for field in untied(frame, path):
        yield Advice("untied", where, f"No line fills {field}.", field)
    yield from _twice(frame, path)
    for holder in frame.holders:
        many = isinstance(holder, Row) or holder.many
        yield from _frame(holder.frame, f"{path}{dotted(holder.path)}{'[]' if many else ''}.")


def _twice(frame: Frame, path: str) -> Iterator[Advice]:
    seen: dict[Path, Spot] = {}
    for line in frame.lines:
        for spot in spots_of(line) if line.when is None else ():
            for field in spot.paths if not (spot.from_root or spot.many or spot.way == "text") else ():
                first = seen.setdefault(field, spot)
                if first.where != spot.where:
                    yield Advice("twice", spot.where, f"{path}{dotted(field)} is filled by {first.where} already.")


def _items(items: list[Item]) -> Iterator[Advice]:
    """What the lines of a loop say, one beside the other."""
    for index, item in enumerate(items):
        yield from _line(item.line)
        rivals = [other.line for other in items[:index] if node_of(other) is node_of(item)]
        yield from _general(item.line, rivals)
        if isinstance(item, Inner):
            yield from _items(item.items)
        elif isinstance(item, Child):
            yield from _items(item.frame.items)


def _line(line: BoundLine) -> Iterator[Advice]:
    places = [(spot, _name(line, spot, 0)) for spot in line.spots]
    places += [(spot, _name(line, spot, line.tail_start - 1)) for tail in line.tails for spot in tail.spots]
    for spot, name in places:
        if not isinstance(spot.place, Constant):
            continue
        words = spot.place.words
        if spot.place.written_only:
            yield Advice("overwritten", spot.where, f"{name}: anything is read, {words[0]} is written.")
        elif len(words) > 1:
            text = f"{name}: {', '.join(words)} are read alike; {words[0]} is written."
            yield Advice("synonyms", spot.where, text)


def _general(line: BoundLine, rivals: list[BoundLine]) -> Iterator[Advice]:
    for spot in line.holes:
        words: list[str] = []
        for rival in rivals:
            at = (spot.element, spot.component)
            words += [
                word for other, kept in rival.selection if (other.element, other.component) == at for word in kept
            ]
        if words:
            yield Advice(
                "general", spot.where, f"It does not write {spot.field_name} = {', '.join(words)}: others read it."
            )


def _mandatory(root: Frame) -> Iterator[Advice]:
    """Places that the grammar requires wherever the mapping writes something."""
    yield from _required_nodes(root.items, root.loop, next(root.lines).where)
    for line in all_lines(root):
        yield from _required_elements(line)


def _required_nodes(items: list[Item], loop: Node, where: str) -> Iterator[Advice]:
    filled = {id(node) for item in items for node in node_of(item).mates}
    for node in inside(loop):
        if node.mandatory and node.most and id(node) not in filled:
            yield Advice("unfilled", where, f"The message requires {node.path or node.tag}, and no line writes it.")
    for item in items:
        if isinstance(item, Inner):
            yield from _required_nodes(item.items, item.node, item.line.where)
        elif isinstance(item, Child):
            yield from _required_nodes(item.frame.items, item.frame.loop, item.line.where)


def _required_elements(line: BoundLine) -> Iterator[Advice]:
    tied: dict[int, set[int]] = {}
    for spot in line.spots:
        tied.setdefault(spot.element, set()).update(spot.covered)
    last = line.tail_start - 1 if line.tails else len(line.table.elements)
    for use in line.table.elements[:last]:
        name = f"{line.tag}{use.position:02d} ({use.item.name})"
        if use.mandatory and use.position not in tied:
            yield Advice("unfilled", line.where, f"{line.tag} requires {name}, and no place of the line fills it.")
        if isinstance(use.item, Composite) and use.position in tied:
            for component in use.item.components:
                if component.mandatory and component.position not in tied[use.position]:
                    text = f"{name} requires its component {component.position}, and no place of the line fills it."
                    yield Advice("unfilled", line.where, text)


def all_lines(frame: Frame) -> Iterator[BoundLine]:
    """The lines of a frame and of everything in it."""
    yield from frame.lines
    for holder in frame.holders:
        yield from all_lines(holder.frame)


def _name(line: BoundLine, spot: Spot, before: int) -> str:
    component = f"-{spot.component}" if spot.composite else ""
    return f"{line.tag}{before + spot.element:02d}{component}"


def _row(mapping: AnyMapping, table: CodeTable, left: str) -> str:
    """``file:line`` of a row of a table, else the mapping's file."""
    row = re.compile(rf'^[ \t]*"?{re.escape(left)}"?[ \t]*=', re.MULTILINE)
    for file, text in mapping.texts.items():
        shared = file.endswith(f"/codes/{table.name}.toml")
        head = re.search(rf"^\[code\.{re.escape(table.name)}\]", text, re.MULTILINE)
        if shared or head:
            found = row.search(text, head.end() if head else 0)
            if found:
                return f"{file}:{text.count(chr(10), 0, found.end()) + 1}"
    return mapping.file


def _place(where: str) -> tuple[str, int]:
    file, _, line = where.rpartition(":")
    return (file, int(line)) if line.isdigit() else (where, 0)
