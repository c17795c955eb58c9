"""What a carrier charges for the carriage of goods."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from gateway.canonical.transport import TransportDate, TransportEquipment
from gateway.canonical.values import DocumentReference, Extension, Part, Party, Quantity
from gateway.core.issues import Issue, Location


class FreightCharge(Part, frozen=True, kw_only=True):
    """One charge. ``charge_code`` is X12 150 (``FUE`` fuel, ``400`` freight …), ``rate`` is per ``rate_basis_code``
    (X12 122), ``rated_quantity`` what it is reckoned from."""

    id: str | None = None
    charge_code: str | None = None
    description: str | None = None
    rate: Decimal | None = None
    rate_basis_code: str | None = None
    rated_quantity: Quantity | None = None
    amount: Decimal | None = None


class FreightInvoiceLine(Part, frozen=True, kw_only=True):
    """Goods of one kind, or what else is charged for."""

    id: str | None = None
    description: str | None = None
    package_quantity: Decimal | None = None
    package_type_code: str | None = None
    gross_weight: Quantity | None = None
    gross_volume: Quantity | None = None
    document_references: tuple[DocumentReference, ...] = ()
    charges: tuple[FreightCharge, ...] = ()


class FreightInvoice(Part, frozen=True, kw_only=True, tag_field="document", tag="FreightInvoice"):
    """A carrier's invoice. ``shipment_id`` is the shipper's number of the shipment, as the tender had it;
    ``payment_method_code`` is X12 146 (PP prepaid, CC collect), ``delivery`` when the goods were delivered."""

    id: str
    issue_date: date
    shipment_id: str | None = None
    correction_code: str | None = None
    document_currency_code: str | None = None
    carrier_scac: str | None = None
    payment_method_code: str | None = None
    payable_amount: Decimal | None = None
    delivery: TransportDate | None = None
    dates: tuple[TransportDate, ...] = ()
    notes: tuple[str, ...] = ()
    document_references: tuple[DocumentReference, ...] = ()
    consignor_party: Party | None = None
    consignee_party: Party | None = None
    bill_to_party: Party | None = None
    carrier_party: Party | None = None
    transport_equipment: tuple[TransportEquipment, ...] = ()
    freight_invoice_lines: tuple[FreightInvoiceLine, ...] = ()
    gross_weight: Quantity | None = None
    package_quantity: Decimal | None = None
    charge_total_amount: Decimal | None = None
    extensions: tuple[Extension, ...] = ()


def charged(invoice: FreightInvoice) -> Iterator[Issue]:
    """Whether the charges make what is to be paid."""
    amounts = [charge.amount for line in invoice.freight_invoice_lines for charge in line.charges]
    known = [amount for amount in amounts if amount is not None]
    if not known:
        return
    whole = sum(known, Decimal(0))
    for field in ("charge_total_amount", "payable_amount"):
        told: Decimal | None = getattr(invoice, field)
        if told is not None and told != whole:
            yield Issue("TRD-CHARGED", Location(field=field), f"{told:f}", {"field": field, "expected": f"{whole:f}"})
