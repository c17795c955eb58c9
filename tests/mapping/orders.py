"""Orders as hypothesis makes them, within what a format and its bundled mapping have places for."""

from __future__ import annotations

import string
from datetime import date, time
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from gateway.canonical import (
    Address,
    AllowanceCharge,
    Contact,
    Delivery,
    DeliveryTerms,
    DocumentReference,
    Identifier,
    Item,
    Order,
    OrderLine,
    Party,
    PaymentTerms,
    Period,
    Price,
    Quantity,
    Shipment,
)

LETTERS = {"x12": string.ascii_letters + string.digits + " .,?+'-", "edifact": string.ascii_letters + " .,?+:'*~-ä"}
PARTY_SCHEMES = ["buyer-assigned", "seller-assigned", "duns", "gln"]
DATES = st.dates(date(1, 1, 1), date(9999, 12, 31))


def texts(standard: str, most: int) -> st.SearchStrategy[str]:
    return st.text(LETTERS[standard], min_size=1, max_size=most)


def codes(*words: str) -> st.SearchStrategy[str]:
    return st.sampled_from(words)


def numbers(digits: int, places: int = 3) -> st.SearchStrategy[Decimal]:
    """Of up to so many digits, some of them decimals; also with trailing zeros."""
    whole = st.integers(-(10**digits) + 1, 10**digits - 1)
    return st.builds(lambda value, shift: Decimal(value).scaleb(-shift), whole, st.integers(0, places))


def sentences(standard: str, most: int) -> st.SearchStrategy[str]:
    """Words with single blanks between them: a text that can be cut."""
    words = st.text(LETTERS[standard].replace(" ", ""), min_size=1, max_size=30)
    return st.lists(words, min_size=1, max_size=12).map(lambda found: " ".join(found)[:most].strip() or "x")


