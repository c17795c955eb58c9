"""What the sentences of the scenarios do."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, NamedTuple

import pytest

from gateway.canonical import (
    DespatchAdvice,
    Identifier,
    Invoice,
    Item,
    Order,
    OrderChange,
    OrderChangeLine,
    OrderLine,
    Party,
    Price,
    Quantity,
)
from gateway.simulate import paying, receiving, selling
from gateway.simulate.receiving import Arrival
from gateway.simulate.selling import Deal
from gateway.store import Database
from tests.scenarios.gateways import NUMBERS, SOLD, Dealings, File, spoken

DAY = date(2026, 11, 20)

#: What is remarked, in the words of the scenarios.
REMARKS = {
    "the price is another than ordered": "TRD-PRICE",
    "goods have left": "TRD-CANCEL-SHIPPED",
    "it was said before": "TRD-AGAIN",
    "more was shipped than is open": "TRD-OVER",
    "more is invoiced than is due": "TRD-INVOICE-QUANTITY",
    "the invoice has a higher price": "TRD-INVOICE-PRICE",
    "the number was used for another invoice": "TRD-INVOICE-TWICE",
    "more arrived than was shipped": "TRD-RECEIVED-OVER",
    "goods are missing": "TRD-SHORT",
    "goods are not accepted": "TRD-REFUSED",
    "more was paid than was asked for": "TRD-PAID-OVER",
    "the invoice is not known": "TRD-PAID-UNKNOWN",
    "no goods were told of": "TRD-INVOICE-EARLY",
}
KINDS = {"answer": "OrderResponse", "despatch advice": "DespatchAdvice", "invoice": "Invoice"}
AWAITS = {"order": "order", "goods": "despatch"}
AWAITED = {"answer": "response", "despatch": "despatch", "invoice": "invoice"}

_STEPS: list[tuple[re.Pattern[str], Callable[..., None]]] = []

#: Those that assert what came of it.
_SEEN: list[Callable[..., None]] = []


def step(sentence: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A sentence with its blanks: ``(\\S+)`` is handed to the function as text."""

    def known(function: Callable[..., None]) -> Callable[..., None]:
        _STEPS.append((re.compile(sentence), function))
        return function

    return known


