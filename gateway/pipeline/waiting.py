"""What must wait: a transmission that nobody agreed on, a document that cannot go on. Pure."""

from __future__ import annotations

from gateway.agreements import Missing
from gateway.core.issues import Issue
from gateway.expectations import hold
from gateway.store import Changes

OPERATOR, CONFIGURATION = "operator", "configuration"

#: Holds that a change of parties, agreements, mappings or handlers mends; all others are for an operator to decide.
_MENDED_BY_CONFIGURATION = (
    "GTW-SENDER",
    "GTW-RECEIVER",
    "GTW-AGREEMENT",
    "GTW-VERSION",
    "GTW-ENDPOINT",
    "GTW-LANE",
    "GTW-MAPPING",
    "GTW-SCHEMA",
    "GTW-TABLE",
    "GTW-HANDLER",
    "GTW-ROUTE",
    "GTW-ENVELOPE",
    "GTW-UNWRITTEN",
    "GTW-INVALID",
    "MAP-",
)


def hold_transmission(changes: Changes, id: int, format: str, issue: Issue, missing: Missing | None = None) -> None:
    """Nothing of it was processed and nothing answered: we owe the work."""
    changes.update("transmissions", id, status="held", reason=issue.code, format=format)
    changes.issue(issue, transmission_id=id)
    lines = f"# {missing.file}\n{missing.configuration}" if missing else None
    _hold(changes, issue, lines, transmission_id=id)


def hold_document(changes: Changes, issue: Issue, *, waits_for: str = "", **about: int | None) -> None:
    """``about``: document_id, and the transmission and interchange that it came in. The caller sets the status.

    ``waits_for``: the condition that releases it, where a handler knows one.
    """
    _hold(changes, issue, None, waits_for, **about)


def _hold(changes: Changes, issue: Issue, configuration: str | None, waits_for: str = "", **about: int | None) -> None:
    mended = issue.code.startswith(_MENDED_BY_CONFIGURATION)
    text = f"{issue.text} {issue.hint}".strip()
    condition = waits_for or (CONFIGURATION if mended else OPERATOR)
    hold(changes, code=issue.code, text=text, condition=condition, configuration=configuration, **about)
