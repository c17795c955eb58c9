"""The mapping that fits a document when none is named."""

from __future__ import annotations

from collections.abc import Callable

from gateway.canonical import Document
from gateway.codecs import RawDocument
from gateway.codecs.ubl import UBL, USUAL_VERSION
from gateway.core.errors import ConfigurationError, NotFoundError, UsageError
from gateway.grammar.versions import base_version
from gateway.knowledge import Knowledge
from gateway.mapping import Mapping, XmlMapping
from gateway.mapping.definition import Purpose, load, purpose

#: Where mappings lie that are one partner's alone: they are never chosen, only named.
_OF_PARTNERS = "partners/"

Fits = Callable[[Purpose], bool]


class Choice:
    """All methods raise NotFoundError where no mapping fits, UsageError where several do, MappingDefinitionError."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._made: dict[tuple[str, ...], Mapping] = {}

    def of(self, raw: RawDocument, name: str | None = None) -> Mapping | XmlMapping:
        """The named mapping, else the only one for this document."""
        if raw.standard != UBL:
            return self.reading(raw.standard, raw.version, raw.type, name)
        served = self._knowledge.schemas.xml.served(raw.version, USUAL_VERSION)
        return self.xml(UBL, (served, raw.type), name)

    def reading(self, standard: str, version: str, type: str, name: str | None = None) -> Mapping:
        """The named mapping, else the only one for this message."""
        if name is not None:
            return self._knowledge.mappings.get(name)
        wanted = (standard, base_version(standard, version, type), type)
        if wanted not in self._made:
            self._made[wanted] = self._only(
                f"{type} {version}", lambda found: (found.standard, found.version, found.message) == wanted
            )
        return self._made[wanted]

    def writing(self, standard: str, document: Document, name: str | None = None) -> Mapping | XmlMapping:
        """The named mapping, else the only one that writes such a document in this standard: one that is for such
        documents alone goes before one for all of the kind."""
        if name is not None:
            return self._knowledge.mappings.find(name)
        kind = type(document).__name__

        def fits(found: Purpose) -> bool:
            return (found.standard, found.document) == (standard, kind)

        names = self._names(lambda found: fits(found) and bool(found.only))
        narrow = [each for each in names if self._knowledge.mappings.find(each).admits(document)]
        if len(narrow) == 1:
            return self._knowledge.mappings.find(narrow[0])
        return self._knowledge.mappings.find(
            self._name(f"{kind} in {standard}", lambda found: fits(found) and not found.only)
        )

    def xml(self, standard: str, wanted: tuple[str, str], name: str | None = None) -> XmlMapping:
        """The named mapping of XML; else the only one for a version and message."""
        if name is not None:
            return self._knowledge.mappings.xml(name)

        def fits(found: Purpose) -> bool:
            return (found.standard, found.version, found.message) == (standard, *wanted)

        return self._knowledge.mappings.xml(self._name(f"{wanted[1]} {wanted[0]} in {standard}", fits))

    def _only(self, what: str, fits: Fits) -> Mapping:
        return self._knowledge.mappings.get(self._name(what, fits))

    def _name(self, what: str, fits: Fits) -> str:
        fitting = self._names(fits)
        if not fitting:
            raise NotFoundError(f"There is no mapping for {what}.", hint="crossdock mappings list")
        if len(fitting) > 1:
            raise UsageError(f"There are several mappings for {what}.", hint=f"--mapping {' | '.join(fitting)}")
        return fitting[0]

    def _names(self, fits: Fits) -> list[str]:
        names = [name for name in self._knowledge.mappings.names() if not name.startswith(_OF_PARTNERS)]
        return [name for name in names if self._fits(name, fits)]

    def _fits(self, name: str, fits: Fits) -> bool:
        """One that is wrong fits nothing: ``crossdock mappings list`` tells of it."""
        files = self._knowledge.resources.mappings.files
        try:
            if not fits(purpose(name, files)):
                return False
            load(name, files)
        except ConfigurationError:
            return False
        return True
