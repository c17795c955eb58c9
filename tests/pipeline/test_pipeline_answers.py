"""Receipts that come in: each finds the documents that it answers, and decides what became of them."""

from __future__ import annotations

import importlib
import json

import pytest

from gateway.core.errors import StoreError
from gateway.expectations import cancel, overdue, release, resend
from gateway.store import Claim, ConflictError, Database, Step, claim, commit
from gateway.store.ids import Reference, parse
from gateway.store.timeline import timeline
from gateway.work import Worker
from tests.pipeline.orders import document, group, interchange, order
from tests.pipeline.outgoing import HOUR, RESPONSES, contrl, functional, sent, ta1
from tests.pipeline.yard import AT, GLOBEX, Yard

commit_module = importlib.import_module("gateway.store.commit")

YES = ["AK1*PR*41", "AK9*A*2*2*2"]
NO = ["AK1*PR*41", "AK9*R*2*2*0*5"]


@pytest.fixture
def yard(database: Database) -> Yard:
    yard = Yard(database)
    # No inbound agreement at all with this party: the outbound one lets receipts in.
    yard.agree(globex=GLOBEX[: GLOBEX.index("[[agreement]]")] + RESPONSES)
    return yard


def only(yard: Yard, where: str = "type = '997'") -> Reference:
    """The receipt."""
    return Reference("document", yard.one(f"SELECT id FROM documents WHERE direction = 'in' AND {where}"))


def transmission(yard: Yard, document: Reference) -> str:
    sql = "SELECT t.status FROM transmissions t JOIN documents d ON d.transmission_id = t.id WHERE d.id = :i"
    return str(yard.one(sql, i=document.id))


def awaited(yard: Yard) -> list[str]:
    return yard.column("SELECT state FROM expectations ORDER BY id")


def told(yard: Yard, document: Reference) -> list[str]:
    """The sentences of the issues on a document."""
    rows = yard.column("SELECT data FROM issues WHERE document_id = :i ORDER BY id", i=document.id)
    return [json.loads(row)["text"] for row in rows]


# What a 997 does


def test_a_yes_accepts_every_document_of_the_group(yard: Yard) -> None:
    documents = sent(yard, 41)
    arrived = yard.arrive(functional(7, YES))
    assert [yard.status(each) for each in documents] == ["accepted", "accepted"]
    assert transmission(yard, documents[0]) == "accepted"
    assert awaited(yard) == ["resolved", "resolved"]
    assert yard.column("SELECT DISTINCT resolved_by FROM expectations") == [arrived.id]
    assert yard.status(arrived) == "translated"
    assert yard.status(only(yard)) == "handled"
    assert yard.column("SELECT status FROM interchanges WHERE direction = 'out'") == ["accepted"]
    assert yard.nothing_left()
    assert yard.sent == []


def test_each_document_has_its_own_verdict(yard: Yard) -> None:
    documents = sent(yard, 41)
    body = [
        "AK1*PR*41",
        "AK2*855*0001",
        "AK5*A",
        "AK2*855*0002",
        "AK3*BAK*2**8",
        "AK4*3*324*1",
        "AK5*R*5",
        "AK9*P*2*2*1",
    ]
    yard.arrive(functional(7, body))
    assert [yard.status(each) for each in documents] == ["accepted", "rejected"]
    assert transmission(yard, documents[0]) == "accepted"
    assert awaited(yard) == ["resolved", "resolved"]
    assert yard.column("SELECT status FROM interchanges WHERE direction = 'out'") == ["partial"]


def test_what_it_finds_fault_with_is_kept_in_words_at_its_place(yard: Yard) -> None:
    (document,) = sent(yard, 41, 1)
    body = ["AK1*PR*41", "AK2*855*0001", "AK3*PO1*4*PO1*8", "AK4*3*355*7*DOZ", "AK3*CTT*9**3", "AK5*R*5", "AK9*P*1*1*0"]
    yard.arrive(functional(7, body))
    assert told(yard, document) == [
        'globex says in 997 of PO103 (Unit or Basis for Measurement Code) "DOZ": the code is not valid (7).',
        "globex says in 997 of CTT: the segment is missing (3).",
    ]
    row = json.loads(yard.column("SELECT data FROM issues ORDER BY id")[0])
    assert row["location"] == {"segment": 4, "tag": "PO1", "loop": "PO1", "element": 3, "reference": "355"}
    (reason,) = yard.column("SELECT reason FROM documents WHERE direction = 'out'")
    assert reason == f"{told(yard, document)[0]} PO1 (segment 4), element 3 [355], loop PO1."


