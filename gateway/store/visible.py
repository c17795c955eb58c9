"""What one party may see of everybody's traffic: its own documents, and what passed through its own doors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, or_

from gateway.store.tables import documents, transmissions


class Visible(msgspec.Struct, frozen=True):
    """``endpoints`` are the doors of the party whose files it may see whole.

    A file that came in by another door, a network's, may hold documents of several parties: it is not seen, the
    party's documents in it are.
    """

    party: str
    endpoints: tuple[str, ...]

    def transmission(self, row: Mapping[str, Any]) -> bool:
        """Whether a row of this table is seen."""
        return row["endpoint"] in self.endpoints or (row["direction"] == "out" and row["party"] == self.party)

    def between(self, row: Mapping[str, Any]) -> bool:
        """Whether a document or an interchange is seen."""
        return self.party in {row["from_party"], row["to_party"]}


def visible_transmissions(to: Visible) -> ColumnElement[bool]:
    """The same as a condition."""
    c = transmissions.c
    return or_(c.endpoint.in_(to.endpoints), and_(c.direction == "out", c.party == to.party))


def visible_documents(to: Visible) -> ColumnElement[bool]:
    """The same as a condition."""
    c = documents.c
    return or_(c.from_party == to.party, c.to_party == to.party)
