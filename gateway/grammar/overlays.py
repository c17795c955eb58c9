"""The guides there are: found by the name that an agreement or a document says, read on first use, kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from gateway.core.errors import SchemaError
from gateway.grammar import guided, guides
from gateway.grammar.guides import Guide
from gateway.grammar.model import MessageTable
from gateway.grammar.versions import is_name

_DEEPEST = 8  # guides that extend each other


class Overlay(NamedTuple):
    """One guide there is. ``directory`` is that of its version, ``x12/004010``; ``types`` are its messages."""

    directory: str
    name: str
    title: str
    types: tuple[str, ...]


class Overlays:
    """All guides below ``schemas/<standard>/<version>/guides/``. ``files`` and ``names`` as in ``Schemas``."""

    def __init__(self, files: Callable[[str], str | None], names: Callable[[str], list[str]]) -> None:
        self._files = files
        self._names = names
        self._read: dict[str, tuple[Guide, str] | None] = {}
        self._made: dict[tuple[int, str], tuple[MessageTable, MessageTable]] = {}

    def names(self) -> list[tuple[str, str]]:
        """The directory and the name of every guide, in order."""
        found = []
        for name in sorted(name for standard in ("x12/", "edifact/") for name in self._names(standard)):
            standard, version, *folders, file = name.split("/")
            if folders == ["guides"] and file.endswith(".txt"):
                found.append((f"{standard}/{version}", file.removesuffix(".txt")))
        return found

    def overlay(self, directory: str, name: str) -> Overlay:
        """What a guide is about. Raises SchemaError where there is none, or it is wrong."""
        guide = self._guide(directory, name)[0]
        return Overlay(directory, name, guide.title, tuple(sorted(guide.messages)))

    def speaks(self, directory: str, name: str, type: str) -> bool:
        """Whether a name, from an agreement or an envelope, is that of a guide that speaks of such messages."""
        if self._text(directory, name) is None:
            return False
        return any(type in guide.messages or guide.general for _, guide, _ in self._chain(directory, name))

    def narrowed(self, table: MessageTable, directory: str, name: str) -> MessageTable:
        """The table as a guide has it, made once. Raises SchemaError where there is no such guide, where it says
        nothing of this message, and on a line of it that is wrong."""
        key = (id(table), f"{directory}/{name}")
        if key not in self._made:
            self._made[key] = (table, self._make(table, directory, name))  # the table is kept: its id stays its own
        return self._made[key][1]

    def _make(self, table: MessageTable, directory: str, name: str) -> MessageTable:
        chain = list(self._chain(directory, name))
        if not any(table.type in guide.messages or guide.general for _, guide, _ in chain):
            about = ", ".join(sorted({type for _, guide, _ in chain for type in guide.messages})) or "no message"
            raise SchemaError(
                f"The guide says nothing of {table.type}.", file=_file(directory, name), hint=f"It narrows {about}."
            )
        for one, guide, text in reversed(chain):
            table = guided.narrowed(table, guide, one, text)
        return table

    def _chain(self, directory: str, name: str) -> Iterator[tuple[str, Guide, str]]:
        """A guide and those that it extends."""
        for _ in range(_DEEPEST):
            guide, text = self._guide(directory, name)
            yield name, guide, text
            if not guide.extends:
                return
            name = guide.extends
        raise SchemaError(f"More than {_DEEPEST} guides extend each other.", file=_file(directory, name))

    def _guide(self, directory: str, name: str) -> tuple[Guide, str]:
        text = self._text(directory, name)
        if text is None:
            there = [other.rsplit("/", 1)[1] for other in self._names(f"{directory}/guides/")]
            listed = ", ".join(sorted(file.removesuffix(".txt") for file in there))
            hint = f"There are: {listed}." if listed else f"It would stand in schemas/{_file(directory, name)}."
            raise SchemaError(f'There is no guide "{name}" for {directory}.', file="schemas", hint=hint)
        file = _file(directory, name)
        found = self._read.get(file)
        if found is None:
            found = self._read[file] = (guides.guide(file, text), text)
        return found

    def _text(self, directory: str, name: str) -> str | None:
        return self._files(_file(directory, name)) if is_name(name) else None


def _file(directory: str, name: str) -> str:
    return f"{directory}/guides/{name}.txt"
