"""A home as one of its partners has it: who was external is ours, and what went out comes in. Pure.

So a partner is played by what the gateway reads and writes with: the same tables, mappings and agreements.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from gateway.agreements import RECEIPTS_OF, USUAL_RECEIPTS, Agreement, Agreements, Party
from gateway.agreements.model import Envelope, Receipt, Trading
from gateway.mapping import Mappings


def mirrored(agreements: Agreements, party: Party, mappings: Mappings) -> Agreements:
    """What ``party`` would have in its own ``partners/``: itself, those that it trades with, and what was agreed.

    Doors are left out. Raises :class:`~gateway.core.errors.MappingDefinitionError`.
    """
    flipped = [_flipped(agreement, party, mappings) for agreement in party.agreements]
    others = dict.fromkeys(agreement.with_ for agreement in party.agreements)
    sides = [_side(agreements.party(id), "external", [each for each in flipped if each.party == id]) for id in others]
    return Agreements([_side(party, "own", ()), *sides])


def _side(party: Party, kind: str, agreed: Iterable[Agreement]) -> Party:
    return msgspec.structs.replace(party, kind=kind, endpoints=(), agreements=tuple(agreed), as2=None)


def _flipped(agreement: Agreement, party: Party, mappings: Mappings) -> Agreement:
    """What is neither format nor acknowledgment is the gateway's own affair, and stays there."""
    written = agreement.direction == "in"
    document = agreement.document
    if written and not document and agreement.mapping:
        document = mappings.find(agreement.mapping).document
    return msgspec.structs.replace(
        agreement,
        party=agreement.with_,
        with_=party.id,
        direction="out" if written else "in",
        document=document,
        endpoint="",
        batch="document",
        having=(),
        send="",
        acknowledgments=() if written else _receipts(agreement),
        acknowledge_through="",
        reject="document",
        unmapped="ignore",
        handlers=(),
        route="",
        deadlines={},
        trading=Trading(),
        envelope=Envelope(),
    )


def _receipts(agreement: Agreement) -> tuple[Receipt, ...]:
    """Those that the gateway awaits, else the usual ones."""
    awaited = tuple(receipt for receipt in RECEIPTS_OF[agreement.standard] if receipt in agreement.deadlines)
    return awaited or USUAL_RECEIPTS[agreement.standard]
