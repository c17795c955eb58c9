"""Canonical documents as JSON, their published schema, and what tells two of them apart.

Decimals are written as JSON strings in plain notation (``"5.00"``, never a number): most readers of JSON make a
binary float of a number and lose cents and trailing zeros. Both forms are read, a number exactly as its digits say.
Dates are ``YYYY-MM-DD``, times ISO 8601. Absent fields are left out. The first key, ``document``, names the kind.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, get_args

import msgspec

from gateway.canonical.declaration import Declaration, DeclarationResponse
from gateway.canonical.despatch_advice import DespatchAdvice
from gateway.canonical.freight_invoice import FreightInvoice
from gateway.canonical.inventory_report import InventoryReport
from gateway.canonical.invoice import Invoice, orders_of
from gateway.canonical.normal import normal, numeric
from gateway.canonical.order import Order
from gateway.canonical.order_change import OrderChange
from gateway.canonical.order_response import OrderResponse
from gateway.canonical.price_catalogue import PriceCatalogue
from gateway.canonical.receipt_advice import ReceiptAdvice, orders_received
from gateway.canonical.remittance_advice import RemittanceAdvice
from gateway.canonical.transport_instruction import TransportInstruction, TransportInstructionResponse
from gateway.canonical.transportation_status import TransportationStatus, main_reference
from gateway.canonical.values import Part
from gateway.canonical.warehouse import (
    StockAdjustment,
    StockTransfer,
    StockTransferReceipt,
    WarehouseAdvice,
    WarehouseOrder,
)
from gateway.core.errors import NotFoundError, UnreadableError

SCHEMA_VERSION = "1"
"""Version of all canonical schemas: raised when a field is removed, renamed or changes its meaning."""

MOST_EXPONENT = 64

#: A decimal that msgspec wrote as ``1E+2`` (or a text that looks like one: then the slow way gives the same).
_SCIENTIFIC = re.compile(rb"E[+-]\d")

#: What may be an odd number in JSON, in texts whose digits are all ``0`` and whose letters are small.
_SHAPES = bytes.maketrans(b"123456789EINFA+", b"000000000einfa-")
_ODD = (b"0e0", b"0e-", b".e0", b".e-", b"nan", b"inf", b"0" * MOST_EXPONENT)

Document = (
    Order
    | OrderResponse
    | OrderChange
    | DespatchAdvice
    | ReceiptAdvice
    | Invoice
    | RemittanceAdvice
    | PriceCatalogue
    | InventoryReport
    | TransportationStatus
    | TransportInstruction
    | TransportInstructionResponse
    | FreightInvoice
    | Declaration
    | DeclarationResponse
    | WarehouseOrder
    | WarehouseAdvice
    | StockTransfer
    | StockTransferReceipt
    | StockAdjustment
)
DOCUMENTS: dict[str, type[Document]] = {kind.__name__: kind for kind in get_args(Document)}

_DECODERS = {name: msgspec.json.Decoder(kind) for name, kind in DOCUMENTS.items()}


def document_type(name: str) -> type[Document]:
    """The type of that name. Raises NotFoundError naming the ones there are."""
    try:
        return DOCUMENTS[name]
    except KeyError:
        known = ", ".join(sorted(DOCUMENTS))
        raise NotFoundError(f"There is no canonical document {name}.", hint=f"There are: {known}.") from None


def to_json(document: Part) -> bytes:
    """The document as one line of UTF-8 JSON; equal documents with equal decimals give equal bytes."""
    quick = msgspec.json.encode(_with_own_defaults(document))
    return msgspec.json.encode(_tree(document, _plain)) if _SCIENTIFIC.search(quick) else quick


def from_own_json(name: str, data: bytes | str) -> Document:
    """What :func:`to_json` wrote, read again: its numbers are known to be plain. Raises UnreadableError."""
    document_type(name)
    try:
        return _DECODERS[name].decode(data)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise UnreadableError(f"This is not a canonical {name}: {error}.") from error


def from_json(name: str, data: bytes | str) -> Document:
    """The document of kind ``name``. Raises UnreadableError with the path of what does not fit the schema."""
    document_type(name)
    try:
        document = _DECODERS[name].decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise UnreadableError(f"This is not a canonical {name}: {error}.") from error
    odd = _may_be_odd(data.encode() if isinstance(data, str) else data)
    if odd and not all(_is_plain(number) for number in _decimals(document)):
        raise UnreadableError(f"This is not a canonical {name}: a number is not finite or has an absurd exponent.")
    return document


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the document, with the version in its ``$id``."""
    schema = msgspec.json.schema(document_type(name))
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:crossdock:{name}:{SCHEMA_VERSION}"}
    return head | schema


def fingerprint(document: Part) -> bytes:
    """SHA-256 of what the document says: 5.00 and 5 are equal here, extensions count.

    Extensions count because a change in what no mapping reads is still a change: better one conflict too many, held
    for a person, than a changed order taken for a duplicate.
    """
    return hashlib.sha256(SCHEMA_VERSION.encode() + normal(to_json(document), type(document))).digest()


