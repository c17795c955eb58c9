"""Which place of the message each segment of a document took, as the validator means it: for showing."""

from __future__ import annotations

from gateway.codecs.model import RawDocument
from gateway.grammar.model import MessageTable, Node
from gateway.grammar.segment_patterns import Matcher, Matchers
from gateway.grammar.transitions import Machine
from gateway.grammar.validator import masked, raw_segments
from gateway.grammar.walk import walk


class _Everything(Matchers):
    """Nothing matches: the walk tells of each segment."""

    def __missing__(self, key: str | Node) -> Matcher:
        return lambda raw: None


def places(table: MessageTable, document: RawDocument) -> dict[int, Node]:
    """The place of each segment that took one, by its number (from 1 at ST or UNH). Never raises."""
    delimiters = document.delimiters
    raws = raw_segments(masked(document.text, delimiters), delimiters)
    found = walk(table, Machine(table), _Everything({}, delimiters), raws, delimiters)
    return {place.number: place.node for place, finding in found if finding is None and place.node is not None}
