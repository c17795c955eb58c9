"""Canonical declarations to and from customs messages (CEB): one table a message, read in both directions."""

from __future__ import annotations

from gateway.mapping.customs.mapping import Missing, Written, read_declaration, written_values
from gateway.mapping.customs.tables import MESSAGES

__all__ = ["MESSAGES", "Missing", "Written", "read_declaration", "written_values"]
