"""What is kept of a customs case: documents, drafts, receipts, taxes, each as it was said. Pure, and kept as JSON.

A fact never changes and an equal one counts once, so what comes twice or in another order makes the same case.
"""

from __future__ import annotations

from hashlib import sha256

import msgspec

from gateway.handlers.customs.message import Said

DOCUMENT, DRAFT, RECEIPT, TAX = "document", "draft", "receipt", "tax"

#: How a document came to be there: we sent it; its writer sent us a copy; somebody says what is in it; somebody says
#: under which number it was filed.
OWN, COPY, CONFIRMED, FILED = "own", "copy", "confirmed", "filed"


class Name(msgspec.Struct, frozen=True, order=True):
    """A number that a case goes by: ``order`` 4401960X01/PO-1. What is before the slash says whose number it is."""

    kind: str
    value: str


#: Numbers that are of one case alone. The number of an order without its platform finds one where nothing else does.
STRONG = frozenset({"order", "payment", "waybill", "list", "paper", "entry", "pre", "message"})
NUMBER = "number"


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """``number`` and ``key``: which document, as ``message.KEYS`` has it. ``at``: appTime of a document, returnTime of
    a receipt. ``id``: the guid of a receipt, what the exchange system knows our message by, or a draft's own.

    ``of``: the draft that a version of ours was, or the message that a format receipt refuses. Of a draft ``agreement``
    is the one by which it leaves. ``head`` and ``lines`` are those of the message; ``numbers`` those that customs gave.
    """

    kind: str
    number: str
    key: tuple[str, ...] = ()
    at: str = ""
    id: str = ""
    of: str = ""
    evidence: str = ""
    agreement: str = ""
    status: str = ""
    text: str = ""
    numbers: dict[str, str] = {}
    head: Said = Said()
    lines: tuple[Said, ...] = ()


_ENCODE = msgspec.json.Encoder(order="deterministic").encode
_DECODE = msgspec.json.Decoder(Fact).decode


def stored(fact: Fact) -> tuple[str, str]:
    """As it is stored, and its digest."""
    body = _ENCODE(fact)
    return body.decode(), sha256(body).hexdigest()


def from_store(text: str) -> Fact:
    """As it was."""
    return _DECODE(text)
