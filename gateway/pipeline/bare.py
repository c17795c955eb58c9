"""Interchanges without an envelope (UBL, customs messages, IDocs, CSV, JSON): the file is the interchange. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.agreements import Agreement
from gateway.codecs.model import InterchangeHeader, RawDocument
from gateway.codecs.summary import DocumentHead, GroupSummary, InterchangeSummary
from gateway.pipeline.context import World
from gateway.pipeline.plan import InterchangePlan


def bare_interchange(
    header: InterchangeHeader,
    heads: Sequence[DocumentHead],
    agreed: Agreement,
    context: World,
    *,
    length: int,
    digest: bytes,
    kept: Sequence[RawDocument] = (),
    others: Mapping[tuple[str, str, str], Agreement] | None = None,
) -> InterchangePlan:
    """The file as an interchange between the two sides of ``agreed``.

    ``digest`` tells it from others; ``kept`` are its documents where they need not be read again; ``others`` are the
    agreements of documents that do not all go by the same.
    """
    summary = InterchangeSummary(
        header=header,
        groups=[GroupSummary(header=None, found=len(heads), documents=list(heads))],
        documents=len(heads),
        length=length,
        sha256=digest,
        kept=list(kept),
    )
    first = heads[0]
    return InterchangePlan(
        summary=summary,
        partner=context.agreements.party(agreed.party),
        own=context.agreements.party(agreed.with_),
        lane=agreed.lane,
        agreements=dict(others or {(first.type, first.version, first.association): agreed}),
        fallback=agreed,
        first=0,
    )
