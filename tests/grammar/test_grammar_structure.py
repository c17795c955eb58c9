"""Order and number of segments: each mistake makes exactly one issue, at its place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gateway.codecs.model import Limits
from gateway.core.issues import Issue

Check = Callable[..., list[Issue]]
Edit = Callable[[list[str]], object]


def edited(text: str, edit: Edit) -> str:
    lines = [line.strip() for line in text.strip().splitlines()]
    edit(lines)
    return "\n".join(lines)


def at(lines: list[str], start: str) -> int:
    return next(index for index, line in enumerate(lines) if line.startswith(start))


def swap(lines: list[str], first: str, second: str) -> None:
    a, b = at(lines, first), at(lines, second)
    lines[a], lines[b] = lines[b], lines[a]


def insert(lines: list[str], before: str, *new: str) -> None:
    place = at(lines, before)
    lines[place:place] = new


def drop(lines: list[str], start: str, count: int = 1) -> list[str]:
    place = at(lines, start)
    taken = lines[place : place + count]
    del lines[place : place + count]
    return taken


def move(lines: list[str], start: str, count: int, before: str) -> None:
    insert(lines, before, *drop(lines, start, count))


def place(issue: Issue) -> tuple[str, str | None, int | None, str | None]:
    return issue.code, issue.location.tag, issue.location.segment, issue.location.loop


def test_a_valid_order_has_no_issue(check: Check, order: str) -> None:
    assert check("850", order) == []


def test_a_valid_order_message_has_no_issue(check: Check, orders: str) -> None:
    assert check("ORDERS", orders) == []


X12 = [
    ("mandatory segment missing", lambda b: drop(b, "BEG"), ("X12-S03", "BEG", 2, None)),
    ("mandatory segment behind the next one", lambda b: swap(b, "BEG", "CUR"), ("X12-S07", "CUR", 2, None)),
    ("two segments exchanged", lambda b: swap(b, "REF*IA", "PER"), ("X12-S07", "REF", 6, None)),
    ("several segments too late", lambda b: move(b, "REF*DP", 2, "FOB"), ("X12-S07", "REF", 5, None)),
    ("a segment much too early", lambda b: move(b, "AMT", 1, "CUR"), ("X12-S07", "CUR", 4, None)),
    ("a segment of no version", lambda b: insert(b, "MSG", "QQQ*1"), ("X12-S01", "QQQ", 12, None)),
    ("a segment of other messages", lambda b: insert(b, "PID", "B2*1"), ("X12-S06", "B2", 20, None)),
    ("no tag at all", lambda b: insert(b, "PID", "p1d*1"), ("X12-S01B", "p1d", 20, None)),
    ("an empty segment", lambda b: insert(b, "PID", ""), ("X12-S01B", "", 20, None)),
    ("a stray segment", lambda b: insert(b, "AMT", "FOB*CC"), ("X12-S07", "FOB", 26, None)),
    ("a stray segment that no open loop has", lambda b: insert(b, "AMT", "N4*TOWN"), ("X12-S02", "N4", 26, None)),
    ("a loop behind the end", lambda b: move(b, "N1*BY", 3, "AMT"), ("X12-S07", "N1", 23, "PO1/N1")),
    ("a summary before the detail", lambda b: move(b, "CTT", 1, "N1*BY"), ("X12-S07", "CTT", 13, None)),
    ("the start of a loop missing", lambda b: drop(b, "N1*BY"), ("X12-S03", "N1", 13, "N1")),
    ("exchanged inside a loop", lambda b: swap(b, "PO4", "PID"), ("X12-S07", "PID", 21, None)),
    ("a segment too often", lambda b: insert(b, "PER", *["PER*BD*X"] * 4), ("X12-S05", "PER", 9, None)),
    ("a single segment twice", lambda b: insert(b, "CUR", "BEG*00*SA*X**20240115"), ("X12-S05", "BEG", 3, None)),
    ("a loop too often", lambda b: insert(b, "N1*BY", *["N1*BY*X"] * 200), ("X12-S04", "N1", 213, "N1")),
]


@pytest.mark.parametrize(("edit", "expected"), [row[1:] for row in X12], ids=[row[0] for row in X12])
def test_one_mistake_in_an_850_makes_one_issue(
    check: Check, order: str, edit: Edit, expected: tuple[str, str | None, int | None, str | None]
) -> None:
    assert [place(issue) for issue in check("850", edited(order, edit))] == [expected]


EDIFACT = [
    ("mandatory segment missing", lambda b: drop(b, "BGM"), ("EDF-S13", "BGM", 2, None)),
    ("mandatory segment behind the next", lambda b: swap(b, "BGM", "DTM+137"), ("EDF-S15", "DTM", 2, None)),
    ("section control missing", lambda b: drop(b, "UNS"), ("EDF-S13", "UNS", 21, None)),
    ("a segment of no directory", lambda b: insert(b, "RFF", "QQQ+1"), ("EDF-S06", "QQQ", 6, None)),
    ("a segment of other messages", lambda b: insert(b, "RFF", "CST+1"), ("EDF-S15", "CST", 6, None)),
    ("no tag at all", lambda b: insert(b, "RFF", "RF+1"), ("EDF-S06B", "RF", 6, None)),
    ("a group behind the end", lambda b: move(b, "NAD+BY", 3, "CNT"), ("EDF-S15", "NAD", 19, "SG2")),
    ("the start of a group missing", lambda b: drop(b, "LIN+1"), ("EDF-S13", "LIN", 13, "SG25")),
    ("exchanged inside a group", lambda b: swap(b, "PIA", "IMD"), ("EDF-S15", "PIA", 15, None)),
    ("a segment too often", lambda b: insert(b, "DTM+137", *["DTM+4:20240101:102"] * 35), ("EDF-S35", "DTM", 38, None)),
    ("a group too often", lambda b: insert(b, "RFF", *["RFF+CT:1"] * 10), ("EDF-S36", "RFF", 16, "SG1")),
]


@pytest.mark.parametrize(("edit", "expected"), [row[1:] for row in EDIFACT], ids=[row[0] for row in EDIFACT])
def test_one_mistake_in_an_orders_makes_one_issue(
    check: Check, orders: str, edit: Edit, expected: tuple[str, str | None, int | None, str | None]
) -> None:
    assert [place(issue) for issue in check("ORDERS", edited(orders, edit))] == [expected]


def test_an_issue_says_before_what_something_is_missing(check: Check, order: str) -> None:
    (issue,) = check("850", edited(order, lambda b: drop(b, "BEG")))
    assert issue.text == "BEG is missing before CUR."


def test_an_issue_says_where_a_misplaced_segment_belongs_and_what_may_stand_here(check: Check, order: str) -> None:
    (issue,) = check("850", edited(order, lambda b: swap(b, "REF*IA", "PER")))
    assert issue.hint.startswith("REF belongs after CUR, or in loop AMT after AMT")
    assert "Here may stand: PER, TAX, FOB" in issue.hint


def test_two_mistakes_make_two_issues_in_the_order_of_the_document(check: Check, order: str) -> None:
    def edit(body: list[str]) -> None:
        drop(body, "BEG")
        insert(body, "CTT", "QQQ*1")

    assert [issue.code for issue in check("850", edited(order, edit))] == ["X12-S03", "X12-S01"]


def test_a_missing_loop_is_reported_by_the_segment_that_starts_it(check: Check) -> None:
    (issue,) = check("850", "BEG*00*SA*PO-1**20240115")
    assert place(issue) == ("X12-S03", "PO1", 3, "PO1")
    assert issue.text == "PO1 is missing before SE."


def test_a_document_that_was_cut_does_not_also_miss_what_was_behind_the_cut(check: Check) -> None:
    assert check("850", "BEG*00*SA*PO-1**20240115", cut=True) == []


def test_offsets_count_bytes_from_the_start_of_the_transmission(check: Check) -> None:
    body = "BEG*00*SA*Grün**20240115\nREF*IA*7*ä\nQQQ*1\nPO1*1"
    (issue,) = check("850", body, offset=500, end="\r\n")
    expected = 500 + sum(len(line.encode()) + 3 for line in ["ST*850*0001", *body.splitlines()[:2]])
    assert issue.location.offset == expected


def test_line_breaks_between_segments_are_no_part_of_them(check: Check, order: str) -> None:
    assert check("850", order, end="\r\n") == []


def test_issues_are_bounded_and_a_last_one_says_so(check: Check) -> None:
    body = "\n".join(["BEG*00*SA*PO-1**20240115", "PO1*1", *["QQQ*1"] * 500])
    found = check("850", body, limits=Limits(issues_per_document=20))
    assert [issue.code for issue in found] == ["X12-S01"] * 20 + ["X12-T05"]
    assert "20 are shown" in found[-1].text


def test_exactly_as_many_issues_as_the_limit_are_not_called_more(check: Check) -> None:
    body = "\n".join(["BEG*00*SA*PO-1**20240115", "PO1*1", *["QQQ*1"] * 20])
    assert len(check("850", body, limits=Limits(issues_per_document=20))) == 20
