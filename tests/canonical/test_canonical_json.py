"""Canonical documents as JSON: exact, self-naming, strict about what they do not know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import get_args, get_origin

import msgspec
import pytest

from gateway.canonical import (
    DOCUMENTS,
    Order,
    OrderChange,
    OrderLine,
    OrderReference,
    OrderResponse,
    Part,
    Quantity,
    business_key,
    fingerprint,
    from_json,
    json_schema,
    to_json,
)
from gateway.core.errors import NotFoundError, UnreadableError


def order(amount: str = "5.00", **more: object) -> Order:
    return Order(id="4711", issue_date=date(2026, 1, 15), payable_amount=Decimal(amount), **more)  # type: ignore[arg-type]


def test_decimals_are_strings_with_their_zeros() -> None:
    assert json.loads(to_json(order())) == {
        "document": "Order",
        "id": "4711",
        "issue_date": "2026-01-15",
        "payable_amount": "5.00",
    }


def test_decimals_are_written_in_plain_notation() -> None:
    assert json.loads(to_json(order("1E+2")))["payable_amount"] == "100"


def test_numbers_are_read_digit_by_digit() -> None:
    data = b'{"id":"1","issue_date":"2026-01-15","payable_amount":0.1000000000000000000000001}'
    assert from_json("Order", data).payable_amount == Decimal("0.1000000000000000000000001")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ('{"issue_date":"2026-01-15"}', "id"),
        ('{"id":"1","issue_date":"2026-02-30"}', "issue_date"),
        ('{"id":"1","issue_date":"2026-01-15","colour":"red"}', "colour"),
        ('{"document":"Invoice","id":"1","issue_date":"2026-01-15"}', "Invoice"),
        ('{"id":"1","issue_date":"2026-01-15","payable_amount":"NaN"}', "finite"),
        ('{"id":"1","issue_date":"2026-01-15","payable_amount":"1e999999999"}', "exponent"),
        (
            '{"id":"1","issue_date":"2026-01-15","order_lines":[{"quantity":{"value":"Infinity"}}]}',
            "finite",
        ),
        ('{"id":"1"', "Order"),
        (b"\xff", "Order"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(data: str | bytes, says: str) -> None:
    with pytest.raises(UnreadableError, match=says):
        from_json("Order", data)


def test_an_unknown_document_names_the_known_ones() -> None:
    with pytest.raises(
        NotFoundError,
        match="There are: Declaration, DeclarationResponse, DespatchAdvice, FreightInvoice, ",
    ):
        from_json("Order form", b"{}")


def test_fingerprints_see_values_not_notation() -> None:
    assert fingerprint(order("5.00")) == fingerprint(order("5")) == fingerprint(order("0.5E1"))
    assert fingerprint(order("5.00")) != fingerprint(order("5.01"))
    assert fingerprint(order("100")) != fingerprint(order("1"))
    assert fingerprint(order("-0")) == fingerprint(order("0.00"))
    many = (OrderLine(quantity=Quantity(value=Decimal("7.10"))),)
    few = (OrderLine(quantity=Quantity(value=Decimal("7.1"))),)
    assert fingerprint(order(order_lines=many)) == fingerprint(order(order_lines=few))


def test_a_default_is_left_out_however_it_came_there() -> None:
    spelled = "".join(["orig", "inal"])
    assert to_json(order(function_code=spelled)) == to_json(order())
    assert fingerprint(order(function_code=spelled)) == fingerprint(order())
    assert fingerprint(from_json("Order", to_json(order()))) == fingerprint(order())


def test_the_business_key_is_kind_and_number() -> None:
    assert business_key(order()) == "order:4711"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_document_publishes_its_schema(name: str) -> None:
    schema = json_schema(name)
    assert schema["$id"] == f"urn:crossdock:{name}:1"
    assert schema["$defs"][name]["additionalProperties"] is False


def test_no_part_of_a_document_has_a_text_default():
    """Documents are handled where defaults are left out; a part with one would need it too."""
    documents = {form for kind in DOCUMENTS.values() for form in {kind} | _below(kind)}
    parts = _below(Part) - documents
    fields = [(kind.__name__, info) for kind in parts for info in msgspec.structs.fields(kind)]
    assert len(parts) > 10
    assert [f"{name}.{info.name}" for name, info in fields if isinstance(info.default, str)] == []


def _below(kind):
    return {kind for each in kind.__subclasses__() for kind in {each} | _below(each)}


def test_an_order_its_changes_and_the_answers_are_one_matter() -> None:
    reference = OrderReference(id="4711")
    documents = [order(), OrderChange(id="C-1", order_reference=reference), OrderResponse(order_reference=reference)]
    assert {business_key(document) for document in documents} == {"order:4711"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_document_has_a_schema_and_its_fields_are_said(name: str) -> None:
    schema = json_schema(name)
    assert schema["$id"].startswith(f"urn:crossdock:{name}:")
    other = {"DespatchAdvice": "packing", "Invoice": "invoice_lines", "TransportationStatus": "transport_events"}
    other |= {"ReceiptAdvice": "receipt_lines", "RemittanceAdvice": "remittance_lines"}
    other |= {"TransportInstruction": "transport_stops", "TransportInstructionResponse": "instruction_id"}
    other |= {"FreightInvoice": "freight_invoice_lines"}
    other |= {"PriceCatalogue": "catalogue_lines", "InventoryReport": "inventory_report_lines"}
    other |= {"Declaration": "goods_items", "DeclarationResponse": "taxes"}
    other |= {"WarehouseOrder": "warehouse_order_lines", "WarehouseAdvice": "packages"}
    other |= {"StockTransfer": "stock_transfer_lines", "StockTransferReceipt": "stock_receipt_lines"}
    other |= {"StockAdjustment": "stock_adjustment_lines"}
    lines = other.get(name, "order_lines")
    assert {"id", "extensions", lines} <= set(schema["$defs"][name]["properties"])


def test_changes_and_answers_without_number_and_date_are_read() -> None:
    response = from_json("OrderResponse", '{"order_reference":{"id":"4711"},"order_response_code":"rejected"}')
    assert response == OrderResponse(order_reference=OrderReference(id="4711"), order_response_code="rejected")
    assert json.loads(to_json(response))["document"] == "OrderResponse"
    change = from_json("OrderChange", '{"order_reference":{"id":"4711"},"function_code":"change"}')
    assert to_json(change) == b'{"document":"OrderChange","order_reference":{"id":"4711"}}'
    with pytest.raises(UnreadableError, match="order_reference"):
        from_json("OrderChange", '{"id":"1"}')


@pytest.mark.parametrize("field", ["x", "id", "order_lines", "buyer_customer_party"])
def test_what_is_nested_too_deeply_is_unreadable(field: str) -> None:
    with pytest.raises(UnreadableError, match="not a canonical Order"):
        from_json("Order", f'{{"document":"Order","{field}":'.encode() + b'[{"party":' * 100_000)


def test_zeros_count_nowhere_not_in_the_first_field_of_an_item_either() -> None:
    def order(inside: str) -> bytes:
        return fingerprint(from_json("Order", f'{{"id":"1","issue_date":"2026-01-15",{inside}}}'))

    taxes = '"tax_total":{"tax_subtotals":[{"taxable_amount":"%s"},{"taxable_amount":"%s"}]}'
    assert order(taxes % ("90", "5.5")) == order(taxes % ("90.00", "5.50"))
    numbers = '"order_lines":[{"item":{"additional_item_identifications":[{"value":"%s"}]}}]'
    assert order(numbers % "90") != order(numbers % "90.00")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_text_stands_where_an_item_of_a_list_begins_with_a_decimal(name: str) -> None:
    """A fingerprint knows such a decimal by its key alone: a text of that name at that place would lose its zeros."""
    first = [msgspec.structs.fields(part)[0] for part in _items(DOCUMENTS[name])]
    assert first
    decimals = {field.name for field in first if Decimal in (field.type, *get_args(field.type))}
    texts = {field.name for field in first if str in (field.type, *get_args(field.type))}
    assert not decimals & texts


def _items(kind: type[Part]) -> Iterator[type[Part]]:
    """The kinds of part that stand in lists, anywhere in it."""
    for field in msgspec.structs.fields(kind):
        for part in (each for each in (field.type, *get_args(field.type)) if isinstance(each, type)):
            if issubclass(part, Part):
                if get_origin(field.type) is tuple:
                    yield part
                yield from _items(part)
