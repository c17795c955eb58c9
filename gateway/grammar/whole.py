"""A whole message as one regular expression: the verdict "fine" in one match, for the many documents that are.

A pattern over every segment of a message is large, while the documents of one partner use a score of them. So the
pattern is made of the tags that fine documents have shown, and not before there were enough of them to pay for it.
What it does not match is walked segment by segment; it never decides that a document is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Set

from gateway.codecs.model import Delimiters
from gateway.codecs.split import blanks_of
from gateway.grammar.model import UNBOUNDED, MessageTable, Node
from gateway.grammar.segment_patterns import segment
from gateway.grammar.values import escape

_WORTH = 2_000_000  # characters walked: about as long as making a pattern takes


class Whole:
    """The pattern of one message and one set of delimiters, as far as it is learned."""

    def __init__(self, table: MessageTable, delimiters: Delimiters) -> None:
        self._table = table
        self._delimiters = delimiters
        self._tags: frozenset[str] = frozenset()
        self._waiting: set[str] = set()
        self._walked = 0
        self._worth = _WORTH
        self._pattern: re.Pattern[str] | None = None

    def matches(self, text: str) -> bool:
        """True: nothing is wrong with this document, its envelope aside. False says nothing."""
        return self._pattern is not None and self._pattern.fullmatch(text) is not None

    def learn(self, tags: Set[str], size: int) -> None:
        """A document of these tags and that many characters was walked and is fine."""
        self._waiting |= tags - self._tags
        self._walked += size
        if self._waiting and self._walked >= self._worth:
            self._tags |= self._waiting
            self._waiting = set()
            self._walked, self._worth = 0, self._worth * 2
            self._pattern = re.compile(pattern(self._table, self._delimiters, self._tags))


def pattern(table: MessageTable, delimiters: Delimiters, tags: Set[str]) -> str:
    """The pattern of documents that use no other tags than these. Possessive: a segment takes the nearest place, as
    in the transition table."""
    end, element = escape(delimiters.terminator), escape(delimiters.element)
    blanks = f"[{escape(blanks_of(delimiters))}]*+"
    header, trailer = ("ST", "SE") if table.standard == "x12" else ("UNH", "UNT")
    close = end + blanks
    segments = {tag: segment(table.segments[tag], delimiters) + close for tag in tags}
    rest = f"(?:{element}[^{end}]*+)?+{close}"
    return f"{blanks}{header}{rest}{_children(table.root, segments)}{trailer}{rest}"


def _children(loop: Node, segments: dict[str, str]) -> str:
    return "".join(_node(child, segments) for child in loop.children or ())


def _node(node: Node, segments: dict[str, str]) -> str:
    """A place with its repetitions; a mandatory one that no document used lets nothing match."""
    if node.tag not in segments:
        return "(?!)" if node.mandatory else ""
    one = segments[node.tag] if node.children is None else _children(node, segments)
    least = 1 if node.mandatory else 0
    most = "" if node.most >= UNBOUNDED else str(node.most)
    return one if (least, most) == (1, "1") else f"(?:{one}){{{least},{most}}}+"
