"""What documents of a partner have in common, written down as a guide: a proposal for a person to look over.

A guide that was learned accepts every document that it was learned from, and limits nothing that fewer documents than
asked have shown.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from gateway.codecs.model import Delimiters, RawDocument, Segment
from gateway.codecs.split import components, repetitions, unescape
from gateway.grammar.model import Composite, ElementType, MessageTable, Node, SegmentTable
from gateway.grammar.segment_patterns import Matcher, Matchers
from gateway.grammar.transitions import Machine, State
from gateway.grammar.validator import masked, raw_segments
from gateway.grammar.walk import walk

_VALUES = 40  # that are told apart for one element
_CODE_LENGTH = 3
_PLACES = frozenset({"26", "156", "3207", "3229"})  # countries and states: where somebody is, not how he writes


class Values:
    """What was seen at one element or component. ``known`` None: too many values to list."""

    def __init__(self) -> None:
        self.filled = 0
        self.least, self.most = 10**6, 0
        self.known: Counter[str] | None = Counter()

    def add(self, text: str) -> None:
        self.filled += 1
        self.least, self.most = min(self.least, len(text)), max(self.most, len(text))
        if self.known is not None:
            self.known[text] += 1
            self._bound()

    def merge(self, other: Values) -> None:
        self.filled += other.filled
        self.least, self.most = min(self.least, other.least), max(self.most, other.most)
        self.known = self.known + other.known if self.known is not None and other.known is not None else None
        self._bound()

    def _bound(self) -> None:
        if self.known is not None and len(self.known) > _VALUES:
            self.known = None


class Tally:
    """How often: ``inside`` is in how many repetitions of the loop around, ``most`` in one of them, ``documents`` in
    how many documents, ``times`` in all."""

    def __init__(self) -> None:
        self.times = self.inside = self.most = self.documents = 0
        self._last = 0

    def add(self, found: int, document: int) -> None:
        """So many in one repetition of the loop around."""
        self.times += found
        self.inside += 1
        self.most = max(self.most, found)
        self.documents += document != self._last
        self._last = document

    def merge(self, other: Tally) -> None:
        """Of other repetitions. Documents are not counted twice, so that there may be more than it says."""
        self.times += other.times
        self.inside += other.inside
        self.most = max(self.most, other.most)
        self.documents = max(self.documents, other.documents)


class Seen:
    """What was seen of the segments or loops of one place, or of those with one code."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.elements: dict[tuple[int, int], Values] = {}
        self.places: dict[Node, Place] = {}

    def merge(self, other: Seen) -> None:
        """Of other segments or loops of the place."""
        self.tally.merge(other.tally)
        for at, values in other.elements.items():
            self.elements.setdefault(at, Values()).merge(values)
        for node, place in other.places.items():
            self.places.setdefault(node, Place()).merge(place)


class Place:
    """What was seen at a place, together and by code."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.codes: dict[str, Seen] = {}

    def merge(self, other: Place) -> None:
        self.tally.merge(other.tally)
        for code, seen in other.codes.items():
            self.codes.setdefault(code, Seen()).merge(seen)

    @property
    def all(self) -> Seen:
        """Whatever the code."""
        found = Seen()
        for seen in self.codes.values():
            found.merge(seen)
        found.tally = self.tally
        return found


class _Open(NamedTuple):
    """A repetition of a loop that is being read."""

    node: Node
    seen: Seen
    counts: Counter[tuple[Node, str]]


class Learner:
    """Looks at valid documents of one message."""

    def __init__(self, table: MessageTable) -> None:
        self.table = table
        self.root = Seen()
        self.documents = 0
        self._machine = Machine(table)
        self._qualified: dict[Node, tuple[int, int] | None] = {}

    def add(self, document: RawDocument) -> bool:
        """Looks at one. False: its segments do not follow the message, and nothing is learned from it."""
        delimiters = document.delimiters
        raws = raw_segments(masked(document.text, delimiters), delimiters)
        trail: list[State] = []
        placed = walk(self.table, self._machine, _Anything(delimiters), raws, delimiters, trail)
        if any(finding is not None for _, finding in placed):
            return False
        self.documents += 1
        self.root.tally.add(1, self.documents)
        stack = [_Open(self.table.root, self.root, Counter())]
        for segment, state in zip(document.segments()[1:], trail):
            self._segment(segment, state.node, stack, delimiters)
        while stack:
            self._close(stack.pop())
        return True

    def _segment(self, segment: Segment, node: Node, stack: list[_Open], delimiters: Delimiters) -> None:
        place = node.place
        while stack[-1].node is not place.parent:
            self._close(stack.pop())
        around = stack[-1]
        code = self._code(place, segment, delimiters)
        seen = around.seen.places.setdefault(place, Place()).codes.setdefault(code, Seen())
        around.counts[place, code] += 1
        self._elements(seen, segment, node, delimiters)
        if place.is_loop:
            stack.append(_Open(place, seen, Counter()))

    def _close(self, instance: _Open) -> None:
        together: Counter[Node] = Counter()
        for (node, code), found in instance.counts.items():
            together[node] += found
            instance.seen.places[node].codes[code].tally.add(found, self.documents)
        for node, found in together.items():
            instance.seen.places[node].tally.add(found, self.documents)

    def _code(self, place: Node, segment: Segment, delimiters: Delimiters) -> str:
        if place not in self._qualified:
            self._qualified[place] = self.qualifier(place)
        at = self._qualified[place]
        if at is None or at[0] >= len(segment):
            return ""
        parts = components(segment[at[0]], delimiters)
        return unescape(parts[max(at[1], 1) - 1], delimiters)

    def qualifier(self, place: Node) -> tuple[int, int] | None:
        """Where the segments of a place that repeats are told apart: at a code in the first element."""
        use = next(iter(self.segment_of(place).elements), None)
        if use is None or place.most < 2 or len(place.mates) > 1 or place.selectors or not use.repeats:
            return None
        composite = isinstance(use.item, Composite)
        item = use.item.components[0].element if isinstance(use.item, Composite) else use.item
        return (1, int(composite)) if is_code(item) else None

    def segment_of(self, place: Node) -> SegmentTable:
        """The segment at a place."""
        return place.first.segment or self.table.segments[place.tag]

    def _elements(self, seen: Seen, segment: Segment, node: Node, delimiters: Delimiters) -> None:
        for use, text in zip(self.segment_of(node).elements, segment[1:]):
            for one in repetitions(text, delimiters) if use.repeats > 1 else [text]:
                if isinstance(use.item, Composite):
                    parts = list(enumerate(components(one, delimiters), 1))
                    if any(part for _, part in parts):
                        seen.elements.setdefault((use.position, 0), Values()).add("")
                else:
                    parts = [(0, one)]
                for component, part in parts:
                    if part:
                        values = seen.elements.setdefault((use.position, component), Values())
                        values.add(unescape(part, delimiters))


def is_code(element: ElementType) -> bool:
    """X12 has a type for codes (that postal codes have too), EDIFACT writes them ``an..3``."""
    if element.most > _CODE_LENGTH or element.reference in _PLACES:
        return False
    return element.type == "ID" or (element.type == "an" and element.most == _CODE_LENGTH)


class _Anything(Matchers):
    """The content of a segment is not looked at: it was checked before."""

    def __init__(self, delimiters: Delimiters) -> None:
        super().__init__({}, delimiters)

    def __missing__(self, key: str | Node) -> Matcher:
        return _ANYTHING


_ANYTHING = re.compile("").match
