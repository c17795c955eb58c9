"""A buyer: orders, changes of them once they are answered, receipts of goods, and payments. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from gateway.canonical import (
    DespatchAdvice,
    Invoice,
    Item,
    Order,
    OrderChange,
    OrderChangeLine,
    OrderLine,
    OrderResponse,
    Period,
    Price,
    Quantity,
    ReceiptAdvice,
    RemittanceAdvice,
)
from gateway.canonical.order_response import OrderResponseLine
from gateway.simulate import paying, receiving
from gateway.simulate.behaviour import ALL, Behaviour, Dice
from gateway.simulate.receiving import Arrival

#: What is ordered: the seller's number, a name, a price.
GOODS = (
    ("AT-1001", "Hex bolt M8", Decimal("0.35")),
    ("AT-1002", "Hex nut M8", Decimal("0.12")),
    ("AT-2040", "Ball valve 1/2", Decimal("18.50")),
    ("AT-5500", "Pump 40 l/min", Decimal("212.50")),
    ("AT-7312", "Pressure gauge", Decimal("9.90")),
)

#: Days from an order to the goods.
_WANTED = 10

#: Days from an invoice to its payment, where nothing was agreed.
_PAID = 30


class Buyer:
    """Orders what chance says, changes what was answered where the behaviour says so, tells what arrived, and pays."""

    def __init__(self, behaviour: Behaviour, dice: Dice) -> None:
        self._how, self._dice = behaviour, dice

    def order(self, count: int, day: date) -> Order:
        """The order of this count: its number and its lines follow from the seed."""
        number = self._dice.number("PO-", str(count))
        goods = self._dice.about("goods", number)
        lines = tuple(
            OrderLine(
                id=str(position),
                quantity=Quantity(value=Decimal(goods.randrange(10, 500, 10)), unit_code="EA"),
                price=Price(price_amount=price),
                item=Item(name=name, description=name, sellers_item_identification=item),
            )
            for position, (item, name, price) in enumerate(goods.sample(GOODS, goods.randint(1, 3)), 1)
        )
        wanted = day + timedelta(days=_WANTED)
        return Order(
            id=number,
            issue_date=day,
            order_type_code="220",
            document_currency_code="EUR",
            requested_delivery=Period(end_date=wanted),
            order_lines=lines,
        )

    def answer(self, document: Any) -> list[Any]:
        """A change of what was answered, what arrived of what was advised, or the payment of what was invoiced."""
        if isinstance(document, OrderResponse):
            return self._changed(document)
        if isinstance(document, DespatchAdvice) and document.function_code in ("original", "replace"):
            return [self._received(document)]
        if isinstance(document, Invoice) and not document.credits and document.payable_amount:
            return [self._paid(document, document.payable_amount)]
        return []

    def _changed(self, answer: OrderResponse) -> list[OrderChange]:
        """One change, to the answer to an order; an answer to a change is left at that."""
        how = self._how
        if answer.sequence_number_id is not None:
            return []
        if how.rejects:
            return [self._change(answer, "cancellation", ())]
        if how.confirmed == ALL and how.price == ALL:
            return []
        return [self._change(answer, "change", tuple(self._line(answer, line) for line in answer.order_lines))]

    def _received(self, advice: DespatchAdvice) -> ReceiptAdvice:
        arrivals = [
            self._arrival(line.delivered_quantity.value if line.delivered_quantity else Decimal(0), advice.id, str(n))
            for n, (line, _) in enumerate(receiving.advised(advice))
        ]
        day = advice.estimated_delivery_date or advice.issue_date + timedelta(days=1)
        return receiving.receipt(advice, self._dice.number("W", advice.id), arrivals, day=day)

    def _paid(self, invoice: Invoice, due: Decimal) -> RemittanceAdvice:
        """On the day that it is due, where it says how many days that is."""
        days = invoice.payment_terms.net_days if invoice.payment_terms else None
        day = invoice.issue_date + timedelta(days=(_PAID if days is None else days) + self._how.days)
        paid = self._dice.amount(due, self._how.paid, "paid", invoice.id)
        return paying.remittance(invoice, self._dice.number("P", invoice.id), paid, day=day)

    def _arrival(self, sent: Decimal, *about: str) -> Arrival:
        arrived = self._dice.share(sent, self._how.arrived, "arrived", *about)
        kept = self._dice.share(arrived, self._how.kept, "kept", *about)
        return Arrival(arrived, arrived - kept)

    def _change(self, answer: OrderResponse, function: str, lines: tuple[OrderChangeLine, ...]) -> OrderChange:
        order = answer.order_reference
        return OrderChange(
            id=self._dice.number("C", order.id),
            issue_date=answer.issue_date or order.issue_date,
            function_code=function,
            order_reference=order,
            sequence_number_id="1",
            document_currency_code=answer.document_currency_code,
            buyer_customer_party=answer.buyer_customer_party,
            seller_supplier_party=answer.seller_supplier_party,
            order_lines=lines,
        )

    def _line(self, answer: OrderResponse, line: OrderResponseLine) -> OrderChangeLine:
        about = (answer.order_reference.id, line.id or "")
        quantity, price = line.quantity, line.price
        if quantity is not None:
            wanted = self._dice.share(quantity.value, self._how.confirmed, *about)
            quantity = Quantity(value=wanted, unit_code=quantity.unit_code)
        if price is not None:
            asked = self._dice.price(price.price_amount, self._how.price, *about)
            price = Price(price_amount=asked, base_quantity=price.base_quantity)
        return OrderChangeLine(
            id=line.id,
            line_status_code="changed",
            quantity=quantity,
            outstanding_quantity=quantity.value if quantity else None,
            price=price,
            item=line.item,
        )
