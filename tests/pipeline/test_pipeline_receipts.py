"""Translate: what each interchange is answered with, to the letter, and what is released because of it."""

from __future__ import annotations

import pytest

from tests.pipeline.orders import broken, document, edifact, group, interchange, message, order, x12
from tests.pipeline.yard import GLOBEX, INITECH, Yard, control_number, segments

AB = [document(order("A"), 1), document(order("B"), 2)]


def answer(yard: Yard) -> bytes:
    """The one interchange that went back."""
    (body,) = yard.to("globex-out") + yard.to("initech-out")
    return body


# X12


def test_what_is_in_order_is_accepted_and_handled(yard: Yard) -> None:
    sent = yard.arrive(x12(7, order("A"), order("B")))
    assert yard.status(sent) == "translated"
    assert yard.statuses("interchanges") == ["accepted"]
    assert yard.statuses() == ["handled", "handled"]
    assert segments(answer(yard)) == [
        "ST*997*0001", "AK1*PO*7",
        "AK2*850*0001", "AK5*A",
        "AK2*850*0002", "AK5*A",
        "AK9*A*2*2*2", "SE*8*0001",
    ]  # fmt: skip
    (isa,) = segments(answer(yard), "ISA")
    assert isa.split("*")[5:9] == ["ZZ", "ACME           ", "ZZ", "GLOBEX         "]
    assert yard.erp() == [["A", "B"]]
    assert yard.nothing_left()


def test_one_bad_document_is_refused_with_its_places_and_stops_no_sibling(yard: Yard) -> None:
    sent = yard.arrive(x12(7, order("A"), broken("B"), order("C")))
    assert yard.status(sent) == "translated"
    assert yard.statuses("interchanges") == ["partial"]
    assert yard.statuses() == ["handled", "refused", "handled"]
    assert segments(answer(yard)) == [
        "ST*997*0001", "AK1*PO*7",
        "AK2*850*0001", "AK5*A",
        "AK2*850*0002", "AK3*PO1*4*PO1*8", "AK4*2*330*6*A DOZEN", "AK5*R*5",
        "AK2*850*0003", "AK5*A",
        "AK9*P*3*3*2", "SE*12*0001",
    ]  # fmt: skip
    assert yard.erp() == [["A", "C"]]


@pytest.mark.parametrize(
    ("version", "answered"),
    [("", "004010"), ("004010VICS", "004010VICS"), ("004010AND-MUCH-MORE", "004010")],
)
def test_the_answer_has_a_version_whatever_the_group_says(yard: Yard, version: str, answered: str) -> None:
    sent = yard.arrive(x12(7, order("A")).replace(b"*X*004010~", f"*X*{version}~".encode()))
    assert yard.status(sent) == "translated"
    (gs,) = segments(answer(yard), "GS")
    assert gs.endswith(f"*X*{answered}")
    assert segments(answer(yard), "AK9") == ["AK9*A*1*1*1"]


@pytest.mark.parametrize("version", [b"00401AND", b"4010", b"XXXXX", b"\xff0401"])
def test_the_answer_has_a_version_whatever_the_envelope_says(yard: Yard, version: bytes) -> None:
    sent = yard.arrive(x12(7, order("A")).replace(b"*00401*", b"*" + version + b"*"))
    assert yard.status(sent) == "refused"
    (isa,) = segments(answer(yard), "ISA")
    assert isa.split("*")[12] == "00401"
    assert segments(answer(yard), "TA1")[0].split("*")[4] == "R"


def test_a_document_in_a_group_that_it_does_not_belong_to_is_refused(yard: Yard) -> None:
    yard.arrive(x12(7, order("A")).replace(b"GS*PO*", b"GS*IN*"))
    assert segments(answer(yard), "AK1", "AK5") == ["AK1*IN*7", "AK5*R*6"]
    assert yard.issues(yard.inbound()) == ["X12-T06B"]


def test_all_bad_documents_are_a_refused_transmission(yard: Yard) -> None:
    sent = yard.arrive(x12(7, broken("A"), broken("B")))
    assert yard.status(sent) == "refused"
    assert yard.statuses("interchanges") == ["refused"]
    assert segments(answer(yard), "AK9") == ["AK9*R*2*2*0"]
    assert yard.erp() == []


def test_a_document_whose_own_count_is_wrong_is_refused_alone(yard: Yard) -> None:
    yard.arrive(interchange([group([document(order("A"), 1, count=99), document(order("B"), 2)], 7)], 7))
    assert yard.statuses() == ["refused", "handled"]
    assert segments(answer(yard), "AK2", "AK5", "AK9") == [
        "AK2*850*0001", "AK5*R*4", "AK2*850*0002", "AK5*A", "AK9*P*2*2*1",
    ]  # fmt: skip


