"""Changes of orders and answers to orders as hypothesis makes them, within what a format has places for."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from gateway.canonical import (
    Document,
    Identifier,
    Item,
    LineStatus,
    OrderChange,
    OrderChangeLine,
    OrderReference,
    OrderResponse,
    OrderResponseLine,
)
from tests.mapping.orders import (
    DATES,
    codes,
    contacts,
    head_fields,
    line_fields,
    listed,
    numbers,
    part,
    quantities,
    texts,
)


def responses(name: str) -> st.SearchStrategy[Document]:
    """Answers that the bundled mapping of that name carries whole."""
    standard, own = name.split("/")[0], _own(name)
    words = [
        "accepted",
        "accepted-with-amendment",
        "accepted-with-amended-lines",
        "rejected",
        "received",
        "counter-offer",
    ]
    return st.builds(
        OrderResponse,
        issue_date=st.none() | DATES if standard == "x12" else DATES,
        order_response_code=codes(*words),
        order_reference=_references(standard),
        promised_delivery_date=st.none() | DATES,
        promised_ship_date=st.none() | DATES,
        order_lines=listed(_response_lines(name)),
        **head_fields(standard),
        **own,
        **({"seller_contact": st.none() | contacts(standard)} if standard == "x12" else {}),
        **({"function_code": codes("original", "replace")} if standard == "x12" else {}),
    )


def changes(name: str) -> st.SearchStrategy[Document]:
    """Changes that the bundled mapping of that name carries whole."""
    standard, own = name.split("/")[0], _own(name)
    more = {"order_type_code": codes("220", "NE")} if standard == "x12" else {}
    actions = ["added", "deleted", "changed", "unchanged", "rescheduled"]
    line = line_fields(standard) | {
        "line_status_code": codes(*actions),
        "outstanding_quantity": st.none() | numbers(8),
    }
    if standard == "x12":
        del line["line_extension_amount"]
        more |= {"buyer_contact": st.none() | contacts(standard)}
    return st.builds(
        OrderChange,
        issue_date=st.none() | DATES if standard == "x12" else DATES,
        function_code=codes("change", "cancellation", "replace"),
        order_reference=_references(standard),
        buyer_department=st.none() | texts(standard, 30),
        requested_ship_date=st.none() | DATES,
        order_lines=listed(st.builds(OrderChangeLine, **line)),
        **head_fields(standard),
        **own,
        **more,
    )


def _own(name: str) -> dict[str, st.SearchStrategy[Any]]:
    """What only some formats have a place for: the document's own number, the number of the change."""
    fields: dict[str, st.SearchStrategy[Any]] = {}
    if name.startswith("edifact/"):
        fields["id"] = texts("edifact", 22)
    if name != "x12/855":
        fields["sequence_number_id"] = st.none() | texts(name.split("/")[0], 8)
    return fields


def _references(standard: str) -> st.SearchStrategy[OrderReference]:
    return st.builds(
        OrderReference,
        id=texts(standard, 22),
        issue_date=DATES if standard == "x12" else st.none() | DATES,
        release_id=st.none() | texts(standard, 30),
        sales_order_id=st.none() | texts(standard, 30),
    )


def _response_lines(name: str) -> st.SearchStrategy[OrderResponseLine]:
    standard = name.split("/")[0]
    fields = line_fields(standard)
    if name != "x12/855":
        fields["outstanding_quantity"] = st.none() | numbers(8)
    if name == "x12/865":
        fields["line_status_code"] = codes("added", "changed", "quantity-increased")
        del fields["line_extension_amount"]
    fields["statuses"] = listed(_statuses(standard), 1 if standard == "edifact" else 3)
    return st.builds(OrderResponseLine, **fields)


def _statuses(standard: str) -> st.SearchStrategy[LineStatus]:
    """X12 says a status of each part of the quantity and always which; EDIFACT one of the line, perhaps none."""
    dates = ["delivery-scheduled", "delivery-promised", "shipment-promised"]
    fields = {"quantity": quantities(), "date_type_code": codes(*dates), "item": _substitutes(standard)}
    words = ["accepted", "accepted-with-amendment", "rejected", "deleted"]
    if standard == "edifact":
        return part(LineStatus, status_code=codes(*words), **fields)
    return st.builds(
        LineStatus,
        status_code=codes(*words, "backordered", "substituted", "R1"),
        date=st.none() | DATES,
        **{name: st.none() | strategy for name, strategy in fields.items()},
    )


def _substitutes(standard: str) -> st.SearchStrategy[Item]:
    identifier = st.builds(Identifier, value=texts(standard, 35), scheme_id=codes("upc", "gtin13"))
    others = st.builds(Identifier, value=texts(standard, 35), scheme_id=codes("ZZ", "CG"))
    return part(
        Item,
        buyers_item_identification=texts(standard, 35),
        sellers_item_identification=texts(standard, 35),
        manufacturers_item_identification=texts(standard, 35),
        standard_item_identification=identifier,
        additional_item_identifications=st.lists(others, min_size=1, max_size=2).map(tuple),
    )
