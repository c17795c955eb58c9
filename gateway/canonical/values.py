"""Value objects and aggregates that canonical documents share: UBL's vocabulary in snake_case.

What UBL wraps in aggregates of one element is flattened (``PartyName/Name`` is ``name``). An absent text is None; an
empty one, as some senders of JSON write, counts as absent when it is written to a format. Lists are tuples. Amounts
are in the document's one currency.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """Base of everything in a document. Immutable trees cannot form a cycle, so the collector need not watch them."""


class Identifier(Part, frozen=True, kw_only=True):
    """``scheme_id`` says who issued the value: ``gln``, ``duns``, ``gtin13``, ``buyer-assigned`` …"""

    value: str
    scheme_id: str | None = None


class Quantity(Part, frozen=True, kw_only=True):
    """``unit_code`` is UN/ECE Recommendation 20 where a code table translates it, else as it was sent."""

    value: Decimal
    unit_code: str | None = None


class Period(Part, frozen=True, kw_only=True):
    """Both days are inside the period."""

    start_date: date | None = None
    end_date: date | None = None


class DocumentReference(Part, frozen=True, kw_only=True):
    """Another document, or another number of this one. ``document_type_code`` is the format's qualifier."""

    id: str
    document_type_code: str | None = None
    issue_date: date | None = None
    description: str | None = None


class Address(Part, frozen=True, kw_only=True):
    """``country_code`` is ISO 3166-1 alpha-2; ``country_subentity`` a state or province."""

    street_name: str | None = None
    additional_street_name: str | None = None
    city_name: str | None = None
    country_subentity: str | None = None
    postal_zone: str | None = None
    country_code: str | None = None


class Contact(Part, frozen=True, kw_only=True):
    """A person or a desk to ask."""

    name: str | None = None
    telephone: str | None = None
    telefax: str | None = None
    electronic_mail: str | None = None


class Party(Part, frozen=True, kw_only=True):
    """``id`` is its number in a scheme, ``tax_company_id`` its VAT number."""

    id: Identifier | None = None
    name: str | None = None
    additional_name: str | None = None
    tax_company_id: str | None = None
    postal_address: Address | None = None
    contact: Contact | None = None


class Item(Part, frozen=True, kw_only=True):
    """What is traded, by each side's numbers. ``pack_size_numeric``: how many are in one pack."""

    name: str | None = None
    description: str | None = None
    buyers_item_identification: str | None = None
    sellers_item_identification: str | None = None
    manufacturers_item_identification: str | None = None
    standard_item_identification: Identifier | None = None
    additional_item_identifications: tuple[Identifier, ...] = ()
    lot_number: str | None = None
    pack_size_numeric: Decimal | None = None


class Price(Part, frozen=True, kw_only=True):
    """``price_amount`` is for one ``base_quantity`` (one unit when absent)."""

    price_amount: Decimal
    base_quantity: Quantity | None = None
    price_type: str | None = None
    price_type_code: str | None = None


class TaxSubtotal(Part, frozen=True, kw_only=True):
    """One tax at one rate. ``tax_scheme_name`` is how the sender calls it, ``tax_scheme_id`` its code (``VAT``);
    ``tax_category_code`` is EDIFACT 5305 (S standard rate, Z zero, E exempt, AE reverse charge) or the format's own."""

    taxable_amount: Decimal | None = None
    tax_amount: Decimal | None = None
    percent: Decimal | None = None
    tax_category_code: str | None = None
    exemption_reason: str | None = None
    tax_scheme_id: str | None = None
    tax_scheme_name: str | None = None


class TaxTotal(Part, frozen=True, kw_only=True):
    """Taxes on an order, a line or a charge. ``tax_included_indicator`` True: the other amounts have them in them."""

    tax_amount: Decimal | None = None
    tax_included_indicator: bool = False
    tax_subtotals: tuple[TaxSubtotal, ...] = ()


class AllowanceCharge(Part, frozen=True, kw_only=True):
    """``charge_indicator`` True adds to the sum, False takes away. ``multiplier_percent`` is of ``base_amount``, which
    is the sum of what the charge stands at where it is not said."""

    charge_indicator: bool = False
    reason_code: str | None = None
    reason: str | None = None
    amount: Decimal | None = None
    multiplier_percent: Decimal | None = None
    base_amount: Decimal | None = None
    tax_total: TaxTotal | None = None


class PaymentTerms(Part, frozen=True, kw_only=True):
    """Days count from the date that ``terms_type_code`` implies."""

    terms_type_code: str | None = None
    discount_percent: Decimal | None = None
    discount_days: int | None = None
    discount_due_date: date | None = None
    net_days: int | None = None
    payment_due_date: date | None = None
    note: str | None = None


class DeliveryTerms(Part, frozen=True, kw_only=True):
    """Who pays the carriage, and where the risk passes."""

    incoterm: str | None = None
    payment_method_code: str | None = None
    place: str | None = None
    place_type_code: str | None = None


class Shipment(Part, frozen=True, kw_only=True):
    """How the buyer wants the goods to travel."""

    carrier_party_id: Identifier | None = None
    transport_mode_code: str | None = None
    special_instructions: str | None = None


class Delivery(Part, frozen=True, kw_only=True):
    """One instalment of a line."""

    quantity: Quantity | None = None
    requested_delivery: Period | None = None


class OrderReference(Part, frozen=True, kw_only=True):
    """The order that a document belongs to: the buyer's number, and the seller's (``sales_order_id``)."""

    id: str
    issue_date: date | None = None
    release_id: str | None = None
    sales_order_id: str | None = None


class LineStatus(Part, frozen=True, kw_only=True):
    """What becomes of an order line, or of a part of its quantity.

    ``status_code``: ``accepted``, ``accepted-with-amendment``, ``rejected``, ``backordered``, ``quantity-changed``,
    ``price-changed``, ``date-changed``, ``substituted``, ``deleted``, ``on-hold`` and the others of the code tables.
    ``date_type_code`` says what happens on ``date``: ``delivery-scheduled``, ``shipment-promised`` … ``item`` is what
    will come, where the answer names it: a substitute.
    """

    status_code: str | None = None
    quantity: Quantity | None = None
    date_type_code: str | None = None
    date: date | None = None
    item: Item | None = None


class Extension(Part, frozen=True, kw_only=True):
    """Something that was received and that no line of the mapping consumes.

    ``address`` counts from 1: ``TD5[1]`` is the first TD5 of the document, ``PO1[3]-05`` its third PO1's element 5,
    ``DTM[2]-01-4`` component 4. ``text`` is as it stood there (a whole segment with its separators); ``reason`` says
    why it is here.
    """

    address: str
    tag: str
    text: str
    reason: str
