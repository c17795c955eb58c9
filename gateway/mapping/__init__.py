"""Mappings: one file ties one message of one format to one canonical document, in both directions."""

from __future__ import annotations

from gateway.mapping.definition import Example
from gateway.mapping.mapping import CarefulReading, Format, Mapping, Mappings, Reading, Writing
from gateway.mapping.runtime import Lineage

__all__ = ["CarefulReading", "Example", "Format", "Lineage", "Mapping", "Mappings", "Reading", "Writing"]
