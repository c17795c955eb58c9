"""What is known without a database: schemas, mappings, parties. Apart from the service, so that it loads quickly."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property

from gateway import agreements, resources
from gateway.agreements import Agreements
from gateway.codecs.model import Limits
from gateway.grammar import MapFiles, Schemas
from gateway.mapping import Mappings
from gateway.resources import Resources


class Knowledge:
    """Enough to validate, explain and translate."""

    def __init__(self, texts: Resources, limits: Limits | None = None) -> None:
        self.resources = texts
        self.limits = limits or Limits()
        maps = MapFiles(resources.map_file, resources.map_source)
        self.schemas = Schemas(texts.schemas.files, texts.schemas.names, maps, texts.schemas.beneath)
        self.mappings = Mappings(texts.mappings.files, texts.mappings.names, self.schemas)

    @classmethod
    def of(cls, home: str | os.PathLike[str] | None, environ: Mapping[str, str] = os.environ) -> Knowledge:
        """Of a home, else of what is bundled. Raises ConfigurationError and UsageError."""
        return cls(resources.find(home, environ))

    @cached_property
    def agreements(self) -> Agreements:
        """Raises :class:`~gateway.core.errors.ConfigurationError` for a file of ``partners/`` that is wrong."""
        return agreements.load(self.resources.partners.texts())
