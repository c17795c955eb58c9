"""Which element of a customs message is which field of a Declaration. Facts of the field tables, edition 2022-05.

A row is (element, field, kind). Kinds: ``text``, ``amount``, ``quantity``, ``count``, ``day``, and the code tables
``country``, ``currency``, ``unit``. A field with ``=`` before it is a constant that is written and not read. Of several
rows with one field the first that says something is read.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    element: str
    field: str
    kind: str = "text"


def _party(prefix: str, field: str) -> tuple[Row, ...]:
    return (Row(f"{prefix}Code", f"{field}.id.value"), Row(f"{prefix}Name", f"{field}.name"))


_PLATFORM, _MERCHANT = _party("ebp", "platform_party"), _party("ebc", "seller_supplier_party")
_AGENT, _CARRIER = _party("agent", "declarant_party"), _party("logistics", "carrier_party")
_PAYER = _party("pay", "payment_service_party")
_ORDER_NO, _COP_NO = Row("orderNo", "order_reference.id"), Row("copNo", "id")
_CURRENCY = Row("currency", "document_currency_code", "currency")
_BUYER = (
    Row("buyerIdType", "=1"),
    Row("buyerIdNumber", "buyer.identity_number"),
    Row("buyerName", "buyer.name"),
    Row("buyerTelephone", "buyer.telephone"),
)
_ADDRESS = Row("consigneeAddress", "consignee.postal_address.street_name")
_WEIGHTS = (Row("grossWeight", "gross_weight", "quantity"), Row("netWeight", "net_weight", "quantity"))
_COSTS = (Row("freight", "freight_amount", "amount"), Row("insuredFee", "insurance_amount", "amount"))
_VESSEL = (
    Row("trafMode", "transport.mode_code"),
    Row("voyageNo", "transport.journey_id"),
    Row("billNo", "transport.transport_document_id"),
    Row("country", "transport.country_code", "country"),
    Row("portCode", "transport.border_office_code"),
)
_PLACE = (
    Row("customsCode", "customs_office_code"),
    Row("emsNo", "warehouse_account_id"),
    Row("loctNo", "supervised_place_id"),
    Row("licenseNo", "licence_id"),
    Row("tradeMode", "regime_code"),
    Row("wrapType", "package_type_code"),
    Row("packNo", "package_count", "count"),
)

_LINE_CURRENCY = Row("currency", "/document_currency_code", "currency")
_ORDERED = (
    Row("gnum", "id"),
    Row("itemNo", "item.sellers_item_identification"),
    Row("itemName", "item.name"),
    Row("itemDescribe", "item.description"),
    Row("barCode", "item.standard_item_identification.value"),
    Row("unit", "quantity.unit_code", "unit"),
    _LINE_CURRENCY,
    Row("qty", "quantity.value", "amount"),
    Row("price", "price_amount", "amount"),
    Row("totalPrice", "line_extension_amount", "amount"),
)
_LISTED = (
    Row("gnum", "id"),
    Row("itemRecordNo", "record_id"),
    Row("itemNo", "item.sellers_item_identification"),
    Row("gcode", "commodity_code"),
    Row("gname", "item.name"),
    Row("gmodel", "specification"),
    Row("barCode", "item.standard_item_identification.value"),
    Row("country", "origin_country_code", "country"),
    _LINE_CURRENCY,
    Row("qty", "quantity.value", "amount"),
    Row("unit", "quantity.unit_code", "unit"),
    Row("qty1", "statutory_quantity.value", "amount"),
    Row("unit1", "statutory_quantity.unit_code", "unit"),
    Row("qty2", "second_quantity.value", "amount"),
    Row("unit2", "second_quantity.unit_code", "unit"),
    Row("price", "price_amount", "amount"),
    Row("totalPrice", "line_extension_amount", "amount"),
    Row("note", "note"),
)


class Message(NamedTuple):
    """``lines`` is empty where it has none. ``direction``: import or export."""

    direction: str
    head: tuple[Row, ...]
    lines: tuple[Row, ...] = ()


MESSAGES: dict[str, Message] = {
    "CEB311Message": Message(
        "import",
        (
            Row("orderType", "=I"),
            _ORDER_NO,
            *_PLATFORM,
            *_MERCHANT,
            Row("goodsValue", "goods_amount", "amount"),
            Row("freight", "freight_amount", "amount"),
            Row("discount", "discount_amount", "amount"),
            Row("taxTotal", "tax_amount", "amount"),
            Row("acturalPaid", "paid_amount", "amount"),
            _CURRENCY,
            Row("buyerRegNo", "buyer.id"),
            *_BUYER,
            *_PAYER,
            Row("payTransactionId", "payment_id"),
            Row("consignee", "consignee.name"),
            Row("consigneeTelephone", "consignee.telephone"),
            _ADDRESS,
            Row("note", "note"),
        ),
        (
            *_ORDERED,
            Row("gmodel", "specification"),
            Row("country", "origin_country_code", "country"),
        ),
    ),
    "CEB411Message": Message(
        "import",
        (
            *_PAYER,
            Row("payTransactionId", "payment_id"),
            _ORDER_NO,
            *_PLATFORM,
            Row("payerIdType", "=1"),
            Row("payerIdNumber", "buyer.identity_number"),
            Row("payerName", "buyer.name"),
            Row("telephone", "buyer.telephone"),
            Row("amountPaid", "paid_amount", "amount"),
            _CURRENCY,
        ),
    ),
    "CEB511Message": Message(
        "import",
        (
            *_CARRIER,
            Row("logisticsNo", "waybill_id"),
            Row("billNo", "transport.transport_document_id"),
            _ORDER_NO,
            *_COSTS,
            _CURRENCY,
            Row("weight", "gross_weight", "quantity"),
            Row("packNo", "package_count", "count"),
            Row("consignee", "consignee.name"),
            _ADDRESS,
            Row("consigneeTelephone", "consignee.telephone"),
        ),
    ),
    "CEB621Message": Message(
        "import",
        (
            _ORDER_NO,
            *_PLATFORM,
            *_MERCHANT,
            Row("logisticsNo", "waybill_id"),
            *_CARRIER,
            _COP_NO,
            Row("assureCode", "guarantor_id"),
            Row("ieFlag", "=I"),
            Row("declTime", "issue_date", "day"),
            *_BUYER,
            _ADDRESS,
            *_AGENT,
            *_party("area", "bonded_area_party"),
            Row("trafNo", "transport.means_id"),
            *_VESSEL,
            *_PLACE,
            *_COSTS,
            _CURRENCY,
            *_WEIGHTS,
            Row("note", "note"),
        ),
        _LISTED,
    ),
    "CEB303Message": Message(
        "export",
        (
            Row("orderType", "order_type_code"),
            _ORDER_NO,
            *_PLATFORM,
            *_MERCHANT,
            Row("goodsValue", "goods_amount", "amount"),
            Row("freight", "freight_amount", "amount"),
            _CURRENCY,
            Row("note", "note"),
        ),
        _ORDERED,
    ),
    "CEB403Message": Message(
        "export",
        (
            *_PLATFORM,
            *_MERCHANT,
            _ORDER_NO,
            *_PAYER,
            Row("payNo", "payment_id"),
            Row("charge", "paid_amount", "amount"),
            _CURRENCY,
        ),
    ),
    "CEB505Message": Message(
        "export",
        (
            *_CARRIER,
            Row("logisticsNo", "waybill_id"),
            *_COSTS,
            _CURRENCY,
            Row("grossWeight", "gross_weight", "quantity"),
            Row("packNo", "package_count", "count"),
            Row("goodsInfo", "note"),
            *_MERCHANT,
        ),
    ),
    "CEB603Message": Message(
        "export",
        (
            *_PLATFORM,
            _ORDER_NO,
            *_CARRIER,
            Row("logisticsNo", "waybill_id"),
            _COP_NO,
            Row("ieFlag", "=E"),
            Row("ieDate", "issue_date", "day"),
            Row("statisticsFlag", "statistics_code"),
            *_AGENT,
            *_MERCHANT,
            *_party("owner", "owner_party"),
            *_party("iac", "bonded_area_party"),
            Row("trafName", "transport.means_id"),
            *_VESSEL,
            *_PLACE,
            Row("POD", "transport.port_id"),
            *_COSTS,
            Row("fCurrency", "document_currency_code", "currency"),
            Row("fFlag", "=3"),
            Row("iCurrency", "document_currency_code", "currency"),
            Row("iFlag", "=3"),
            *_WEIGHTS,
            Row("note", "note"),
        ),
        _LISTED,
    ),
}
"""The messages that a Declaration can be written as."""
