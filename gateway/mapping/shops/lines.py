"""The notation of the tables: which place of a shop's order becomes which field of the canonical order. Pure.

A table is a list of lines. ``Take("buyer_contact.name", "customer/name", text)`` takes one value (the first of several
places that has one); ``Within`` reads a part by lines of its own; ``Each`` makes an item of a list for each object of a
list; ``Set`` gives a fixed value to what has any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from gateway.mapping.shops.source import Pointer, Source, shown

#: Gets the values of all places, with None for those that are not there; None: the field is left out.
Convert = Callable[[Any], Any]


class Misfit(Exception):
    """A value that its field cannot hold. ``pointer``: where it stands; nothing of the value is shown."""

    def __init__(self, reason: str, pointer: Pointer = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.pointer = pointer


class Take(NamedTuple):
    """The first of ``places`` that has a value, converted. Others that say the same are taken with it."""

    to: str
    places: str | tuple[str, ...]
    convert: Convert


class All(NamedTuple):
    """All ``places`` together, converted: a first and a last name."""

    to: str
    places: tuple[str, ...]
    convert: Convert


class Set(NamedTuple):
    """A fixed value, where the part has others."""

    to: str
    value: Any


class Within(NamedTuple):
    """A part of the order that becomes a part of the document."""

    to: str
    place: str
    lines: tuple[Any, ...]


class Each(NamedTuple):
    """A list. Items that say nothing are left out. Several lines may add to one field."""

    to: str
    place: str
    lines: tuple[Any, ...]


class Lookup(NamedTuple):
    """The value of a place in the item of another list (from the root) whose number stands at ``number``."""

    to: str
    number: str
    of: str
    places: tuple[str, ...]
    convert: Convert


Line = Take | All | Set | Within | Each | Lookup


def read(source: Source, lines: Sequence[Line], at: Pointer = ()) -> dict[str, Any]:
    """The tree of fields that the lines make of the part at ``at``. Raises :class:`Misfit`."""
    tree: dict[str, Any] = {}
    fixed: list[Set] = []
    for line in lines:
        if isinstance(line, Set):
            fixed.append(line)
            continue
        value = _READERS[type(line)](source, line, at)
        if value is not None:
            _put(tree, line.to, value)
    if tree:
        for line in fixed:
            _put(tree, line.to, line.value)
    return tree


def _take(source: Source, line: Take, at: Pointer) -> Any:
    places = (line.places,) if isinstance(line.places, str) else line.places
    found = None
    chosen: Any = None
    for place in places:
        pointer = (*at, *place.split("/"))
        value = source.peek(pointer)
        if chosen is None and value not in (None, ""):
            found = _converted(line.convert, value, pointer)
            chosen = value if found is not None else None
        if chosen is not None and value == chosen:
            source.get(pointer)  # one that says something else is carried along
    return found


def _all(source: Source, line: All, at: Pointer) -> Any:
    pointers = [(*at, *place.split("/")) for place in line.places]
    return _converted(line.convert, [source.get(pointer) for pointer in pointers], pointers[0])


def _within(source: Source, line: Within, at: Pointer) -> Any:
    pointer = (*at, *line.place.split("/")) if line.place else at
    part = source.get(pointer)
    if part is not None and not isinstance(part, dict):
        raise Misfit("an object is expected", pointer)
    return (read(source, line.lines, pointer) or None) if part is not None else None


def _each(source: Source, line: Each, at: Pointer) -> Any:
    pointer = (*at, *line.place.split("/"))
    part = source.get(pointer)
    if part is not None and not isinstance(part, list):
        raise Misfit("a list is expected", pointer)
    found = [tree for item in source.items(pointer) if (tree := read(source, line.lines, item))]
    return found or None


def _lookup(source: Source, line: Lookup, at: Pointer) -> Any:
    pointer = (*at, *line.number.split("/"))
    number = source.get(pointer)
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    places = tuple(f"{line.of}/{number}/{place}" for place in line.places)
    return _take(source, Take(line.to, places, line.convert), ())


_READERS: dict[type, Callable[[Source, Any, Pointer], Any]] = {
    Take: _take,
    All: _all,
    Within: _within,
    Each: _each,
    Lookup: _lookup,
}


def _converted(convert: Convert, value: Any, pointer: Pointer) -> Any:
    try:
        return convert(value)
    except Misfit as error:
        raise Misfit(error.reason, error.pointer or pointer) from None


def _put(tree: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for name in parents:
        tree = tree.setdefault(name, {})
    if isinstance(value, list) and last in tree:
        tree[last] = [*tree[last], *value]
    elif isinstance(value, dict) and isinstance(tree.get(last), dict):
        tree[last] |= value
    else:
        tree[last] = value


def where(error: Misfit) -> str:
    """The place of a misfit as a JSON pointer."""
    return shown(error.pointer)
