"""The tables there are: found by name, read on first use, kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from gateway.core.errors import SchemaError
from gateway.grammar import messages, tables
from gateway.grammar.model import ElementType, MessageTable, SegmentTable
from gateway.grammar.purpose import ByPurpose
from gateway.grammar.validator import Validator
from gateway.grammar.versions import base_version, of_guide, service_version

if TYPE_CHECKING:
    from gateway.grammar.maps import Guide, Guides

Files = Callable[[str], str | None]
Names = Callable[[str], list[str]]

_SAFE = re.compile(r"\w+(?:[.-]\w+)*", re.ASCII)  # a sender chooses these: never a path


class MapFiles(NamedTuple):
    """The maps of an installed package: ``files`` gives the bytes of one of them or None, ``source`` what to call the
    package in lists (``pyx12 4.0.0``)."""

    files: Callable[[str], bytes | None]
    source: Callable[[], str]


class Available(NamedTuple):
    """One message table there is. ``source``: the package that it comes from, empty for our own."""

    standard: str
    version: str
    type: str
    name: str
    source: str = ""


class _Version(NamedTuple):
    """The tables that the messages of one version share. ``digest`` is over their texts."""

    elements: dict[str, ElementType]
    segments: dict[str, SegmentTable]
    tags: frozenset[str]
    digest: bytes


class Schemas:
    """All message tables below ``schemas/``.

    ``files`` gives the text of a relative name (``x12/004010/messages/850.txt``) or None; ``names`` lists all such
    names below a prefix (``x12/``), whole. ``maps``: where implementation guides are, whose versions
    (``005010X222A1``) stand before those of the standard. All are called on first use only. One object serves all
    threads: what two of them read at the same time is equal.
    """

    def __init__(self, files: Files, names: Names, maps: MapFiles | None = None) -> None:
        self._files = files
        self._names = names
        self._maps = maps
        self._guided: dict[tuple[str, str], Validator] = {}
        self._versions: dict[str, _Version] = {}
        self._messages: dict[tuple[str, str, str], MessageTable] = {}
        self._validators: dict[int, Validator] = {}

    def available(self) -> list[Available]:
        """Every message table, in order of standard, version and type. Raises SchemaError on a table that is wrong."""
        found = []
        for standard in ("x12", "edifact"):
            for name in sorted(self._names(f"{standard}/")):
                version, *folders, file = name.removeprefix(f"{standard}/").split("/")
                if folders == ["messages"]:
                    kind = file.removesuffix(".txt")
                    found.append(Available(standard, version, kind, self._message(standard, version, kind).name))
        return found + self._available_guides()

    def message(self, standard: str, version: str, type: str, association: str = "") -> MessageTable:
        """The table of a message, for the version as an interchange names it.

        ``standard`` is ``x12`` or ``edifact``; ``association`` is EDIFACT's 0057 or X12's ST03 and stands beside the
        version as a suffix of GS08 does: both lead to the base table. Raises SchemaError when there is none, and says
        which there are; and on a table that is wrong.
        """
        guides = self._guides_of(standard, version, type, association)
        return guides[0].table if guides else self._message(standard, base_version(standard, version, type), type)

    def validator(self, standard: str, version: str, type: str, association: str = "") -> Validator:
        """The validator of that message, kept with what it compiled. Raises SchemaError as :meth:`message` does."""
        guides = self._guides_of(standard, version, type, association)
        if len(guides) > 1:
            each = {guide.purpose: self._kept(guide.table) for guide in guides}
            return self._guided.setdefault((guides[0].table.version, type), ByPurpose(each))
        return self._kept(self.message(standard, version, type, association))

    def _kept(self, table: MessageTable) -> Validator:
        return self._validators.setdefault(id(table), Validator(table))

    def words(self, standard: str, version: str, reference: str) -> dict[str, str]:
        """Our words for the values of a coded element, for showing; empty when its values are not listed here."""
        for directory in (base_version(standard, version), service_version(standard)):
            file = f"{standard}/{directory}/codes/{reference}.txt"
            text = self._files(file)
            if text is not None:
                return tables.code_words(file, text)
        return {}

    @cached_property
    def _guides(self) -> Guides | None:
        from gateway.grammar.maps import Guides  # reads XML: not for documents that name no guide

        return Guides(self._maps.files, self._maps.source()) if self._maps is not None else None

    def _guides_of(self, standard: str, version: str, type: str, association: str) -> list[Guide]:
        """The guides that a document names in GS08 or, where that is plain, in ST03."""
        named = next((name for name in (version, association) if of_guide(standard, name)), None)
        if named is None or self._guides is None:
            return []
        shared = self._version(standard, base_version(standard, named))
        return self._guides.find(named, type, shared.segments, shared.tags)

    def _available_guides(self) -> list[Available]:
        found = []
        for version, type in self._guides.names() if self._guides is not None else ():
            each = [guide.table for guide in self._guides_of("x12", version, type, "")]
            names = "; ".join(table.name for table in each)
            found.append(Available("x12", version, type, names, each[0].source))
        return found

    def _message(self, standard: str, version: str, type: str) -> MessageTable:
        """The table of a message of a directory."""
        key = (standard, version, type)
        if key not in self._messages:
            self._messages[key] = self._read_message(*key)
        return self._messages[key]

    def _read_message(self, standard: str, version: str, type: str) -> MessageTable:
        file = f"{standard}/{version}/messages/{type}.txt"
        text = self._files(file) if _SAFE.fullmatch(version) and _SAFE.fullmatch(type) else None
        if text is None:
            raise self._missing(standard, version, type)
        shared = self._version(standard, version)
        read = messages.message(file, text, standard)
        for node in read.root.walk():
            if node.parent is not None and node.tag not in shared.segments:
                raise SchemaError(f"There is no segment {node.tag} in the tables of {version}.", file=file)
        digest = hashlib.sha256(shared.digest + text.encode()).hexdigest()
        return MessageTable(
            standard, version, type, read.name, read.root, shared.segments, digest, read.functional_group, shared.tags
        )

    def _missing(self, standard: str, version: str, type: str) -> SchemaError:
        """Says what there is, of the same type first."""
        there = [name.removesuffix(".txt").split("/") for name in self._names(f"{standard}/") if "/messages/" in name]
        same = sorted(parts[1] for parts in there if parts[-1] == type)
        listed = sorted(f"{parts[1]} {parts[-1]}" for parts in there)
        hint = f"{type} is there in {', '.join(same)}." if same else f"There are: {', '.join(listed) or 'none'}."
        return SchemaError(f"There is no table for {type} in {version}.", file=f"schemas/{standard}", hint=hint)

    def _version(self, standard: str, version: str) -> _Version:
        """The shared tables of a version, with the service segments of its standard."""
        directory = f"{standard}/{version}"
        if directory not in self._versions:
            read = self._read_version(directory)
            service = service_version(standard)
            if version != service and not version.startswith("service"):
                below = self._version(standard, service)
                read = _Version(
                    below.elements | read.elements,
                    below.segments | read.segments,
                    below.tags | read.tags,
                    hashlib.sha256(below.digest + read.digest).digest(),
                )
            self._versions[directory] = read
        return self._versions[directory]

    def _read_version(self, directory: str) -> _Version:
        digest = hashlib.sha256()

        def text(name: str) -> str:
            found = self._files(f"{directory}/{name}") or ""
            digest.update(f"{name}\0{found}\0".encode())
            return found

        listed = set(self._names(f"{directory}/codes/"))

        def codes(reference: str) -> frozenset[str] | None:
            file = f"{directory}/codes/{reference}.txt"
            if file not in listed:
                return None
            return frozenset(tables.code_words(file, text(f"codes/{reference}.txt")))

        elements = tables.elements(f"{directory}/elements.txt", text("elements.txt"), codes)
        composites = tables.composites(f"{directory}/composites.txt", text("composites.txt"), elements)
        segments = tables.segments(f"{directory}/segments.txt", text("segments.txt"), elements, composites)
        tags = tables.tags(f"{directory}/tags.txt", text("tags.txt")) | frozenset(segments)
        return _Version(elements, segments, tags, digest.digest())
