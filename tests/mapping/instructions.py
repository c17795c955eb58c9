"""Tenders, instructions and their answers as hypothesis makes them, within what a format has places for."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

from hypothesis import strategies as st

from gateway.canonical import (
    Address,
    Document,
    DocumentReference,
    FreightCharge,
    FreightInvoice,
    FreightInvoiceLine,
    Identifier,
    Party,
    Quantity,
    TransportDate,
    TransportInstruction,
    TransportInstructionResponse,
    TransportLocation,
)
from gateway.canonical.transport import TransportEquipment, TransportHandlingUnit, TransportMeans
from gateway.canonical.transport_instruction import GoodsItem, TransportLeg, TransportStop
from tests.mapping.orders import DATES, codes, listed, numbers, part, sentences, texts

MOMENTS = (time(0, 1), time(8, 30), time(23, 59))
KINDS = codes("bill-of-lading", "order", "booking", "ZZ")


def responses_to_tenders() -> st.SearchStrategy[Document]:
    """Answers that 990 carries whole."""
    return st.builds(
        TransportInstructionResponse,
        instruction_id=texts("x12", 30),
        carrier_scac=codes("ABCD"),
        issue_date=DATES,
        response_code=codes("accepted", "declined", "R"),
        document_references=listed(_references("x12"), 1),
        dates=listed(_x12_dates(codes("scheduled-pickup", "scheduled-delivery"))),
        notes=listed(texts("x12", 30)),
    )


def tenders() -> st.SearchStrategy[Document]:
    """Tenders that 204 carries whole."""
    weight = st.builds(Quantity, value=numbers(8), unit_code=codes("KGM", "LBR"))
    volume = st.builds(Quantity, value=numbers(6), unit_code=codes("MTQ", "FTQ"))
    packages = st.integers(1, 9_999).map(Decimal)
    address = part(Address, city_name=texts("x12", 30), country_subentity=codes("TX"), country_code=codes("US"))
    party = part(Party, name=texts("x12", 60), postal_address=address)
    named = st.builds(Party, name=texts("x12", 60), postal_address=st.none() | address)
    item = st.builds(
        lambda number, order, count, **more: GoodsItem(
            id=number,
            order_id=order,
            package_quantity=count,
            package_type_code=None if count is None else "PC",
            **more,
        ),
        texts("x12", 30),
        st.none() | texts("x12", 22),
        st.none() | packages,
        gross_weight=st.none() | weight,
        gross_volume=st.none() | volume,
    )
    stop = st.builds(
        TransportStop,
        sequence_id=st.integers(1, 999).map(str),
        stop_reason_code=codes("load", "unload", "ZQ"),
        gross_weight=st.none() | weight,
        gross_volume=st.none() | volume,
        dates=listed(_x12_dates(codes("scheduled-pickup", "delivery-not-after")), 2),
        notes=listed(texts("x12", 80), 2),
        document_references=listed(_references("x12")),
        despatch_party=st.none() | named,
        goods_items=listed(item),
    )
    return st.builds(
        TransportInstruction,
        id=texts("x12", 30),
        carrier_scac=st.none() | codes("ABCD"),
        payment_method_code=codes("PP", "CC"),
        function_code=codes("original", "change", "cancellation"),
        response_date=st.none() | _x12_dates(st.none()),
        notes=listed(texts("x12", 80)),
        document_references=listed(_references("x12")),
        consignor_party=st.none() | party.filter(lambda one: bool(one.name)),
        gross_weight=st.none() | weight,
        transport_equipment=listed(st.builds(TransportEquipment, serial_number=texts("x12", 10))),
        transport_stops=st.lists(stop, min_size=1, max_size=3).map(tuple),
        freight_amount=st.none() | numbers(9, 2),
    )


def freight_invoices() -> st.SearchStrategy[Document]:
    """Invoices of carriers that 210 carries whole."""
    weight = st.builds(Quantity, value=numbers(6), unit_code=codes("KGM", "LBR"))
    volume = st.builds(Quantity, value=numbers(6), unit_code=codes("MTQ", "FTQ"))
    packages = st.fixed_dictionaries(
        {"package_quantity": st.integers(1, 9_999).map(Decimal), "package_type_code": codes("PCS", "PLT")}
    )
    charge = st.builds(
        lambda rated, **more: FreightCharge(**rated, **more),
        st.just({}) | st.fixed_dictionaries({"rate": numbers(6, 2), "rate_basis_code": codes("PM", "FR")}),
        id=st.integers(1, 999).map(str),
        charge_code=st.none() | codes("400", "FUE"),
        description=st.none() | texts("x12", 25).filter(lambda text: len(text) > 1),
        rated_quantity=st.none() | st.builds(Quantity, value=numbers(6), unit_code=codes("PC")),
        amount=numbers(9, 2),
    )
    line = st.builds(
        lambda packed, **more: FreightInvoiceLine(**packed, **more),
        st.just({}) | packages,
        id=st.integers(1, 999).map(str),
        description=st.none() | texts("x12", 50),
        gross_weight=st.none() | weight,
        gross_volume=st.none() | volume,
        document_references=listed(_references("x12"), 2),
        charges=listed(charge),
    )
    party = part(Party, name=texts("x12", 60))
    return st.builds(
        FreightInvoice,
        id=texts("x12", 22),
        issue_date=DATES,
        shipment_id=st.none() | texts("x12", 30),
        document_currency_code=st.none() | codes("USD", "CAD"),
        carrier_scac=codes("ABCD"),
        payment_method_code=codes("PP", "CC"),
        payable_amount=numbers(9, 2),
        delivery=st.none()
        | st.builds(TransportDate, date=DATES, date_type_code=codes("actual-delivery", "estimated-delivery")),
        dates=listed(_x12_dates(codes("scheduled-pickup", "scheduled-delivery"))),
        notes=listed(texts("x12", 30)),
        document_references=listed(_references("x12")),
        consignor_party=st.none() | party,
        consignee_party=st.none() | party,
        transport_equipment=listed(st.builds(TransportEquipment, serial_number=texts("x12", 10))),
        freight_invoice_lines=listed(line),
        gross_weight=st.none() | weight,
        charge_total_amount=st.none() | numbers(9, 2),
    )


def instructions() -> st.SearchStrategy[Document]:
    """Instructions that IFTMIN carries whole."""
    weight = st.builds(Quantity, value=numbers(8), unit_code=codes("KGM", "TNE"))
    place = st.builds(
        TransportLocation,
        id=st.builds(Identifier, value=texts("edifact", 25), scheme_id=codes("unlocode")),
        location_type_code=codes("port-of-loading", "port-of-discharge"),
        name=st.none() | texts("edifact", 17),
    )
    leg = st.builds(
        TransportLeg,
        transport_means=st.builds(
            TransportMeans, journey_id=texts("edifact", 17), name=st.none() | texts("edifact", 35)
        ),
        locations=listed(place),
        dates=listed(_edifact_dates()),
    )
    item = st.builds(
        GoodsItem,
        sequence_id=st.integers(1, 999).map(str),
        package_quantity=st.none() | st.integers(1, 9_999).map(Decimal),
        description=st.none() | sentences("edifact", 60),
        gross_weight=st.none() | weight,
        document_references=listed(_references("edifact")),
        transport_handling_units=listed(
            st.builds(
                TransportHandlingUnit,
                shipping_marks=texts("edifact", 35),
                id=st.none() | st.builds(Identifier, value=texts("edifact", 35)),
            )
        ),
    )
    return st.builds(
        TransportInstruction,
        id=texts("edifact", 35),
        issue_date=DATES,
        function_code=codes("original", "replace", "cancellation"),
        dates=listed(_edifact_dates()),
        notes=listed(sentences("edifact", 60), 1),
        document_references=listed(_references("edifact")),
        consignor_party=st.builds(Party, id=st.builds(Identifier, value=texts("edifact", 35), scheme_id=codes("gln"))),
        consignee_party=st.none() | st.builds(Party, name=texts("edifact", 35)),
        gross_weight=st.none() | weight,
        transport_legs=listed(leg, 2),
        goods_items=listed(item),
        transport_equipment=listed(
            st.builds(TransportEquipment, id=texts("edifact", 17), transport_equipment_type_code=codes("CN"))
        ),
    )


def _x12_dates(kinds: st.SearchStrategy[str] | st.SearchStrategy[None]) -> st.SearchStrategy[TransportDate]:
    return st.builds(
        lambda clock, zone, **more: TransportDate(
            time_type_code="U" if clock else None, time=clock, time_zone_code=zone if clock else None, **more
        ),
        st.none() | st.sampled_from(MOMENTS),
        st.none() | codes("local", "utc", "eastern"),
        date=DATES,
        date_type_code=kinds,
    )


def _edifact_dates() -> st.SearchStrategy[TransportDate]:
    return st.builds(
        TransportDate,
        date_type_code=codes("requested-pickup", "requested-delivery", "estimated-departure"),
        date=DATES,
        time=st.none() | st.sampled_from(MOMENTS),
    )


def _references(standard: str) -> st.SearchStrategy[DocumentReference]:
    return st.builds(DocumentReference, id=texts(standard, 30), document_type_code=KINDS)
