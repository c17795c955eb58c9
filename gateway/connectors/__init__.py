"""The doors: each connector implements the ports of :mod:`gateway.core.ports` and translates its library's errors.

A connector's module docstring says what it guarantees and where its limits are; together with its table of options
it becomes ``docs/reference/connectors.md``.
"""

from __future__ import annotations

from gateway.connectors.directory import DirectoryInbox, DirectoryOutbox
from gateway.connectors.memory import MemoryInbox, MemoryOutbox
from gateway.connectors.registry import CONNECTORS, Connector, open_inbox, open_outbox

__all__ = [
    "CONNECTORS",
    "Connector",
    "DirectoryInbox",
    "DirectoryOutbox",
    "MemoryInbox",
    "MemoryOutbox",
    "open_inbox",
    "open_outbox",
]
