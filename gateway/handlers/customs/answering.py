"""What an ERP is told of an answer of the authority: a DeclarationResponse. Pure."""

from __future__ import annotations

import datetime as dt

from gateway.canonical import AssessedTax, DeclarationResponse, Identifier, OrderReference
from gateway.handlers.customs.case import Case, Document
from gateway.handlers.customs.facts import RECEIPT, TAX, Fact
from gateway.handlers.customs.matching import EVERY_SLOT, LIST

_SUBJECTS = {LIST: "declaration"}
_OTHERS = {"623": "cancellation", "605": "cancellation", "625": "return", "213": "return"}
_BILLS = {"1": "made", "2": "summarised", "3": "void"}


def response(fact: Fact, case: Case) -> DeclarationResponse | None:
    """Of a receipt or a tax bill about something of ours; None of anything else."""
    if fact.kind == TAX:
        found = next((each for each in case.lists), None)
        return _response(fact, case, found, "declaration") if found is not None and found.ours else None
    if fact.kind != RECEIPT:
        return None
    found = next((each for each in case.documents if fact in each.receipts), None)
    if found is None or not found.ours:
        return None
    slot = EVERY_SLOT.get(found.number, "")
    return _response(fact, case, found, _SUBJECTS.get(slot) or slot or _OTHERS.get(found.number, found.number))


def _response(fact: Fact, case: Case, found: Document, subject: str) -> DeclarationResponse:
    declared = max(case.lists, key=lambda each: each.versions[-1].at if each.versions else "", default=None)
    order = next((each.current.head["orderNo"] for each in case.documents if each.current is not None), "")
    at = dt.datetime.strptime(fact.at[:14], "%Y%m%d%H%M%S") if len(fact.at) >= len("YYYYmmddHHMMSS") else None
    numbers = {**(declared.numbers if declared is not None else {}), **found.numbers}
    return DeclarationResponse(
        id=fact.id,
        order_reference=OrderReference(id=order) if order else None,
        declaration_id=" ".join(declared.key) if declared is not None else None,
        issue_date=at.date() if at else None,
        issue_time=at.time() if at else None,
        subject_code=subject,
        subject_id=" ".join(found.key) or None,
        status_code=case.state,
        answer_code=fact.status or None,
        answer_text=fact.text or None,
        document_ids=tuple(Identifier(value=value, scheme_id=name) for name, value in sorted(numbers.items())),
        taxes=tuple(_tax(each) for each in case.taxes),
    )


def _tax(fact: Fact) -> AssessedTax:
    head = fact.head
    return AssessedTax(
        id=fact.key[-1],
        status_code=_BILLS.get(head["status"], head["status"]),
        duty_amount=head.number("customsTax"),
        vat_amount=head.number("valueAddedTax"),
        consumption_tax_amount=head.number("consumptionTax"),
    )
