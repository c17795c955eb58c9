"""Orders of Shopify's form (Admin API, the resource of the topics ``orders/…``) as canonical orders.

Prices are those before discounts; each line has what was taken off it. ``subtotal_price`` is the sum of the lines with
their discounts; taxes are in it where ``taxes_included`` says so.
"""

from __future__ import annotations

from gateway.mapping.shops.convert import (
    amount,
    country,
    currency,
    day,
    decimal,
    gtin,
    hour,
    joined,
    percent,
    text,
    yes,
)
from gateway.mapping.shops.lines import All, Each, Line, Lookup, Set, Take, Within

_ADDRESS: tuple[Line, ...] = (
    Take("name", ("company", "name"), text),
    Take("contact.name", "name", text),
    Take("contact.telephone", "phone", text),
    Take("postal_address.street_name", "address1", text),
    Take("postal_address.additional_street_name", "address2", text),
    Take("postal_address.city_name", "city", text),
    Take("postal_address.country_subentity", ("province_code", "province"), text),
    Take("postal_address.postal_zone", "zip", text),
    Take("postal_address.country_code", "country_code", country),
)

_TAX: tuple[Line, ...] = (
    Take("tax_amount", "price", decimal),
    Take("percent", "rate", percent),
    Take("tax_scheme_name", "title", text),
)

_DISCOUNT: tuple[Line, ...] = (
    Set("charge_indicator", False),
    Take("amount", "amount", amount),
    Lookup("reason", "discount_application_index", "discount_applications", ("code", "title", "description"), text),
)

_LINE: tuple[Line, ...] = (
    Take("id", "id", text),
    Take("quantity.value", "quantity", decimal),
    Set("quantity.unit_code", "EA"),
    Take("price.price_amount", "price", decimal),
    Take("item.name", ("name", "title"), text),
    Take("item.sellers_item_identification", "sku", text),
    Take("item.standard_item_identification", "barcode", gtin),
    Each("allowance_charges", "discount_allocations", _DISCOUNT),
    Each("tax_total.tax_subtotals", "tax_lines", _TAX),
)

_SHIPPING: tuple[Line, ...] = (
    Set("charge_indicator", True),
    Take("reason", "title", text),
    Take("amount", ("discounted_price", "price"), decimal),
    Each("tax_total.tax_subtotals", "tax_lines", _TAX),
)

ORDER: tuple[Line, ...] = (
    Take("id", ("name", "order_number", "id"), text),
    Take("issue_date", "created_at", day),
    Take("issue_time", "created_at", hour),
    Take("document_currency_code", "currency", currency),
    Take("customer_reference", "po_number", text),
    Take("shop_order_id", "id", text),
    Take("note", "note", text),
    Take("buyer_customer_party.id.value", "customer/id", text),
    All("buyer_customer_party.name", ("customer/first_name", "customer/last_name"), joined),
    Take("buyer_customer_party.contact.electronic_mail", ("email", "contact_email", "customer/email"), text),
    Take("buyer_customer_party.contact.telephone", ("phone", "customer/phone"), text),
    Within("accounting_customer_party", "billing_address", _ADDRESS),
    Within("delivery_party", "shipping_address", _ADDRESS),
    Take("payment_terms.note", "payment_gateway_names/0", text),
    Each("allowance_charges", "shipping_lines", _SHIPPING),
    Take("tax_total.tax_amount", "total_tax", decimal),
    Take("tax_total.tax_included_indicator", "taxes_included", yes),
    Each("tax_total.tax_subtotals", "tax_lines", _TAX),
    Take("line_extension_amount", "subtotal_price", decimal),
    Take("payable_amount", "total_price", decimal),
    Each("order_lines", "line_items", _LINE),
)