def _of_order(orders: list[str], otherwise: str) -> str:
    return f"order:{orders[0]}" if len(orders) == 1 else otherwise


def _answered(response: DeclarationResponse) -> str:
    about = response.order_reference.id if response.order_reference else response.declaration_id
    return about or response.subject_id or response.id


#: What a kind of document belongs to; all others name an order.
_MATTERS: dict[type[Any], Callable[[Any], str]] = {
    Order: lambda one: f"order:{one.id}",
    DespatchAdvice: lambda one: f"despatch:{one.id}",
    ReceiptAdvice: lambda one: _of_order(orders_received(one), f"receipt:{one.id}"),
    Invoice: lambda one: _of_order(orders_of(one), f"invoice:{one.id}"),
    RemittanceAdvice: lambda one: f"remittance:{one.id}",
    PriceCatalogue: lambda one: f"catalogue:{one.id}",
    InventoryReport: lambda one: f"inventory:{one.id}",
    TransportationStatus: lambda one: f"consignment:{main_reference(one)}",
    TransportInstruction: lambda one: f"transport:{one.id}",
    TransportInstructionResponse: lambda one: f"transport:{one.instruction_id}",
    FreightInvoice: lambda one: f"freight:{one.id}",
    WarehouseOrder: lambda one: f"warehouse:{one.id}",
    WarehouseAdvice: lambda one: f"warehouse:{one.warehouse_order_id}",
    StockTransfer: lambda one: f"stock-transfer:{one.id}",
    StockTransferReceipt: lambda one: f"stock-transfer:{one.stock_transfer_id or one.id or ''}",
    Declaration: lambda one: f"declaration:{one.order_reference.id}",
    DeclarationResponse: lambda one: f"declaration:{_answered(one)}",
    StockAdjustment: lambda one: f"stock-adjustment:{one.id or one.depositor_id or ''}",
}


def business_key(document: Document) -> str:
    """What documents of one business matter share: ``order:4711``. They are handled one after the other.

    An order, its changes and the answers to them are one matter; a despatch advice, which may be of several orders,
    is its own, and so is a remittance. A receipt or an invoice of one order belongs to that.
    """
    matter = _MATTERS.get(type(document))
    if matter is not None:
        return matter(document)
    assert isinstance(document, OrderResponse | OrderChange)
    return f"order:{document.order_reference.id}"


def _tree(part: Part, number: Callable[[Decimal], str]) -> dict[str, Any]:
    """A part as JSON's values, without fields that have their default value (compared by value, not by identity)."""
    tag, fields = _layout(type(part))
    tree: dict[str, Any] = dict(tag)
    for name, default in fields:
        value = getattr(part, name)
        if value is None or value == default:
            continue
        if isinstance(value, Part):
            value = _tree(value, number)
        elif isinstance(value, tuple):
            value = [_tree(item, number) if isinstance(item, Part) else item for item in value]
        elif isinstance(value, Decimal):
            value = number(value)
        tree[name] = value
    return tree


@functools.cache
def _layout(kind: type[Part]) -> tuple[dict[str, str], list[tuple[str, Any]]]:
    """The tag of a part, and its fields with their defaults."""
    config = kind.__struct_config__
    tag = {config.tag_field: str(config.tag)} if config.tag_field else {}
    return tag, [(info.name, None if info.required else info.default) for info in msgspec.structs.fields(kind)]


def _plain(number: Decimal) -> str:
    """Never ``1E+2``."""
    return format(number, "f")


def _is_plain(number: Decimal) -> bool:
    """Whether plain notation can write it: 1E+999999 would be a megabyte of zeros."""
    return number.is_finite() and abs(int(number.as_tuple().exponent)) <= MOST_EXPONENT


def _may_be_odd(data: bytes) -> bool:
    """Whether JSON may hold a number that plain notation cannot write: an exponent, no number, or many digits."""
    shapes = data.translate(_SHAPES)
    return any(shape in shapes for shape in _ODD)


def _decimals(part: Part) -> Iterator[Decimal]:
    for name, _ in numeric(type(part)):
        value = getattr(part, name)
        if value is None:
            continue
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Decimal):
                yield item
            else:
                yield from _decimals(item)


def _with_own_defaults(document: Part) -> Part:
    """msgspec leaves out texts that are their field's default by identity: one that equals it is replaced by it."""
    equal = {name: default for name, default in _default_texts(type(document)) if getattr(document, name) == default}
    return msgspec.structs.replace(document, **equal) if equal else document


@functools.cache
def _default_texts(kind: type[Part]) -> list[tuple[str, str]]:
    """Only documents have such fields, no part of one: a test says so."""
    return [(name, default) for name, default in _layout(kind)[1] if isinstance(default, str)]
