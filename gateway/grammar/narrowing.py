"""Elements, components and whole segments narrowed by the lines of a guide. What would widen is a mistake."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

import msgspec

from gateway.grammar import notation
from gateway.grammar.guides import Row
from gateway.grammar.model import (
    Component,
    Composite,
    ElementType,
    ElementUse,
    SegmentTable,
    Selector,
)
from gateway.grammar.notation import Line

_PLACE = re.compile(r"(\d\d)(?:-(\d\d?))?")
_LENGTH = re.compile(r"(\d*\.\.)?\d+")
_CODED = frozenset({"AN", "ID", "an", "a", "n"})
_Use = TypeVar("_Use", ElementUse, Component)


class _Narrowed(NamedTuple):
    """What a line says of one element. ``use``: M, O, none or nothing."""

    line: Line
    use: str
    length: tuple[int, int] | None
    repeats: int | None
    codes: frozenset[str] | None


def segment(table: SegmentTable, rows: Iterable[Row]) -> SegmentTable:
    """A segment with each of these lines applied. Raises SchemaError."""
    for row in rows:
        if row.rows:
            raise row.rows[0].line.error("Nothing is nested below an element.")
        line, words = row.line, row.line.words
        if words[0] == "none":
            for word in words[1:]:
                table = _with(table, *place_of(table, line, word), _Narrowed(line, "none", None, None, None))
        else:
            table = _with(table, *place_of(table, line, words[0]), _narrowed(line, 1))
    return table


def selected(table: SegmentTable, selects: Iterable[Selector], line: Line) -> SegmentTable:
    """The segment as it is where it has to hold these codes."""
    for position, component, codes in selects:
        said = _Narrowed(line, "M", None, None, codes)
        if component and not table.elements[position - 1].mandatory:
            table = _with(table, position, 0, said._replace(codes=None))
        table = _with(table, position, component, said)
    return table


def everywhere(table: SegmentTable, elements: Sequence[Row]) -> SegmentTable:
    """A segment in which each use of these elements is narrowed."""
    for row in elements:
        said = _narrowed(row.line, 2)
        for use in table.elements:
            if isinstance(use.item, Composite):
                for part in use.item.components:
                    if part.element.reference == row.line.words[1] and part.repeats:
                        table = _with(table, use.position, part.position, said)
            elif use.item.reference == row.line.words[1] and use.repeats:
                table = _with(table, use.position, 0, said)
    return table


def place_of(table: SegmentTable, line: Line, word: str) -> tuple[int, int]:
    """Position and component (0: the element itself) that a word names. Raises SchemaError."""
    match = _PLACE.fullmatch(word)
    if match is None:
        return _referred(table, line, word)
    position, component = int(match[1]), int(match[2] or 0)
    if not 0 < position <= len(table.elements):
        raise line.error(f"{table.tag} has {len(table.elements)} elements: there is no {word}.")
    item = table.elements[position - 1].item
    parts = len(item.components) if isinstance(item, Composite) else 0
    if component > parts or (match[2] and not component):
        raise line.error(f"{table.tag}{position:02d} has {parts or 'no'} components: there is no {word}.")
    return position, component


def _referred(table: SegmentTable, line: Line, word: str) -> tuple[int, int]:
    """The place of an element by its reference."""
    found = []
    for use in table.elements:
        if use.item.reference == word:
            found.append((use.position, 0))
        elif isinstance(use.item, Composite):
            found += [(use.position, part.position) for part in use.item.components if part.element.reference == word]
    if len(found) != 1:
        many = f"{len(found)} elements" if found else "no element"
        raise line.error(f"{table.tag} has {many} {word}: name it by its position, 02 or 02-1.")
    return found[0]


def _narrowed(line: Line, at: int) -> _Narrowed:
    """The words of a line behind what it names."""
    words = line.words[at:]
    use = words.pop(0) if words and words[0] in ("M", "O", "none") else ""
    length = repeats = codes = None
    if words and _LENGTH.fullmatch(words[0]):
        length = notation.length(line, len(line.words) - len(words))
        words.pop(0)
    if words[:1] == ["repeats"]:
        repeats = notation.count(line, len(line.words) - len(words) + 1) if len(words) > 1 else 0
        words = words[2:]
    if words[:1] == ["codes"]:
        codes, words = frozenset(words[1:]), []
    if words or codes == frozenset() or repeats == 0 or (use == "none" and (length or codes)):
        raise line.error("An element is narrowed by [M | O | none] [LENGTH] [repeats COUNT] [codes CODE …].")
    return _Narrowed(line, use, length, repeats, codes)


def _with(table: SegmentTable, position: int, component: int, said: _Narrowed) -> SegmentTable:
    """The segment with one place narrowed."""
    uses = list(table.elements)
    use = uses[position - 1]
    name = f"{table.tag}{position:02d}" + (f"-{component:02d}" if component else "")
    if component:
        assert isinstance(use.item, Composite)
        parts = list(use.item.components)
        parts[component - 1] = _place(parts[component - 1], said, name)
        item = msgspec.structs.replace(use.item, components=tuple(parts))
        uses[position - 1] = msgspec.structs.replace(use, item=item)
    else:
        uses[position - 1] = _place(use, said, name)
    return msgspec.structs.replace(table, elements=tuple(uses))


def _place(use: _Use, said: _Narrowed, name: str) -> _Use:
    """One place, compared with what it is in the table below."""
    line, most = said.line, use.repeats if said.repeats is None else said.repeats
    if use.mandatory and said.use in ("O", "none"):
        raise line.error(f"{name} is mandatory in the standard: a guide cannot make it less.")
    if not use.repeats and said.use == "M":
        raise line.error(f"{name} is not used by the guide below: it cannot be mandatory.")
    if most > use.repeats:
        raise line.error(f"{name} stands {use.repeats} times at most in the standard, and {most} is more.")
    changes: dict[str, object] = {"mandatory": use.mandatory or said.use == "M"}
    changes["repeats"] = 0 if said.use == "none" else most
    item = use.element if isinstance(use, Component) else use.item
    if said.length or said.codes:
        if isinstance(item, Composite):
            raise line.error(f"{name} is a composite: narrow its components, {name[-2:]}-01.")
        changes["element" if isinstance(use, Component) else "item"] = _element(item, said, name)
    return msgspec.structs.replace(use, **changes)


def _element(element: ElementType, said: _Narrowed, name: str) -> ElementType:
    """Length and codes."""
    line, (least, most) = said.line, said.length or (element.least, element.most)
    if said.length and said.line.words and least < element.least and _open(said):
        least = element.least
    if least < element.least or most > element.most or least > most:
        raise line.error(f"{name} has {element.least} to {element.most} characters in the standard: that is no less.")
    codes = element.codes
    if said.codes is not None:
        codes = said.codes
        strangers = sorted(codes - element.codes) if element.codes is not None and not element.advisory else []
        if strangers:
            raise line.error(f"{', '.join(strangers)}: not among the values of {name} ({element.reference}).")
        if element.type not in _CODED:
            raise line.error(f"{name} is of type {element.type}: values are listed for codes and texts only.")
        wrong = sorted(code for code in codes if not least <= len(code) <= most)
        if wrong:
            raise line.error(f"{', '.join(wrong)} does not fit {name}, which has {least} to {most} characters.")
    advisory = element.advisory and said.codes is None
    return msgspec.structs.replace(element, least=least, most=most, codes=codes, advisory=advisory)


def _open(said: _Narrowed) -> bool:
    """``..35`` says nothing of the least."""
    return any(word.startswith("..") for word in said.line.words)
