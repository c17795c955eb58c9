"""The places of a segment line: ``* 002|074 * {requested_delivery.start_date}``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from gateway.mapping.lines import ONLY, Computed, Constant, Element, Hole, Path, Place, mistake

NAME = r"[a-z_][a-z0-9_]*(?:\[0\])?"
_FIELD = rf"/?{NAME}(?:\.{NAME})*(?:\[\])?"
_HOLE = re.compile(
    rf"(?P<fields>{_FIELD}(?:\s*\+\s*{_FIELD})*)\s*"
    r"(?::\s*(?P<conversion>[a-z_][a-z0-9_.]*)(?:\((?P<arguments>[^()]*)\))?)?\s*"
    r"(?:\bor\s+(?P<default>.+))?"
)
_COMPUTED = re.compile(
    r"=\s*(?:(?P<count>count)\(\s*(?P<list>[a-z_]+)\s*\)|sum\(\s*(?P<items>[a-z_]+)\.(?P<value>[a-z_.]+)\s*\))"
)
_JUMP = re.compile(r"@(\d{1,3})(?!\d)\s*")
_NAMED = re.compile(r"@([A-Za-z_]\w*)\s+(?=\S)")
_WORD = re.compile(r"""[^\s{}"@#]+""")


def elements_of(text: str, element: str, component: str, where: str) -> tuple[Element, ...]:
    """The elements after the tag and its separator. Raises MappingDefinitionError for anything else than places."""
    elements: list[Element] = []
    for piece in _split(text, element, where):
        jump, components = _components(piece, component, where)
        if jump is not None:
            if jump <= len(elements):
                raise mistake(where, f"@{jump} jumps back: {len(elements)} elements stand before it already.")
            elements.extend(() for _ in range(jump - 1 - len(elements)))
        elements.append(components)
    return tuple(elements)


def path_of(text: str) -> Path:
    """``price.price_amount`` as a path; ``statuses[0]`` is two of its names."""
    return tuple(text.strip().replace(f"[{ONLY}]", f".{ONLY}").split("."))


def _components(piece: str, separator: str, where: str) -> tuple[int | None, Element]:
    """The element's own jump, and its components. A jump before a later component counts components."""
    jump: int | None = None
    found: list[Place | None] = []
    for index, text in enumerate(_split(piece, separator, where)):
        to, place = _place(text.strip(), where)
        if to is not None and index == 0:
            jump = to
        elif to is not None:
            if to <= len(found):
                raise mistake(where, f"@{to} jumps back: {len(found)} components stand before it already.")
            found.extend([None] * (to - 1 - len(found)))
        found.append(place)
    while found and found[-1] is None:
        found.pop()
    return jump, tuple(found)


def _place(text: str, where: str) -> tuple[int | None, Place | None]:
    jump = None
    if leap := _JUMP.match(text):
        jump, text = int(leap[1]), text[leap.end() :].strip()
        if jump == 0:
            raise mistake(where, "Places count from 1: there is no @0.")
    if named := _NAMED.match(text):
        _, place = _place(text[named.end() :].strip(), where)
        return None, replace(place, column=named[1]) if place is not None else None
    if not text:
        return jump, None
    if text.startswith("#"):
        raise mistake(where, f"{text} belongs to a hierarchy, and hierarchies are not supported.")
    if text.startswith("{"):
        return jump, _hole(text, where)
    return jump, _constant(text, where)


def _constant(text: str, where: str) -> Constant:
    if text.startswith('"'):
        if len(text) < 3 or not text.endswith('"') or '"' in text[1:-1]:
            raise mistake(where, f"{text} is not one text between quotes.")
        return Constant((text[1:-1],))
    if not _WORD.fullmatch(text):
        raise mistake(where, f"{text} is not a place.", 'A text with blanks is written in quotes: "two words".')
    written_only = text.startswith("=")
    words = (text[1:],) if written_only else tuple(text.split("|"))
    if not all(words):
        raise mistake(where, f"{text} has an empty word.")
    return Constant(words, written_only)


def _hole(text: str, where: str) -> Hole | Computed:
    if not text.endswith("}"):
        raise mistake(where, f"{text} has something after its hole.", "One place is one hole or one constant.")
    inside = text[1:-1].strip()
    if inside.startswith("="):
        return _computed(inside, where)
    match = _HOLE.fullmatch(inside)
    if match is None:
        raise mistake(where, f"{{{inside}}} is not a hole.", "Write {field}, {field:conversion} or {field or default}.")
    names = [name.strip() for name in match["fields"].split("+")]
    if len(names) > 2:
        raise mistake(where, f"{{{inside}}} names {len(names)} fields: one place feeds two at most.")
    if match["conversion"] == "py":
        raise mistake(where, "py() is not supported.")
    arguments = tuple(word.strip() for word in (match["arguments"] or "").split("|") if word.strip())
    return Hole(
        paths=tuple(path_of(name.lstrip("/").removesuffix("[]")) for name in names),
        conversion=match["conversion"],
        arguments=arguments,
        default=match["default"].strip() if match["default"] else None,
        many=names[0].endswith("[]"),
        from_root=names[0].startswith("/"),
    )


def _computed(inside: str, where: str) -> Computed:
    match = _COMPUTED.fullmatch(inside)
    if match is None:
        raise mistake(where, f"{{{inside}}} is not computed.", "Write {=count(list)} or {=sum(list.field)}.")
    if match["count"]:
        return Computed("count", (match["list"],))
    return Computed("sum", (match["items"],), path_of(match["value"]))


def _split(text: str, separator: str, where: str) -> Iterator[str]:
    """Cut at a separator that stands neither in a hole nor in quotes."""
    start, inside, quoted = 0, False, False
    for index, character in enumerate(text):
        if character == '"' and not inside:
            quoted = not quoted
        elif character in "{}" and not quoted:
            if inside == (character == "{"):
                raise mistake(where, f"The braces of {text.strip()} do not match.")
            inside = character == "{"
        elif character == separator and not (inside or quoted):
            yield text[start:index]
            start = index + 1
    if inside or quoted:
        raise mistake(where, f"{text.strip()} lacks the end of a {'hole' if inside else 'quoted text'}.")
    yield text[start:]


def place_of(text: str, where: str) -> Place:
    """One place that stands by itself, as in a line of XML. Raises MappingDefinitionError for anything else."""
    jump, place = _place(text.strip(), where)
    if jump is not None or place is None:
        raise mistake(where, f"{text} is not a place.")
    return place
