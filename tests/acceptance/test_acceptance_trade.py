"""From the order to the matched invoice: a buyer in EDIFACT over SFTP, a hub, a seller in X12 over AS2."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gateway.canonical import Order, from_json, to_json
from gateway.simulate.behaviour import BEHAVIOURS, Dice
from gateway.simulate.seller import Seller
from gateway.simulate.selling import adapted
from tests.acceptance.newcomer import Newcomer
from tests.acceptance.test_acceptance_serve import wait
from tests.acceptance.trade_homes import Homes, make
from tests.scenarios.steps import an_order


@contextmanager
def serving(newcomer: Newcomer, home: Path) -> Iterator[None]:
    log = newcomer.folder / f"{home.name}.log"
    with newcomer.start("--home", home, "serve", log=log) as process:
        try:
            wait(lambda: "serve.started" in log.read_text())
            yield
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
            assert "Traceback" not in log.read_text()
        finally:
            process.kill()


@pytest.fixture
def homes(newcomer: Newcomer) -> Iterator[Homes]:
    """All three at work."""
    made = make(newcomer)
    with ExitStack() as stack:
        for home in made:
            stack.enter_context(serving(newcomer, home))
        yield made


def hand_in(home: Path, name: str, document: Any) -> None:
    """The ERP writes a document."""
    folder = home / "exchange/in/erp"
    (folder / f"{name}.tmp").write_bytes(to_json(document))
    (folder / f"{name}.tmp").rename(folder / f"{name}.json")


def got(home: Path) -> dict[str, Any]:
    """What the ERP of a home has got, by kind."""
    bodies = [path.read_text() for path in sorted((home / "exchange/out/erp").glob("*.jsonl"))]
    documents = [json.loads(line) for body in bodies for line in body.splitlines()]
    return {document["document"]: document for document in documents}


def asked(newcomer: Newcomer, home: Path, *what: str) -> list[Any]:
    return [json.loads(line) for line in newcomer.run("--home", home, *what, "--json").splitlines()]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_from_an_order_to_its_matched_invoice(newcomer: Newcomer, homes: Homes) -> None:
    """The invoice comes before the goods are told of: it waits for them."""
    hand_in(homes.buyer, "order", an_order(Decimal(100), Decimal("2.00")))
    wait(lambda: "Order" in got(homes.seller))
    order = from_json("Order", json.dumps(got(homes.seller)["Order"]))
    assert isinstance(order, Order)
    # The ERP says what both languages can say: one verdict on a line, levels of packing within the shipment.
    for number, document in enumerate(Seller(BEHAVIOURS["out-of-order"], Dice("1")).answer(order)):
        hand_in(homes.seller, f"answer-{number}", adapted(document, "edifact"))
    wait(lambda: set(got(homes.buyer)) == {"OrderResponse", "DespatchAdvice", "Invoice"}, 60)
    for home in homes:  # each has got what it awaited
        wait(lambda home=home: asked(newcomer, home, "expectations") == [], 60)  # type: ignore[misc]
    for home, side in ((homes.buyer, "buyer"), (homes.seller, "seller")):
        (page,) = asked(newcomer, home, "order", order.id)
        (line,) = page["lines"]
        assert (page["side"], page["state"]) == (side, "invoiced")
        assert [line[name] for name in ("ordered", "confirmed", "despatched", "invoiced")] == ["100"] * 4
        assert [invoice["outcome"] for invoice in page["invoices"]] == ["matched"]
    rows = {home.name: asked(newcomer, home, "documents", "--limit", "100") for home in homes}
    assert {row["status"] for each in rows.values() for row in each} <= {"handled", "sent", "accepted"}
    accepted = [row["type"] for row in rows["hub"] if row["status"] == "accepted"]
    assert sorted(accepted) == ["850", "DESADV", "INVOIC", "ORDRSP"]
