"""The database: the record of everything that came, went and is to be done.

``Changes`` collects what a batch wants to write, ``commit`` writes it in one transaction and claims the next work.
"""

from __future__ import annotations

from gateway.store import tables
from gateway.store.batches import Claim, Failure, Result, Retry, State, Step, WorkItem, turn
from gateway.store.changes import Changes
from gateway.store.claims import claim, give_back, ready_sources, renew
from gateway.store.commit import commit, write
from gateway.store.database import ConflictError, Database, open_database
from gateway.store.statements import storable
from gateway.store.sweep import Swept, sweep

__all__ = [
    "Changes",
    "Claim",
    "ConflictError",
    "Database",
    "Failure",
    "Result",
    "Retry",
    "State",
    "Step",
    "Swept",
    "WorkItem",
    "claim",
    "commit",
    "give_back",
    "open_database",
    "ready_sources",
    "renew",
    "storable",
    "sweep",
    "tables",
    "turn",
    "write",
]
