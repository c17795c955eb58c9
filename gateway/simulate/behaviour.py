"""How a partner behaves: one table, and who can behave so. Pure."""

from __future__ import annotations

import hashlib
import random
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

import msgspec

Role = Literal["seller", "buyer", "carrier"]
Receipts = Literal["yes", "no", "refuse"]

#: Percent, from and to: what is drawn lies between.
Range = tuple[int, int]

ALL: Range = (100, 100)
LESS: Range = (50, 90)
MORE: Range = (110, 150)

SELLER, BUYER, CARRIER = "seller", "buyer", "carrier"

RESPONSE, DESPATCH, INVOICE = "response", "despatch", "invoice"


class Behaviour(msgspec.Struct, frozen=True, kw_only=True):
    """What is other than usual. ``text`` says it in words, ``receipts`` how what came is acknowledged.

    Of a line ``confirmed`` is of what was ordered, ``price`` of the ordered price, ``despatched`` of what was
    confirmed, ``invoiced`` of what was despatched; ``arrived`` of what was advised, ``kept`` of what arrived;
    ``paid`` is of what an invoice asks for.
    ``documents`` is what a seller sends, in that order; ``days`` how much later than promised.
    """

    text: str
    roles: tuple[str, ...] = (SELLER, BUYER, CARRIER)
    receipts: Receipts = "yes"
    speaks: bool = True
    rejects: bool = False
    confirmed: Range = ALL
    price: Range = ALL
    despatched: Range = ALL
    invoiced: Range = ALL
    arrived: Range = ALL
    kept: Range = ALL
    paid: Range = ALL
    days: int = 0
    reversed: bool = False
    documents: tuple[str, ...] = (RESPONSE, DESPATCH, INVOICE)


BEHAVIOURS: dict[str, Behaviour] = {
    "confirm": Behaviour(text="everything as it was asked for"),
    "change-price": Behaviour(
        text="a higher price is confirmed and invoiced; a buyer changes the price", roles=(SELLER, BUYER), price=MORE
    ),
    "change-quantity": Behaviour(
        text="less is confirmed, shipped and invoiced, the rest is backordered; a buyer orders less",
        roles=(SELLER, BUYER),
        confirmed=LESS,
    ),
    "reject": Behaviour(
        text="the order or the tender is declined; a buyer cancels", rejects=True, documents=(RESPONSE,)
    ),
    "short-ship": Behaviour(text="less is shipped than was confirmed", roles=(SELLER,), despatched=LESS),
    "over-ship": Behaviour(text="more is shipped than was confirmed", roles=(SELLER,), despatched=MORE),
    "short-receipt": Behaviour(text="less arrives than was advised", roles=(BUYER,), arrived=LESS),
    "damaged": Behaviour(text="a part of what arrives is damaged and not accepted", roles=(BUYER,), kept=LESS),
    "short-pay": Behaviour(text="less is paid than was invoiced", roles=(BUYER,), paid=LESS),
    "late": Behaviour(text="what is promised, and happens, is a week late; a buyer pays late", days=7),
    "duplicate-invoice": Behaviour(
        text="the invoice comes twice", roles=(SELLER,), documents=(RESPONSE, DESPATCH, INVOICE, INVOICE)
    ),
    "over-invoice": Behaviour(text="more is invoiced than was shipped", roles=(SELLER,), invoiced=MORE),
    "out-of-order": Behaviour(
        text="the invoice comes before the goods are told of; events of a carrier from the last to the first",
        roles=(SELLER, CARRIER),
        reversed=True,
        documents=(RESPONSE, INVOICE, DESPATCH),
    ),
    "never-acknowledge": Behaviour(text="answers, but no 997 and no CONTRL", receipts="no"),
    "reject-syntax": Behaviour(
        text="a 997 or CONTRL that refuses what came, and no answer", receipts="refuse", speaks=False
    ),
    "silent": Behaviour(text="nothing at all", receipts="no", speaks=False),
}


def of_role(role: str) -> list[str]:
    """The behaviours that a role has."""
    return [name for name, behaviour in BEHAVIOURS.items() if role in behaviour.roles]


class Dice:
    """What chance decides, by the seed and by what it is about: the order in which is asked does not count."""

    def __init__(self, seed: str) -> None:
        self._seed = seed

    def about(self, *what: str) -> random.Random:
        digest = hashlib.sha256("|".join((self._seed, *what)).encode()).digest()
        return random.Random(digest)  # noqa: S311 - nothing secret

    def number(self, prefix: str, *what: str) -> str:
        """A number for a document: the same for the same."""
        return f"{prefix}{self.about(prefix, *what).randrange(10**8):08d}"

    def share(self, value: Decimal, range: Range, *what: str) -> Decimal:
        """A part of a quantity, or more than it; whole where the quantity is. Out of :data:`ALL` it is the quantity."""
        if range == ALL:
            return value
        found = value * self.about("share", *what).randint(*range) / 100
        if value == value.to_integral_value():
            found = found.to_integral_value(ROUND_FLOOR)
            return found + 1 if range == MORE and found == value else found
        return found.quantize(Decimal("0.001"))

    def amount(self, value: Decimal, range: Range, *what: str) -> Decimal:
        """A part of an amount of money, in hundredths. Out of :data:`ALL` it is the amount."""
        if range == ALL:
            return value
        found = value * self.about("amount", *what).randint(*range) / 100
        return found.quantize(Decimal("0.01"), ROUND_FLOOR)

    def price(self, value: Decimal, range: Range, *what: str) -> Decimal:
        """A price, with four decimals at most."""
        if range == ALL:
            return value
        return (value * self.about("price", *what).randint(*range) / 100).quantize(Decimal("0.0001")).normalize() + 0
