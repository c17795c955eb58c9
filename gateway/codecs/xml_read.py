"""XML read as it comes: the root first, then each of its children with all that is in it, one after the other.

Nothing of a document stays but the child that is being read. There is no DTD: a DOCTYPE ends the reading where it
begins, so there are no entities, and nothing outside of the file is ever looked for. Depth, elements, attributes and
bytes are bounded. The parser is expat, which knows the byte and the line of all that it tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol
from xml.parsers import expat

from gateway.codecs.model import LIMITS, Limits
from gateway.codecs.xml_text import XmlText
from gateway.core.issues import Issue, Location

MOST_DEPTH = 100
MOST_ATTRIBUTES = 100
_BLANKS = " \t\r\n"


class Element:
    """One element. ``tag`` is its name with the prefix that its namespace is known by, ``{namespace}name`` without one;
    the root has none. ``text`` is all text that stands directly in it. ``line`` counts from 1, ``offset`` is in bytes
    of the text in UTF-8."""

    __slots__ = ("attributes", "children", "line", "offset", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str], line: int, offset: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.text = ""
        self.children: list[Element] = []
        self.line = line
        self.offset = offset


class Sink(Protocol):
    """Who takes what is read."""

    def root(self, element: Element, namespace: str) -> None:
        """The root, of which only tag and attributes are known yet."""
        ...

    def child(self, element: Element) -> None:
        """A child of the root, whole."""
        ...


class Enough(Exception):
    """A sink has what it wants: the rest is not read."""


class _Refused(Exception):
    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.code)
        self.issue = issue


def parse(text: XmlText, sink: Sink, prefixes: Mapping[str, str], limits: Limits = LIMITS) -> Issue | None:
    """Hands a document to ``sink``; returns what ended the reading before the end, None when nothing did.

    ``prefixes``: namespace → prefix. Never raises for what the text says; what the sink raises is passed on.
    """
    if text.issue is not None:
        return text.issue
    reader = _Reader(text, sink, prefixes, limits)
    try:
        reader.run()
    except _Refused as refused:
        return refused.issue
    except Enough:
        return None
    except expat.ExpatError as error:
        reason = expat.errors.messages.get(error.code, "syntax error")
        place = Location(line=error.lineno, offset=text.offset(max(0, reader.parser.ErrorByteIndex)))
        params = {"reason": f"{reason}, at character {error.offset + 1} of line {error.lineno}"}
        return Issue("XML-D01", place, None, params)
    return None


class _Names(dict[str, str]):
    """``namespace name``, as expat says it → the tag. A document may choose any: few are kept."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        super().__init__()
        self._prefixes = prefixes

    def __missing__(self, name: str) -> str:
        space, _, local = name.rpartition(" ")
        prefix = self._prefixes.get(space)
        tag = f"{prefix}:{local}" if prefix else f"{{{space}}}{local}" if space else local
        if len(self) < 10_000:
            self[name] = tag
        return tag


class _Reader:
    """expat's events as elements."""

    def __init__(self, text: XmlText, sink: Sink, prefixes: Mapping[str, str], limits: Limits) -> None:
        self._text, self._sink, self._limits = text, sink, limits
        self._names = _Names(prefixes)
        self._open: list[Element] = []
        self._pieces: list[list[str]] = []
        self._left = limits.document_segments
        parser: Any = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.buffer_size = 65536
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        self.parser = parser

    def run(self) -> None:
        if len(self._text.data) > self._limits.document_bytes:
            raise self._too_much("bytes", len(self._text.data), self._limits.document_bytes)
        self.parser.Parse(self._text.data, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        stack, parser = self._open, self.parser
        depth = len(stack)
        self._left -= 1
        if depth >= MOST_DEPTH:
            raise self._too_much("levels of elements", depth + 1, MOST_DEPTH)
        if len(attributes) > MOST_ATTRIBUTES:
            raise self._too_much("attributes at one element", len(attributes), MOST_ATTRIBUTES)
        if self._left < 0:
            raise self._too_much("elements", self._limits.document_segments + 1, self._limits.document_segments)
        element = Element(self._names[name], attributes, parser.CurrentLineNumber, parser.CurrentByteIndex)
        if depth == 0:
            space, _, element.tag = name.rpartition(" ")
            self._sink.root(element, space)
        elif depth > 1:
            stack[-1].children.append(element)
        stack.append(element)
        self._pieces.append([])

    def _end(self, name: str) -> None:
        element = self._open.pop()
        pieces = self._pieces.pop()
        if pieces:
            element.text = pieces[0] if len(pieces) == 1 else "".join(pieces)
        if len(self._open) == 1:
            self._sink.child(element)

    def _characters(self, data: str) -> None:
        self._pieces[-1].append(data)

    def _doctype(self, *declared: object) -> None:
        raise _Refused(Issue("XML-D02", self._place()))

    def _place(self) -> Location:
        offset = self._text.offset(self.parser.CurrentByteIndex)
        return Location(line=self.parser.CurrentLineNumber, offset=offset)

    def _too_much(self, unit: str, found: int, most: int) -> _Refused:
        place = self._place() if self._open else Location(line=1, offset=0)
        return _Refused(Issue("XML-D04", place, str(found), {"unit": unit, "most": str(most)}))


def is_blank(text: str) -> bool:
    """Whether it has nothing but what XML calls white space."""
    return not text.strip(_BLANKS)
