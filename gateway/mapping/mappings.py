"""The mappings there are: found by name, compiled on first use, kept."""

from __future__ import annotations

from collections.abc import Callable

from gateway.codecs.ubl import UBL
from gateway.core.errors import SchemaError
from gateway.grammar.schemas import Schemas
from gateway.mapping.definition import Definition, Texts, load
from gateway.mapping.lines import mistake
from gateway.mapping.mapping import Mapping
from gateway.mapping.matrix import Cell, matrix
from gateway.mapping.xml_mapping import XmlMapping


class Mappings:
    """All mappings below ``mappings/``.

    ``files`` gives the text of a relative name (``x12/850.toml``, ``codes/x12_unit.toml``) or None; ``names`` lists
    all such names below a prefix. A mapping is compiled on first use and kept.
    """

    def __init__(self, files: Texts, names: Callable[[str], list[str]], schemas: Schemas) -> None:
        self._files, self._names, self._schemas = files, names, schemas
        self._compiled: dict[str, Mapping | XmlMapping] = {}

    def names(self) -> list[str]:
        """The mappings there are: ``edifact/orders-d96a``, ``x12/850`` …"""
        files = (name for name in self._names("") if name.endswith(".toml") and not name.startswith("codes/"))
        return sorted(name.removesuffix(".toml") for name in files)

    def matrix(self) -> dict[str, dict[str, tuple[Cell, ...]]]:
        """Which formats each canonical document is mapped to: :func:`gateway.mapping.matrix.matrix` of them all."""
        return matrix(self.names(), self._files)

    def get(self, name: str) -> Mapping:
        """The mapping of segments of that name. Raises MappingDefinitionError naming file and line of a mistake."""
        found = self.find(name)
        if not isinstance(found, Mapping):
            raise mistake(found.file, f"It is for {found.format.standard}, which has no segments.")
        return found

    def xml(self, name: str) -> XmlMapping:
        """The mapping of XML of that name. Raises as :meth:`get` does."""
        found = self.find(name)
        if not isinstance(found, XmlMapping):
            raise mistake(found.file, f"It is for {found.format.standard}, which is no XML.")
        return found

    def find(self, name: str) -> Mapping | XmlMapping:
        """The mapping of that name, of whatever it is. Raises as :meth:`get` does."""
        if name not in self._compiled:
            self._compiled[name] = self._compile(load(name, self._files))
        return self._compiled[name]

    def _compile(self, definition: Definition) -> Mapping | XmlMapping:
        named = definition.version, definition.message
        try:
            if definition.standard == UBL:
                return XmlMapping(definition, self._schemas.xml.table(*named), self._files)
            return Mapping(definition, self._schemas.message(definition.standard, *named), self._files)
        except SchemaError as error:
            raise mistake(definition.file, f"Its format has no table: {error}") from error
