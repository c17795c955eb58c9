"""scan(): the envelopes of a transmission without its documents."""

from __future__ import annotations

from gateway.codecs import scan
from tests.codecs.interchanges import EDIFACT, GS, ISA, MESSAGE, ORDER, UNB, X12, end, events

TA1 = "TA1*000000001*260114*0800*A*000~"


def test_a_summary_has_groups_and_heads_of_documents() -> None:
    second = ORDER.replace("0001", "0002").replace("SE*4", "SE*5")
    (summary,) = scan((ISA + TA1 + GS + ORDER + second + "GE*2*7~IEA*1*000000905~").encode())
    assert summary.header.control_number == "000000905"
    assert summary.issues == ()
    assert [reply.segment[1] for reply in summary.replies] == ["000000001"]
    (group,) = summary.groups
    assert group.header is not None
    assert (group.header.functional_id, group.declared, group.found) == ("PO", 2, 2)
    first, other = group.documents
    assert (first.type, first.version, first.control_number, first.position) == ("850", "004010", "0001", 1)
    assert (first.offset, first.length) == (len(ISA + TA1 + GS), len(ORDER))
    assert [issue.code for issue in other.issues] == ["X12-T04"]


def test_a_summary_is_what_read_says_of_the_interchange() -> None:
    (summary,) = scan(("\r\n" + X12 + "\n").encode())
    last = end(events("\r\n" + X12 + "\n"))
    assert (summary.sha256, summary.length, summary.declared, summary.found, summary.documents) == (
        last.sha256,
        last.length,
        last.declared,
        last.found,
        last.documents,
    )
    assert summary.offset == 2


def test_edifact_messages_without_groups_stand_in_one_without_header() -> None:
    other = MESSAGE.replace("UNH+1", "UNH+2").replace("UNT+4+1", "UNT+4+2")
    (summary,) = scan((UNB + MESSAGE + other + "UNZ+2+REF905'").encode())
    (group,) = summary.groups
    assert (group.header, group.declared, group.found) == (None, None, 2)
    assert [head.control_number for head in group.documents] == ["1", "2"]


def test_issues_stand_where_they_belong() -> None:
    broken = X12.replace("GE*1*", "GE*2*").replace("IEA*1*", "IEA*3*").replace("*0*P*", "*0*Q*")
    (summary,) = scan(broken.encode())
    assert [issue.code for issue in summary.issues] == ["X12-I020", "X12-I021"]
    assert [issue.code for issue in summary.groups[0].issues] == ["X12-G05"]


def test_strays_are_reported_with_the_interchange_beside_them() -> None:
    first, second = scan(f"hello {X12} well, {EDIFACT}".encode())
    assert [issue.code for issue in first.issues] == ["X12-I024B", "X12-I024B"]
    assert second.issues == ()
    assert scan(b"nothing here") == []
