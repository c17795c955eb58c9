"""The text notation of ``schemas/``: lines of words, nested by indentation. One notation for X12 and EDIFACT.

A line whose first word starts with ``#`` is a comment; blank lines separate. Each level of nesting is two blanks.

================  ==========================================================================================
file              grammar (``[]`` optional, ``…`` repeated, NAME is the rest of the line)
================  ==========================================================================================
messages/TYPE     ``message TYPE NAME`` · ``[functional-group ID]`` · then items, in order:
                  ``TAG STATUS [COUNT]`` is a segment; ``loop NAME STATUS [COUNT]`` is a loop, its items are
                  nested below it; the first of them, a segment ``M``, starts each repetition
segments          ``TAG NAME`` and nested below it ``POSITION REFERENCE STATUS [COUNT]`` for each element and
                  ``[conditions CONDITION …]``
composites        ``REFERENCE NAME`` and the same below it, for each component
elements          ``REFERENCE TYPE LENGTH NAME``
codes/REFERENCE   ``VALUE [WORDS]``
tags              ``TAG …``: segments of the version that have no table here
directory         ``[base VERSION]``: what is not here is as in that version · ``[without TYPE …]``: but not these
                  messages
================  ==========================================================================================

Segments, composites, elements and codes of a version lie above those of its base, entry by entry; ``without NAME …``
takes some away that the base has, ``without *`` all.

STATUS is M (mandatory) or O (optional; EDIFACT's conditional). COUNT is how often, ``*`` without bound; 1 where it is
not said. TYPE is X12's AN ID DT TM R N0…N9 B or EDIFACT's a n an. LENGTH is ``3`` (exactly), ``1..35`` or ``..35``.
CONDITION is a relational condition of X12: P R E C L with positions of two digits, ``C0302``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gateway.core.errors import SchemaError
from gateway.grammar.model import UNBOUNDED, Condition

_INDENT = "  "
_LENGTH = re.compile(r"(?:(\d{0,6})\.\.)?(\d{1,9})")
_CONDITION = re.compile(r"([PRECL])((?:\d\d){2,})", re.ASCII)

TAG = r"[A-Z](?:1[A-Z0-9]{3,8}|[A-Z0-9]{1,2})"
"""A segment's tag, as a regular expression: of X12 and EDIFACT two or three characters, of IDocs E1EDK01."""


class Line(NamedTuple):
    """One line that is not a comment: where it stands, how deep, and its words."""

    file: str
    number: int
    depth: int
    words: list[str]

    def error(self, detail: str) -> SchemaError:
        """A SchemaError that names this line."""
        return SchemaError(detail, file=self.file, key=f"line {self.number}")

    def word(self, index: int, what: str) -> str:
        """The word at that place; SchemaError says ``what`` is missing."""
        if index >= len(self.words):
            raise self.error(f"{what} is missing.")
        return self.words[index]

    def rest(self, index: int) -> str:
        """The words from there on, as a name."""
        return " ".join(self.words[index:])

    def at_most(self, count: int) -> None:
        """SchemaError when there are more words than that."""
        if len(self.words) > count:
            raise self.error(f'"{self.rest(count)}" is too much on this line.')


def lines(file: str, text: str, first: int = 1) -> Iterator[Line]:
    """The lines of a text that begins at line ``first`` of a file; raises SchemaError on an indentation that is not a
    multiple of two blanks."""
    for number, raw in enumerate(text.splitlines(), first):
        words = raw.split()
        if not words or words[0].startswith("#"):
            continue
        blanks = len(raw) - len(raw.lstrip(" "))
        line = Line(file, number, blanks // len(_INDENT), words)
        if raw[blanks] == "\t" or blanks % len(_INDENT):
            raise line.error("Nesting is by two blanks for each level.")
        yield line


def status(line: Line, index: int) -> bool:
    """True for M."""
    word = line.word(index, "M or O")
    if word not in ("M", "O"):
        raise line.error(f'"{word}" is neither M nor O.')
    return word == "M"


def count(line: Line, index: int) -> int:
    """How often; 1 where the line does not say."""
    if index >= len(line.words):
        return 1
    word = line.words[index]
    if word == "*":
        return UNBOUNDED
    if not (word.isascii() and word.isdigit() and 0 < int(word) <= UNBOUNDED):
        raise line.error(f'"{word}" is not a count: a number from 1, or *.')
    return int(word)


def length(line: Line, index: int) -> tuple[int, int]:
    """Least and most characters."""
    word = line.word(index, "The length")
    match = _LENGTH.fullmatch(word)
    if match is None:
        raise line.error(f'"{word}" is not a length: write 3, 1..35 or ..35.')
    most = int(match[2])
    least = most if match[1] is None else int(match[1] or 1)
    if not 0 < least <= most:
        raise line.error(f'"{word}" is not a length: the least is more than the most.')
    return least, most


def conditions(line: Line, positions: int) -> tuple[Condition, ...]:
    """The conditions of a line ``conditions …``, for a segment or composite of that many places."""
    found = []
    for word in line.words[1:]:
        said = condition(word)
        if said is None:
            raise line.error(f'"{word}" is not a condition: P R E C or L and two positions or more, C0302.')
        places = said.positions
        if not all(0 < place <= positions for place in places) or len(set(places)) < len(places):
            raise line.error(f"Condition {word} names a position twice or one that is not there.")
        found.append(said)
    return tuple(found)


def condition(word: str) -> Condition | None:
    """The condition that a word is, ``C0302``; None where it is none."""
    match = _CONDITION.fullmatch(word)
    if match is None:
        return None
    return Condition(match[1], tuple(int(match[2][at : at + 2]) for at in range(0, len(match[2]), 2)))
