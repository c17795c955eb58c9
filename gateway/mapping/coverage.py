"""How much a mapping ties: of its message and its canonical document, and of the documents that it reads."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from gateway.codecs.model import Delimiters, Segment
from gateway.grammar.model import Node
from gateway.mapping.bind import inside
from gateway.mapping.bound import Child, Frame, Inner, Item, Row, node_of
from gateway.mapping.lines import dotted
from gateway.mapping.lint import all_lines, spots_of, untied
from gateway.mapping.mapping import Mapping

_INDEX = re.compile(r"\[\d+\]")
_ADDRESS = re.compile(r"(?P<tag>.*)\[\d+\](?P<place>(?:-\d+)*)", re.DOTALL)
_ENVELOPE = frozenset({"ST", "SE", "UNH", "UNT"})


class Static(NamedTuple):
    """What a mapping ties, whatever arrives: places of the message that it names or not, fields likewise."""

    segments: list[str]
    untied_segments: list[str]
    fields: list[str]
    untied_fields: list[str]


class Place(NamedTuple):
    """A place of documents that no line takes: how often there is something, in how many documents, and one such
    text."""

    place: str
    reason: str
    times: int
    documents: int
    sample: str


def static(mapping: Mapping) -> Static:
    """What of the message and the document the mapping ties. Inside loops that it does not name nothing is listed."""
    root = mapping.bound.root
    segments: dict[str, bool] = {}
    _segments(root.items, root.loop, segments)
    tied = [name for name, known in segments.items() if known]
    return Static(tied, [name for name, known in segments.items() if not known], _fields(root, ""), _untied(root, ""))


@dataclass
class Coverage:
    """What a mapping takes of the documents that it reads, counted document by document."""

    mapping: Mapping
    documents: int = 0
    unreadable: int = 0
    segments: int = 0
    segments_taken: int = 0
    elements: int = 0
    elements_taken: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)
    _times: Counter[tuple[str, str]] = field(default_factory=Counter)
    _documents: Counter[tuple[str, str]] = field(default_factory=Counter)
    _samples: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, segments: list[Segment], delimiters: Delimiters) -> None:
        """One more document. Never raises for what it says."""
        reading = self.mapping.read_careful(segments, delimiters)
        self.documents += 1
        body = [segment for segment in segments if segment[0] not in _ENVELOPE]
        self.segments += len(body)
        self.elements += sum(sum(map(bool, segment[1:])) for segment in body)
        if reading.document is None:
            self.unreadable += 1
            return
        self.segments_taken += len(body)
        self.elements_taken += sum(sum(map(bool, segment[1:])) for segment in body)
        self.lines.update(entry.line for entry in reading.lineage)
        self.fields.update({_INDEX.sub("[]", entry.field) for entry in reading.lineage})
        seen: set[tuple[str, str]] = set()
        for extension in reading.document.extensions:
            found = _ADDRESS.fullmatch(extension.address)
            place = f"{found['tag']}{found['place']}" if found else extension.tag
            key = (place, extension.reason)
            self._times[key] += 1
            self._samples.setdefault(key, extension.text)
            seen.add(key)
            if found and found["place"]:
                self.elements_taken -= found["place"].count("-") == 1
            else:
                self.segments_taken -= 1
                self.elements_taken -= sum(map(bool, extension.text.split(delimiters.element)[1:]))
        self._documents.update(seen)

    def places(self) -> list[Place]:
        """What no line takes, the most frequent first."""
        found = [Place(*key, times, self._documents[key], self._samples[key]) for key, times in self._times.items()]
        return sorted(found, key=lambda place: (-place.times, place.place))

    def idle(self) -> list[tuple[str, str]]:
        """Lines that took nothing of these documents, and the field that each would fill."""
        found = []
        for line in all_lines(self.mapping.bound.root):
            for where, spots in [(line.where, line.holes), *((tail.where, tail.values) for tail in line.tails)]:
                if spots and not self.lines[where]:
                    found.append((where, spots[0].field_name))
        return list(dict.fromkeys(found))


def _segments(items: list[Item], loop: Node, found: dict[str, bool]) -> None:
    tied = {id(node) for item in items for node in node_of(item).mates}
    for node in inside(loop):
        name = "/".join(filter(None, (node.path, node.tag if node.tag != node.name or not node.is_loop else "")))
        found[name] = found.get(name, False) or id(node) in tied
    for item in items:
        if isinstance(item, Inner):
            _segments(item.items, item.node, found)
        elif isinstance(item, Child):
            _segments(item.frame.items, item.frame.loop, found)


def _fields(frame: Frame, path: str) -> list[str]:
    found: dict[str, None] = {}
    for line in frame.lines:
        for spot in spots_of(line):
            found.update(dict.fromkeys(("" if spot.from_root else path) + dotted(field) for field in spot.paths))
        for tail in line.tails:
            if tail.each is not None:
                found.update(dict.fromkeys(f"{path}{dotted(tail.each)}[].{dotted(spot.path)}" for spot in tail.holes))
    found.update(dict.fromkeys(path + name for name in frame.fixed))
    for holder in frame.holders:
        found.update(dict.fromkeys(_fields(holder.frame, _below(holder, path))))
    return list(found)


def _untied(frame: Frame, path: str) -> list[str]:
    found = list(untied(frame, path))
    for holder in frame.holders:
        found += _untied(holder.frame, _below(holder, path))
    return list(dict.fromkeys(found))


def _below(holder: Row | Child, path: str) -> str:
    many = isinstance(holder, Row) or holder.many
    return f"{path}{dotted(holder.path)}{'[]' if many else ''}."
