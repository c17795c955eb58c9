"""One timeline as one result, which the command line and the HTTP API give."""

from __future__ import annotations

from typing import Any

from gateway.store.ids import Reference, show
from gateway.store.rows import public
from gateway.store.timeline import Timeline


def story_of(reference: Reference, found: Timeline) -> dict[str, Any]:
    """The timeline as one record."""
    return {
        "id": str(reference),
        "transmissions": [public(row, "transmission") for row in found.transmissions],
        "interchanges": [public(row, "interchange") for row in found.interchanges],
        "documents": [public(row, "document") for row in found.documents],
        "events": [public(row) for row in found.events],
        "issues": [_issue(public(row)) for row in found.issues],
        "expectations": [public(row) for row in found.expectations],
        "holds": [public(row) for row in found.holds],
        "waits": [
            {"document": show("document", row["document_id"]), "behind": show("document", row["behind_id"])}
            for row in found.waits
        ],
    }


def _issue(row: dict[str, Any]) -> dict[str, Any]:
    """The issue itself, with what it is about."""
    about = {name: row[name] for name in ("transmission", "interchange", "document") if name in row}
    return {**about, **row["data"]}
