"""The end of an interchange: its verdict, what the verdict does to its documents, and the receipts it earns. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from gateway.acknowledgments.model import DocumentVerdict, GroupVerdict, InterchangeVerdict
from gateway.codecs import DocumentHead
from gateway.core.errors import UnreadableError
from gateway.core.issues import Issue, Severity, has_errors
from gateway.pipeline.plan import InterchangePlan

#: Refused only because of what stands beside it, or above it.
SIBLING = "GTW-SIBLING"


def verdict_of(
    plan: InterchangePlan, documents: Mapping[int, DocumentVerdict], scope: str | None = None
) -> InterchangeVerdict:
    """The verdict on an interchange out of those on its documents, by their position in it (from 1).

    The reject scope (left out: that of the agreement) is applied: siblings of a refused document get ``GTW-SIBLING``.
    Raises UnreadableError when a document that is not refused by its envelope has no verdict: nothing is answered as
    accepted that nobody looked at.
    """

    def judged(head: DocumentHead, refused: bool) -> DocumentVerdict:
        if refused:
            return _unread(head)
        if head.position not in documents:
            raise UnreadableError(f"Document {head.control_number} was counted in the interchange and not found in it.")
        return documents[head.position]

    return _with_scope(_verdict(plan, judged), scope or plan.scope)


def verdict_on_envelope(plan: InterchangePlan) -> InterchangeVerdict:
    """The verdict where no document is read: on what is refused as a whole, or was answered before."""
    return _verdict(plan, lambda head, refused: _unread(head))


def _verdict(plan: InterchangePlan, judged: Callable[[DocumentHead, bool], DocumentVerdict]) -> InterchangeVerdict:
    groups = []
    for group in plan.summary.groups:
        issues = tuple(issue.with_severity(plan.fallback.severities) for issue in group.issues)
        if plan.refused:
            issues += (_sibling("interchange"),)
        verdicts = tuple(judged(head, has_errors(issues)) for head in group.documents)
        groups.append(GroupVerdict(header=group.header, issues=issues, declared=group.declared, documents=verdicts))
    replies = len(plan.summary.replies)
    return InterchangeVerdict(header=plan.summary.header, issues=plan.issues, groups=tuple(groups), replies=replies)


def _unread(head: DocumentHead) -> DocumentVerdict:
    """Of a document that was not read its own envelope is all we know."""
    return DocumentVerdict(type=head.type, control_number=head.control_number, issues=head.issues)


def status_of(verdict: InterchangeVerdict) -> str:
    """``accepted``, ``partial`` or ``refused``, as the interchange is kept in the store."""
    if not verdict.accepted:
        return "refused"
    documents = [(group.accepted and document.accepted) for group in verdict.groups for document in group.documents]
    if all(documents):
        return "accepted" if all(group.accepted for group in verdict.groups) else "partial"
    return "partial" if any(documents) else "refused"


def _with_scope(verdict: InterchangeVerdict, scope: str) -> InterchangeVerdict:
    if scope == "document":
        return verdict
    bad = [not group.accepted or not all(d.accepted for d in group.documents) for group in verdict.groups]
    groups = tuple(
        _refuse_siblings(group, scope) if (any(bad) if scope == "interchange" else is_bad) else group
        for group, is_bad in zip(verdict.groups, bad, strict=True)
    )
    return msgspec.structs.replace(verdict, groups=groups)


def _refuse_siblings(group: GroupVerdict, scope: str) -> GroupVerdict:
    documents = tuple(
        msgspec.structs.replace(document, issues=(*document.issues, _sibling(scope))) if document.accepted else document
        for document in group.documents
    )
    return msgspec.structs.replace(group, documents=documents)


def _sibling(scope: str) -> Issue:
    return Issue(SIBLING, params={"scope": scope}, override=Severity.ERROR)
