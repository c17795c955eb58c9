"""Texts that lie one above the other: what a directory says stands above what the directory says that it builds on.

An entry is a line without indentation (its first word names it) with the lines nested below it. Entries are found by
their first words and read only when they are asked for. ``without NAME …`` takes entries of the layers below away,
``without *`` all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from gateway.grammar import notation
from gateway.grammar.notation import Line

T = TypeVar("T")

_HEAD = re.compile(r"^[^\s#]\S*", re.MULTILINE)
_WITHOUT = "without"
_ALL = "*"


class Layer(NamedTuple):
    """One text, and the name that mistakes in it are reported under."""

    file: str
    text: str


class Entry(NamedTuple):
    """Where an entry stands in its layer."""

    layer: Layer
    number: int  # of its first line
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.layer.text[self.start : self.end]

    def lines(self) -> list[Line]:
        """Its lines, the first of them the head; raises SchemaError on an indentation that is wrong."""
        return list(notation.lines(self.layer.file, self.text, self.number))


class OnDemand(Mapping[str, T]):
    """Names that are known, with values that are made when they are first asked for, and kept."""

    def __init__(self, names: Iterable[str], make: Callable[[str], T]) -> None:
        self._names = dict.fromkeys(names)
        self._make = make
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name in self._made:
            return self._made[name]
        if name not in self._names:
            raise KeyError(name)
        made = self._made[name] = self._make(name)
        return made

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def entries(layers: Iterable[Layer]) -> dict[str, Entry]:
    """Name → the topmost entry of that name. ``layers``: the topmost first.

    Raises SchemaError on a name that stands twice in one layer, and on a line that is nested below none.
    """
    found: dict[str, Entry] = {}
    gone: set[str] = set()
    for layer in layers:
        own, without = _own(layer)
        found = {name: entry for name, entry in own.items() if name not in gone} | found
        gone |= without
        if _ALL in gone:
            break
    return found


def names_without(line: Line) -> list[str]:
    """The names that a line ``without NAME …`` takes away; none for another line."""
    return line.words[1:] if line.words[0] == _WITHOUT else []


def _own(layer: Layer) -> tuple[dict[str, Entry], set[str]]:
    """The entries of one layer, and what it takes away."""
    found: dict[str, Entry] = {}
    without: set[str] = set()
    heads = list(_HEAD.finditer(layer.text))
    at, *ends = [*(head.start() for head in heads), len(layer.text)]
    number = 1
    for line in Entry(layer, number, 0, at).lines():
        raise line.error("This line is nested too deep.")
    number += layer.text.count("\n", 0, at)
    for head, end in zip(heads, ends, strict=True):
        entry = Entry(layer, number, head.start(), end)
        number += layer.text.count("\n", head.start(), end)
        if head[0] == _WITHOUT:
            without.update(names_without(entry.lines()[0]))
        elif head[0] in found:
            raise entry.lines()[0].error(f"{head[0]} stands here twice.")
        else:
            found[head[0]] = entry
    return found, without


def only_line(entry: Entry) -> Line:
    """The line of an entry that has no others. Raises SchemaError."""
    first, *more = entry.lines()
    if more:
        raise more[0].error("This line is nested too deep.")
    return first


def block(entry: Entry) -> tuple[Line, list[Line]]:
    """Head and body of an entry of two levels. Raises SchemaError on a line that is nested deeper."""
    head, *body = entry.lines()
    for line in body:
        if line.depth > 1:
            raise line.error("This line is nested too deep.")
    return head, body