def test_a_refusal_without_reasons_says_so(yard: Yard) -> None:
    (document,) = sent(yard, 41, 1)
    yard.arrive(functional(7, ["AK1*PR*41", "AK9*R*1*1*0"]))
    assert told(yard, document) == ["globex says in 997: no reason is given (R)."]


def test_errors_that_are_noted_do_not_refuse(yard: Yard) -> None:
    (document,) = sent(yard, 41, 1)
    yard.arrive(functional(7, ["AK1*PR*41", "AK2*855*1", "AK3*PO1*4**8", "AK4*3**7*DOZ", "AK5*E*5", "AK9*E*1*1*1"]))
    assert yard.status(document) == "accepted"
    sql = "SELECT code || ' ' || severity FROM issues WHERE document_id = :i"
    assert yard.column(sql, i=document.id) == ["RCP-ELEMENT warning"]


def test_a_refusal_is_alerted_once(yard: Yard) -> None:
    documents = sent(yard, 41)
    yard.arrive(functional(7, NO))
    yard.arrive(functional(8, NO))
    (alert,) = yard.column("SELECT data FROM events WHERE name = 'documents.rejected'")
    names = [str(each) for each in documents]
    assert json.loads(alert) == {"party": "globex", "receipt": "997", "count": 2, "about": names}
    assert told(yard, documents[0]) == ["globex says in 997: the number of documents in the group is not right (5)."]


@pytest.mark.parametrize("type", ["997", "999"])
def test_a_999_is_taken_for_a_997(yard: Yard, type: str) -> None:
    (document,) = sent(yard, 41, 1)
    segment, element, end = ("AK3", "AK4", "AK5") if type == "997" else ("IK3", "IK4", "IK5")
    body = ["AK1*PR*41", "AK2*855*0001", f"{segment}*PO1*4**8", f"{element}*3**7*DOZ", f"{end}*R*5", "AK9*R*1*1*0"]
    yard.arrive(functional(7, body, type=type))
    assert yard.status(document) == "rejected"
    assert told(yard, document) == [
        f'globex says in {type} of PO103 (Unit or Basis for Measurement Code) "DOZ": the code is not valid (7).'
    ]
    assert awaited(yard) == ["resolved"]


# Which interchange it answers


def test_only_the_interchange_with_the_number_is_answered(yard: Yard) -> None:
    others, documents = sent(yard, 40), sent(yard, 41)
    yard.arrive(functional(7, YES))
    assert [yard.status(each) for each in others] == ["sent", "sent"]
    assert [yard.status(each) for each in documents] == ["accepted", "accepted"]


def test_several_receipts_in_one_file_answer_one_interchange_each(yard: Yard) -> None:
    first, second = sent(yard, 40, 1), sent(yard, 41, 1)
    yard.arrive(functional(7, ["AK1*PR*40", "AK9*A*1*1*1"], ["AK1*PR*41", "AK9*R*1*1*0"]))
    assert [yard.status(each) for each in (*first, *second)] == ["accepted", "rejected"]


def test_numbers_are_counted_for_each_pair_of_identities(yard: Yard) -> None:
    (other,) = sent(yard, 41, 1, receiver="01:GLOBEX-WEST")
    (document,) = sent(yard, 41, 1)
    yard.arrive(functional(7, ["AK1*PR*41", "AK9*A*1*1*1"]))
    assert (yard.status(document), yard.status(other)) == ("accepted", "sent")


def test_a_number_that_leaves_a_doubt_is_held(yard: Yard) -> None:
    documents = sent(yard, 41, 1, receiver="01:EAST") + sent(yard, 41, 1, receiver="01:WEST")
    yard.arrive(functional(7, ["AK1*PR*41", "AK9*A*1*1*1"]))
    assert [yard.status(each) for each in documents] == ["sent", "sent"]
    assert yard.status(only(yard)) == "held"


