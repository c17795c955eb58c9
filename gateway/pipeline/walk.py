"""Walking over the documents of one interchange of a transmission."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.codecs import InterchangeStart, RawDocument, read
from gateway.core.issues import has_errors
from gateway.pipeline.context import Context
from gateway.pipeline.plan import InterchangePlan


def documents_of(
    body: bytes, plan: InterchangePlan, interchange: int, start: int, context: Context
) -> Iterator[RawDocument]:
    """The documents of the ``interchange``-th interchange (from 1), from position ``start`` of the transmission on.

    Documents of a group whose envelope is refused are left out.
    """
    refused = {head.position for group in plan.summary.groups if has_errors(group.issues) for head in group.documents}
    part = memoryview(body)[plan.summary.offset : plan.summary.offset + plan.summary.length]
    seen = 0
    for event in read(
        bytes(part),
        charset=plan.fallback.charset or None,
        limits=context.limits_of(plan.fallback),
        offset=plan.summary.offset,
    ):
        if isinstance(event, InterchangeStart):
            seen += 1
        elif isinstance(event, RawDocument) and seen == 1:
            if event.position in refused or plan.first + event.position - 1 < start:
                continue
            yield event
