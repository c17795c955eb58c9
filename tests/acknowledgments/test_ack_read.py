"""Receipts of partners, as exact and as careless as they come, become outcomes."""

from __future__ import annotations

import pytest

from gateway.acknowledgments import Remark, Status, read_997, read_contrl, read_ta1
from tests.acknowledgments.verdicts import PLUS, STARS


def x12(*lines: str):
    return read_997([line.split("*") for line in lines], STARS)


def edifact(*lines: str):
    return read_contrl([line.split("+") for line in lines], PLUS)


class TestTa1:
    def test_it_names_interchange_status_and_code(self):
        outcome = read_ta1(["TA1", "000000042", "240131", "1200", "R", "021"])
        assert (outcome.control_number, outcome.status, outcome.codes) == ("000000042", Status.REJECTED, ("021",))
        assert (outcome.date, outcome.time) == ("240131", "1200")

    @pytest.mark.parametrize(
        ("code", "status"),
        [("A", Status.ACCEPTED), ("E", Status.ACCEPTED_WITH_ERRORS), ("R", Status.REJECTED), ("Y", Status.UNKNOWN)],
    )
    def test_every_status(self, code, status):
        assert read_ta1(["TA1", "42", "", "", code, "000"]).status is status

    def test_no_error_is_no_code(self):
        assert read_ta1(["TA1", "42", "240131", "1200", "A", "000"]).codes == ()

    def test_one_that_was_cut_short_is_no_yes(self):
        assert read_ta1(["TA1", "42"]).status is Status.UNKNOWN


class Test997:
    def test_a_whole_one(self):
        outcome = x12(
            "ST*997*0001",
            "AK1*PO*7",
            "AK2*850*0001",
            "AK3*PO1*6*PO1*8",
            "AK4*3:2*355*7*QQ",
            "AK3*CTT*9**3",
            "AK5*R*5",
            "AK2*850*0002",
            "AK5*A",
            "AK9*P*2*2*1",
            "SE*11*0001",
        )
        assert (outcome.functional_id, outcome.control_number, outcome.status) == ("PO", "7", Status.PARTIAL)
        assert (outcome.included, outcome.received, outcome.accepted) == (2, 2, 1)
        first, second = outcome.documents
        assert (first.control_number, first.status, first.codes) == ("0001", Status.REJECTED, ("5",))
        assert first.remarks == (
            Remark("7", "PO1", 6, "PO1", element=3, component=2, reference="355", value="QQ"),
            Remark("3", "CTT", 9),
        )
        assert second.status is Status.ACCEPTED

    def test_a_document_that_is_not_listed_follows_its_group(self):
        assert x12("AK1*PO*7", "AK9*A*2*2*2").status_of("0001") is Status.ACCEPTED
        assert x12("AK1*PO*7", "AK9*R*2*2*0*5").status_of("0001") is Status.REJECTED

    def test_in_a_partly_accepted_group_the_rejected_are_listed(self):
        partial = x12("AK1*PO*7", "AK2*850*0001", "AK5*R*5", "AK9*P*2*2*1")
        assert partial.status_of("0001") is Status.REJECTED
        assert partial.status_of("0002") is Status.ACCEPTED

    def test_when_nothing_is_listed_nobody_can_tell(self):
        assert x12("AK1*PO*7", "AK9*P*2*2*1").status_of("0001") is Status.UNKNOWN

    def test_a_refused_group_outweighs_an_accepted_document(self):
        assert x12("AK1*PO*7", "AK2*850*0001", "AK5*A", "AK9*R*1*1*0").status_of("0001") is Status.REJECTED

    def test_leading_zeros_and_blanks_of_control_numbers_do_not_count(self):
        outcome = x12("AK1*PO*7", "AK2*850*1", "AK5*R", "AK9*P*2*2*1")
        assert outcome.status_of("0001") is Status.REJECTED
        assert x12("AK1*PO*7", "AK2*850*0001 ", "AK5*R", "AK9*P*2*2*1").status_of("1") is Status.REJECTED

    def test_the_999_is_read_alike(self):
        outcome = x12(
            "AK1*HC*17*005010X222A2",
            "AK2*837*0002",
            "IK3*CLM*22**8",
            "CTX*CLM01:9",
            "IK4*2*782*1",
            "IK5*R*5",
            "AK9*R*1*1*0",
        )
        assert outcome.version == "005010X222A2"
        assert outcome.documents[0].remarks == (Remark("1", "CLM", 22, element=2, reference="782"),)

    def test_old_versions_repeat_the_code_of_a_segment(self):
        outcome = x12("AK1*PO*7", "AK2*850*0001", "AK3*N1*5**2*5", "AK5*R*5", "AK9*R*1*1*0")
        assert [remark.code for remark in outcome.documents[0].remarks] == ["2", "5"]

    def test_without_ak5_a_document_has_the_status_of_its_group(self):
        assert x12("AK1*PO*7", "AK2*850*0001", "AK9*A*1*1*1").status_of("0001") is Status.ACCEPTED

    def test_without_ak9_the_documents_decide(self):
        assert x12("AK1*PO*7", "AK2*850*1", "AK5*A", "AK2*850*2", "AK5*R").status is Status.PARTIAL
        assert x12("AK1*PO*7", "AK2*850*1", "AK5*A").status is Status.ACCEPTED
        assert x12("AK1*PO*7", "AK2*850*1", "AK5*A", "AK2*850*2", "AK5*E").status is Status.ACCEPTED_WITH_ERRORS
        assert x12("AK1*PO*7").status is Status.UNKNOWN

    @pytest.mark.parametrize("code", ["M", "W", "X"])
    def test_failed_security_is_a_refusal(self, code):
        assert x12("AK1*PO*7", f"AK9*{code}*1*1*0").status is Status.REJECTED

    def test_an_unknown_code_is_no_yes(self):
        assert x12("AK1*PO*7", "AK2*850*0001", "AK5*Q", "AK9*Q*1*1*1").status_of("0001") is Status.UNKNOWN

    def test_garbage_is_passed_over(self):
        outcome = x12("", "ZZZ*1", "AK1", "AK4*x:y*z", "AK2*850*1", "AK3*N1*x", "AK5*a", "AK9*A*one*1")
        assert outcome.status_of("1") is Status.ACCEPTED
        assert (outcome.included, outcome.received) == (None, 1)


