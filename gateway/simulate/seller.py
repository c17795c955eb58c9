"""A seller: an order is answered, despatched and invoiced as the behaviour says. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from gateway.canonical import DespatchAdvice, Invoice, Order, OrderResponse, Period
from gateway.simulate import selling
from gateway.simulate.behaviour import DESPATCH, INVOICE, RESPONSE, Behaviour, Dice
from gateway.simulate.selling import Deal

#: Days from the order to the goods, and from these to the invoice, where nothing else was wished.
_DELIVERY, _INVOICE = 5, 1


class Seller:
    """Answers orders. A cancellation, or what only repeats an order, is not answered."""

    def __init__(self, behaviour: Behaviour, dice: Dice) -> None:
        self._how, self._dice = behaviour, dice

    def answer(self, document: Any) -> list[Any]:
        """The documents that follow, in the order in which they leave."""
        if not isinstance(document, Order) or document.function_code not in ("original", "replace"):
            return []
        story = _Story(document, self._how, self._dice)
        made = {RESPONSE: story.response, DESPATCH: story.despatch, INVOICE: story.invoice}
        found = [made[name]() for name in self._how.documents]
        return [each for each in found if each is not None]


class _Story:
    """One order, and what becomes of it. Days count from that of the order, so that nothing depends on today."""

    def __init__(self, order: Order, how: Behaviour, dice: Dice) -> None:
        self.order, self.how, self._dice = order, how, dice
        asked = selling.ordered(order)
        self.confirmed = [
            Deal(
                quantity=dice.share(deal.quantity, how.confirmed, order.id, str(n)),
                price=None if deal.price is None else dice.price(deal.price, how.price, order.id, str(n)),
            )
            for n, deal in enumerate(asked)
        ]
        self.despatched = self._share(self.confirmed, how.despatched)
        self.invoiced = self._share(self.despatched, how.invoiced)
        wished = order.requested_delivery or Period()
        promised = wished.end_date or wished.start_date or order.issue_date + timedelta(days=_DELIVERY)
        self.delivery = promised + timedelta(days=how.days)
        self.left = max(order.issue_date, self.delivery - timedelta(days=1))

    def response(self) -> OrderResponse:
        order = self.order
        number = self._dice.number("R", order.id)
        return selling.response(
            *(order, number, self.confirmed),
            day=order.issue_date,
            delivery=self.delivery,
            rejected=self.how.rejects,
        )

    def despatch(self) -> DespatchAdvice | None:
        quantities = [deal.quantity for deal in self.despatched]
        if not any(quantities):
            return None
        number = self._dice.number("D", self.order.id)
        return selling.despatch(self.order, number, quantities, day=self.left, delivery=self.delivery)

    def invoice(self) -> Invoice | None:
        if not any(deal.quantity for deal in self.invoiced):
            return None
        number = self._dice.number("I", self.order.id)
        return selling.invoice(self.order, number, self.invoiced, day=self.left + timedelta(days=_INVOICE))

    def _share(self, deals: list[Deal], range: tuple[int, int]) -> list[Deal]:
        return [
            msgspec.structs.replace(deal, quantity=self._dice.share(deal.quantity, range, self.order.id, "out", str(n)))
            for n, deal in enumerate(deals)
        ]
