"""docs/reference/issues.md: the catalogue of issues, a section per family."""

from __future__ import annotations

import re

from gateway.core.catalogue import FAMILIES
from gateway.core.issues import IssueKind, Level
from tests.docs.markdown import head, table

_INTRODUCTION = """
Every finding about a document is an issue with a code that does not change and is never used for something else. The
commands print it with the place (segment, element, byte), the offending value, a sentence and a hint; with `--json` in
the keys `code`, `severity`, `level`, `text`, `location`, `value` and `hint`.
Segments count from 1 at ST or UNH (or at ISA, UNB for envelopes), elements from 1, bytes from 0 at the start of the
file.

`error` refuses the document (or holds it, where no receipt can say so), `warning` and `information` do not. An
agreement may change the severity of a code: `[agreement.severities]`.

The last column says how a receipt reports the issue to the sender. Words in braces are filled in for each finding.
"""

#: Where a level's code stands in the receipt.
X12_PLACES = {
    Level.INTERCHANGE: "TA105",
    Level.GROUP: "AK905",
    Level.DOCUMENT: "AK502",
    Level.SEGMENT: "AK304",
    Level.ELEMENT: "AK403",
}
EDIFACT_PLACES = {
    Level.INTERCHANGE: "UCI",
    Level.GROUP: "UCF",
    Level.DOCUMENT: "UCM",
    Level.SEGMENT: "UCS",
    Level.ELEMENT: "UCD",
}


def page() -> str:
    sections = [f"## {family}\n\n{_family(kinds)}" for family, kinds in FAMILIES.items()]
    return "\n".join([head("Issues", "gateway/core/catalogue/"), _INTRODUCTION.strip() + "\n", *sections])


def _family(kinds: tuple[IssueKind, ...]) -> str:
    rows = [(f"`{k.code}`", str(k.severity), _code_spans(k.text), _code_spans(k.hint), receipt(k)) for k in kinds]
    return table(("code", "severity", "what it says", "what to do", "receipt"), rows)


def receipt(kind: IssueKind) -> str:
    """``AK403 = 7``, ``UCD 0085 = 12``; empty where no receipt reports it."""
    reports = []
    if kind.x12:
        reports.append(f"{X12_PLACES[kind.level]} = {kind.x12}")
    if kind.edifact:
        reports.append(f"{EDIFACT_PLACES[kind.level]} 0085 = {kind.edifact}")
    return ", ".join(reports)


def _code_spans(text: str) -> str:
    """Characters that Markdown would take for itself, kept as they are."""
    return re.sub(r"([*_<>~])", r"\\\1", text)