def test_a_number_that_was_never_sent_is_held_and_says_so(yard: Yard) -> None:
    yard.arrive(functional(7, YES))
    assert yard.status(only(yard)) == "held"
    (text,) = yard.column("SELECT text FROM holds")
    assert text.startswith("The 997 answers group 41, which was never sent to globex.")


def test_once_it_is_known_the_receipt_is_released(yard: Yard) -> None:
    yard.arrive(functional(7, YES))
    documents = sent(yard, 41)
    release(yard.database, only(yard), "operator", AT)
    yard.work()
    assert [yard.status(each) for each in documents] == ["accepted", "accepted"]
    assert yard.status(only(yard)) == "handled"


def test_a_number_that_was_cancelled_is_held(yard: Yard) -> None:
    sent(yard, 41, status="cancelled")
    yard.arrive(functional(7, YES))
    assert yard.issues(only(yard)) == ["RCP-VOID"]
    cancel(yard.database, only(yard), "operator", AT)
    assert yard.status(only(yard)) == "cancelled"


def test_a_document_that_was_not_in_it_is_told(yard: Yard) -> None:
    (document,) = sent(yard, 41, 1)
    yard.arrive(functional(7, ["AK1*PR*41", "AK2*855*0009", "AK5*R", "AK2*855*0001", "AK5*A", "AK9*P*1*1*1"]))
    assert yard.status(document) == "accepted"
    assert yard.issues(only(yard)) == ["RCP-OTHER"]


# Counts


def test_where_the_partner_counted_fewer_only_what_it_names_is_sure(yard: Yard) -> None:
    documents = sent(yard, 41)
    yard.arrive(functional(7, ["AK1*PR*41", "AK2*855*0001", "AK5*A", "AK9*A*1*1*1"]))
    assert [yard.status(each) for each in documents] == ["accepted", "sent"]
    assert awaited(yard) == ["resolved", "open"]
    assert transmission(yard, documents[0]) == "delivered"
    assert yard.issues(only(yard)) == ["RCP-COUNT"]


def test_a_wrong_count_of_accepted_documents_is_told(yard: Yard) -> None:
    documents = sent(yard, 41)
    yard.arrive(functional(7, ["AK1*PR*41", "AK9*A*2*2*1"]))
    assert [yard.status(each) for each in documents] == ["accepted", "accepted"]
    assert yard.issues(only(yard)) == ["RCP-COUNT"]


# A second receipt


def test_the_same_verdict_again_changes_nothing(yard: Yard) -> None:
    sent(yard, 41)
    yard.arrive(functional(7, YES))
    yard.arrive(functional(8, YES))
    assert yard.statuses() == ["handled", "handled"]
    assert yard.count("events", "name = 'document.accepted'") == 2


@pytest.mark.parametrize(("first", "second"), [(YES, NO), (NO, YES)])
def test_another_verdict_is_held_and_holds_once_it_is_released(yard: Yard, first: list[str], second: list[str]) -> None:
    documents = sent(yard, 41)
    yard.arrive(functional(7, first))
    before = [yard.status(each) for each in documents]
    yard.arrive(functional(8, second))
    assert [yard.status(each) for each in documents] == before
    held = only(yard, "status = 'held'")
    assert yard.issues(held) == ["RCP-CONTRADICTION"]
    release(yard.database, held, "operator", AT)
    yard.work()
    assert {yard.status(each) for each in documents}.isdisjoint(before)
    assert transmission(yard, documents[0]) not in before


def test_after_it_was_sent_again_the_new_verdict_holds(yard: Yard) -> None:
    documents = sent(yard, 41)
    yard.arrive(functional(7, NO))
    resend(yard.database, documents[0], "operator", AT)
    assert [yard.status(each) for each in documents] == ["composed", "composed"]
    assert awaited(yard) == ["resolved", "resolved", "open", "open"]
    yard.work()
    assert [yard.status(each) for each in documents] == ["sent", "sent"]
    yard.arrive(functional(8, YES))
    assert [yard.status(each) for each in documents] == ["accepted", "accepted"]
    assert transmission(yard, documents[0]) == "accepted"


