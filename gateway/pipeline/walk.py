"""Walking over the documents of one interchange of a transmission."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from gateway.codecs import InterchangeStart, RawDocument, read
from gateway.codecs.ceb import CEB
from gateway.codecs.ceb_file import ceb_document
from gateway.codecs.records import RECORDS
from gateway.codecs.ubl import UBL, ubl_document
from gateway.core.issues import has_errors
from gateway.core.spooled import Body, part_of, size_of
from gateway.pipeline.context import World
from gateway.pipeline.lines import JSON, line_documents
from gateway.pipeline.plan import InterchangePlan
from gateway.pipeline.records_in import record_documents
from gateway.pipeline.shops import shop_document
from gateway.store.parts import Part


def documents_of(body: Body, plan: InterchangePlan, context: World) -> Iterator[RawDocument]:
    """The documents of the interchange, but for those of a group whose envelope is refused."""
    refused = {head.position for group in plan.summary.groups if has_errors(group.issues) for head in group.documents}
    limits = context.limits_of(plan.fallback)
    if plan.summary.kept and not plan.fallback.charset and limits == context.limits:
        yield from (raw for raw in plan.summary.kept if raw.position not in refused)
        return
    if plan.summary.header.standard == JSON:
        whole = part_of(body, 0, size_of(body))
        yield from shop_document(whole, plan.fallback.type) if plan.fallback.type else line_documents(whole)
        return
    if plan.summary.header.standard == UBL:
        yield ubl_document(part_of(body, 0, size_of(body)), limits)[0]
        return
    if plan.summary.header.standard == CEB:
        yield ceb_document(part_of(body, 0, size_of(body)), limits)[0]
        return
    if plan.summary.header.standard in RECORDS:
        whole = part_of(body, 0, size_of(body))
        yield from record_documents(whole, plan.summary.header.standard, plan.fallback, context.schemas, limits)
        return
    seen = 0
    with _part(body, plan.summary.offset, plan.summary.length) as part:
        for event in read(
            part,
            charset=plan.fallback.charset or None,
            limits=limits,
            offset=plan.summary.offset,
        ):
            if isinstance(event, InterchangeStart):
                seen += 1
            elif isinstance(event, RawDocument) and seen == 1 and event.position not in refused:
                yield event


def _part(body: Body, start: int, length: int) -> BinaryIO:
    """A reader of the interchange alone; in constant memory where the body is a file."""
    return (
        BytesIO(memoryview(body)[start : start + length])
        if isinstance(body, bytes)
        else Part(body, start, length).open()
    )
