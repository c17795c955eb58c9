"""The tables of one version as the converter gathers them, and how they are written down."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from gateway.core.errors import SchemaError
from gateway.grammar.layers import Layer
from gateway.grammar.model import UNBOUNDED
from gateway.grammar.tables import code_words

_TAGS_PER_LINE = 20


class Place(NamedTuple):
    """One place in a segment or composite."""

    reference: str
    mandatory: bool
    repeats: int = 1


class Group(NamedTuple):
    """A segment or a composite."""

    name: str
    places: list[Place]
    conditions: list[str]


class Element(NamedTuple):
    name: str
    type: str
    least: int
    most: int


class Item(NamedTuple):
    """A segment or, with ``items``, a loop of a message."""

    name: str
    mandatory: bool
    most: int
    items: list[Item] | None = None


class Message(NamedTuple):
    name: str
    functional_group: str
    items: list[Item]


@dataclass
class Directory:
    """Everything of one version. ``path`` is ``x12/004010``."""

    path: str
    messages: dict[str, Message] = field(default_factory=dict)
    segments: dict[str, Group] = field(default_factory=dict)
    composites: dict[str, Group] = field(default_factory=dict)
    elements: dict[str, Element] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)

    def texts(self, existing: Callable[[str], str | None]) -> dict[str, str]:
        """File name → text."""
        files = {f"messages/{kind}.txt": _message(kind, table) for kind, table in self.messages.items()}
        files["segments.txt"] = _groups(self.segments)
        files["composites.txt"] = _groups(self.composites)
        files["elements.txt"] = _elements(self.elements)
        files["tags.txt"] = _tags(set(self.tags) - set(self.segments))
        for reference, values in self.codes.items():
            name = f"codes/{reference}.txt"
            files[name] = _codes(f"{self.path}/{name}", values, existing)
        return {f"{self.path}/{name}": text for name, text in sorted(files.items()) if text}


def used_tags(messages: Iterable[Message]) -> set[str]:
    """The tags of all segments in messages."""
    return {tag for message in messages for tag in _tags_in(message.items)}


def _tags_in(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        yield from (item.name,) if item.items is None else _tags_in(item.items)


def wanted(messages: Iterable[str] | None, there: Iterable[str]) -> list[str]:
    """The wanted messages in order, None: all; SchemaError names one that the facts do not have."""
    known = set(there)
    if messages is None:
        return sorted(known)
    for kind in messages:
        if kind not in known:
            raise SchemaError(f"The facts have no message {kind}.", file="facts")
    return sorted(set(messages))


def natural(reference: str) -> tuple[str, int, str]:
    """Sorts 92 before 353 and C001 after both."""
    letters = re.match(r"\D*", reference)
    prefix = letters[0] if letters else ""
    number = reference[len(prefix) :]
    return prefix, int(number) if number.isdigit() else 0, reference


def _message(kind: str, table: Message) -> str:
    lines = [f"message {kind} {table.name}".rstrip()]
    if table.functional_group:
        lines.append(f"functional-group {table.functional_group}")
    lines.append("")
    lines += _items(table.items, "")
    return "\n".join(lines) + "\n"


def _items(items: Iterable[Item], indent: str) -> Iterable[str]:
    for item in items:
        head = "" if item.items is None else "loop "
        yield f"{indent}{head}{item.name} {_status(item.mandatory)}{_count(item.most)}"
        if item.items is not None:
            yield from _items(item.items, indent + "  ")


def _groups(groups: dict[str, Group]) -> str:
    lines: list[str] = []
    for name in sorted(groups, key=natural):
        group = groups[name]
        lines.append(f"{name} {group.name}".rstrip())
        for position, place in enumerate(group.places, 1):
            lines.append(f"  {position:02d} {place.reference} {_status(place.mandatory)}{_count(place.repeats)}")
        if group.conditions:
            lines.append("  conditions " + " ".join(group.conditions))
    return "\n".join(lines) + "\n" if lines else ""


def _elements(elements: dict[str, Element]) -> str:
    return "".join(
        f"{reference} {e.type} {e.most if e.least == e.most else f'{e.least}..{e.most}'} {e.name}".rstrip() + "\n"
        for reference, e in sorted(elements.items(), key=lambda pair: natural(pair[0]))
    )


def _codes(file: str, values: Iterable[str], existing: Callable[[str], str | None]) -> str:
    """The values, with the words that the file has for them now."""
    words = code_words([Layer(file, existing(file) or "")])
    return "".join(f"{value} {words.get(value, '')}".rstrip() + "\n" for value in values)


def _tags(tags: Iterable[str]) -> str:
    ordered = sorted(tags)
    rows = [ordered[at : at + _TAGS_PER_LINE] for at in range(0, len(ordered), _TAGS_PER_LINE)]
    return "".join(" ".join(row) + "\n" for row in rows)


def _status(mandatory: bool) -> str:
    return "M" if mandatory else "O"


def _count(most: int) -> str:
    if most == 1:
        return ""
    return " *" if most >= UNBOUNDED else f" {most}"
