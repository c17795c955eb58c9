"""What is to be done with what a web shop sent: one JSON object, whose topic stands in a header. Pure.

It is an interchange of one document, whose number is that of the order: the same order under two ids of the shop's
webhooks is recognised. Topics that nobody agreed on are held, or, where the endpoint ignores them, recorded only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import Any

from gateway.agreements import Agreement, Missing
from gateway.canonical import business_key, to_json
from gateway.codecs import RawDocument
from gateway.codecs.bare import NO_DELIMITERS, bare_header
from gateway.codecs.model import Address
from gateway.codecs.summary import document_head
from gateway.core.errors import NotFoundError
from gateway.core.issues import Issue
from gateway.mapping.shops import FORMS, Form, JsonError, decode, form_of, read_order
from gateway.pipeline.bare import bare_interchange
from gateway.pipeline.context import Context
from gateway.pipeline.interpretation import Interpretation
from gateway.pipeline.lines import JSON
from gateway.pipeline.plan import InterchangePlan, Plan

#: The header of an arrival that names its topic.
TOPIC = "topic"

#: What a file is taken for that was handed in by hand.
_USUAL = {"shopify": "orders/create", "woocommerce": "order.created"}


def form_at(endpoint: str, context: Context) -> Form | None:
    """The form of what comes in by the door of a shop; None for other doors."""
    try:
        return FORMS.get(context.agreements.endpoint(endpoint).connector)
    except NotFoundError:
        return None


def plan_shop(body: bytes, headers: Mapping[str, Any], endpoint: str, form: Form, context: Context) -> Plan:
    """What came, and whether it is agreed."""
    door = context.agreements.endpoint(endpoint)
    topic = str(headers.get(TOPIC) or _USUAL[form.name])
    if any(fnmatchcase(topic, pattern) for pattern in door.options.get("ignore", ())):
        return Plan(format=JSON, ignored=topic)
    try:
        tree = decode(body)
    except JsonError as error:
        return Plan(format=JSON, hold=Issue("CAN-JSON", params={"reason": str(error)}))
    kind, lane = f"{form.name}.{topic}", "test" if tree.get("test") is True else "production"
    agreed = context.agreements.inbound(Address(door.party), None, JSON, "", kind, lane, endpoint=endpoint)
    if isinstance(agreed, Missing):
        return Plan(format=JSON, hold=agreed.issue, missing=agreed)
    return Plan(format=JSON, interchanges=(_interchange(body, _number(form, topic, tree), agreed, context),))


def shop_document(body: bytes, type: str) -> Iterator[RawDocument]:
    """The one document of a transmission."""
    yield RawDocument(
        standard=JSON,
        type=type,
        version="",
        association="",
        control_number="1",
        position=1,
        text=body.decode("utf-8", "replace"),
        offset=0,
        length=len(body),
        delimiters=NO_DELIMITERS,
        charset="utf-8",
    )


def interpret_shop(raw: RawDocument, agreement: Agreement) -> Interpretation:
    """The order that it is. What cannot be carried is held: the shop was told that we have it."""
    known = form_of(raw.type)
    if known is None:
        return Interpretation(hold=Issue("CAN-KIND", params={"reason": f'"{raw.type}" is no topic of a shop'}))
    form, topic = known
    if topic not in form.topics:
        there = ", ".join(f"{form.name}.{each}" for each in form.topics)
        reason = f'no table reads "{raw.type}": there are {there}'
        return Interpretation(hold=Issue("GTW-MAPPING", value=raw.type, params={"reason": reason}))
    try:
        order, issue = read_order(form, topic, decode(raw.text.encode()))
    except JsonError as error:
        return Interpretation(hold=Issue("CAN-JSON", params={"reason": str(error)}))
    if order is None:
        return Interpretation(hold=issue)
    hold = None
    if order.extensions and agreement.unmapped == "hold":
        hold = Issue("GTW-UNMAPPED", value=str(len(order.extensions)))
    return Interpretation(
        canonical="Order",
        document=order,
        body=to_json(order) + b"\n",
        business_key=business_key(order),
        hold=hold,
    )


def _number(form: Form, topic: str, tree: dict[str, Any]) -> str:
    """What the order, or this change of it, is told by; empty where it says nothing of the kind."""
    number = str(tree.get("id") or "")[:64]
    changed = "" if topic in form.once else str(tree.get(form.changed) or "")[:64]
    if not number or (topic not in form.once and not changed):
        return ""
    return f"{topic} {number} {changed}".strip()


def _interchange(body: bytes, number: str, agreed: Agreement, context: Context) -> InterchangePlan:
    digest = sha256(body)
    sides = Address(agreed.party), Address(agreed.with_)
    header = bare_header(JSON, *sides, number or f"#{digest.hexdigest()[:16]}", test=agreed.lane == "test")
    (raw,) = shop_document(body, agreed.type)
    return bare_interchange(header, [document_head(raw)], agreed, context, length=len(body), digest=digest.digest())


__all__ = ["TOPIC", "form_at", "interpret_shop", "plan_shop", "shop_document"]
