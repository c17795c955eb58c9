"""The mapping that fits a document when none is named."""

from __future__ import annotations

from collections.abc import Callable

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

    def writing(self, standard: str, document: str, name: str | None = None) -> Mapping:
        """The named mapping, else the only one that writes such a document in this standard."""
        if name is not None:
            return self._knowledge.mappings.get(name)
        what = f"{document} in {standard}"
        return self._only(what, lambda found: (found.standard, found.document) == (standard, document))

    def xml(self, standard: str, wanted: tuple[str, str] | str, name: str | None = None) -> XmlMapping:
        """The named mapping of XML; else the only one for a version and message, or for a canonical document."""
        if name is not None:
            return self._knowledge.mappings.xml(name)

        def fits(found: Purpose) -> bool:
            mine = found.document if isinstance(wanted, str) else (found.version, found.message)
            return found.standard == standard and mine == wanted

        what = wanted if isinstance(wanted, str) else f"{wanted[1]} {wanted[0]}"
        return self._knowledge.mappings.xml(self._name(f"{what} in {standard}", fits))

    def _only(self, what: str, fits: Fits) -> Mapping:
        return self._knowledge.mappings.get(self._name(what, fits))

    def _name(self, what: str, fits: Fits) -> str:
        names = [name for name in self._knowledge.mappings.names() if not name.startswith(_OF_PARTNERS)]
        fitting = [name for name in names if self._fits(name, fits)]
        if not fitting:
            raise NotFoundError(f"There is no mapping for {what}.", hint="crossdock mappings list")
        if len(fitting) > 1:
            raise UsageError(f"There are several mappings for {what}.", hint=f"--mapping {' | '.join(fitting)}")
        return fitting[0]

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
