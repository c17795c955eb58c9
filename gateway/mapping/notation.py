"""The lines of a mapping, parsed: indentation is nesting, one segment a line.

The notation is described for its users in ``docs/reference/mappings.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from gateway.codecs.records import RECORDS
from gateway.grammar.notation import TAG
from gateway.mapping.lines import Block, Element, Line, Path, Tail, mistake
from gateway.mapping.places import NAME, elements_of, path_of

_COMMENT = re.compile(r"(?:^|\s)#(?:\s.*)?$")
_FIELD = rf"{NAME}(?:\.{NAME})*"
_BLOCK = re.compile(
    rf"(?P<each>each\s+)?(?P<field>{_FIELD})(?:\s+where\s+(?P<name>[a-z_]+)\s*=\s*(?P<word>\S+?))?\s*:"
    r"(?:\s*(?P<part>[a-z_][a-z0-9_]*)\((?P<words>[^()]*)\))?"
)
_TAIL = re.compile(rf"&\s*(?:each\s+(?P<each>{_FIELD})\s*:)?\s*(?P<places>.*)")
_SEGMENT = re.compile(rf"(?P<tag>{TAG})(?:\s+(?P<rest>\S.*))?")
_WHEN = re.compile(rf"(?P<rest>.*?)\s+when\s+(?P<field>{_FIELD})")
_ARGUMENT = re.compile(r"\$(\d)")
_UNSUPPORTED = {
    "hierarchy": "Hierarchies (HL, CPS) are not supported.",
    "level": "Hierarchies (HL, CPS) are not supported.",
    "block": "py() is not supported.",
}


class Separators(NamedTuple):
    """What stands between places in the lines of one standard: the signs that its documents usually show."""

    element: str
    component: str


SEPARATORS = {"x12": Separators("*", ":"), "edifact": Separators("+", ":")}
SEPARATORS |= dict.fromkeys(RECORDS, SEPARATORS["x12"])


class Source(NamedTuple):
    """A piece of notation and where its first line stands."""

    text: str
    file: str
    line: int = 1

    def where(self, index: int) -> str:
        return f"{self.file}:{self.line + index}"


class _Open(NamedTuple):
    """A block whose lines are being read: how far its header is indented."""

    indent: int
    block: Block


def parse(source: Source, parts: Mapping[str, Source], separators: Separators) -> Block:
    """The root block of a mapping's text. Raises MappingDefinitionError with the file and line of a mistake."""
    return _Parser(source, parts, separators, ()).parse()


class _Parser:
    def __init__(
        self, source: Source, parts: Mapping[str, Source], separators: Separators, using: tuple[str, ...]
    ) -> None:
        self.source, self.parts, self.separators, self.using = source, parts, separators, using
        self.stack = [_Open(-1, Block("root", source.where(0)))]
        self.indents: dict[int, int] = {}  # id of a block: how far its lines are indented

    def parse(self) -> Block:
        for index, raw in enumerate(self.source.text.splitlines()):
            text = _COMMENT.sub("", raw.expandtabs(8)).rstrip()
            if text:
                self._line(text.strip(), len(text) - len(text.lstrip()), self.source.where(index))
        for _, block in self.stack[1:]:
            _not_empty(block)
        return self.stack[0].block

    def _line(self, text: str, indent: int, where: str) -> None:
        if text.startswith("&"):
            self._tail(text, where)
            return
        parent = self._parent(indent, where)
        if text.split()[0] in _UNSUPPORTED:
            raise mistake(where, _UNSUPPORTED[text.split()[0]])
        if segment := _SEGMENT.fullmatch(text):
            parent.items.append(self._segment(segment, where))
        elif block := _BLOCK.fullmatch(text):
            self._block(block, parent, indent, where)
        else:
            raise mistake(where, f"{text} is neither a segment line nor a block.", "See the reference of mappings.")

    def _parent(self, indent: int, where: str) -> Block:
        """The block that a line of this indentation belongs to."""
        while indent <= self.stack[-1].indent:
            _not_empty(self.stack.pop().block)
        parent = self.stack[-1].block
        if self.indents.setdefault(id(parent), indent) != indent:
            raise mistake(where, "The indentation does not match the lines above.", "Lines of a block start alike.")
        return parent

    def _block(self, match: re.Match[str], parent: Block, indent: int, where: str) -> None:
        name = match["field"]
        kind = "each" if match["each"] else "loop" if name == "loop" else "part"
        condition = (match["name"], match["word"]) if match["name"] else None
        if condition and kind != "each":
            raise mistake(where, "Only 'each' blocks have a 'where'.")
        block = Block(kind, where, () if kind == "loop" else path_of(name), condition)
        parent.items.append(block)
        if match["part"]:
            block.items = self._part(match["part"], match["words"], where)
        else:
            self.stack.append(_Open(indent, block))

    def _part(self, name: str, words: str, where: str) -> list[Line | Block]:
        source = self.parts.get(name)
        if source is None:
            raise mistake(where, f"There is no part {name}.", _known("Parts", self.parts))
        if name in self.using:
            raise mistake(where, f"The part {name} uses itself.")
        arguments = [word.strip() for word in words.split(",")] if words.strip() else []
        wanted = max((int(number) for number in _ARGUMENT.findall(source.text)), default=0)
        if wanted != len(arguments):
            raise mistake(where, f"The part {name} takes {wanted} words, {len(arguments)} are given.")
        text = _ARGUMENT.sub(lambda found: arguments[int(found[1]) - 1], source.text)
        part = _Parser(source._replace(text=text), self.parts, self.separators, (*self.using, name)).parse()
        if not part.items:
            raise mistake(source.where(0), f"The part {name} has no lines.")
        return part.items

    def _segment(self, match: re.Match[str], where: str) -> Line:
        tag, rest = match["tag"], match["rest"] or ""
        when: Path | None = None
        if condition := _WHEN.fullmatch(rest):
            rest, when = condition["rest"], path_of(condition["field"])
        removes = rest == "=" or rest.endswith(" =")
        if removes:
            rest = rest[:-1].rstrip()
        if not rest:
            return Line(tag, (), where, when=when, removes=removes)
        if not rest.startswith(self.separators.element):
            raise mistake(where, f"After {tag} comes {self.separators.element}, not {rest[0]}.")
        return Line(tag, self._elements(rest[1:], where), where, when=when, removes=removes)

    def _tail(self, text: str, where: str) -> None:
        match = _TAIL.fullmatch(text)
        block = self.stack[-1].block
        last = block.items[-1] if block.items else None
        if match is None or not isinstance(last, Line):
            raise mistake(where, "& continues a segment line, and there is none above.")
        if any(tail.each for tail in last.tails):
            raise mistake(where, "Nothing comes after the general tail (& each …): it takes all that is left.")
        each = path_of(match["each"]) if match["each"] else None
        tail = Tail(self._elements(match["places"], where), where, each)
        block.items[-1] = Line(last.tag, last.elements, last.where, (*last.tails, tail), last.when, last.removes)

    def _elements(self, text: str, where: str) -> tuple[Element, ...]:
        return elements_of(text, self.separators.element, self.separators.component, where)


def _not_empty(block: Block) -> None:
    if not block.items:
        raise mistake(block.where, "This block has no lines.", "Indent the lines that belong to it.")


def _known(what: str, names: Mapping[str, object]) -> str:
    return f"{what} here: {', '.join(sorted(names))}." if names else f"There are no {what.lower()} here."
