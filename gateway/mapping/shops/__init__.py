"""Orders of web shops: JSON of a shop's own form made into the canonical order, by a table for each form. Pure.

What no line of the table takes is carried in ``extensions`` with its JSON pointer.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from gateway.canonical import Order
from gateway.canonical.values import Extension
from gateway.core.issues import Issue, Location
from gateway.core.shops import TOPICS
from gateway.mapping.shops import shopify, woocommerce
from gateway.mapping.shops.lines import Line, Misfit, read, where
from gateway.mapping.shops.source import JsonError, Source, decode

__all__ = ["FORMS", "Form", "JsonError", "Reading", "Source", "decode", "form_of", "read_order"]


class Form(NamedTuple):
    """The form of one kind of shop. ``once``: topics that are sent once for an order. ``changed``: where the time of a
    change stands."""

    name: str
    lines: tuple[Line, ...]
    once: frozenset[str]
    changed: str

    @property
    def topics(self) -> dict[str, str]:
        """Those whose body is an order, and what each does to it."""
        return TOPICS[self.name]


FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        Form("shopify", shopify.ORDER, frozenset({"orders/create", "orders/paid", "orders/cancelled"}), "updated_at"),
        Form("woocommerce", woocommerce.ORDER, frozenset({"order.created"}), "date_modified_gmt"),
    )
}


class Reading(NamedTuple):
    """An order, or the issue that says why it is none."""

    order: Order | None
    issue: Issue | None = None


def form_of(type: str) -> tuple[Form, str] | None:
    """``shopify.orders/create`` as its form and topic; None for what is no type of a shop."""
    name, _, topic = type.partition(".")
    form = FORMS.get(name)
    return (form, topic) if form is not None and topic else None


def read_order(form: Form, topic: str, tree: dict[str, Any]) -> Reading:
    """The canonical order."""
    source = Source(tree)
    try:
        fields = read(source, form.lines)
    except Misfit as error:
        place = Location(field=where(error))
        return Reading(None, Issue("MAP-VALUE", place, "its value", {"field": where(error), "reason": error.reason}))
    missing = next((name for name in ("id", "issue_date") if name not in fields), None)
    if missing is not None:
        hint = f"An order of {form.name} has it."
        return Reading(None, Issue("MAP-REQUIRED", params={"field": missing, "hint": hint}))
    _complete(fields, form, topic)
    try:
        order = msgspec.convert(fields, Order)
    except msgspec.ValidationError as error:
        return Reading(None, Issue("MAP-VALUE", value="its value", params={"field": "Order", "reason": str(error)}))
    extensions = tuple(
        Extension(address=pointer, tag=pointer.split("/")[1], text=text, reason="no line of the table takes it")
        for pointer, text in source.rest()
    )
    return Reading(msgspec.structs.replace(order, extensions=extensions))


def _complete(fields: dict[str, Any], form: Form, topic: str) -> None:
    """What no table of single places can say."""
    fields["document"] = "Order"
    fields["function_code"] = form.topics.get(topic, "original")
    if note := fields.pop("note", None):
        fields["notes"] = [note]
    reference = fields.pop("shop_order_id", None)
    if reference is not None:
        fields["document_references"] = [{"id": reference, "document_type_code": "shop-order-id"}]
    identity = fields.get("buyer_customer_party", {}).get("id")
    if identity is not None:
        identity["value"] = str(identity["value"])
        identity["scheme_id"] = "shop-customer"
    for line in fields.get("order_lines", ()):
        if discount := line.pop("discount", None):
            found = {"charge_indicator": discount < 0, "amount": abs(discount), "reason": "discount"}
            line.setdefault("allowance_charges", []).append(found)
    for charge in fields.get("allowance_charges", ()):
        _with_sign(charge)


def _with_sign(charge: dict[str, Any]) -> None:
    """A charge of less than nothing is an allowance."""
    if charge.get("amount", Decimal(0)) < 0:
        charge |= {"charge_indicator": not charge["charge_indicator"], "amount": -charge["amount"]}
