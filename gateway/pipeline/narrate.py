"""The log of what was committed: a line per event that is worth one, with its ids; and what is counted of it."""

from __future__ import annotations

import structlog

from gateway.pipeline.count import count
from gateway.store import Changes
from gateway.store.ids import show

log = structlog.get_logger(__name__)

#: What somebody should look at.
_ALERTS = frozenset({"documents.rejected"})

_KINDS = ("transmission", "interchange", "document")


def narrate(changes: Changes) -> None:
    """Says what ``changes`` did, after they are committed. What was received is its own correlation."""
    count(changes)
    logger = log.bind()  # once: each use of the module's own makes a logger
    for name, fields, about in changes.told:
        ids = {kind: show(kind, changes.real(id)) for kind in _KINDS if (id := about.get(f"{kind}_id")) is not None}
        present = {key: value for key, value in fields.items() if value is not None}
        tell = logger.warning if name in _ALERTS else logger.info
        tell(name, **({"correlation": ids["transmission"]} if "transmission" in ids else {}) | ids | present)
