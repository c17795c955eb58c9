"""Reading one document again from the bytes that were received: after the release of a hold of the mapping."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway.codecs import RawDocument, read
from gateway.codecs.ceb import CEB
from gateway.codecs.ceb_file import ceb_document
from gateway.codecs.records import RECORDS
from gateway.codecs.ubl import UBL, ubl_document
from gateway.core.errors import NotFoundError
from gateway.core.issues import Issue
from gateway.core.spooled import Body, open_body, part_of, size_of
from gateway.pipeline.context import Context
from gateway.pipeline.interpret import Interpretation, interpret
from gateway.pipeline.lines import JSON, line_documents
from gateway.pipeline.records_in import record_documents
from gateway.pipeline.shops import shop_document


def reread(row: Any, body: Body, context: Context) -> Interpretation:
    """The meaning of a stored document by today's agreement and mapping. ``body`` is that of its transmission."""
    try:
        agreement = context.agreements.agreement(row.agreement)
    except NotFoundError as error:
        return Interpretation(hold=Issue("GTW-MAPPING", value=row.agreement, params={"reason": str(error)}))
    limits = context.limits_of(agreement)
    events: Iterable[object]
    with open_body(body) as stream:
        if row.standard == JSON:
            whole = part_of(body, 0, size_of(body))
            events = shop_document(whole, row.type) if agreement.type else line_documents(whole)
        elif row.standard == UBL:
            events = [ubl_document(part_of(body, 0, size_of(body)), limits)[0]]
        elif row.standard == CEB:
            events = [ceb_document(part_of(body, 0, size_of(body)), limits)[0]]
        elif row.standard in RECORDS:
            whole = part_of(body, 0, size_of(body))
            events = record_documents(whole, row.standard, agreement, context.schemas, limits)
        else:
            events = read(stream, charset=agreement.charset or None, limits=limits)
        for event in events:
            if isinstance(event, RawDocument) and event.offset == row.offset:
                return interpret(event, agreement, context)
    return Interpretation(hold=Issue("GTW-FAILED", params={"reason": "its bytes are not there", "id": f"doc_{row.id}"}))
