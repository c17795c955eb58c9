"""What one document said of one order, reduced to what is counted. Pure, and kept as JSON.

A fact never changes and an equal one counts once, so documents may come again and in any order.
"""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256

import msgspec

BUYER, SELLER = "buyer", "seller"
"""On which side of an order we are."""

SHORT = "short"
"""The verdict of a receipt on what did not arrive; its other verdicts are on what is not accepted."""


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Base of what a fact consists of."""


class Verdict(Part, frozen=True, kw_only=True):
    """What becomes of a part of a line's quantity; without a quantity, of all of it. ``unit``: where it has its own."""

    code: str
    quantity: Decimal | None = None
    unit: str = ""


class Line(Part, frozen=True, kw_only=True):
    """One line, as the document names it: by the order's line number, else by the item's numbers.

    ``action`` is what a change does to it. ``price`` is for one unit.
    """

    line: str = ""
    items: tuple[str, ...] = ()
    description: str = ""
    action: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    price: Decimal | None = None
    verdicts: tuple[Verdict, ...] = ()


class Terms(Part, frozen=True, kw_only=True):
    """The tolerances that held when it came, in percent."""

    quantity_percent: Decimal = Decimal(0)
    price_percent: Decimal = Decimal(0)


class Fact(Part, frozen=True, kw_only=True):
    """``kind`` is the canonical document, ``number`` the document's own; ``issued`` is its day, and time where it says
    one (ISO 8601); ``code`` an answer's verdict on the whole order.

    Of a remittance ``payable`` is what is paid of the invoice that it is ``about``, ``discount`` what was taken off.
    """

    kind: str
    partner: str = ""
    number: str = ""
    function: str = "original"
    code: str = ""
    sequence: str = ""
    issued: str = ""
    currency: str = ""
    net_days: int | None = None
    payable: Decimal | None = None
    discount: Decimal | None = None
    about: str = ""
    lines: tuple[Line, ...] = ()
    terms: Terms = Terms()

    @property
    def turn(self) -> tuple[int, str, str]:
        """The order among the documents of one kind: by sequence number, by the day of issue, else by content."""
        count = int(self.sequence) if self.sequence.isdecimal() else 0
        return count, self.issued, digest(self)

    @property
    def day(self) -> str:
        return self.issued[:10]


_ENCODE = msgspec.json.Encoder(order="deterministic").encode
_DECODE = msgspec.json.Decoder(Fact).decode


def encoded(fact: Fact) -> str:
    """As it is stored."""
    return _ENCODE(fact).decode()


def decoded(text: str) -> Fact:
    """As it was."""
    return _DECODE(text)


def digest(fact: Fact) -> str:
    """The same for equal content, whatever was agreed when it came."""
    return sha256(_ENCODE(msgspec.structs.replace(fact, terms=Terms()))).hexdigest()[:32]


def plain(number: Decimal) -> str:
    """A quantity or a price as people write it: without an exponent, without zeros at its end."""
    return f"{number.normalize():f}"
