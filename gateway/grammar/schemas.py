"""The tables there are: found by name, read on first use, kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

from gateway.codecs.records import CSV, IDOC
from gateway.core.errors import SchemaError
from gateway.grammar import messages
from gateway.grammar.ceb_codes import CebCodes
from gateway.grammar.ceb_policy import CebPolicies
from gateway.grammar.ceb_schema import CebSchemas
from gateway.grammar.csv_tables import CsvSchemas
from gateway.grammar.directory import Directory, Texts
from gateway.grammar.idoc_tables import IdocSchemas
from gateway.grammar.layers import Layer
from gateway.grammar.levels import Levelled
from gateway.grammar.model import MessageTable
from gateway.grammar.overlays import Overlay, Overlays
from gateway.grammar.purpose import ByPurpose
from gateway.grammar.validator import Validator
from gateway.grammar.versions import age, base_version, is_name, of_guide, service_version
from gateway.grammar.xml_schema import XmlSchemas

if TYPE_CHECKING:
    from gateway.grammar.maps import Guide, Guides

Files = Callable[[str], str | None]
Names = Callable[[str], list[str]]

STANDARDS = ("x12", "edifact")

_NAMES = 1024  # versions and associations kept: a sender chooses them


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


class Schemas:
    """All message tables below ``schemas/``.

    ``files`` gives the text of a relative name (``x12/004010/messages/850.txt``) or None; ``names`` lists all such
    names below a prefix (``x12/``), whole. ``beneath`` gives the bundled text that one of the home stands in front of,
    or None: segments, elements and codes of both are read. ``maps``: where implementation guides are, whose versions
    (``005010X222A1``) stand before those of the standard. All are called on first use only. One object serves all
    threads: what two of them read at the same time is equal. ``xml`` has the tables of XML documents,
    ``ceb`` those of customs messages.
    """

    def __init__(
        self, files: Files, names: Names, maps: MapFiles | None = None, beneath: Files = lambda name: None
    ) -> None:
        self.xml = XmlSchemas(files, names)
        self.csv = CsvSchemas(files, names)
        self.idoc = IdocSchemas(files, names)
        self.ceb = CebSchemas(files, names)
        self.ceb_codes = CebCodes(files)
        self.ceb_policies = CebPolicies(files)
        self._files = files
        self._names = names
        self._maps = maps
        self._guided: dict[tuple[str, str, str], Validator] = {}
        self._overlays = Overlays(files, names)
        self._known: dict[tuple[str, ...], Validator] = {}
        self._texts = Texts(files, cache(names), beneath)
        self._directories: dict[str, Directory] = {}
        self._listed: dict[str, list[str]] = {}
        self._names_of: dict[str, str] = {}
        self._messages: dict[tuple[str, str, str], MessageTable] = {}
        self._validators: dict[int, Validator] = {}

    def available(self, standard: str = "", version: str = "", type: str = "") -> list[Available]:
        """Every message table, in order of standard, version and type; or those of one of these.

        Raises SchemaError on a table that is wrong.
        """
        found = []
        for each in STANDARDS if not standard else (standard,):
            wanted = base_version(each, version) if version else ""
            for one in self.versions(each) if not wanted else (wanted,):
                directory = self._directory(each, one)
                kinds = [(kind, file) for kind, file in directory.types.items() if type in ("", kind)]
                found += [Available(each, one, kind, self._name(file)) for kind, file in kinds]
        return found + self._available_guides(standard, version, type)

    def versions(self, standard: str) -> list[str]:
        """The versions that have messages, the oldest first, those of the service messages last."""
        if standard not in self._listed:
            names = self._texts.names(f"{standard}/")
            there = {name.split("/")[1] for name in names if name.endswith("/directory.txt") or "/messages/" in name}
            self._listed[standard] = sorted(there, key=lambda version: age(standard, version))
        return self._listed[standard]

    def nearest(self, standard: str, version: str, type: str) -> str | None:
        """The version whose tables come nearest to one that has none for this type: another edition of the same
        implementation guide, else the next older one, else the oldest. None where no version has the type, or the name
        is none of a version."""
        if of_guide(standard, version) and self._guides is not None:
            edition = self._guides.nearest(version, type)
            if edition is not None:
                return edition
        mine = age(standard, base_version(standard, version))
        there = [each for each in self.versions(standard) if type in self._directory(standard, each).types]
        older = [each for each in there if age(standard, each) <= mine]
        return next(iter(older[-1:] or there), None) if mine.known else None

    def message(
        self, standard: str, version: str, type: str, association: str = "", guide: str = "", base: str = ""
    ) -> MessageTable:
        """The table of a message, for the version as an interchange names it.

        ``standard`` is ``x12`` or ``edifact``; ``association`` is EDIFACT's 0057 or X12's ST03 and stands beside the
        version as a suffix of GS08 does: both lead to the base table, narrowed by the guide of that name where there
        is one. ``guide``: the one that was agreed on, which stands before those; ``base``: the version that serves
        where this one has no such table. Raises SchemaError when there is no such table or guide, and says which there
        are; and on one that is wrong.
        """
        return self._tables(standard, version, type, association, guide, base)[0][1]

    def validator(
        self, standard: str, version: str, type: str, association: str = "", guide: str = "", base: str = ""
    ) -> Validator:
        """The validator of that message, kept with what it compiled. Raises SchemaError as :meth:`message` does."""
        key = (standard, version, type, association, guide, base)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _NAMES:
                self._known.clear()
            found = self._known[key] = self._validator(self._tables(*key))
        return found

    def guide_names(self) -> list[tuple[str, str]]:
        """The directory (``x12/004010``) and the name of every guide that narrows messages, in order."""
        return self._overlays.names()

    def guide(self, directory: str, name: str) -> Overlay:
        """What a guide is about. Raises SchemaError where there is none, or it is wrong."""
        return self._overlays.overlay(directory, name)

    def narrows(self, standard: str, version: str, type: str, guide: str) -> bool:
        """Whether there is a guide of that name for the version, and it speaks of such messages."""
        return self._overlays.speaks(f"{standard}/{base_version(standard, version, type)}", guide, type)

    def _tables(
        self, standard: str, version: str, type: str, association: str, guide: str, base: str
    ) -> list[tuple[str, MessageTable]]:
        """The table of a message, or those of its purposes, with a guide applied."""
        if standard == CSV:
            return [("", self.csv.get(base or version, type).table)]
        if standard == IDOC:
            return [("", self.idoc.table(base or version, type))]
        plain = base_version(standard, version, type)
        serving = base if base and self._layer(standard, plain, type) is None else ""
        served = serving or plain
        directory = f"{standard}/{served}"
        each = [(one.purpose, one.table) for one in self._guides_of(standard, version, type, association, serving)]
        if not each:
            each = [("", self._message(standard, served, type))]
            named = association if standard == "edifact" else version.removeprefix(plain)
            guide = guide or (named if self._overlays.speaks(directory, named, type) else "")
        if not guide:
            return each
        return [(purpose, self._overlays.narrowed(table, directory, guide)) for purpose, table in each]

    def _validator(self, each: list[tuple[str, MessageTable]]) -> Validator:
        if len(each) == 1:
            return self._kept(each[0][1])
        table = each[0][1]
        validators = {purpose: self._kept(one) for purpose, one in each}
        return self._guided.setdefault((table.version, table.type, table.guide), ByPurpose(validators))

    def _kept(self, table: MessageTable) -> Validator:
        return self._validators.setdefault(id(table), Levelled(table) if table.source else Validator(table))

    def words(self, standard: str, version: str, reference: str) -> dict[str, str]:
        """Our words for the values of a coded element, for showing; empty when its values are not listed here."""
        for directory in (base_version(standard, version), service_version(standard)):
            if is_name(directory):
                words = self._directory(standard, directory).words(reference)
                if words:
                    return words
        return {}

    def has_element(self, standard: str, version: str, reference: str) -> bool:
        """Whether a version has a simple element of that number."""
        return reference in self._directory(standard, base_version(standard, version)).elements

    @cached_property
    def _guides(self) -> Guides | None:
        from gateway.grammar.maps import Guides  # reads XML: not for documents that name no guide

        return Guides(self._maps.files, self._maps.source()) if self._maps is not None else None

    def _guides_of(self, standard: str, version: str, type: str, association: str, base: str) -> list[Guide]:
        """The guides that a document names in GS08 or, where that is plain, in ST03; the edition that serves where
        there is none of those."""
        named = [name for name in (version, association) if of_guide(standard, name)][:1]
        agreed = [base] if of_guide(standard, base) else []
        if not (named or agreed) or self._guides is None:  # a plain version does not wait for the maps to be read
            return []
        serving = next((name for name in (*named, *agreed) if self._guides.entries(name, type)), None)
        if serving is None:
            return []
        shared = self._directory(standard, base_version(standard, serving))
        return self._guides.find(serving, type, shared.segments, shared.tags)

    def _name(self, file: str) -> str:
        """What a message calls itself; its places are not read."""
        if file not in self._names_of:
            self._names_of[file] = messages.name(file, self._files(file) or "")
        return self._names_of[file]

    def _available_guides(self, standard: str, version: str, type: str) -> list[Available]:
        if self._guides is None or self._maps is None or standard not in ("", "x12"):
            return []
        there = [name for name in self._guides.names() if version in ("", name[0]) and type in ("", name[1])]
        return [Available("x12", *name, self._guides.title(*name), self._maps.source()) for name in there]

    def _message(self, standard: str, version: str, type: str) -> MessageTable:
        """The table of a message of a directory."""
        key = (standard, version, type)
        if key not in self._messages:
            self._messages[key] = self._read_message(*key)
        return self._messages[key]

    def _read_message(self, standard: str, version: str, type: str) -> MessageTable:
        layer = self._layer(standard, version, type)
        if layer is None:
            raise self._missing(standard, version, type)
        directory = self._directory(standard, version)
        read = messages.message(*layer, standard)
        used = [node.tag for node in read.root.walk() if node.parent is not None]
        for tag in used:
            if tag not in directory.segments:
                raise SchemaError(f"There is no segment {tag} in the tables of {version}.", file=layer.file)
            directory.segments[tag]  # a line that is wrong is named before anything is checked
        digest = hashlib.sha256(directory.digest(used) + layer.text.encode()).hexdigest()
        group, tags = read.functional_group, directory.tags
        return MessageTable(standard, version, type, read.name, read.root, directory.segments, digest, group, tags)

    def _layer(self, standard: str, version: str, type: str) -> Layer | None:
        """The text of a message, None where the version has no such message or is none."""
        safe = is_name(version) and is_name(type)
        return self._directory(standard, version).message(type) if safe else None

    def _missing(self, standard: str, version: str, type: str) -> SchemaError:
        """Says what there is, of the same type first."""
        same = [each for each in self.versions(standard) if type in self._directory(standard, each).types]
        listed = ", ".join(self._directory(standard, version).types if version in self.versions(standard) else ())
        there = f"There are: {listed or ', '.join(self.versions(standard)) or 'none'}."
        hint = f"{type} is there in {', '.join(same)}." if same else there
        return SchemaError(f"There is no table for {type} in {version}.", file=f"schemas/{standard}", hint=hint)

    def _directory(self, standard: str, version: str) -> Directory:
        """The tables of a version, above the service segments of its standard."""
        path = f"{standard}/{version}"
        if path not in self._directories:
            service = service_version(standard)
            below = None if version.startswith("service") else self._directory(standard, service)
            self._directories[path] = Directory(self._texts, path, below)
        return self._directories[path]
