"""Orders of WooCommerce's form (REST API v3, the resource of the topics ``order.…``) as canonical orders.

``subtotal`` of a line is before discounts, ``total`` after them; both are without taxes, whatever the shop shows its
customers. ``price`` is made by the shop from ``total`` in binary numbers, so it is taken for nothing.
"""

from __future__ import annotations

from gateway.mapping.shops.convert import (
    amount,
    country,
    currency,
    day,
    decimal,
    difference,
    gtin,
    hour,
    joined,
    text,
    total,
    unit_price,
)
from gateway.mapping.shops.lines import All, Each, Line, Set, Take, Within

_ADDRESS: tuple[Line, ...] = (
    All("name", ("first_name", "last_name"), joined),
    Take("name", "company", text),
    All("contact.name", ("first_name", "last_name"), joined),
    Take("contact.telephone", "phone", text),
    Take("contact.electronic_mail", "email", text),
    Take("postal_address.street_name", "address_1", text),
    Take("postal_address.additional_street_name", "address_2", text),
    Take("postal_address.city_name", "city", text),
    Take("postal_address.country_subentity", "state", text),
    Take("postal_address.postal_zone", "postcode", text),
    Take("postal_address.country_code", "country", country),
)

_LINE: tuple[Line, ...] = (
    Take("id", "id", text),
    Take("quantity.value", "quantity", decimal),
    Set("quantity.unit_code", "EA"),
    All("price", ("subtotal", "quantity"), unit_price),
    Take("line_extension_amount", "total", decimal),
    Take("item.name", "name", text),
    Take("item.sellers_item_identification", "sku", text),
    Take("item.standard_item_identification", "global_unique_id", gtin),
    All("discount", ("subtotal", "total"), difference),
    Take("tax_total.tax_amount", "total_tax", amount),
)

_CHARGE: tuple[Line, ...] = (
    Set("charge_indicator", True),
    Take("amount", "total", amount),
    Take("tax_total.tax_amount", "total_tax", amount),
)

_TAX: tuple[Line, ...] = (
    All("tax_amount", ("tax_total", "shipping_tax_total"), total),
    Take("percent", "rate_percent", decimal),
    Take("tax_scheme_name", ("label", "rate_code"), text),
)

ORDER: tuple[Line, ...] = (
    Take("id", ("number", "id"), text),
    Take("issue_date", "date_created", day),
    Take("issue_time", "date_created", hour),
    Take("document_currency_code", "currency", currency),
    Take("shop_order_id", "id", text),
    Take("note", "customer_note", text),
    Take("buyer_customer_party.id.value", "customer_id", amount),
    All("buyer_customer_party.name", ("billing/first_name", "billing/last_name"), joined),
    Take("buyer_customer_party.contact.electronic_mail", "billing/email", text),
    Take("buyer_customer_party.contact.telephone", "billing/phone", text),
    Within("accounting_customer_party", "billing", _ADDRESS),
    Within("delivery_party", "shipping", _ADDRESS),
    Take("payment_terms.note", ("payment_method_title", "payment_method"), text),
    Each("allowance_charges", "shipping_lines", (*_CHARGE, Take("reason", "method_title", text))),
    Each("allowance_charges", "fee_lines", (*_CHARGE, Take("reason", "name", text))),
    Take("tax_total.tax_amount", "total_tax", decimal),
    Each("tax_total.tax_subtotals", "tax_lines", _TAX),
    Take("payable_amount", "total", decimal),
    Each("order_lines", "line_items", _LINE),
)
