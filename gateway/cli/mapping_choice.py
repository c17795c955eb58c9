"""The mapping that fits a document when none is named."""

from __future__ import annotations

from collections.abc import Callable

from gateway.core.errors import ConfigurationError, NotFoundError, UsageError
from gateway.grammar.versions import base_version
from gateway.knowledge import Knowledge
from gateway.mapping import Mapping
from gateway.mapping.definition import Definition, load

#: Where mappings lie that are one partner's alone: they are never chosen, only named.
_OF_PARTNERS = "partners/"


def mapping_for(knowledge: Knowledge, standard: str, version: str, type: str, name: str | None = None) -> Mapping:
    """The named mapping, else the only one for this message.

    Raises NotFoundError where there is none, UsageError where there are several, MappingDefinitionError.
    """
    if name is not None:
        return knowledge.mappings.get(name)
    wanted = (standard, base_version(standard, version, type), type)
    what = f"{type} {version}"
    return _only(knowledge, what, lambda found: (found.standard, found.version, found.message) == wanted)


def mapping_to(knowledge: Knowledge, standard: str, document: str, name: str | None = None) -> Mapping:
    """The named mapping, else the only one that writes such a document in this standard. Raises alike."""
    if name is not None:
        return knowledge.mappings.get(name)
    what = f"{document} in {standard}"
    return _only(knowledge, what, lambda found: (found.standard, found.document) == (standard, document))


def _only(knowledge: Knowledge, what: str, fits: Callable[[Definition], bool]) -> Mapping:
    names = [name for name in knowledge.mappings.names() if not name.startswith(_OF_PARTNERS)]
    fitting = [name for name in names if _fits(knowledge, name, fits)]
    if not fitting:
        raise NotFoundError(f"There is no mapping for {what}.", hint="crossdock mappings list")
    if len(fitting) > 1:
        raise UsageError(f"There are several mappings for {what}.", hint=f"--mapping {' | '.join(fitting)}")
    return knowledge.mappings.get(fitting[0])


def _fits(knowledge: Knowledge, name: str, fits: Callable[[Definition], bool]) -> bool:
    """One that is wrong fits nothing: ``crossdock mappings list`` tells of it."""
    try:
        return fits(load(name, knowledge.resources.mappings.files))
    except ConfigurationError:
        return False