def part(kind: type[Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A part with some of these fields; at least one, so that it is there at all."""
    return st.fixed_dictionaries({}, optional=fields).filter(bool).map(lambda values: kind(**values))


def listed(one: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=most).map(tuple)


def quantities(digits: int = 9) -> st.SearchStrategy[Quantity]:
    return st.builds(Quantity, value=numbers(digits), unit_code=st.none() | codes("EA", "PCE", "CS", "KGM", "BX"))


def references(standard: str) -> st.SearchStrategy[DocumentReference]:
    kinds = {"document_type_code": st.none() | codes("IA", "PD", "ZZ"), "id": texts(standard, 30)}
    if standard == "x12":
        return st.builds(DocumentReference, **kinds, description=st.none() | texts(standard, 80))
    return st.builds(DocumentReference, **kinds, issue_date=st.none() | DATES)


def contacts(standard: str) -> st.SearchStrategy[Contact]:
    most = 35
    numbered = {"telephone": texts(standard, most), "telefax": texts(standard, most)}
    fields = {"name": texts(standard, most), "electronic_mail": texts(standard, most), **numbered}
    return part(Contact, **fields)


def parties(standard: str) -> st.SearchStrategy[Party]:
    address = part(
        Address,
        street_name=texts(standard, 35),
        additional_street_name=texts(standard, 35),
        city_name=texts(standard, 30),
        country_subentity=codes("IL", "TX"),
        postal_zone=texts(standard, 9),
        country_code=codes("US", "DE"),
    )
    fields = {
        "id": st.builds(Identifier, value=texts(standard, 35), scheme_id=st.none() | codes(*PARTY_SCHEMES)),
        "name": texts(standard, 35),
        "additional_name": texts(standard, 35),
        "tax_company_id": texts(standard, 30),
        "postal_address": address,
        "contact": contacts(standard),
    }
    return st.fixed_dictionaries({}, optional=fields).map(lambda values: Party(**values))


def items(standard: str) -> st.SearchStrategy[Item]:
    schemes = ["upc", "gtin13"]
    return part(
        Item,
        description=sentences(standard, 200),
        buyers_item_identification=texts(standard, 35),
        sellers_item_identification=texts(standard, 35),
        manufacturers_item_identification=texts(standard, 35),
        lot_number=texts(standard, 35),
        standard_item_identification=st.builds(Identifier, value=texts(standard, 35), scheme_id=codes(*schemes)),
        additional_item_identifications=st.lists(
            st.builds(Identifier, value=texts(standard, 35), scheme_id=st.none() | codes("ZZ", "CG")),
            min_size=1,
            max_size=3,
        ).map(tuple),
        pack_size_numeric=st.integers(1, 999_999).map(Decimal),
    )


def allowances(standard: str) -> st.SearchStrategy[AllowanceCharge]:
    code = codes("D240", "C310") if standard == "x12" else codes("FC", "DI")
    return st.builds(
        AllowanceCharge,
        charge_indicator=st.booleans(),
        reason_code=st.none() | code,
        reason=st.none() | texts(standard, 35),
        amount=st.none() | numbers(12, 2),
        multiplier_percent=st.none() | numbers(6),
    )


def lines(standard: str) -> st.SearchStrategy[OrderLine]:
    return st.builds(OrderLine, **line_fields(standard))


def line_fields(standard: str) -> dict[str, st.SearchStrategy[Any]]:
    """The fields that the lines of orders, of their changes and of the answers to them share."""
    kind = {"price_type_code": st.none() | codes("PE", "CT")}
    if standard == "edifact":
        kind |= {"price_type": st.none() | codes("CA"), "base_quantity": st.none() | quantities(8)}
    period = {"start_date": DATES, "end_date": DATES}
    return {
        "id": st.none() | st.integers(1, 999_999).map(str),
        "quantity": st.none() | quantities(),
        "price": st.none() | st.builds(Price, price_amount=numbers(12, 4), **kind),
        "line_extension_amount": st.none() | numbers(15, 2),
        "item": st.none() | items(standard),
        "requested_delivery": st.none() | part(Period, **period),
        "deliveries": listed(deliveries(standard), 2),
        "note": st.none() | sentences(standard, 200),
        "allowance_charges": listed(allowances(standard), 2),
        "document_references": listed(references(standard), 2),
    }


def deliveries(standard: str) -> st.SearchStrategy[Delivery]:
    return st.builds(
        Delivery, quantity=quantities(), requested_delivery=st.none() | st.builds(Period, start_date=DATES)
    )


def payment_terms(standard: str) -> st.SearchStrategy[PaymentTerms]:
    days = st.integers(0, 999)
    fields: dict[str, st.SearchStrategy[Any]] = {
        "discount_percent": numbers(6),
        "discount_days": days,
        "discount_due_date": DATES,
        "net_days": days,
        "payment_due_date": DATES,
        "note": texts(standard, 35),
    }
    if standard == "x12":
        fields["terms_type_code"] = codes("01", "08")
    return part(PaymentTerms, **fields)


def orders(standard: str) -> st.SearchStrategy[Order]:
    """Orders that the bundled mapping of the standard carries whole."""
    more: dict[str, st.SearchStrategy[Any]] = {}
    if standard == "x12":
        more["buyer_contact"] = st.none() | contacts(standard)
    kinds = {"x12": st.none() | codes("220", "NE"), "edifact": codes("220", "105")}
    return st.builds(
        Order,
        id=texts(standard, 22),
        issue_date=DATES,
        order_type_code=kinds[standard],
        function_code=codes("original", "cancellation", "replace", "change"),
        buyer_department=st.none() | texts(standard, 30),
        requested_ship_date=st.none() | DATES,
        order_lines=listed(lines(standard)),
        **head_fields(standard),
        **more,
    )


def head_fields(standard: str) -> dict[str, st.SearchStrategy[Any]]:
    """The fields that orders, their changes and the answers to them share."""
    shipment: dict[str, st.SearchStrategy[Any]] = {
        "transport_mode_code": codes("M", "3"),
        "carrier_party_id": st.builds(Identifier, value=texts(standard, 17), scheme_id=codes("scac", "iata")),
    }
    more: dict[str, st.SearchStrategy[Any]] = {}
    terms = {"payment_method_code": codes("CC", "PP"), "place": texts(standard, 60), "place_type_code": codes("3", "6")}
    if standard == "x12":
        shipment["special_instructions"] = texts(standard, 35)
    else:
        terms["incoterm"] = codes("CIF", "FOB")
        more["issue_time"] = st.none() | st.times().map(lambda at: time(at.hour, at.minute))
        more["line_extension_amount"] = st.none() | numbers(15)
    parts = ["buyer_customer_party", "seller_supplier_party", "delivery_party", "despatch_party"]
    more |= {name: st.none() | parties(standard) for name in [*parts, "accounting_customer_party"]}
    return more | {
        "notes": listed(sentences(standard, 200)),
        "document_currency_code": st.none() | codes("EUR", "USD", "CNY"),
        "customer_reference": st.none() | texts(standard, 30),
        "contract_id": st.none() | texts(standard, 30),
        "document_references": listed(references(standard)),
        "requested_delivery": st.none() | part(Period, start_date=DATES, end_date=DATES),
        "shipment": st.none() | part(Shipment, **shipment),
        "delivery_terms": st.none() | part(DeliveryTerms, **terms),
        "payment_terms": st.none() | payment_terms(standard),
        "allowance_charges": listed(allowances(standard)),
        "payable_amount": st.none() | numbers(15),
    }
