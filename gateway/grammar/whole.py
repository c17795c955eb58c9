"""A whole message as one regular expression: the verdict "fine" in one match, for the many documents that are.

A pattern over every segment of a message is large, while the documents of one partner use a score of them. So the
pattern is made of the places that fine documents have used, and not before there were enough of them to pay for it;
beside the work, since it takes tenths of a second. What it does not match is walked segment by segment; it never
decides that a document is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from threading import Thread

from gateway.codecs.model import Delimiters
from gateway.codecs.split import blanks_of
from gateway.grammar.model import UNBOUNDED, MessageTable, Node
from gateway.grammar.segment_patterns import segment
from gateway.grammar.selectors import start
from gateway.grammar.values import escape

_WORTH = 1_000_000  # characters walked: about as long as making a pattern takes

Used = Set[Node]
"""The places that documents have used; a loop stands for its first segment."""


class Whole:
    """The pattern of one message and one set of delimiters, as far as it is learned."""

    def __init__(self, table: MessageTable, delimiters: Delimiters) -> None:
        self._table = table
        self._delimiters = delimiters
        self._used: frozenset[Node] = frozenset()
        self._waiting: set[Node] = set()
        self._walked = 0
        self._worth = _WORTH
        self._pattern: re.Pattern[str] | None = None
        self._maker: Thread | None = None

    def matches(self, text: str) -> bool:
        """True: nothing is wrong with this document, its envelope aside. False says nothing."""
        return self._pattern is not None and self._pattern.fullmatch(text) is not None

    def learn(self, used: Used, size: int) -> None:
        """A document that used these and has that many characters was walked and is fine."""
        self._waiting |= used - self._used
        self._walked += size
        if self._waiting and self._walked >= self._worth and self._maker is None:
            self._used |= self._waiting
            self._waiting = set()
            self._walked, self._worth = 0, self._worth * 2
            self._maker = Thread(target=self._make, args=(self._used,), name="pattern", daemon=True)
            self._maker.start()

    def settle(self) -> None:
        """Waits for the pattern that is being made."""
        maker = self._maker
        if maker is not None:
            maker.join()

    def _make(self, used: Used) -> None:
        self._pattern = re.compile(pattern(self._table, self._delimiters, used))
        self._maker = None


def pattern(table: MessageTable, delimiters: Delimiters, used: Used) -> str:
    """The pattern of documents that use nothing else. Possessive: a segment takes the nearest place, as in the
    transition table."""
    return _Pattern(table, delimiters, used).message()


class _Pattern:
    def __init__(self, table: MessageTable, delimiters: Delimiters, used: Used) -> None:
        self._table = table
        self._delimiters = delimiters
        self._used = used
        self._tags = {node.tag for node in used}
        self._blanks = f"[{escape(blanks_of(delimiters))}]*+"
        self._end = escape(delimiters.terminator)
        self._close = self._end + self._blanks
        self._segments: dict[str, str] = {}
        self._varied = {node.tag for node in table.root.walk() if _asks_more(node)}

    def message(self) -> str:
        header, trailer = ("ST", "SE") if self._table.standard == "x12" else ("UNH", "UNT")
        rest = f"(?:{escape(self._delimiters.element)}[^{self._end}]*+)?+{self._close}"
        return f"{self._blanks}{header}{rest}{self._children(self._table.root, 0)}{trailer}{rest}"

    def _children(self, loop: Node, at: int) -> str:
        found, children = "", loop.children or ()
        passed: list[Node] = []
        while at < len(children):
            mates = children[at].mates
            at += len(mates)
            if not any(self._is_used(mate) or mate.mandatory for mate in mates):
                passed += mates
                continue
            found += self._barred(passed) + (self._place(mates[0]) if len(mates) == 1 else self._mates(mates))
            passed = []
        return found + self._barred(passed)

    def _is_used(self, node: Node) -> bool:
        return node.most > 0 and node in self._used

    def _place(self, node: Node) -> str:
        """A place with its repetitions; a mandatory one that no document used lets nothing match."""
        if not self._is_used(node):
            return _NEVER
        one, least = self._one(node), 1 if node.mandatory else 0
        if (least, node.most) == (1, 1):
            return one
        further = self._barred([node]) if node.tag in self._varied else ""
        return f"(?:{one}){{{least},{_most(node.most)}}}+{further}"

    def _one(self, node: Node) -> str:
        """One segment, or one repetition of a loop."""
        first = node.first
        own = segment(first.segment, self._delimiters) if first.segment is not None else self._common(node.tag)
        looks = f"(?={start(node, self._delimiters)})" if node.selectors else ""
        return looks + own + self._close + (self._children(node, 1) if node.is_loop else "")

    def _common(self, tag: str) -> str:
        """A segment as it is everywhere in the version."""
        if tag not in self._segments:
            self._segments[tag] = segment(self._table.segments[tag], self._delimiters)
        return self._segments[tag]

    def _mates(self, mates: Sequence[Node]) -> str:
        """Places that share a position, in any order: each segment takes the first that it fits."""
        if not all(self._is_used(mate) for mate in mates if mate.mandatory):
            return _NEVER
        used = [mate for mate in mates if self._is_used(mate)]
        if self._repeats_itself(mates):
            return _NEVER if any(mate.mandatory for mate in mates) else self._barred(mates)
        bodies = {mate: self._after(mates, mate) + self._one(mate) for mate in used}
        asked = ""
        for mate in used:
            if mate.mandatory:
                others = "|".join(body for other, body in bodies.items() if other is not mate) or _NEVER
                asked += f"(?=(?>{others})*+{bodies[mate]})"
            if mate.most < UNBOUNDED:
                asked += self._at_most(mates, mate)
        return (f"{asked}(?>{'|'.join(bodies.values())})*+" if bodies else "") + self._barred(mates)

    def _repeats_itself(self, mates: Sequence[Node]) -> bool:
        """Whether a loop around them starts with a tag that they have too: then counting ahead would find no end."""
        tags = {node.tag for mate in mates for node in mate.walk()}
        around = mates[0].parent
        while around is not None and around.tag not in tags:
            around = around.parent
        return around is not None

    def _after(self, mates: Sequence[Node], mate: Node) -> str:
        """It fits none of those before it."""
        before = [start(other, self._delimiters) for other in mates[: mates.index(mate)]]
        return f"(?!{'|'.join(before)})" if before else ""

    def _at_most(self, mates: Sequence[Node], mate: Node) -> str:
        """No more of one of them, counted over all segments that may stand here: where that finds some of another
        place, the document is walked."""
        tags = {node.tag for other in mates for node in other.walk() if node.tag in self._tags}
        anything = f"(?:{'|'.join(sorted(map(escape, tags)))})(?![^{self._stops}])[^{self._end}]*+{self._close}"
        here = self._after(mates, mate) + start(mate, self._delimiters)
        one = f"(?>(?!{here}){anything})*+{here}[^{self._end}]*+{self._close}"
        return f"(?!(?:{one}){{{mate.most + 1}}})"

    def _barred(self, nodes: Sequence[Node]) -> str:
        """No segment that would take one of these places, and that a farther one might let pass."""
        there = (node for node in nodes if node.most and node.tag in self._tags)
        starts = dict.fromkeys(start(node, self._delimiters) for node in there)
        return f"(?!{'|'.join(starts)})" if starts else ""

    @property
    def _stops(self) -> str:
        return escape(self._delimiters.element) + self._end


_NEVER = "(?!)"


def _asks_more(node: Node) -> bool:
    """Whether a segment, or what follows it, may be wrong at a place that would be right at another of its tag."""
    mandatory = any(child.mandatory for child in (node.children or ())[1:])
    return node.first.segment is not None or bool(node.selectors) or mandatory


def _most(most: int) -> str:
    return "" if most >= UNBOUNDED else str(most)
