"""What is declared to customs, and what the authority answers."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from gateway.canonical.values import Address, Extension, Identifier, Item, OrderReference, Part, Party, Quantity


class DeclaredPerson(Part, frozen=True, kw_only=True):
    """Somebody who buys or receives. ``identity_number`` is that of an identity card; it is never shown."""

    id: str | None = None
    name: str | None = None
    identity_number: str | None = None
    telephone: str | None = None
    postal_address: Address | None = None


class DeclaredTransport(Part, frozen=True, kw_only=True):
    """How goods cross the border. ``mode_code`` is that of the authority; ``means_id`` the flight, ship or vehicle,
    ``journey_id`` its journey, ``transport_document_id`` the bill or air waybill. ``port_id``: the foreign port."""

    mode_code: str | None = None
    means_id: str | None = None
    journey_id: str | None = None
    transport_document_id: str | None = None
    country_code: str | None = None
    port_id: str | None = None
    border_office_code: str | None = None


class GoodsItem(Part, frozen=True, kw_only=True):
    """One line. ``commodity_code`` is the tariff number, ``specification`` what customs wants to know of the goods,
    ``record_id`` their number in a customs register. ``quantity`` is the one of the deal, the other two those of the
    tariff. Rates are in percent; ``price_amount`` is for one."""

    id: str
    item: Item | None = None
    commodity_code: str | None = None
    specification: str | None = None
    record_id: str | None = None
    origin_country_code: str | None = None
    quantity: Quantity | None = None
    statutory_quantity: Quantity | None = None
    second_quantity: Quantity | None = None
    price_amount: Decimal | None = None
    line_extension_amount: Decimal | None = None
    duty_rate: Decimal | None = None
    vat_rate: Decimal | None = None
    consumption_tax_rate: Decimal | None = None
    note: str | None = None


class SupportingDocument(Part, frozen=True, kw_only=True):
    """What proves a declaration and somebody else has: ``type_code`` order, payment or waybill; ``evidence_code``
    confirmed (what is said of it here is known) or filed (it was filed under ``id``; also where nothing is said).
    ``payer_name`` and ``payer_identity_number`` are never shown."""

    type_code: str
    id: str
    evidence_code: str | None = None
    issuer_id: str | None = None
    issuer_name: str | None = None
    amount: Decimal | None = None
    gross_weight: Quantity | None = None
    payer_name: str | None = None
    payer_identity_number: str | None = None


class Declaration(Part, frozen=True, kw_only=True, tag_field="document", tag="Declaration"):
    """Goods that are declared to customs.

    ``id`` is the declarant's number (China: copNo). ``direction_code``: import or export. ``regime_code`` is that of
    the authority (China: 9610, 1210, 9710, 9810). ``function_code``: original, replace, cancellation.
    ``amendment_reason``: why it is cancelled. Identifiers of enterprises are their registrations with customs.
    """

    id: str
    direction_code: str
    regime_code: str
    order_reference: OrderReference
    issue_date: date | None = None
    function_code: str = "original"
    amendment_reason: str | None = None
    statistics_code: str | None = None
    order_type_code: str | None = None
    customs_office_code: str | None = None
    document_currency_code: str | None = None
    declarant_party: Party | None = None
    seller_supplier_party: Party | None = None
    platform_party: Party | None = None
    owner_party: Party | None = None
    carrier_party: Party | None = None
    payment_service_party: Party | None = None
    guarantor_id: str | None = None
    bonded_area_party: Party | None = None
    warehouse_account_id: str | None = None
    supervised_place_id: str | None = None
    licence_id: str | None = None
    buyer: DeclaredPerson | None = None
    consignee: DeclaredPerson | None = None
    transport: DeclaredTransport | None = None
    waybill_id: str | None = None
    payment_id: str | None = None
    package_count: int | None = None
    package_type_code: str | None = None
    gross_weight: Quantity | None = None
    net_weight: Quantity | None = None
    goods_amount: Decimal | None = None
    freight_amount: Decimal | None = None
    insurance_amount: Decimal | None = None
    discount_amount: Decimal | None = None
    tax_amount: Decimal | None = None
    paid_amount: Decimal | None = None
    goods_items: tuple[GoodsItem, ...] = ()
    supporting_documents: tuple[SupportingDocument, ...] = ()
    note: str | None = None
    extensions: tuple[Extension, ...] = ()


class AssessedTax(Part, frozen=True, kw_only=True):
    """A tax bill. ``status_code``: made, summarised, void."""

    id: str
    status_code: str
    duty_amount: Decimal | None = None
    vat_amount: Decimal | None = None
    consumption_tax_amount: Decimal | None = None


class DeclarationResponse(Part, frozen=True, kw_only=True, tag_field="document", tag="DeclarationResponse"):
    """Where a declaration stands since an answer of the authority.

    ``id`` is the answer's own. ``subject_code``: what was answered: declaration, order, payment, waybill …
    ``status_code`` is that of the declaration: draft, validated, submitted, received, accepted, under-control,
    tax-assessed, released, cleared, rejected, detained, returned, cancelled. ``answer_code`` and ``answer_text`` are
    the authority's own words; ``document_ids`` the numbers that it gave, by how it calls them.
    """

    id: str
    order_reference: OrderReference | None = None
    declaration_id: str | None = None
    issue_date: date | None = None
    issue_time: time | None = None
    subject_code: str = "declaration"
    subject_id: str | None = None
    status_code: str | None = None
    answer_code: str | None = None
    answer_text: str | None = None
    document_ids: tuple[Identifier, ...] = ()
    taxes: tuple[AssessedTax, ...] = ()
    extensions: tuple[Extension, ...] = ()
