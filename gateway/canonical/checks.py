"""What a canonical document has to fulfil in itself, whatever format it came in."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.canonical.conveyance import conveyance
from gateway.canonical.despatch_advice import DespatchAdvice
from gateway.canonical.freight_invoice import FreightInvoice, charged
from gateway.canonical.invoice import Invoice
from gateway.canonical.order import Order
from gateway.canonical.packing import packing
from gateway.canonical.remittance_advice import RemittanceAdvice, remitted
from gateway.canonical.serial import Document
from gateway.canonical.sums import sums
from gateway.canonical.transport_instruction import TransportInstruction
from gateway.canonical.transportation_status import TransportationStatus
from gateway.canonical.warehouse import StockTransferReceipt, WarehouseAdvice, amiss
from gateway.core.issues import Issue

#: Kinds of document that :func:`remarks` has something to say about.
CHECKED = frozenset(
    kind.__name__
    for kind in (
        Order,
        Invoice,
        RemittanceAdvice,
        DespatchAdvice,
        TransportationStatus,
        TransportInstruction,
        FreightInvoice,
        WarehouseAdvice,
        StockTransferReceipt,
    )
)

MOST = 100
"""Issues of one document that are told: where all lines are wrong, the first ones say enough."""


def remarks(document: Document) -> tuple[Issue, ...]:
    """The issues of its content, each located at a canonical field. Their severity is the catalogue's."""
    return tuple(issue for issue, _ in zip(_issues(document), range(MOST), strict=False))


def _issues(document: Document) -> Iterator[Issue]:
    if isinstance(document, Order | Invoice):
        yield from sums(document)
    elif isinstance(document, DespatchAdvice):
        yield from packing(document)
    elif isinstance(document, RemittanceAdvice):
        yield from remitted(document)
    elif isinstance(document, WarehouseAdvice | StockTransferReceipt):
        yield from amiss(document)
    elif isinstance(document, FreightInvoice):
        yield from charged(document)
    elif isinstance(document, TransportationStatus | TransportInstruction):
        yield from conveyance(document)
