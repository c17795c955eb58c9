"""A timeline as the API gives it: for a partner only what is its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from gateway.store.ids import show
from gateway.store.timeline import Timeline
from gateway.store.visible import Visible
from gateway.web.api import views

Row = Mapping[str, Any]


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one thing, in the order in which it was made."""

    transmissions: list[views.Transmission]
    interchanges: list[views.Interchange]
    documents: list[views.Document]
    events: list[views.Event]
    issues: list[views.Issue]
    expectations: list[views.Expectation]
    holds: list[views.Hold]
    waits: list[views.Wait]


def story(found: Timeline, seen: Visible | None) -> Story:
    """``seen`` None: for our own people."""
    ours = seen is None
    if seen is not None:
        found = _seen(found, seen)
    return Story(
        transmissions=[views.transmission(row, ours=ours) for row in found.transmissions],
        interchanges=[views.interchange(row, ours=ours) for row in found.interchanges],
        documents=[views.document(row, ours=ours) for row in found.documents],
        events=[views.event(row, ours=ours) for row in found.events],
        issues=[views.issue(row, ours=ours) for row in found.issues],
        expectations=[views.expectation(row, ours=ours) for row in found.expectations],
        holds=[views.hold(row, ours=ours) for row in found.holds],
        waits=[
            views.Wait(document=show("document", row["document_id"]), behind=show("document", row["behind_id"]))
            for row in found.waits
        ],
    )


def _seen(found: Timeline, seen: Visible) -> Timeline:
    """What is about a row that is not seen is not seen either."""
    transmissions = [row for row in found.transmissions if seen.transmission(row)]
    interchanges = [row for row in found.interchanges if seen.between(row)]
    documents = [row for row in found.documents if seen.between(row)]
    known = {
        "transmission_id": _ids(transmissions),
        "interchange_id": _ids(interchanges),
        "document_id": _ids(documents),
    }

    def about(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """By the smallest thing that it is about."""
        kept = []
        for row in rows:
            column = next((name for name in reversed(known) if row[name] is not None), None)
            if column is not None and row[column] in known[column]:
                kept.append(row | {name: row[name] if row[name] in ids else None for name, ids in known.items()})
        return kept

    pointing = ("transmission_id", "interchange_id", "source_interchange_id", "parent_id", "earlier_id")
    everything = frozenset().union(*known.values())

    def own(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Without ids of what is not seen."""
        return [row | {name: None for name in pointing if name in row and row[name] not in everything} for row in rows]

    return Timeline(
        transmissions=own(transmissions),
        interchanges=own(interchanges),
        documents=own(documents),
        events=about(found.events),
        issues=about(found.issues),
        expectations=[row for row in about(found.expectations) if row["party"] == seen.party],
        holds=about(found.holds),
        waits=[row for row in found.waits if {row["document_id"], row["behind_id"]} <= known["document_id"]],
    )


def _ids(rows: list[dict[str, Any]]) -> frozenset[int]:
    return frozenset(row["id"] for row in rows)