def test_a_group_whose_count_is_wrong_is_refused_and_no_other(yard: Yard) -> None:
    wrong = group(AB, 7, count=3)
    right = group([document(order("C"), 1)], 8)
    yard.arrive(interchange([wrong, right], 7))
    assert yard.statuses("interchanges") == ["partial"]
    assert yard.statuses() == ["handled"]
    assert segments(answer(yard), "ST", "AK1", "AK9") == [
        "ST*997*0001", "AK1*PO*7", "AK9*R*3*2*0*5",
        "ST*997*0002", "AK1*PO*8", "AK9*A*1*1*1",
    ]  # fmt: skip
    assert yard.erp() == [["C"]]


def test_an_interchange_whose_count_is_wrong_releases_nothing(yard: Yard) -> None:
    sent = yard.arrive(interchange([group(AB, 7)], 7, count=2))
    assert yard.status(sent) == "refused"
    assert yard.statuses("interchanges") == ["refused"]
    assert segments(answer(yard)) == ["TA1*000000007*261120*0815*R*021"]
    assert [yard.count("documents", "direction = 'in'"), yard.count("orders")] == [0, 0]
    assert yard.nothing_left()


def test_where_no_ta1_is_agreed_a_997_refuses_the_interchange(yard: Yard) -> None:
    yard.agree(globex=GLOBEX.replace('["TA1", "997"]', '["997"]'))
    yard.arrive(interchange([group(AB, 7)], 7, count=2))
    assert segments(answer(yard), "AK1", "AK9") == ["AK1*PO*7", "AK9*R*2*2*0"]


def test_an_interchange_that_is_cut_off_releases_nothing(yard: Yard) -> None:
    whole = x12(7, order("A"), order("B"))
    sent = yard.arrive(whole[: whole.index(b"IEA*")])
    assert yard.status(sent) == "refused"
    assert segments(answer(yard)) == ["TA1*000000007*261120*0815*R*023"]
    assert yard.count("orders") == 0


def test_a_ta1_tells_of_acceptance_only_where_it_is_asked_for(yard: Yard) -> None:
    yard.arrive(x12(7, order("A"), ack=1))
    assert segments(answer(yard))[0] == "TA1*000000007*261120*0815*A*000"
    assert segments(answer(yard), "AK9") == ["AK9*A*1*1*1"]


def test_no_receipts_are_agreed_none_are_sent(yard: Yard) -> None:
    yard.agree(globex=GLOBEX.replace('acknowledgments = ["TA1", "997"]\nacknowledge_through = "globex-out"\n', ""))
    yard.arrive(x12(7, order("A"), broken("B")))
    assert yard.to("globex-out") == []
    assert yard.erp() == [["A"]]


@pytest.mark.parametrize(
    ("scope", "handled", "verdicts"),
    [
        ("document", ["A", "C"], ["AK9*P*2*2*1", "AK9*A*1*1*1"]),
        ("group", ["C"], ["AK9*R*2*2*0", "AK9*A*1*1*1"]),
        ("interchange", [], ["AK9*R*2*2*0", "AK9*R*1*1*0"]),
    ],
)
def test_the_reject_scope_decides_who_goes_down_with_a_bad_document(
    yard: Yard, scope: str, handled: list[str], verdicts: list[str]
) -> None:
    yard.agree(globex=f'{GLOBEX}reject = "{scope}"\n')
    first = group([document(order("A"), 1), document(broken("B"), 2)], 7)
    second = group([document(order("C"), 1)], 8)
    yard.arrive(interchange([first, second], 7))
    assert segments(answer(yard), "AK9") == verdicts
    assert yard.column("SELECT number FROM orders ORDER BY number") == handled
    assert yard.count("documents", "status = 'refused' AND direction = 'in'") == 3 - len(handled)
    assert yard.nothing_left()


def test_a_document_refused_for_its_sibling_says_so(yard: Yard) -> None:
    yard.agree(globex=f'{GLOBEX}reject = "interchange"\n')
    yard.arrive(x12(7, order("A"), broken("B")))
    assert yard.issues(yard.inbound(0)) == ["GTW-SIBLING"]
    assert "GTW-SIBLING" not in yard.issues(yard.inbound(1))


def test_an_agreement_may_weigh_an_issue_otherwise(yard: Yard) -> None:
    body = x12(7, order("A", item="X" * 49))  # an element of at most 48 characters
    yard.arrive(body)
    assert yard.statuses() == ["refused"]
    (code,) = yard.issues(yard.inbound())
    yard.agree(globex=f'{GLOBEX}severities = {{ "{code}" = "warning" }}\n')
    yard.arrive(body)
    assert yard.statuses() == ["refused", "handled"]
    assert segments(yard.to("globex-out")[1], "AK5", "AK9") == ["AK5*E*5", "AK9*E*1*1*1"]


