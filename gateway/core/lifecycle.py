"""The three lifecycles as literal tables, and the one pure function that reads them.

The diagrams in ``docs/concepts/lifecycles.md`` are generated from these tables.
"""

from __future__ import annotations

from gateway.core.errors import IllegalTransitionError

Table = dict[tuple[str, str], str]

#: One unit of transport. Inbound begins at ``received``, outbound at ``composed``.
TRANSMISSION: Table = {
    ("received", "translate"): "translated",
    ("received", "hold"): "held",
    ("received", "refuse"): "refused",
    ("received", "repeat"): "duplicate",
    ("received", "fail"): "failed",
    ("received", "keep"): "kept",  # an attachment: it stays with the document that it came with
    ("held", "release"): "received",
    ("held", "cancel"): "cancelled",
    ("failed", "reprocess"): "received",
    ("failed", "cancel"): "cancelled",
    ("composed", "deliver"): "delivered",
    ("composed", "stop"): "stopped",
    ("composed", "deposit"): "deposited",  # at a door of ours, until the partner fetches it
    ("deposited", "deliver"): "delivered",
    ("deposited", "cancel"): "cancelled",
    ("deposited", "accept"): "accepted",  # its receipt was quicker than the end of the pick-up
    ("deposited", "reject"): "rejected",
    ("composed", "resend"): "composed",  # it waits for its next try: now
    ("stopped", "resend"): "composed",
    ("stopped", "cancel"): "cancelled",
    ("delivered", "accept"): "accepted",
    ("delivered", "reject"): "rejected",
    ("delivered", "stop"): "stopped",  # the MDN that came later says no
    ("stopped", "accept"): "accepted",  # it had arrived all the same
    ("stopped", "reject"): "rejected",
    ("accepted", "reject"): "rejected",  # by a later look: the contents after the syntax
    ("rejected", "accept"): "accepted",
    ("delivered", "resend"): "composed",
    ("rejected", "resend"): "composed",
    ("rejected", "cancel"): "cancelled",
}

#: One transaction set, message or record of a file. Inbound begins at ``ready`` (or where it ends at once), outbound
#: at ``emitted``.
DOCUMENT: Table = {
    ("ready", "handle"): "handled",
    ("ready", "hold"): "held",
    ("ready", "fail"): "failed",
    ("held", "release"): "ready",
    ("held", "cancel"): "cancelled",
    ("failed", "reprocess"): "ready",
    ("failed", "cancel"): "cancelled",
    ("emitted", "compose"): "composed",
    ("emitted", "withhold"): "withheld",
    ("emitted", "release"): "emitted",  # it waits for a time: now
    ("emitted", "cancel"): "cancelled",
    ("withheld", "release"): "emitted",
    ("withheld", "cancel"): "cancelled",
    ("composed", "send"): "sent",
    ("composed", "cancel"): "cancelled",
    ("composed", "accept"): "accepted",  # the receipt was quicker than the end of the delivery
    ("composed", "reject"): "rejected",
    ("sent", "accept"): "accepted",
    ("sent", "reject"): "rejected",
    ("accepted", "reject"): "rejected",
    ("rejected", "accept"): "accepted",
    ("rejected", "resend"): "composed",
    ("rejected", "cancel"): "cancelled",  # nothing more is done about it
}

#: What must arrive by when.
EXPECTATION: Table = {
    ("open", "resolve"): "resolved",
    ("open", "pass"): "overdue",
    ("open", "waive"): "waived",
    ("overdue", "resolve"): "resolved late",
    ("overdue", "waive"): "waived",
}

TABLES: dict[str, Table] = {"transmission": TRANSMISSION, "document": DOCUMENT, "expectation": EXPECTATION}

#: Where each lifecycle begins.
BEGINNINGS: dict[str, tuple[str, ...]] = {
    "transmission": ("received", "composed"),
    "document": ("ready", "held", "refused", "emitted"),
    "expectation": ("open",),
}


def decide(table: Table, state: str, event: str) -> str:
    """The state that follows ``event`` in ``state``.

    Raises :class:`IllegalTransitionError`, which names the events that are possible.
    """
    follows = table.get((state, event))
    if follows is None:
        possible = ", ".join(sorted(e for s, e in table if s == state)) or "nothing, it is final"
        raise IllegalTransitionError(f"'{event}' is not possible in state '{state}'. Possible: {possible}.")
    return follows


def states(table: Table) -> list[str]:
    """All states of a lifecycle, in order of first appearance."""
    return list(dict.fromkeys(state for (before, _), after in table.items() for state in (before, after)))
