"""The states of a declaration, whichever authority it is made to: one table, and how those of CEB are called in it."""

from __future__ import annotations

from gateway.handlers.customs import states

DRAFT, VALIDATED, SUBMITTED, RECEIVED, ACCEPTED = "draft", "validated", "submitted", "received", "accepted"
DOCUMENTS_REQUIRED, UNDER_CONTROL, QUERY = "documents-required", "under-control", "query"
TAX_ASSESSED, RELEASED, CLEARED = "tax-assessed", "released", "cleared"
REJECTED, DETAINED, RETURNED, CANCELLED = "rejected", "detained", "returned", "cancelled"

_OPEN = (DOCUMENTS_REQUIRED, UNDER_CONTROL, QUERY, TAX_ASSESSED)
_ENDS = (REJECTED, DETAINED, RETURNED, CANCELLED)

#: Where each state may lead. What is rejected, or could not be processed, is declared anew: a new version.
NEXT: dict[str, frozenset[str]] = {
    DRAFT: frozenset({VALIDATED, CANCELLED}),
    VALIDATED: frozenset({DRAFT, SUBMITTED, CANCELLED}),
    SUBMITTED: frozenset({RECEIVED, ACCEPTED, *_OPEN, RELEASED, CLEARED, *_ENDS}),
    RECEIVED: frozenset({ACCEPTED, SUBMITTED, *_OPEN, RELEASED, CLEARED, *_ENDS}),
    ACCEPTED: frozenset({SUBMITTED, *_OPEN, RELEASED, CLEARED, *_ENDS}),
    **{
        state: frozenset({ACCEPTED, SUBMITTED, *_OPEN, RELEASED, CLEARED, *_ENDS} - {state})
        for state in (DOCUMENTS_REQUIRED, UNDER_CONTROL, QUERY, TAX_ASSESSED)
    },
    DETAINED: frozenset({UNDER_CONTROL, ACCEPTED, TAX_ASSESSED, RELEASED, CLEARED, RETURNED, REJECTED, CANCELLED}),
    RELEASED: frozenset({CLEARED, RETURNED}),
    REJECTED: frozenset({DRAFT, SUBMITTED}),
    CLEARED: frozenset(),
    RETURNED: frozenset(),
    CANCELLED: frozenset(),
}

#: What the states of CEB (:mod:`gateway.handlers.customs.states`) are called here.
OF_CEB: dict[str, str] = {
    states.SENT: SUBMITTED,
    states.SEND_FAILED: SUBMITTED,
    states.STAGED: RECEIVED,
    states.DECLARING: RECEIVED,
    states.AT_CUSTOMS: RECEIVED,
    states.REGISTERED: ACCEPTED,
    states.IN_REVIEW: ACCEPTED,
    states.APPROVED: ACCEPTED,
    states.INSPECTION: UNDER_CONTROL,
    states.DETAINED: DETAINED,
    states.RELEASED: RELEASED,
    states.CLOSED: CLEARED,
    states.REJECTED: REJECTED,
    states.ERROR: REJECTED,
    states.RETURNED: RETURNED,
}

#: Of these nothing leaves any more for the same goods: a correction is a return, or nothing.
BEYOND = frozenset({RELEASED, CLEARED, RETURNED, CANCELLED})
