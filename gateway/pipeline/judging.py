"""What is said of a document, as severe as was agreed, and what it is held for. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.agreements import Agreement
from gateway.canonical import Document
from gateway.canonical.checks import remarks
from gateway.core.issues import Issue, has_errors

_UNWRITTEN = "MAP-UNWRITTEN"


def as_agreed(issues: Iterable[Issue], agreement: Agreement) -> tuple[Issue, ...]:
    """The issues, with the severities that the agreement gives them."""
    return tuple(issue.with_severity(agreement.severities) for issue in issues)


def first_error(issues: Iterable[Issue]) -> Issue | None:
    return next((issue for issue in issues if has_errors((issue,))), None)


def of_content(document: Document, agreement: Agreement) -> tuple[tuple[Issue, ...], Issue | None]:
    """What there is to say about a document in itself; the error that it is held for."""
    found = as_agreed(remarks(document), agreement)
    return found, first_error(found)


def of_writing(
    issues: Iterable[Issue], document: Document, agreement: Agreement
) -> tuple[tuple[Issue, ...], Issue | None]:
    """What a mapping says of the document that it wrote; what it is withheld for: an error, or what would be lost."""
    found = as_agreed(issues, agreement)
    if wrong := first_error(found):
        return found, wrong
    fields = (issue.location.field or "?" for issue in found if issue.code == _UNWRITTEN)
    lost = [field for field in fields if field != "extensions"]
    lost += [extension.address for extension in document.extensions]
    if lost and agreement.unmapped in (None, "hold"):
        return found, Issue("GTW-UNWRITTEN", value=agreement.mapping, params={"fields": ", ".join(lost)})
    if agreement.unmapped == "ignore":
        found = tuple(issue for issue in found if issue.code != _UNWRITTEN)
    return found, None


def as_received(issues: Iterable[Issue], agreement: Agreement) -> Issue | None:
    """What a document of ours is withheld for that its receiver would refuse."""
    wrong = first_error(issues)
    if wrong is None:
        return None
    reason = f"{wrong.text.rstrip('.')} ({wrong.location})"
    return Issue("GTW-INVALID", value=f"{agreement.type} {agreement.version}", params={"reason": reason})


def no_mapping(agreement: Agreement, reason: str | Exception) -> Issue:
    """What a document is held for whose mapping cannot be used, or fails."""
    text = reason if isinstance(reason, str) else f"{type(reason).__name__}: {reason}"
    return Issue("GTW-MAPPING", value=agreement.mapping, params={"reason": text})
