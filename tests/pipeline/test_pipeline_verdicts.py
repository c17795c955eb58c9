"""824 and APERAK: the partner hears what became of each document, once that is decided."""

from __future__ import annotations

import pytest

from gateway.expectations import cancel
from gateway.store import Database
from tests.pipeline.orders import broken, edifact, message, order, x12
from tests.pipeline.outgoing import functional, sent
from tests.pipeline.yard import AT, GLOBEX, INITECH, Yard, segments


@pytest.fixture
def yard(database: Database) -> Yard:
    yard = Yard(database)
    yard.agree(
        globex=GLOBEX.replace('["TA1", "997"]', '["997", "824"]'),
        initech=INITECH.replace('["CONTRL"]', '["CONTRL", "APERAK"]'),
    )
    return yard


def verdicts(yard: Yard, door: str = "globex-out") -> list[list[str]]:
    """The segments of each 824 and APERAK, without the first and the last."""
    bodies = [segments(body) for body in yard.to(door)]
    return [body[1:-1] for body in bodies if body[0].startswith(("ST*824", "UNH+1+APERAK"))]


def test_each_order_that_is_handled_is_accepted_by_an_824(yard: Yard) -> None:
    yard.arrive(x12(7, order("A"), order("B")))
    number = yard.inbound().id
    today = "20260921"
    assert verdicts(yard)[0] == [f"BGN*11*doc_{number}*{today}", "OTI*TA*PO*A*****7*0001*850*004010"]
    assert [body[1] for body in verdicts(yard)] == [
        "OTI*TA*PO*A*****7*0001*850*004010",
        "OTI*TA*PO*B*****7*0002*850*004010",
    ]
    assert yard.nothing_left()
    assert yard.column("SELECT DISTINCT parent_id FROM documents WHERE type = '824' ORDER BY 1") == [
        yard.inbound(0).id,
        yard.inbound(1).id,
    ]


def test_it_stands_in_a_group_of_its_own_kind(yard: Yard) -> None:
    yard.arrive(x12(7, order("A")))
    body = next(body for body in yard.to("globex-out") if b"ST*824" in body)
    assert segments(body, "GS")[0].split("*")[1] == "AG"


def test_what_the_syntax_refuses_is_told_by_the_997_alone(yard: Yard) -> None:
    yard.arrive(x12(7, broken("A")))
    assert verdicts(yard) == []


def test_while_a_document_is_held_nothing_is_said_and_when_it_is_cancelled_it_is_refused(yard: Yard) -> None:
    yard.arrive(x12(7, order("A")))
    yard.arrive(x12(8, order("A", quantity=99)))
    assert len(verdicts(yard)) == 1
    cancel(yard.database, yard.inbound(1), "operator", AT)
    yard.work()
    _, oti, ted = verdicts(yard)[1]
    assert oti == "OTI*TR*PO*A*****8*0001*850*004010"
    assert ted == "TED*DUP*Order A of globex exists with other content."
    assert yard.nothing_left()


def test_a_repeat_of_the_interchange_repeats_the_997_and_not_the_824(yard: Yard) -> None:
    yard.arrive(x12(7, order("A")))
    yard.arrive(x12(7, order("A")))
    assert len(verdicts(yard)) == 1
    assert len(yard.to("globex-out")) == 3


def test_an_aperak_says_the_same_in_edifact(yard: Yard) -> None:
    yard.arrive(edifact("4711", message("PO-1", 1)), "initech-in")
    number = yard.inbound().id
    assert verdicts(yard, "initech-out") == [
        [
            f"BGM++doc_{number}+11+AP",
            "DTM+137:20260921:102",
            "RFF+ALL:4711",
            "RFF+ACW:1",
            "RFF+ON:PO-1",
        ]
    ]


def test_where_nobody_asks_for_it_nothing_is_made(database: Database) -> None:
    yard = Yard(database)
    yard.arrive(x12(7, order("A")))
    yard.arrive(x12(8, order("A", quantity=99)))
    cancel(yard.database, yard.inbound(1), "operator", AT)
    assert yard.nothing_left()
    assert verdicts(yard) == []


def test_what_becomes_of_a_receipt_is_never_told(yard: Yard) -> None:
    yard.arrive(functional(7, ["AK1*PO*41", "AK9*A*1*1*1"]))
    cancel(yard.database, yard.inbound(), "operator", AT)
    yard.work()
    assert yard.status(yard.inbound()) == "cancelled"
    assert yard.sent == []
    assert yard.nothing_left()


# And read back


def test_an_824_that_comes_in_rejects_what_a_997_accepted(yard: Yard) -> None:
    documents = sent(yard, 41, awaited=("997", "824"))
    yard.arrive(
        x12_824("OTI*TA*TN*x*****41*0001*855*004010", "OTI*TR*TN*x*****41*0002*855*004010", "TED*024*No such line")
    )
    assert [yard.status(each) for each in documents] == ["accepted", "rejected"]
    (text,) = yard.column("SELECT data FROM issues WHERE document_id = :i AND code = 'RCP-SEGMENT'", i=documents[1].id)
    assert "No such line" in text
    assert yard.column("SELECT kind || ' ' || state FROM expectations ORDER BY id") == [
        "997 open", "824 resolved", "997 open", "824 resolved",
    ]  # fmt: skip


def test_an_824_that_comes_in_is_answered_only_by_an_agreement_of_its_own(yard: Yard) -> None:
    documents = sent(yard, 41)
    yard.arrive(x12_824("OTI*TA*TN*x*****41*0001*855*004010"))
    assert yard.to("globex-out") == []
    agreement = GLOBEX[GLOBEX.index("[[agreement]]") :].replace("globex-orders", "globex-824").replace('"850"', '"824"')
    yard.agree(globex=GLOBEX + agreement.replace('mapping = "x12/850"\n', ""))
    yard.arrive(x12_824("OTI*TA*TN*x*****41*0002*855*004010", control=10))
    assert [yard.status(each) for each in documents] == ["accepted", "accepted"]
    assert [segments(body, "AK1") for body in yard.to("globex-out")] == [["AK1*AG*9"]]


def test_an_824_may_name_a_document_by_its_own_number(yard: Yard) -> None:
    documents = sent(yard, 41)
    yard.arrive(x12_824("OTI*TR*PO*41-2"))
    assert [yard.status(each) for each in documents] == ["sent", "rejected"]


def test_an_aperak_that_comes_in_names_message_and_interchange(yard: Yard) -> None:
    documents = sent(yard, 41, standard="edifact", awaited=("APERAK",))
    body = [
        "UNH+1+APERAK:D:96A:UN",
        "BGM+++11+RE",
        "RFF+ALL:41",
        "RFF+ACW:2",
        "ERC+STATE",
        "FTX+AAO+++Too late",
        "UNT+7+1",
    ]
    head = "UNB+UNOC:3+5412345000013:14+5412345000020:14+261120:0822+9'"
    yard.arrive(f"{head}{''.join(f'{each}~' for each in body).replace('~', chr(39))}UNZ+1+9'".encode(), "initech-in")
    assert [yard.status(each) for each in documents] == ["sent", "rejected"]


def x12_824(*body: str, control: int = 9) -> bytes:
    from tests.pipeline.orders import document, group, interchange

    inside = document(["BGN*11*X*20261120", *body], 1, type="824")
    return interchange([[line.replace("GS*PO", "GS*AG") for line in group([inside], 9)]], control)
