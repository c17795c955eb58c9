"""One mapping's lines changed by another's: same identity replaces, new identity is added, ``REF * DP =`` removes."""

from __future__ import annotations

from gateway.mapping.lines import Block, Constant, Line, mistake

Item = Line | Block


def merge(base: Block, changes: Block) -> Block:
    """``base`` with the changes of a file that extends it. Raises MappingDefinitionError for changes that miss."""
    items = list(base.items)
    seen: dict[tuple[object, ...], str] = {}
    for change in changes.items:
        identity = change.identity
        if identity in seen:
            raise mistake(change.where, f"This changes the same line as {seen[identity]}.")
        seen[identity] = change.where
        _apply(items, change)
    if not items:
        raise mistake(changes.where, "Nothing is left of this block.")
    return Block(base.kind, base.where, base.path, base.filter, items)


def _apply(items: list[Item], change: Item) -> None:
    found = [index for index, item in enumerate(items) if item.identity == change.identity]
    if isinstance(change, Line) and change.removes:
        if not found:
            raise mistake(change.where, f"There is no such {change.tag} line to remove.", _alike(items, change.tag))
        items[:] = [item for index, item in enumerate(items) if index not in found]
    elif not found:
        items.insert(_place(items, change), change)
    elif isinstance(change, Block):
        old = items[found[0]]
        items[found[0]] = merge(old, change) if isinstance(old, Block) else change
    else:
        items[found[0]] = change


def _place(items: list[Item], change: Item) -> int:
    """Before the first line of the same segment that is more general, else at the end."""
    head = _head(change)
    for index, item in enumerate(items):
        other = _head(item)
        if head and other and other.tag == head.tag and _constants(other) < _constants(head):
            return index
    return len(items)


def _head(item: Item) -> Line | None:
    return item.first if isinstance(item, Block) else item


def _constants(line: Line) -> int:
    places = [place for element in line.elements for place in element]
    return sum(isinstance(place, Constant) and not place.written_only for place in places)


def _alike(items: list[Item], tag: str) -> str | None:
    there = [item.where for item in items if isinstance(item, Line) and item.tag == tag]
    return f"Lines of {tag} here: {', '.join(there)}." if there else None
