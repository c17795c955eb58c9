"""ApplicationResponse: a partner that speaks UBL is told what became of its documents, and tells us of ours."""

from __future__ import annotations

import pytest

from gateway.acknowledgments import read_application_response
from gateway.codecs.xml_text import decoded
from gateway.core.issues import has_errors
from gateway.expectations import cancel
from gateway.grammar.xml_validator import xml_validator
from gateway.store import Database
from tests.pipeline.orders import order, x12
from tests.pipeline.test_pipeline_ubl import OUT, agree
from tests.pipeline.yard import AT, GLOBEX, SCHEMAS, Yard
from tests.ubl.conftest import ORDER

ASKED = '\nacknowledgments = ["ApplicationResponse"]\nacknowledge_through = "umbrella-out"\n'
AWAITED = 'deadlines = { "ApplicationResponse" = "24h" }\n'
KIND = "ApplicationResponse"


@pytest.fixture
def yard(database: Database) -> Yard:
    """They want to know what becomes of their orders; we buy there, too, and want to know likewise."""
    yard = Yard(database)
    agree(yard, ASKED + OUT + AWAITED, globex=GLOBEX + 'route = "umbrella-purchases"\n')
    return yard


def told(yard: Yard) -> list[tuple[str, str, list[str]]]:
    """Of each answer that left: of which document, the code, and the reasons."""
    found = []
    for body in yard.to("umbrella-out"):
        if KIND.encode() not in body:
            continue
        assert not has_errors(xml_validator(SCHEMAS, "2.1", KIND).validate(decoded(body)))
        (one,) = read_application_response(decoded(body))
        found.append((one.document.control_number, one.document.codes[0], [each.code for each in one.document.remarks]))
    return found


def answer(number: str, code: str, inside: str = "", kind: str = "Order") -> bytes:
    """What the partner says of a document of ours."""
    spaces = ORDER.read_text("utf-8").partition("<Order ")[2].partition(">")[0].replace("Order-2", f"{KIND}-2")
    party = '<cac:{0}><cbc:EndpointID schemeID="0088">{1}</cbc:EndpointID></cac:{0}>'
    return (
        f"<{KIND} {spaces}><cbc:ID>AR-{number}-{code}</cbc:ID><cbc:IssueDate>2026-11-24</cbc:IssueDate>"
        f"{party.format('SenderParty', '5412345000013')}{party.format('ReceiverParty', '4098765000010')}"
        f"<cac:DocumentResponse><cac:Response><cbc:ResponseCode>{code}</cbc:ResponseCode>{inside}</cac:Response>"
        f"<cac:DocumentReference><cbc:ID>{number}</cbc:ID><cbc:DocumentType>{kind}</cbc:DocumentType>"
        f"</cac:DocumentReference></cac:DocumentResponse></{KIND}>"
    ).encode()


def bought(yard: Yard, *numbers: str) -> list[str]:
    """Orders that we sent, by their number: their ids."""
    for control, number in enumerate(numbers, 1):
        head, *rest = order(number)
        yard.arrive(x12(control, [head, "CUR*BY*EUR", "N1*SE*Umbrella Stores", *rest]))
    return yard.column("SELECT id FROM documents WHERE direction = 'out' AND type = 'Order' ORDER BY id")


def state(yard: Yard, id: str) -> str:
    found: str = yard.one("SELECT status FROM documents WHERE id = :id", id=id)
    return found


# What we tell


def test_an_order_that_is_handled_is_accepted(yard: Yard) -> None:
    yard.arrive(ORDER.read_bytes(), "umbrella-in")
    assert told(yard) == [("PO-4711", "AP", [])]
    assert b'<cbc:EndpointID schemeID="0088">4098765000010<' in yard.to("umbrella-out")[0].partition(b"Receiver")[0]
    assert yard.column("SELECT parent_id FROM documents WHERE type = 'ApplicationResponse'") == [yard.inbound().id]
    assert yard.nothing_left()


def test_one_that_is_not_valid_is_refused_with_what_is_wrong_and_where(yard: Yard) -> None:
    yard.arrive(ORDER.read_bytes().replace(b"2026-01-15", b"15.01.2026"), "umbrella-in")
    assert told(yard) == [("PO-4711", "RE", ["XML-E06"])]
    assert b"/Order/cbc:IssueDate" in yard.to("umbrella-out")[0]


def test_one_that_is_held_is_answered_when_somebody_ends_it(yard: Yard) -> None:
    agree(yard, ASKED + 'unmapped = "hold"\n', globex=GLOBEX)
    text = ORDER.read_bytes().replace(b"<cbc:IssueDate>", b"<cbc:UUID>1</cbc:UUID><cbc:IssueDate>")
    yard.arrive(text, "umbrella-in")  # with something that nobody maps
    assert yard.status(yard.inbound()) == "held"
    assert told(yard) == []
    cancel(yard.database, yard.inbound(), "operator", AT)
    yard.work()
    assert [(number, code) for number, code, _ in told(yard)] == [("PO-4711", "RE")]