def test_what_an_operator_ended_stays_ended_and_keeps_no_sibling_from_its_verdict(yard: Yard) -> None:
    documents = sent(yard, 41)
    yard.arrive(functional(7, ["AK1*PR*41", "AK2*855*0001", "AK5*R*5", "AK9*P*1*1*0"]))
    assert [yard.status(each) for each in documents] == ["rejected", "sent"]
    cancel(yard.database, documents[0], "operator", AT)
    yard.arrive(functional(8, YES))
    assert [yard.status(each) for each in documents] == ["cancelled", "accepted"]
    assert transmission(yard, documents[0]) == "accepted"
    assert yard.statuses() == ["handled", "handled"]


def test_a_receipt_may_be_quicker_than_the_end_of_the_delivery(yard: Yard) -> None:
    documents = sent(yard, 41, status="composed")
    yard.arrive(functional(7, YES))
    assert [yard.status(each) for each in documents] == ["accepted", "accepted"]
    assert transmission(yard, documents[0]) == "composed"


# What cannot be taken for a verdict


@pytest.mark.parametrize("body", [["AK1*PR*41", "AK9*Q*2*2*2"], ["AK1*PR*41", "AK9*P*2*2*1"]])
def test_a_verdict_that_is_none_is_held(yard: Yard, body: list[str]) -> None:
    documents = sent(yard, 41)
    yard.arrive(functional(7, body))
    assert [yard.status(each) for each in documents] == ["sent", "sent"]
    assert yard.issues(only(yard))[-1] == "RCP-UNCLEAR"
    assert awaited(yard) == ["open", "open"]


@pytest.mark.parametrize("body", [["AK9*A*2*2*2"], ["AK1*PR", "AK9*A*2*2*2"], ["BEG*00"]])
def test_one_that_names_nothing_is_held(yard: Yard, body: list[str]) -> None:
    yard.arrive(functional(7, body))
    assert yard.status(only(yard)) == "held"
    assert yard.column("SELECT code FROM holds") == ["RCP-UNREADABLE"]


def test_a_damaged_one_is_held_and_held_again(yard: Yard) -> None:
    sent(yard, 41)
    yard.arrive(functional(7, YES).replace(b"SE*4", b"SE*5"))
    assert yard.status(only(yard)) == "held"
    release(yard.database, only(yard), "operator", AT)
    yard.work()
    assert yard.status(only(yard)) == "held"


@pytest.mark.parametrize(("right", "wrong"), [(b"IEA*1", b"IEA*2"), (b"GE*1", b"GE*2")])
def test_receipts_in_an_envelope_that_does_not_hold_are_held_and_not_lost(
    yard: Yard, right: bytes, wrong: bytes
) -> None:
    documents = sent(yard, 41)
    arrived = yard.arrive(functional(7, YES).replace(right, wrong))
    assert yard.status(arrived) == "held"
    assert yard.column("SELECT code FROM holds") == ["RCP-UNREADABLE"]
    assert [yard.status(each) for each in documents] == ["sent", "sent"]
    cancel(yard.database, arrived, "operator", AT)
    assert yard.nothing_left()


def test_what_is_wrong_with_the_receipt_itself_is_noted_and_it_is_read(yard: Yard) -> None:
    (document,) = sent(yard, 41, 1)
    yard.arrive(functional(7, ["AK1*PR*41", "AK9*A*1*1*1*****X*Y*Z"]))
    assert yard.status(document) == "accepted"
    assert set(yard.column("SELECT severity FROM issues")) == {"warning"}


# TA1


def test_a_ta1_that_accepts_says_that_the_interchange_arrived(yard: Yard) -> None:
    documents = sent(yard, 41, awaited=("TA1", "997"))
    yard.arrive(ta1(7, "TA1*000000041*261120*0815*A*000"))
    assert [yard.status(each) for each in documents] == ["sent", "sent"]
    assert awaited(yard) == ["resolved", "open", "resolved", "open"]