class TestContrl:
    def test_a_whole_one(self):
        outcome = edifact(
            "UNH+1+CONTRL:D:3:UN",
            "UCI+REF42+SHOP:14+HALL:14+7",
            "UCM+1+ORDERS:D:96A:UN+4",
            "UCS+4+35",
            "UCD+12+3:1",
            "UCM+2+ORDERS:D:96A:UN+7",
            "UNT+7+1",
        )
        assert (outcome.control_number, outcome.sender, outcome.receiver) == ("REF42", "SHOP", "HALL")
        assert outcome.status_of("1") is Status.REJECTED
        assert outcome.status_of("2") is Status.ACCEPTED
        assert outcome.status_of("3") is Status.ACCEPTED
        assert outcome.groups[0].documents[0].remarks == (
            Remark("35", segment=4),
            Remark("12", segment=4, element=2, component=1),
        )

    def test_a_refused_interchange_refuses_every_message(self):
        outcome = edifact("UCI+REF42+SHOP+HALL+4+28+UNZ+3")
        assert outcome.codes == ("28",)
        assert outcome.status_of("1") is Status.REJECTED

    def test_received_is_not_accepted(self):
        assert edifact("UCI+REF42+SHOP+HALL+8").status_of("1") is Status.RECEIVED

    @pytest.mark.parametrize(
        ("code", "status"),
        [
            ("1", Status.ACCEPTED),
            ("2", Status.ACCEPTED_WITH_ERRORS),
            ("3", Status.UNKNOWN),
            ("5", Status.RECEIVED),
            ("6", Status.REJECTED),
            ("99", Status.UNKNOWN),
            ("", Status.UNKNOWN),
        ],
    )
    def test_codes_of_older_directories(self, code, status):
        assert edifact(f"UCI+REF42+SHOP+HALL+{code}").status_of("1") is status

    def test_groups_keep_their_messages_apart(self):
        outcome = edifact(
            "UCI+REF42+SHOP+HALL+7",
            "UCF+9+A+B+7",
            "UCM+1+ORDERS+4+29",
            "UCF+10+A+B+4+5",
            "UCF+11+A+B+7",
            "UCM+1+ORDERS+7",
        )
        assert outcome.status_of("1", group="9") is Status.REJECTED
        assert outcome.status_of("1", group="10") is Status.REJECTED
        assert outcome.status_of("1", group="11") is Status.ACCEPTED
        assert outcome.status_of("1", group="12") is Status.ACCEPTED

    def test_a_partner_that_leaves_the_group_out_is_understood(self):
        assert edifact("UCI+REF42+SHOP+HALL+7", "UCM+1+ORDERS+4").status_of("1", group="9") is Status.REJECTED

    def test_released_characters_are_data(self):
        assert edifact("UCI+R?:42+O?'NEIL:14+HALL+7").control_number == "R:42"

    def test_foreign_segments_are_passed_over(self):
        outcome = edifact("UCI+REF42+SHOP+HALL+4", "FTX+LOK+P00++NO", "UCM+1+MEDREF+4", "", "UCD")
        assert outcome.status is Status.REJECTED

    def test_without_uci_nothing_is_said(self):
        outcome = edifact("UCM+1+ORDERS+7")
        assert (outcome.control_number, outcome.status) == ("", Status.UNKNOWN)
