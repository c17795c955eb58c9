"""Answers to orders and changes of orders, both ways: the ERP's JSON out as X12 or EDIFACT, a partner's in as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.core.errors import ConnectorError
from gateway.store import sweep
from tests.pipeline.orders import order, x12
from tests.pipeline.yard import ACME, ERP, GLOBEX, INITECH, Yard, segments

STATUS = {"status_code": "accepted", "quantity": {"value": "5", "unit_code": "EA"}}

RESPONSE: dict[str, Any] = {
    "document": "OrderResponse",
    "issue_date": "2026-11-20",
    "order_response_code": "accepted",
    "order_reference": {"id": "A", "issue_date": "2026-11-19"},
    "order_lines": [
        {"id": "1", "quantity": {"value": "5", "unit_code": "EA"}, "item": {"sellers_item_identification": "AT-1"},
         "statuses": [STATUS]}
    ],
}  # fmt: skip

CHANGE: dict[str, Any] = {
    "document": "OrderChange",
    "issue_date": "2026-11-20",
    "order_type_code": "220",
    "order_reference": {"id": "A", "issue_date": "2026-11-19"},
    "order_lines": [
        {
            "id": "1",
            "line_status_code": "changed",
            "quantity": {"value": "9", "unit_code": "EA"},
            "outstanding_quantity": "9",
            "price": {"price_amount": "18.50"},
            "item": {"sellers_item_identification": "AT-1"},
        }
    ],
}

#: X12 wants of a changed line what of it is left to come, and has a code for the type of the order.
LINE = RESPONSE["order_lines"][0] | {"line_status_code": "changed", "outstanding_quantity": "5"}
TO_CHANGE = RESPONSE | {"sequence_number_id": "2", "order_lines": [LINE]}
WITHOUT_TYPE = {name: value for name, value in CHANGE.items() if name != "order_type_code"}

#: type: (party, standard, version, mapping, canonical document)
TYPES = {
    "855": ("globex", "x12", "004010", "x12/855", RESPONSE),
    "865": ("globex", "x12", "004010", "x12/865", TO_CHANGE),
    "860": ("globex", "x12", "004010", "x12/860", CHANGE),
    "ORDRSP": ("initech", "edifact", "D.96A", "edifact/ordrsp-d96a", RESPONSE | {"id": "R-1"}),
    "ORDCHG": ("initech", "edifact", "D.96A", "edifact/ordchg-d96a", WITHOUT_TYPE | {"id": "C-1"}),
}

ERP_DOORS = (
    ERP[: ERP.index("[[agreement]]")]
    + """\
[[endpoint]]
name = "erp-in"
connector = "directory"
direction = "in"
path = "in/erp"
"""
)

ERP_AGREEMENTS = """\
[[agreement]]
name = "erp-{kind}-out"
with = "acme"
direction = "out"
standard = "json"
document = "{kind}"
endpoint = "erp-out"
[[agreement]]
name = "erp-{kind}-in"
with = "acme"
direction = "in"
standard = "json"
document = "{kind}"
"""

AGREEMENTS = """\
[[agreement]]
name = "{name}-out"
with = "acme"
direction = "out"
standard = "{standard}"
version = "{version}"
type = "{type}"
document = "{kind}"
mapping = "{mapping}"
endpoint = "{party}-out"
{having}
[[agreement]]
name = "{name}-in"
with = "acme"
direction = "in"
standard = "{standard}"
version = "{version}"
type = "{type}"
mapping = "{mapping}"
route = "erp-{lower}-out"
"""


def agree(yard: Yard) -> None:
    """Everything with everybody: the ERP's own documents leave, the partners' come in and pass on to the ERP."""
    files = {"globex": GLOBEX, "initech": INITECH}
    for type, (party, standard, version, mapping, document) in TYPES.items():
        kind = document["document"]
        files[party] += AGREEMENTS.format(
            name=f"{party}-{type.lower()}", standard=standard, version=version, type=type, kind=kind, mapping=mapping,
            party=party, lower=kind.lower(), having='having = ["sequence_number_id"]' if type == "865" else "",
        )  # fmt: skip
    erp = ERP_DOORS + "".join(
        ERP_AGREEMENTS.format(kind=kind).replace(f"erp-{kind}", f"erp-{kind.lower()}")
        for kind in ("OrderResponse", "OrderChange")
    )
    yard.agree(acme=ACME, acme_erp=erp, **files)


def as_if_they_sent_it(body: bytes) -> bytes:
    """The same interchange the other way round."""
    for ours, theirs in ((b"*ZZ*ACME           *ZZ*GLOBEX         *", b"*ZZ*GLOBEX         *ZZ*ACME           *"),
                         (b"*ACME*GLOBEX*", b"*GLOBEX*ACME*"),
                         (b"+5412345000020:14+5412345000013:14+", b"+5412345000013:14+5412345000020:14+")):  # fmt: skip
        body = body.replace(ours, theirs)
    return body


@pytest.mark.parametrize("type", TYPES)
def test_what_leaves_as_a_message_comes_back_as_the_same_document(yard: Yard, type: str) -> None:
    agree(yard)
    party, _, _, _, document = TYPES[type]
    yard.arrive(json.dumps({"to": party, "content": document}).encode(), "erp-in")
    (left,) = yard.to(f"{party}-out")
    assert yard.sent[-1].name.startswith(f"{type.lower()}-")
    yard.arrive(as_if_they_sent_it(left), f"{party}-in")
    (came,) = yard.to("erp-out")
    assert json.loads(came) == document
    assert yard.count("holds") == 0
    assert yard.nothing_left()


def test_an_answer_to_a_change_leaves_as_another_type_than_one_to_an_order(yard: Yard) -> None:
    agree(yard)
    for answer in (RESPONSE, TO_CHANGE):
        yard.arrive(json.dumps({"to": "globex", "content": answer}).encode(), "erp-in")
    assert [segments(body, "BAK", "BCA")[0][:3] for body in yard.to("globex-out")] == ["BAK", "BCA"]


def test_an_answer_finds_the_party_whose_order_it_answers(yard: Yard) -> None:
    agree(yard)
    yard.arrive(x12(1, order("A")))
    yard.sent.clear()
    yard.arrive(json.dumps(RESPONSE).encode(), "erp-in")
    assert [(sent.endpoint, sent.name) for sent in yard.sent] == [("globex-out", "855-ACME-GLOBEX-000000002.x12")]


def test_answers_to_one_order_leave_in_the_order_in_which_they_came(yard: Yard) -> None:
    """The first meets a closed door; the second waits behind it."""
    agree(yard)
    yard.door("globex-out").failures.plan("deliver", ConnectorError("No route to host."))
    for code in ("received", "accepted"):
        answer = RESPONSE | {"order_response_code": code}
        yard.arrive(json.dumps({"to": "globex", "content": answer}).encode(), "erp-in")
    assert yard.to("globex-out") == []
    for _ in range(2):
        sweep(yard.database)
        yard.work()
    assert [segments(body, "BAK")[0].split("*")[2] for body in yard.to("globex-out")] == ["AK", "AD"]