def test_a_ta1_that_rejects_rejects_everything(yard: Yard) -> None:
    documents = sent(yard, 41, awaited=("TA1", "997"))
    yard.arrive(ta1(7, "TA1*000000041*261120*0815*R*009"))
    assert [yard.status(each) for each in documents] == ["rejected", "rejected"]
    assert transmission(yard, documents[0]) == "rejected"
    assert awaited(yard) == ["resolved", "waived", "resolved", "waived"]
    assert told(yard, documents[0]) == ["globex says in TA1: the receiver is not known (009)."]


def test_each_ta1_of_a_file_counts(yard: Yard) -> None:
    first, second = sent(yard, 40, 1, awaited=["TA1"]), sent(yard, 41, 1, awaited=["TA1"])
    yard.arrive(ta1(7, "TA1*000000040*261120*0815*A*000", "TA1*000000041*261120*0815*R*025"))
    assert [yard.status(each) for each in (*first, *second)] == ["sent", "rejected"]
    assert yard.column("SELECT type FROM documents WHERE direction = 'in' ORDER BY position") == ["TA1", "TA1"]


def test_a_ta1_for_nothing_is_held(yard: Yard) -> None:
    yard.arrive(ta1(7, "TA1"))
    assert yard.status(only(yard, "type = 'TA1'")) == "held"


# CONTRL

UCI = "UCI+41+5412345000020:14+5412345000013:14"


def test_a_contrl_accepts_and_rejects_message_by_message(yard: Yard) -> None:
    body = b"UNB+UNOC:3+A+B+261120:0822+41'UNH+1+ORDRSP:D:96A:UN'BGM+231+X+29'UNT+3+1'UNZ+1+41'"
    documents = sent(yard, 41, standard="edifact", awaited=["CONTRL"], body=body)
    message = "ORDRSP:D:96A:UN"
    yard.arrive(
        contrl("7", f"{UCI}+7", f"UCM+1+{message}+4", "UCS+2", "UCD+12+2:1", f"UCM+2+{message}+7"), "initech-in"
    )
    assert [yard.status(each) for each in documents] == ["rejected", "accepted"]
    assert told(yard, documents[0]) == [
        'initech says in CONTRL of BGM01-1 (Document/message name, coded) "231": the value is not valid (12).'
    ]
    assert awaited(yard) == ["resolved", "resolved"]


def test_a_contrl_that_says_received_is_no_verdict(yard: Yard) -> None:
    documents = sent(yard, 41, standard="edifact", awaited=["CONTRL"])
    yard.arrive(contrl("7", f"{UCI}+8"), "initech-in")
    assert [yard.status(each) for each in documents] == ["sent", "sent"]
    assert awaited(yard) == ["resolved", "resolved"]
    yard.arrive(contrl("8", f"{UCI}+4+28"), "initech-in")
    assert [yard.status(each) for each in documents] == ["rejected", "rejected"]
    assert told(yard, documents[0]) == ["initech says in CONTRL: the references at both ends differ (28)."]


# Who lets it in


def test_without_any_agreement_of_the_two_it_waits_for_one(yard: Yard) -> None:
    yard.agree(globex=GLOBEX[: GLOBEX.index("[[agreement]]")])
    arrived = yard.arrive(functional(7, YES))
    assert yard.status(arrived) == "held"
    assert yard.column("SELECT code FROM holds") == ["GTW-AGREEMENT"]


def test_a_receipt_may_come_beside_documents_that_are_answered(yard: Yard) -> None:
    yard.agree(globex=GLOBEX + RESPONSES)
    documents = sent(yard, 41)
    receipts = [segment.replace("GS*PO", "GS*FA") for segment in group([document(YES, 1, type="997")], 8)]
    yard.arrive(interchange([receipts, group([document(order("A"), 1)], 9)], 7))
    assert [yard.status(each) for each in documents] == ["accepted", "accepted"]
    (answer,) = yard.to("globex-out")
    assert b"AK1*PO*9" in answer
    assert b"AK1*FA" not in answer