def test_several_interchanges_in_one_transmission_are_answered_one_by_one(yard: Yard) -> None:
    bad = interchange([group(AB, 8)], 8, count=2)
    sent = yard.arrive(x12(7, order("A")) + b"\r\n" + bad + x12(9, broken("C"), order("D")))
    assert yard.status(sent) == "translated"
    assert yard.statuses("interchanges") == ["accepted", "refused", "partial"]
    answers = yard.to("globex-out")
    assert [segments(each, "TA1", "AK1", "AK9") for each in answers] == [
        ["AK1*PO*7", "AK9*A*1*1*1"],
        ["TA1*000000008*261120*0815*R*021"],
        ["AK1*PO*9", "AK9*P*2*2*1"],
    ]
    assert [control_number(each) for each in answers] == ["000000001", "000000002", "000000003"]
    assert yard.column("SELECT position FROM interchanges WHERE direction = 'in' ORDER BY id") == [1, 2, 3]
    assert yard.erp() == [["A"], ["D"]]


def test_a_999_is_sent_where_it_is_agreed_and_the_version_has_one(yard: Yard) -> None:
    yard.agree(globex=GLOBEX.replace('["TA1", "997"]', '["999"]').replace('"004010"', '"005010"'))
    body = x12(7, order("A"), broken("B"), version="005010").replace(b"*U*00401*", b"*^*00501*")
    yard.arrive(body)
    assert segments(answer(yard))[:1] == ["ST*999*0001"]
    assert segments(answer(yard), "AK1", "IK3", "IK4", "IK5", "AK9") == [
        "AK1*PO*7*005010", "IK5*A", "IK3*PO1*4*PO1*8", "IK4*2*380*6*A DOZEN", "IK5*R*5", "AK9*P*2*2*1",
    ]  # fmt: skip
    (gs,) = segments(answer(yard), "GS")
    assert gs.split("*")[1] == "FA"
    assert gs.split("*")[8] == "005010"


def test_receipts_are_not_answered(yard: Yard) -> None:
    agreement = GLOBEX[GLOBEX.index("[[agreement]]") :].replace('"850"', '"997"').replace("globex-orders", "globex-997")
    yard.agree(globex=GLOBEX + agreement)
    receipt = document(["AK1*PO*1", "AK9*A*1*1*1"], 1, type="997")
    inside = [segment.replace("GS*PO", "GS*FA") for segment in group([receipt], 7)]
    yard.arrive(interchange([inside], 7, ack=1))
    assert yard.to("globex-out") == []


# EDIFACT


def test_messages_in_order_get_a_contrl(yard: Yard) -> None:
    yard.arrive(edifact("4711", message("A", 1), message("B", 2)), "initech-in")
    assert yard.statuses() == ["handled", "handled"]
    assert segments(answer(yard)) == [
        "UNH+1+CONTRL:D:3:UN",
        "UCI+4711+5412345000013:14+5412345000020:14+7",
        "UCM+1+ORDERS:D:96A:UN:EAN008+7",
        "UCM+2+ORDERS:D:96A:UN:EAN008+7",
        "UNT+5+1",
    ]
    assert yard.erp() == [["A", "B"]]


def test_a_bad_message_is_refused_with_its_places(yard: Yard) -> None:
    yard.arrive(edifact("4711", message("A", 1, quantity="A DOZEN"), message("B", 2)), "initech-in")
    assert yard.statuses() == ["refused", "handled"]
    assert segments(answer(yard), "UCI", "UCM", "UCS", "UCD") == [
        "UCI+4711+5412345000013:14+5412345000020:14+7",
        "UCM+1+ORDERS:D:96A:UN:EAN008+4",
        "UCS+9",
        "UCD+37+2:2",
        "UCM+2+ORDERS:D:96A:UN:EAN008+7",
    ]


def test_a_message_whose_own_count_is_wrong_is_refused_alone(yard: Yard) -> None:
    yard.arrive(edifact("4711", message("A", 1, count=99), message("B", 2)), "initech-in")
    assert yard.statuses() == ["refused", "handled"]
    assert segments(answer(yard), "UCM") == [
        "UCM+1+ORDERS:D:96A:UN:EAN008+4+29+UNT+2",
        "UCM+2+ORDERS:D:96A:UN:EAN008+7",
    ]


def test_an_edifact_interchange_whose_count_is_wrong_releases_nothing(yard: Yard) -> None:
    sent = yard.arrive(edifact("4711", message("A", 1), count=2), "initech-in")
    assert yard.status(sent) == "refused"
    (uci,) = segments(answer(yard), "UCI")
    assert uci.startswith("UCI+4711+5412345000013:14+5412345000020:14+4+29")
    assert segments(answer(yard), "UCM") == []
    assert yard.count("orders") == 0


def test_the_reject_scope_of_edifact(yard: Yard) -> None:
    yard.agree(initech=f'{INITECH}reject = "interchange"\n')
    yard.arrive(edifact("4711", message("A", 1), message("B", 2, quantity="A DOZEN")), "initech-in")
    assert [ucm.split("+")[3] for ucm in segments(answer(yard), "UCM")] == ["4", "4"]
    assert yard.count("orders") == 0
