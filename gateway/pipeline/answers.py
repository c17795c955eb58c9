"""Receipts that come in: what they are, and what lets them in. Pure.

A receipt needs no agreement of its own: whoever has agreed with us on anything in a standard may answer what we sent.
It is never answered, and is not refused for what is wrong with itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.acknowledgments import APPLICATION, RECEIPTS
from gateway.agreements import Agreement, Agreements
from gateway.codecs import InterchangeSummary
from gateway.codecs.model import InterchangeHeader
from gateway.core.issues import Issue, Severity


def is_receipt(type: str, agreement: Agreement) -> bool:
    """Whether a document is read for what it says of ours. An 824 or APERAK that has a mapping of its own is not."""
    return type in RECEIPTS or (type in APPLICATION and not (agreement.message == type and agreement.mapping))


def damaged_receipts(summary: InterchangeSummary, issues: Sequence[Issue]) -> Issue | None:
    """What is wrong with the envelope of an interchange or a group that holds nothing but receipts. ``issues``: those
    of the interchange, as the agreement weighs them."""
    parts = [(issues, [document for group in summary.groups for document in group.documents])]
    parts += [(group.issues, group.documents) for group in summary.groups]
    for found, documents in parts:
        wrong = next((issue for issue in found if issue.severity is Severity.ERROR), None)
        receipts = documents or summary.replies
        if wrong is not None and receipts and all(document.type in RECEIPTS for document in documents):
            params = {"reason": wrong.text.rstrip(".")}
            return Issue("RCP-UNREADABLE", value="interchange of receipts", params=params)
    return None


def agreement_on_receipts(
    header: InterchangeHeader, type: str, lane: str, endpoint: str, agreements: Agreements
) -> Agreement | None:
    """The agreement by which a receipt is let in; None for other documents and for parties that agreed on nothing.

    It is one of the two parties in the standard of the receipt: preferably one by which we send, in the same lane.
    (Some partners mark their receipts as production whatever they answer.)
    """
    if type not in RECEIPTS | APPLICATION:
        return None
    partner = agreements.party_by_identity(header.standard, header.sender)
    own = agreements.party_by_identity(header.standard, header.receiver)
    if partner is None or own is None or not own.own or not agreements.admits(endpoint, partner.id):
        return None
    of_pair = [
        agreement
        for agreement in agreements.agreements()
        if (agreement.party, agreement.with_, agreement.standard) == (partner.id, own.id, header.standard)
    ]
    of_pair.sort(key=lambda agreement: (agreement.lane != lane, agreement.direction != "out"))
    return next(iter(of_pair), None)