def test_the_same_file_again_is_not_answered_again(yard: Yard) -> None:
    for _ in range(2):
        yard.arrive(ORDER.read_bytes(), "umbrella-in")
    assert len(told(yard)) == 1


def test_where_nobody_asks_nothing_is_told(database: Database) -> None:
    yard = Yard(database)
    agree(yard)
    yard.arrive(ORDER.read_bytes(), "umbrella-in")
    yard.arrive(ORDER.read_bytes().replace(b"2026-01-15", b"15.01.2026"), "umbrella-in")
    assert yard.to("umbrella-out") == []


# What we are told


@pytest.mark.parametrize(
    ("code", "after"), [("AP", "accepted"), ("CA", "accepted"), ("RE", "rejected"), ("AB", "sent"), ("UQ", "sent")]
)
def test_what_a_partner_says_of_an_order_is_brought_together_with_it(yard: Yard, code: str, after: str) -> None:
    first, second = bought(yard, "PO-1", "PO-2")
    yard.arrive(answer("PO-2", code), "umbrella-in")
    assert (state(yard, first), state(yard, second)) == ("sent", after)
    assert yard.column("SELECT state FROM expectations ORDER BY id") == ["open", "resolved"]
    assert told(yard) == []
    assert yard.nothing_left()


def test_the_reasons_of_a_refusal_are_kept_with_the_document(yard: Yard) -> None:
    (id,) = bought(yard, "PO-1")
    reason = "<cbc:StatusReasonCode>PPI</cbc:StatusReasonCode><cbc:StatusReason>Too dear</cbc:StatusReason>"
    yard.arrive(
        answer("PO-1", "RE", f"<cbc:Description>No.</cbc:Description><cac:Status>{reason}</cac:Status>"), "umbrella-in"
    )
    texts = "".join(yard.column("SELECT data FROM issues WHERE document_id = :id", id=id))
    assert ("Too dear" in texts, "No." in texts) == (True, True)


@pytest.mark.parametrize(
    ("number", "code", "kind", "why"),
    [
        ("PO-9", "AP", "Order", "RCP-UNKNOWN"),
        ("PO-1", "AP", "Invoice", "RCP-UNKNOWN"),
        ("PO-1", "??", "Order", "RCP-UNCLEAR"),
    ],
)
def test_what_answers_nothing_or_says_nothing_is_held(yard: Yard, number: str, code: str, kind: str, why: str) -> None:
    (id,) = bought(yard, "PO-1")
    yard.arrive(answer(number, code, kind=kind), "umbrella-in")
    assert state(yard, id) == "sent"
    assert yard.column("SELECT code FROM holds WHERE released_at IS NULL") == [why]


def test_a_second_answer_that_says_otherwise_changes_nothing(yard: Yard) -> None:
    (id,) = bought(yard, "PO-1")
    yard.arrive(answer("PO-1", "AP"), "umbrella-in")
    yard.arrive(answer("PO-1", "RE"), "umbrella-in")
    assert state(yard, id) == "accepted"
    assert yard.column("SELECT code FROM holds WHERE released_at IS NULL") == ["RCP-CONTRADICTION"]


def test_one_that_names_no_document_is_held(yard: Yard) -> None:
    bought(yard, "PO-1")
    body = answer("PO-1", "AP")
    start, end = body.index(b"<cac:DocumentResponse>"), body.index(b"</cac:DocumentResponse>") + 23
    yard.arrive(body[:start] + body[end:], "umbrella-in")
    assert yard.column("SELECT code FROM holds WHERE released_at IS NULL") == ["RCP-UNREADABLE"]


def test_partners_say_the_kind_by_its_code_and_lines_too() -> None:
    body = answer("I-1", "RE").replace(
        b"<cbc:DocumentType>Order</cbc:DocumentType>", b"<cbc:DocumentTypeCode>380</cbc:DocumentTypeCode>"
    )
    line = (
        b"<cac:LineResponse><cac:LineReference><cbc:LineID>2</cbc:LineID></cac:LineReference><cac:Response>"
        b"<cbc:ResponseCode>RE</cbc:ResponseCode><cbc:Description>Too many</cbc:Description></cac:Response>"
        b"</cac:LineResponse></cac:DocumentResponse>"
    )
    (found,) = read_application_response(decoded(body.replace(b"</cac:DocumentResponse>", line)))
    assert (found.document.type, found.references) == ("Invoice", ("I-1",))
    assert [(each.reference, each.text) for each in found.document.remarks] == [("2", "Too many")]
