"""The tables of one version, found through the versions that it builds on, each read when it is first asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from gateway.core.errors import SchemaError
from gateway.grammar import layers, notation, tables
from gateway.grammar.layers import Entry, Layer, OnDemand
from gateway.grammar.model import Composite, ElementType, SegmentTable

_ENDING = ".txt"


class Texts(NamedTuple):
    """Where the files of ``schemas/`` are. ``files`` gives the text of a name (``x12/004010/segments.txt``) or None,
    ``beneath`` the text that it stands in front of; ``names`` lists the names that begin with a prefix, whole."""

    files: Callable[[str], str | None]
    names: Callable[[str], list[str]]
    beneath: Callable[[str], str | None] = lambda name: None

    def layers(self, file: str) -> Iterator[Layer]:
        """The texts of one name, the home's in front of the bundled one."""
        for text in (self.files(file), self.beneath(file)):
            if text is not None:
                yield Layer(file, text)


class _Step(NamedTuple):
    """One directory of the chain. ``without``: the messages of those behind it that it has not got."""

    path: str
    without: frozenset[str]


class Directory:
    """One version of one standard. ``path`` is ``x12/004010``; ``below``: whose segments every version has too (the
    envelope). One object serves all threads: what two of them make of one entry is equal."""

    def __init__(self, texts: Texts, path: str, below: Directory | None = None) -> None:
        self._texts = texts
        self._path = path
        self._below = below
        self._coded_texts: dict[str, str] = {}

    @cached_property
    def elements(self) -> Mapping[str, ElementType]:
        """By reference. Raises SchemaError on files that are wrong; so does asking for an element."""
        return OnDemand(self._elements, self._element)

    @cached_property
    def composites(self) -> Mapping[str, Composite]:
        """By reference, in the same way."""
        return OnDemand(self._composites, self._composite)

    @cached_property
    def segments(self) -> Mapping[str, SegmentTable]:
        """By tag, in the same way, with those that every version has."""
        below = self._below.segments if self._below is not None else ()
        return OnDemand([*below, *self._segments], self._segment)

    @cached_property
    def tags(self) -> frozenset[str]:
        """Every segment of the version, also those that have no table. Raises SchemaError."""
        more = (tables.tags(*layer) for step in self._chain for layer in self._texts.layers(f"{step.path}/tags.txt"))
        return frozenset(self.segments).union(*more)

    def message(self, type: str) -> Layer | None:
        """The text of a message, None where the version has no such message."""
        for step in self._chain:
            file = f"{step.path}/messages/{type}{_ENDING}"
            text = self._texts.files(file)
            if text is not None:
                return Layer(file, text)
            if type in step.without:
                break
        return None

    @cached_property
    def types(self) -> dict[str, str]:
        """The messages of the version, in order, with their files."""
        found: dict[str, str] = {}
        gone: set[str] = set()
        for step in self._chain:
            folder = f"{step.path}/messages/"
            there = {name.removeprefix(folder).removesuffix(_ENDING): name for name in self._texts.names(folder)}
            found = {type: name for type, name in there.items() if type not in gone} | found
            gone |= step.without
        return dict(sorted(found.items()))

    def words(self, reference: str) -> dict[str, str]:
        """Value → our words for it, for a coded element; none where its values are not listed. Raises SchemaError."""
        return tables.code_words(self._coded_layers(reference))

    def digest(self, used: Iterable[str]) -> bytes:
        """A hash of every text that these segments are made of."""
        found = hashlib.sha256(self._tag_text)
        references: set[str] = set()
        for tag in sorted(set(used)):
            if tag in self._segments:
                found.update(self._segments[tag].text.encode())
                references.update(use.item.reference for use in self.segments[tag].elements)
            elif self._below is not None:
                found.update(self._below.digest([tag]))
        for reference in sorted(references & set(self._composites)):
            found.update(self._composites[reference].text.encode())
            references.update(part.element.reference for part in self.composites[reference].components)
        for reference in sorted(references & set(self._elements)):
            found.update(f"{self._elements[reference].text}{self._coded_texts.get(reference, '')}".encode())
        return found.digest()

    @cached_property
    def _chain(self) -> list[_Step]:
        """This directory, the one that it builds on, and so on. Raises SchemaError."""
        found: list[_Step] = []
        path: str | None = self._path
        while path is not None:
            if any(step.path == path for step in found):
                raise SchemaError("It builds on itself.", file=f"{path}/directory.txt")
            step, path = self._step(path)
            found.append(step)
        return found

    def _step(self, path: str) -> tuple[_Step, str | None]:
        """What ``directory.txt`` says, and the path of the base."""
        file = f"{path}/directory.txt"
        base, without = None, set()
        for line in notation.lines(file, self._texts.files(file) or ""):
            if line.words[0] == "base":
                line.at_most(2)
                base = f"{path.partition('/')[0]}/{line.word(1, 'The version')}"
            elif line.words[0] == "without":
                without.update(line.words[1:])
            else:
                raise line.error(f'"{line.words[0]}" is neither base nor without.')
        return _Step(path, frozenset(without)), base

    def _entries(self, name: str) -> dict[str, Entry]:
        return layers.entries(layer for step in self._chain for layer in self._texts.layers(f"{step.path}/{name}"))

    @cached_property
    def _tag_text(self) -> bytes:
        return " ".join(sorted(self.tags)).encode()

    @cached_property
    def _elements(self) -> dict[str, Entry]:
        return self._entries("elements.txt")

    @cached_property
    def _composites(self) -> dict[str, Entry]:
        return self._entries("composites.txt")

    @cached_property
    def _segments(self) -> dict[str, Entry]:
        return self._entries("segments.txt")

    @cached_property
    def _coded(self) -> frozenset[str]:
        """The names of all files of codes."""
        return frozenset(name for step in self._chain for name in self._texts.names(f"{step.path}/codes/"))

    def _coded_layers(self, reference: str) -> list[Layer]:
        files = (f"{step.path}/codes/{reference}{_ENDING}" for step in self._chain)
        return [layer for file in files if file in self._coded for layer in self._texts.layers(file)]

    def _codes(self, reference: str) -> frozenset[str] | None:
        texts = self._coded_layers(reference)
        self._coded_texts[reference] = "".join(layer.text for layer in texts)
        return frozenset(layers.entries(texts)) or None

    def _element(self, reference: str) -> ElementType:
        return tables.element(self._elements[reference], self._codes)

    def _composite(self, reference: str) -> Composite:
        return tables.composite(self._composites[reference], self.elements)

    def _segment(self, tag: str) -> SegmentTable:
        if tag in self._segments or self._below is None:
            return tables.segment(self._segments[tag], self.elements, self.composites)
        return self._below.segments[tag]
