"""The lines of a mapping for XML: a line is an element, indentation is the tree, ``@name`` an attribute.

The notation is described for its users in ``docs/reference/mappings.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gateway.mapping.lines import Path, Place, mistake
from gateway.mapping.notation import Source
from gateway.mapping.places import NAME, path_of, place_of

TAG = r"(?:cac|cbc|ext):[A-Za-z]\w*"
"""An element with the prefix of its namespace, as a regular expression."""

_COMMENT = re.compile(r"(?:^|\s)#(?:\s.*)?$")
_FIELD = re.compile(rf"{NAME}(?:\.{NAME})*")
_WORDS = re.compile(r'\{[^{}]*\}|"[^"]*"|\S+')
_CALL = re.compile(r"(?P<part>[a-z_][a-z0-9_]*)\((?P<words>[^()]*)\)")
_ARGUMENT = re.compile(r"\$(\d)")


_WHERE = "It is written as: each LIST where FIELD = WORD."


@dataclass(slots=True)
class XmlLine:
    """One element. ``kind``: empty, or ``part`` (its lines fill the part ``path``) or ``each`` (it is one item of that
    list, or only of those whose field has the value that ``having`` says). ``content`` and ``attributes`` are what
    stands in it; ``without`` names an element that must not."""

    tag: str
    where: str
    content: Place | None = None
    attributes: dict[str, Place] = field(default_factory=dict)
    kind: str = ""
    path: Path = ()
    when: Path | None = None
    unless: Path | None = None
    without: str = ""
    having: tuple[Path, str] | None = None
    removes: bool = False
    items: list[XmlLine] = field(default_factory=list)

    @property
    def only_read(self) -> bool:
        """Written unless its own field has a value, which is never."""
        return bool(self.path) and self.unless == self.path

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes two lines the same for an override: the element, and what it is an item or a part of."""
        return (self.tag, self.kind, self.path, self.without, self.having)


def parse_xml(source: Source, parts: Mapping[str, Source], using: tuple[str, ...] = ()) -> XmlLine:
    """The root of a mapping's text. Raises MappingDefinitionError with the file and line of a mistake."""
    root = XmlLine("", source.where(0))
    stack: list[tuple[int, XmlLine]] = [(-1, root)]
    for index, raw in enumerate(source.text.splitlines()):
        text = _COMMENT.sub("", raw.expandtabs(8)).rstrip()
        if not text:
            continue
        indent, where = len(text) - len(text.lstrip()), source.where(index)
        while indent <= stack[-1][0]:
            stack.pop()
        parent = stack[-1][1]
        if call := _CALL.fullmatch(text.strip()):
            parent.items += _part(call, parts, where, using)
            continue
        if parent.content is not None:
            raise mistake(where, f"{parent.tag} has a value: no element stands in it.")
        line = _line(text.strip(), where)
        parent.items.append(line)
        stack.append((indent, line))
    return root


def merge_xml(base: XmlLine, changes: XmlLine) -> XmlLine:
    """``base`` with the changes of a file that extends it: the same element replaces (one with lines is merged line by
    line), ``TAG =`` removes, what is new is added. Raises MappingDefinitionError for changes that miss."""
    items = list(base.items)
    for change in changes.items:
        at = next((at for at, item in enumerate(items) if item.identity == change.identity), None)
        if change.removes:
            at = next((at for at, item in enumerate(items) if item.tag == change.tag), None)
        if change.removes and at is None:
            raise mistake(change.where, f"There is no line of {change.tag} here to remove.")
        if at is None:
            items.append(change)
        elif change.removes:
            del items[at]
        else:
            items[at] = merge_xml(items[at], change) if change.items else change
    return replace(base, items=items)


def _part(call: re.Match[str], parts: Mapping[str, Source], where: str, using: tuple[str, ...]) -> list[XmlLine]:
    name = call["part"]
    source = parts.get(name)
    if source is None:
        raise mistake(where, f"There is no part {name}.", f"Parts here: {', '.join(sorted(parts)) or 'none'}.")
    if name in using:
        raise mistake(where, f"The part {name} uses itself.")
    words = [word.strip() for word in call["words"].split(",")] if call["words"].strip() else []
    wanted = max((int(number) for number in _ARGUMENT.findall(source.text)), default=0)
    if wanted != len(words):
        raise mistake(where, f"The part {name} takes {wanted} words, {len(words)} are given.")
    text = _ARGUMENT.sub(lambda found: words[int(found[1]) - 1], source.text)
    return parse_xml(source._replace(text=text), parts, (*using, name)).items


def _line(text: str, where: str) -> XmlLine:
    words = _WORDS.findall(text)
    tag = words.pop(0)
    if not re.fullmatch(TAG, tag):
        raise mistake(where, f"{tag} is no element.", "An element has its prefix: cac:Item, cbc:ID.")
    line = XmlLine(tag, where)
    if words == ["="]:
        line.removes = True
        return line
    while words:
        _word(line, words.pop(0), words, where)
    return line


def _word(line: XmlLine, word: str, rest: list[str], where: str) -> None:
    if word == "when":
        line.when = path_of(_next(rest, where, "when is followed by a field."))
    elif word == "unless":
        line.unless = path_of(_next(rest, where, "unless is followed by a field."))
    elif word == "where":
        field, sign = path_of(_next(rest, where, "where is followed by a field.")), _next(rest, where, _WHERE)
        if line.kind != "each" or sign != "=":
            raise mistake(where, _WHERE)
        line.having = field, _next(rest, where, _WHERE).strip('"')
    elif word == "without":
        line.without = _next(rest, where, "without is followed by an element.")
    elif word.startswith("@"):
        name = word[1:]
        if name in line.attributes:
            raise mistake(where, f"@{name} stands twice in this line.")
        line.attributes[name] = place_of(_next(rest, where, f"@{name} is followed by what stands in it."), where)
    elif line.content is not None or line.kind:
        raise mistake(where, f"{word} is too much: an element has one content.")
    elif word == "each":
        line.kind, line.path = "each", path_of(_next(rest, where, "each is followed by a list of the document."))
    elif line.tag.startswith("cac:"):
        if not _FIELD.fullmatch(word):
            raise mistake(where, f"{word} is no part of a document.", "Values stand in cbc: elements.")
        line.kind, line.path = "part", path_of(word)
    else:
        line.content = place_of(word, where)


def _next(rest: list[str], where: str, otherwise: str) -> str:
    if not rest:
        raise mistake(where, otherwise)
    return rest.pop(0)