def test_a_receipt_marked_otherwise_than_what_it_answers_is_taken(yard: Yard) -> None:
    documents = sent(yard, 41)
    yard.arrive(functional(7, YES, usage="T"))
    assert [yard.status(each) for each in documents] == ["accepted", "accepted"]


def test_an_inbound_agreement_on_the_receipt_is_no_hindrance(yard: Yard) -> None:
    agreement = GLOBEX[GLOBEX.index("[[agreement]]") :].replace('"850"', '"997"').replace("globex-orders", "globex-997")
    yard.agree(globex=GLOBEX + agreement.replace('mapping = "x12/850"\n', ""))
    documents = sent(yard, 41)
    yard.arrive(functional(7, YES))
    assert [yard.status(each) for each in documents] == ["accepted", "accepted"]


# What is seen


def test_a_late_receipt_says_so(yard: Yard) -> None:
    sent(yard, 41, due=-HOUR)
    overdue(yard.database, AT)
    yard.arrive(functional(7, YES))
    assert awaited(yard) == ["resolved late", "resolved late"]


def test_the_story_of_each_side_shows_the_other(yard: Yard) -> None:
    documents = sent(yard, 41)
    arrived = yard.arrive(functional(7, YES))
    ours = timeline(yard.database, documents[0])
    assert arrived.id in [row["id"] for row in ours.transmissions]
    assert only(yard).id in [row["id"] for row in ours.documents]
    assert "document.accepted" in [row["name"] for row in ours.events]
    theirs = timeline(yard.database, arrived)
    assert "interchange.answered" in [row["name"] for row in theirs.events]
    assert yard.one("SELECT interchange_id FROM documents WHERE id = :i", i=documents[0].id) in [
        row["id"] for row in theirs.interchanges
    ]
    data = json.loads(next(row["data"] for row in ours.events if row["name"] == "document.accepted"))
    assert parse(data["by"]) == only(yard)


def test_what_a_receipt_does_is_one_commit(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fails at its end, nothing of it is done; and done once when it is tried again."""
    documents = sent(yard, 41)
    real, failures = commit_module.note_arrivals, [StoreError("the disk is full")]

    def failing(*given: object) -> None:
        if yard.count("events", "name = 'document.ready'") and failures:
            raise failures.pop()
        real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(commit_module, "note_arrivals", failing)
    yard.put(functional(7, NO))
    with pytest.raises(StoreError):
        yard.work()
    assert [yard.status(each) for each in documents] == ["sent", "sent"]
    assert awaited(yard) == ["open", "open"]
    sweep_all(yard)
    yard.work()
    assert [yard.status(each) for each in documents] == ["rejected", "rejected"]
    assert yard.count("events", "name = 'documents.rejected'") == 1


def sweep_all(yard: Yard) -> None:
    """Whatever a worker left behind is ready again."""
    with yard.database.write() as connection:
        connection.exec_driver_sql("UPDATE work SET state = 0, owner = NULL, until = NULL")


def test_two_workers_with_a_receipt_on_half_of_it_each_answer_the_whole(yard: Yard) -> None:
    documents = sent(yard, 41)
    for control, number in ((7, "0001"), (8, "0002")):
        yard.put(functional(control, ["AK1*PR*41", f"AK2*855*{number}", "AK5*A", "AK9*P*1*1*1"]))
    translate, handle, *_ = yard.processors()
    Worker(yard.database, [translate]).run_until_idle()
    hands = {owner: claim(yard.database, owner, Claim((Step.HANDLE,), limit=1)) for owner in ("one", "other")}
    results = {owner: handle.run(handle.load(yard.database, items)) for owner, items in hands.items()}
    commit(yard.database, results["one"].changes, owner="one", finished=hands["one"])
    with pytest.raises(ConflictError):
        commit(yard.database, results["other"].changes, owner="other", finished=hands["other"])
    again = handle.run(handle.load(yard.database, hands["other"]))
    commit(yard.database, again.changes, owner="other", finished=hands["other"])
    assert [yard.status(each) for each in documents] == ["accepted", "accepted"]
    assert yard.column("SELECT status FROM interchanges WHERE direction = 'out'") == ["accepted"]
    assert transmission(yard, documents[0]) == "accepted"