def seen(sentence: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A sentence about what came of it: its function asserts that."""

    def known(function: Callable[..., None]) -> Callable[..., None]:
        _SEEN.append(function)
        return step(sentence)(function)

    return known


class Said(NamedTuple):
    """A document of the seller, as it came."""

    document: Any
    files: list[File]


class Story:
    """One scenario in one format, told where the goods are bought or where they are sold."""

    def __init__(self, database: Database, language: str, side: str, seed: int) -> None:
        self._database, self._language, self.side = database, language, side
        self._random = random.Random(seed)
        self._trading: list[str] = []
        self._dealings: Dealings | None = None
        self._numbers, self._days = count(1), count(1)
        self._order: Order | None = None
        self._said: list[Said] = []
        self._waiting: list[Said] | None = None
        self._twice = False

    def do(self, sentence: str) -> bool:
        """One sentence; one that nobody knows is a mistake of the text. Whether it said what came of it."""
        for pattern, function in _STEPS:
            found = pattern.fullmatch(sentence)
            if found is not None:
                function(self, *found.groups())
                return function in _SEEN
        raise AssertionError(f"Nobody knows what this means: {sentence}")

    @property
    def order(self) -> Order:
        return self._order or self.an_order(Decimal(100), Decimal("2.00"))

    def an_order(self, quantity: Decimal, price: Decimal) -> Order:
        sides = ("umbrella", "acme") if self.side == SOLD else ("acme", "umbrella")
        return an_order(quantity, price, *sides)

    @property
    def dealings(self) -> Dealings:
        if self._dealings is None:
            self._dealings = Dealings(self._database, self._language, self.side, self._trading)
        return self._dealings

    @property
    def page(self) -> dict[str, Any]:
        """What is known of the order, after everything that came."""
        if self._waiting:
            files = self._waiting * (2 if self._twice else 1)
            self._random.shuffle(files)
            self._waiting = []
            for said in files:
                self.dealings.arrive(said.files)
        self.dealings.settle()
        return self.dealings.page(self.order.id)

    def line(self) -> dict[str, str]:
        (found,) = self.page["lines"]
        return found  # type: ignore[no-any-return]

    def says(self, document: Any) -> None:
        """One of both says something; shuffled, it comes later."""
        kind = type(document).__name__
        if kind not in spoken(self._language):
            pytest.skip(f"no {kind} in {self._language}")
        said = Said(document, self.dealings.say(document))
        self._said.append(said)
        if self._waiting is None:
            self.dealings.arrive(said.files)
        else:
            self._waiting.append(said)

    def number(self, prefix: str) -> str:
        return f"{prefix}-{next(self._numbers)}"

    def day(self) -> date:
        return DAY + timedelta(days=next(self._days))


def an_order(quantity: Decimal, price: Decimal, buyer: str = "acme", seller: str = "umbrella") -> Order:
    line = OrderLine(
        id="1",
        quantity=Quantity(value=quantity, unit_code="EA"),
        price=Price(price_amount=price),
        item=Item(name="Hex bolt", description="Hex bolt", sellers_item_identification="AT-1001"),
    )
    return Order(
        id="PO-4711",
        issue_date=DAY,
        order_type_code="220",
        document_currency_code="EUR",
        buyer_customer_party=Party(id=Identifier(value=NUMBERS[buyer], scheme_id="gln"), name=buyer.capitalize()),
        seller_supplier_party=Party(id=Identifier(value=NUMBERS[seller], scheme_id="gln"), name=seller.capitalize()),
        order_lines=(line,),
    )


# What is given


@step(r"an order of (\S+) pieces at (\S+)|the order of (\S+) pieces at (\S+) comes")
def _ordered(story: Story, *found: str | None) -> None:
    quantity, price = (Decimal(word) for word in found if word is not None)
    story._order = story.an_order(quantity, price)
    story.dealings.arrive(story.dealings.say(story.order))
    assert story.dealings.got("seller") == ["Order"]


def _agreed_by_buyers(story: Story) -> None:
    """What our own ERP says waits for nothing, and is within every tolerance of ours."""
    if story.side == SOLD:
        pytest.skip("agreed by those who buy")


@step(r"(\S+) percent more may be shipped or invoiced")
def _more(story: Story, percent: str) -> None:
    _agreed_by_buyers(story)
    story._trading.append(f"quantity_percent = {percent}.0")


@step(r"prices may be (\S+) percent higher")
def _higher(story: Story, percent: str) -> None:
    _agreed_by_buyers(story)
    story._trading.append(f"price_percent = {percent}.0")


@step(r"(?:documents|invoices) wait for the (order|goods)")
def _wait(story: Story, what: str) -> None:
    _agreed_by_buyers(story)
    story._trading.append(f'await = ["{AWAITS[what]}"]')


@step(r"the documents come shuffled(, each of them twice)?")
def _shuffled(story: Story, twice: str | None) -> None:
    story._waiting, story._twice = [], twice is not None


# What happens


@step(r"the seller confirms (\S+)(?: at (\S+))?(?: before the order is known)?")
def _confirms(story: Story, quantity: str, price: str | None) -> None:
    deal = Deal(quantity=Decimal(quantity), price=Decimal(price or "2.00"))
    story.says(selling.response(story.order, story.number("R"), [deal], day=story.day()))


@step(r"the seller rejects the order")
def _rejects(story: Story) -> None:
    deals = selling.ordered(story.order)
    story.says(selling.response(story.order, story.number("R"), deals, day=story.day(), rejected=True))


@step(r"the seller ships (\S+)")
def _ships(story: Story, quantity: str) -> None:
    story.says(selling.despatch(story.order, story.number("D"), [Decimal(quantity)], day=story.day()))


@step(r"the seller invoices (\S+)(?: at (\S+))?(?: (under the same number))?")
def _invoices(story: Story, quantity: str, price: str | None, same: str | None) -> None:
    deal = Deal(quantity=Decimal(quantity), price=Decimal(price or "2.00"))
    number = story._said[-1].document.id if same else story.number("I")
    story.says(selling.invoice(story.order, number, [deal], day=story.day()))
    if same and story._language == "ubl":
        story.dealings.admit()  # there the number is that of the file, too, and somebody looks at it first


@step(r"the seller credits (\S+)")
def _credits(story: Story, quantity: str) -> None:
    deal = Deal(quantity=Decimal(quantity), price=Decimal("2.00"))
    about = story._said[-1].document.id
    number = story.number("C")
    story.says(selling.invoice(story.order, number, [deal], day=story.day(), type="381", about=about))


@step(r"the buyer receives (\S+)(?:, of which (\S+) are damaged)?")
def _receives(story: Story, arrived: str, damaged: str | None) -> None:
    advice = next(said.document for said in reversed(story._said) if isinstance(said.document, DespatchAdvice))
    arrival = Arrival(Decimal(arrived), Decimal(damaged or 0))
    story.says(receiving.receipt(advice, story.number("W"), [arrival], day=story.day()))


@step(r"the buyer pays (\S+)")
def _pays(story: Story, amount: str) -> None:
    invoice = next(said.document for said in reversed(story._said) if isinstance(said.document, Invoice))
    story.says(paying.remittance(invoice, story.number("P"), Decimal(amount), day=story.day()))


@step(r"the buyer changes the order to (\S+)")
def _changes(story: Story, quantity: str) -> None:
    old = story.order.order_lines[0]
    line = OrderChangeLine(
        id="1",
        line_status_code="changed",
        quantity=Quantity(value=Decimal(quantity), unit_code="EA"),
        outstanding_quantity=Decimal(quantity),
        price=old.price,
        item=old.item,
    )
    _send_change(story, "change", (line,))


@step(r"the buyer cancels the order")
def _cancels(story: Story) -> None:
    _send_change(story, "cancellation", ())


def _send_change(story: Story, function: str, lines: tuple[OrderChangeLine, ...]) -> None:
    if "OrderChange" not in spoken(story._language):
        pytest.skip(f"no OrderChange in {story._language}")
    change = OrderChange(
        id=story.number("CH"),
        issue_date=story.day(),
        function_code=function,
        order_reference=selling.reference(story.order),
        sequence_number_id="1",
        document_currency_code="EUR",
        buyer_customer_party=story.order.buyer_customer_party,
        seller_supplier_party=story.order.seller_supplier_party,
        order_lines=lines,
    )
    story.dealings.arrive(story.dealings.say(change))


@step(r"the same file comes again")
def _same_file(story: Story) -> None:
    story.dealings.arrive(story._said[-1].files)


@step(r"the same document comes again")
def _same_document(story: Story) -> None:
    story.says(story._said[-1].document)


# What is seen


@seen(r"(\S+) are (confirmed|rejected|backordered|despatched|received|refused|invoiced|open)")
def _quantity(story: Story, quantity: str, what: str) -> None:
    line = {name: Decimal(value) for name, value in story.line().items() if name in _COUNTED}
    line["open"] = line["ordered"] - line["rejected"] - line["despatched"]
    assert line[what] == Decimal(quantity)


_COUNTED = frozenset(
    {"ordered", "confirmed", "rejected", "backordered", "despatched", "received", "refused", "invoiced"}
)


@seen(r"the order is (\S+)")
def _state(story: Story, state: str) -> None:
    assert story.page["state"] == state


@seen(r"the (answer|despatch|invoice) is awaited")
def _awaited(story: Story, what: str) -> None:
    assert AWAITED[what] in story.page["awaited"]


@seen(r"nothing is awaited")
def _nothing_awaited(story: Story) -> None:
    assert story.page["awaited"] == []


@seen(r"it is remarked that (.+)")
def _remarked(story: Story, words: str) -> None:
    assert story.page
    code = REMARKS[words]
    if code == "TRD-AGAIN" and (story._language == "ubl" or story._said[-1].files[-1].door == "acme-erp-in"):
        code = "GTW-DUPLICATE"  # there is no envelope around UBL and JSON that would be another one
    assert code in story.dealings.yard.column("SELECT code FROM issues")


@seen(r"nothing is remarked")
def _nothing_remarked(story: Story) -> None:
    assert story.page["findings"] == []


@seen(r"(?:the|an|the last) invoice is (matched|matched-within-tolerance|blocked)")
def _outcome(story: Story, outcome: str) -> None:
    assert outcome in [invoice["outcome"] for invoice in story.page["invoices"]]


@seen(r"(\S+) is paid of the invoice, and it is( not)? settled")
def _paid(story: Story, amount: str, not_: str | None) -> None:
    (invoice,) = story.page["invoices"]
    assert (Decimal(invoice["paid_amount"]), invoice["settled"]) == (Decimal(amount), not_ is None)


@seen(r"the (answer|despatch advice|invoice) waits")
def _waits(story: Story, what: str) -> None:
    story.dealings.settle()
    held = story.dealings.yard.column("SELECT canonical FROM documents WHERE status = 'held'")
    assert held == [KINDS[what]]


@seen(r"nothing waits")
def _nothing_waits(story: Story) -> None:
    assert story.page["holds"] == []
    assert story.dealings.yard.nothing_left()


@seen(r"the buyer has got (.+)")
def _got(story: Story, what: str) -> None:
    assert story.page
    kinds = [KINDS[word.removeprefix("an ").removeprefix("a ")] for word in re.split(", | and ", what)]
    assert story.dealings.got("buyer") == kinds


@seen(r"the seller has got the change")
def _got_change(story: Story) -> None:
    assert story.dealings.got("seller") == ["Order", "OrderChange"]
