"""What fields of canonical documents are called by the people who read them."""

from __future__ import annotations

#: UBL's names where a person says it otherwise; all others are read off the name of the field.
_LABELS: dict[str, str] = {
    "id": "Number",
    "document_currency_code": "Currency",
    "buyer_customer_party": "Buyer",
    "seller_supplier_party": "Seller",
    "delivery_party": "Deliver to",
    "despatch_party": "Ship from",
    "accounting_customer_party": "Invoice to",
    "payee_party": "Pay to",
    "buyers_item_identification": "Buyer's item number",
    "sellers_item_identification": "Seller's item number",
    "manufacturers_item_identification": "Manufacturer's item number",
    "standard_item_identification": "Item number",
    "additional_item_identifications": "Further item numbers",
    "allowance_charges": "Allowances and charges",
    "document_references": "References",
    "line_extension_amount": "Amount",
    "payable_amount": "To pay",
    "order_lines": "Lines",
    "price_amount": "Price",
    "telefax": "Fax",
    "electronic_mail": "Mail",
    "tax_company_id": "VAT number",
    "city_name": "City",
    "street_name": "Street",
    "postal_zone": "Postal code",
    "country_subentity": "State or province",
    "net_days": "Days net",
    "extensions": "Not mapped",
}

_SUFFIXES = ("_code", "_id", "_numeric")


def label(field: str) -> str:
    """``order_type_code`` → ``Order type``; ``buyer_customer_party`` → ``Buyer``."""
    known = _LABELS.get(field)
    if known is not None:
        return known
    for suffix in _SUFFIXES:
        field = field.removesuffix(suffix)
    return field.replace("_", " ").capitalize()


def title(document: str) -> str:
    """``OrderResponse`` → ``Order response``."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in document)
    return words.strip().capitalize()
