"""Despatch advices as hypothesis makes them, within what a format and its bundled mapping have places for."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from gateway.canonical import (
    DespatchAdvice,
    DespatchLine,
    Document,
    Identifier,
    OrderReference,
    PackingLevel,
    Quantity,
    Shipment,
)
from tests.mapping.orders import DATES, codes, items, listed, numbers, part, parties, quantities, references, texts


def advices(standard: str) -> st.SearchStrategy[Document]:
    """Advices that the bundled mapping of that standard carries whole: the tree need not be one."""
    fields = {name: st.none() | parties(standard).filter(bool_of) for name in PARTIES}
    levels = _x12_levels() if standard == "x12" else _edifact_levels()
    if standard == "x12":
        fields |= _packed("x12") | {
            "structure_code": st.none() | codes("0001", "0004"),
            "packing_root_id": texts("x12", 12),
            "packing_level_quantity": st.none() | st.integers(1, 99_999).map(Decimal),
        }
    return st.builds(
        DespatchAdvice,
        id=texts(standard, 30),
        issue_date=DATES,
        issue_time=codes_of(time(8, 30), time(23, 59)) if standard == "x12" else st.none() | codes_of(time(8, 30)),
        function_code=codes("original", "cancellation", "replace"),
        order_reference=st.none() | _orders(standard),
        document_references=listed(references(standard)),
        bill_of_lading_id=st.none() | texts(standard, 30),
        carrier_reference=st.none() | texts(standard, 30),
        actual_despatch_date=st.none() | DATES,
        estimated_delivery_date=st.none() | DATES,
        shipment=st.none() | _shipments(standard),
        packing=listed(levels, 5),
        **fields,
    )


PARTIES = ("buyer_customer_party", "seller_supplier_party", "despatch_party", "delivery_party")


def bool_of(party: Any) -> bool:
    """An empty party is not there when it is read again."""
    return bool(party != type(party)())


def codes_of(*moments: time) -> st.SearchStrategy[time]:
    return st.sampled_from(moments)


def _x12_levels() -> st.SearchStrategy[PackingLevel]:
    line = st.builds(
        DespatchLine,
        id=st.none() | texts("x12", 20),
        order_line_id=st.none() | texts("x12", 20),
        delivered_quantity=quantities(),
        item=st.none() | items("x12"),
        best_before_date=st.none() | DATES,
    )
    return st.builds(
        PackingLevel,
        id=texts("x12", 12),
        parent_id=st.none() | texts("x12", 12),
        level_code=codes("order", "pallet", "pack", "item"),
        order_reference=st.none() | _orders("x12"),
        sscc=st.none() | texts("x12", 48),
        carrier_label=st.none() | texts("x12", 48),
        despatch_lines=listed(line, 1),
        **_packed("x12"),
    )


def _edifact_levels() -> st.SearchStrategy[PackingLevel]:
    line = st.builds(
        lambda order, number, **more: DespatchLine(
            order_reference=order, order_line_id=number if order else None, **more
        ),
        st.none() | st.builds(OrderReference, id=texts("edifact", 35), issue_date=st.none() | DATES),
        st.none() | texts("edifact", 6),
        id=texts("edifact", 6),
        delivered_quantity=st.none() | quantities(),
        item=st.none() | items("edifact"),
        best_before_date=st.none() | DATES,
    )
    return st.builds(
        PackingLevel,
        id=texts("edifact", 12),
        parent_id=st.none() | texts("edifact", 12),
        sscc=st.none() | texts("edifact", 35),
        despatch_lines=listed(line),
        **_packed("edifact"),
    )


def _packed(standard: str) -> dict[str, st.SearchStrategy[Any]]:
    return {
        "package_quantity": st.none() | st.integers(1, 9_999).map(Decimal),
        "package_type_code": st.none() | codes("PLT94", "CTN25") if standard == "x12" else st.none() | codes("201"),
        "gross_weight": st.none() | st.builds(Quantity, value=numbers(8), unit_code=codes("KGM")),
    }


def _orders(standard: str) -> st.SearchStrategy[OrderReference]:
    more = {} if standard == "x12" else {"sales_order_id": st.none() | texts(standard, 30)}
    return st.builds(
        OrderReference,
        id=texts(standard, 22),
        issue_date=st.none() | DATES,
        release_id=st.none() | texts(standard, 30),
        **more,
    )


def _shipments(standard: str) -> st.SearchStrategy[Shipment]:
    carrier = st.builds(
        Identifier, value=texts(standard, 17), scheme_id=codes("scac") if standard == "x12" else st.none()
    )
    return part(
        Shipment, carrier_party_id=carrier, transport_mode_code=codes("M") if standard == "x12" else codes("30")
    )
