"""What holds on a day, the taxes that follow from it, and the limits of orders and persons."""

from __future__ import annotations

import json
import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.canonical import Declaration, from_json
from gateway.core.errors import SchemaError
from gateway.grammar.ceb_policy import CebPolicies
from gateway.handlers.customs.assembling import completed
from gateway.handlers.customs.taxes import assessed, shares
from gateway.store import Database
from tests.customs import made
from tests.customs.port import left, port, shown
from tests.customs.signing import signer_of
from tests.customs.test_customs_declarations import exported, imported, sent
from tests.pipeline.yard import Yard

TODAY = date(2026, 11, 24)


@pytest.fixture
def yard(database: Database) -> Yard:
    found = port(database, submitted=("311", "621", "303", "505", "603"))
    found.signer = lambda agreement: signer_of()
    return found


def codes(yard: Yard) -> list[str]:
    return yard.column("SELECT code FROM issues WHERE code LIKE 'CUS-LIMIT%' OR code LIKE 'CUS-TAX%' ORDER BY id")


def parcel(number: str, price: str, **values: Any) -> bytes:
    """Two of these, without freight."""
    whole = imported(
        id=f"C-{number}", order_reference={"id": number}, waybill_id=f"W-{number}", freight_amount="0", **values
    )
    del whole["tax_amount"]
    whole["goods_items"][0] |= {"price_amount": price, "vat_rate": "13"}
    return sent(whole)


def declaration(body: bytes) -> Declaration:
    found = from_json("Declaration", body)
    assert isinstance(found, Declaration)
    return completed(found, made.schemas().ceb_policies.on(TODAY))


@pytest.mark.parametrize(
    ("day", "order_limit", "vat"),
    [(date(2018, 4, 30), 2000, 17), (date(2018, 12, 31), 2000, 16), (date(2019, 1, 1), 5000, 16), (TODAY, 5000, 13)],
)
def test_each_value_holds_from_its_day_on(day: date, order_limit: int, vat: int) -> None:
    policy = made.schemas().ceb_policies.on(day)
    assert (policy.order_limit, policy.vat_rate) == (order_limit, vat)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[policy]]\norder_limit = 1", "needs from"),
        ("[[policy]]\nfrom = 2020-01-01\nlimit = 1", "none of"),
        ('[[policy]]\nfrom = 2020-01-01\norder_limit = "1"', "no amount"),
        ("[[policy]]\nfrom = 2020-01-01\norder_limit = -1", "no amount"),
        ("policy = 1", "blocks"),
        ("[[policy]", "TOML"),
    ],
)
def test_a_file_that_is_wrong_says_what(text: str, reason: str) -> None:
    with pytest.raises(SchemaError, match=reason):
        CebPolicies(lambda name: text).on(TODAY)


@pytest.mark.parametrize(
    ("price", "rates", "taxes"),
    [
        ("100", {"vat_rate": "13"}, "18.20"),
        ("100", {"vat_rate": "13", "consumption_tax_rate": "15"}, "46.12"),
        ("100", {"vat_rate": "13", "duty_rate": "10"}, "18.20"),
        ("3000", {"vat_rate": "13", "duty_rate": "10"}, "1458.00"),
        ("3000", {"vat_rate": "13", "consumption_tax_rate": "15", "duty_rate": "10"}, "2774.12"),
    ],
)
def test_taxes_are_a_part_within_the_limit_and_whole_above_it(price: str, rates: dict[str, str], taxes: str) -> None:
    whole = json.loads(parcel("PO-1", price))
    whole["goods_items"][0] |= rates
    found = declaration(sent(whole))
    assert found.tax_amount == Decimal(taxes)
    assert found.goods_amount is not None
    assert found.paid_amount == found.goods_amount + Decimal(taxes) - 5


@given(
    st.decimals(0, 100_000, places=2),
    st.lists(st.decimals("0.01", 9999, places=2), min_size=1, max_size=20),
)
def test_shares_come_to_the_whole(whole: Decimal, values: list[Decimal]) -> None:
    found = shares(whole, values)
    assert sum(found) == whole
    total = sum(values, Decimal(0))
    for share, value in zip(found[:-1], values, strict=False):
        assert abs(share - whole * value / total) <= Decimal("0.005")


