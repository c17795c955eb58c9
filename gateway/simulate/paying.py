"""What a buyer writes to an invoice: what is paid of it. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gateway.canonical import Invoice, PaymentMeans, RemittanceAdvice, RemittanceLine

#: EDIFACT 4461: a transfer.
_TRANSFER = "30"


def remittance(invoice: Invoice, number: str, paid: Decimal, *, day: date) -> RemittanceAdvice:
    """The payment of one invoice, in whole or in part."""
    return RemittanceAdvice(
        id=number,
        issue_date=day,
        document_currency_code=invoice.document_currency_code,
        total_payment_amount=paid,
        payment_date=day,
        payment_means=PaymentMeans(payment_means_code=_TRANSFER),
        buyer_customer_party=invoice.buyer_customer_party,
        seller_supplier_party=invoice.seller_supplier_party,
        remittance_lines=(
            RemittanceLine(
                id="1",
                document_type_code="invoice",
                document_id=invoice.id,
                document_date=invoice.issue_date,
                order_reference=invoice.order_reference,
                document_amount=invoice.payable_amount,
                paid_amount=paid,
            ),
        ),
    )