def test_freight_is_taxed_with_the_goods_and_lines_add_up() -> None:
    whole = imported(freight_amount="10")
    item = whole["goods_items"][0]
    whole["goods_items"] = [item, item | {"id": "2", "price_amount": "65"}]
    found = declaration(sent(whole))
    lines = assessed(found, made.schemas().ceb_policies.on(TODAY))
    assert [line.price for line in lines] == [Decimal("266.67"), Decimal("133.33")]
    assert sum(line.total for line in lines) == Decimal("36.40")


def test_taxes_that_nobody_said_are_computed_and_told(yard: Yard) -> None:
    whole = imported()
    del whole["tax_amount"]
    yard.arrive(sent(whole), "hooli-in")
    ((message, _),) = left(yard)
    assert message.nodes[0].head["taxTotal"] == "24.57"
    assert codes(yard) == ["CUS-TAX-RATES"]


@pytest.mark.parametrize(("said", "told"), [("24.57", []), ("23.66", []), ("20", ["CUS-TAX"])])
def test_taxes_that_are_too_far_from_their_rates_are_told(yard: Yard, said: str, told: list[str]) -> None:
    whole = imported(tax_amount=said)
    whole["goods_items"][0]["vat_rate"] = "13"
    yard.arrive(sent(whole), "hooli-in")
    assert codes(yard) == told


def test_an_order_above_the_limit_is_told_and_leaves(yard: Yard) -> None:
    yard.arrive(parcel("PO-1", "2500"), "hooli-in")
    assert codes(yard) == []
    yard.arrive(parcel("PO-2", "2500.01"), "hooli-in")
    assert codes(yard) == ["CUS-LIMIT-ORDER"]
    assert [message.number for message, _ in left(yard)] == ["311", "311"]


def test_a_year_is_added_up_over_orders_and_what_is_withdrawn_does_not_count(yard: Yard) -> None:
    for number in range(1, 6):
        yard.arrive(parcel(f"PO-{number}", "2500"), "hooli-in")
    assert shown(yard, "PO-5")["purchase"] == {"year": "2026", "amount": "5000", "year_amount": "25000"}
    yard.arrive(parcel("PO-3", "2500", function_code="cancellation"), "hooli-in")
    yard.arrive(parcel("PO-6", "2500"), "hooli-in")
    assert codes(yard) == []
    yard.arrive(parcel("PO-7", "1000"), "hooli-in")
    assert codes(yard) == ["CUS-LIMIT-YEAR"]
    assert shown(yard, "PO-7")["purchase"]["year_amount"] == "27000"


def test_the_same_order_again_and_a_change_count_once(yard: Yard) -> None:
    yard.arrive(parcel("PO-1", "2000"), "hooli-in")
    yard.arrive(parcel("PO-1", "2000") + b" ", "hooli-in")
    yard.arrive(parcel("PO-1", "1500", function_code="replace"), "hooli-in")
    assert yard.column("SELECT total FROM customs_years") == ["3000"]


def test_two_orders_at_once_see_each_other(yard: Yard) -> None:
    """Two workers, one buyer: however they meet, the year is the sum and one of them tells of the limit."""
    for number in range(1, 6):
        yard.arrive(parcel(f"PO-{number}", "2500"), "hooli-in")
    for number in range(6, 14):
        yard.put(parcel(f"PO-{number}", "500"), "hooli-in")
    workers = [yard.worker(limit=1) for _ in range(2)]
    threads = [threading.Thread(target=worker.run_until_idle) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for _ in range(20):
        if yard.nothing_left():
            break
        with yard.database.write() as connection:
            connection.exec_driver_sql("UPDATE work SET state = 0, owner = NULL, until = NULL, due = 0")
        yard.work()
    assert {Decimal(total) for total in yard.column("SELECT total FROM customs_years")} == {Decimal(33000)}
    assert codes(yard).count("CUS-LIMIT-YEAR") == 7


def test_a_b2b_export_above_the_limit_of_lists_is_held(yard: Yard) -> None:
    whole = exported(document_currency_code="CNY")
    whole["goods_items"][0]["price_amount"] = "2500.01"
    yard.arrive(sent(whole), "hooli-in")
    assert yard.column("SELECT code FROM holds") == ["CUS-LIST-LIMIT"]
    whole["goods_items"][0]["price_amount"] = "2500"
    yard.arrive(sent(whole), "hooli-in")
    assert [message.number for message, _ in left(yard)] == ["303", "505", "603"]


def test_goods_that_need_a_licence_are_not_exported_by_list(yard: Yard) -> None:
    yard.arrive(sent(exported(licence_id="L-1")), "hooli-in")
    assert yard.column("SELECT code FROM holds") == ["CUS-LIST-LICENCE"]
