"""pyx12 asked for its verdict: it is bounded, silent, and never raises."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway import resources
from gateway.bench.corpus import interchange
from gateway.codecs import RawDocument, read
from gateway.grammar import MessageTable
from gateway.knowledge import Knowledge
from gateway.opinion import Judge

ORDERS = [event for event in read(io.BytesIO(interchange("x12", 1, [1, 2, 3]))) if isinstance(event, RawDocument)]


@pytest.fixture(scope="module")
def table() -> MessageTable:
    return Knowledge.of(None, {}).schemas.message("x12", "004010", "850")


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(resources.map_file) as one:
        yield one


def test_many_documents_are_judged_in_their_order(judge: Judge, table: MessageTable) -> None:
    wrong = msgspec.structs.replace(ORDERS[1], text=ORDERS[1].text.replace("*SA*", "*QQ*"))
    opinions = judge.judge([ORDERS[0], wrong, ORDERS[2]], table)
    assert [len(opinion.said) for opinion in opinions] == [0, 1, 0]
    [said] = opinions[1].said
    assert (said.level, said.code, said.segment, said.tag, said.element, said.value) == (
        "element",
        "7",
        2,
        "BEG",
        2,
        "QQ",
    )


def test_one_that_stops_it_does_not_cost_the_others_their_verdict(judge: Judge, table: MessageTable) -> None:
    stopping = msgspec.structs.replace(ORDERS[1], text=ORDERS[1].text.replace("REF*DP*", f"REF*DP*X**{'>' * 20}Y*"))
    opinions = judge.judge([ORDERS[0], stopping, ORDERS[2]], table)
    assert [bool(opinion.none) for opinion in opinions] == [False, True, False]
    assert "pyx12 stops" in opinions[1].none


def test_without_a_map_or_a_table_there_is_no_verdict(judge: Judge) -> None:
    [opinion] = judge.judge(ORDERS[:1], None)
    assert "no map" in opinion.none


def test_it_has_only_so_much_time(table: MessageTable) -> None:
    with Judge(resources.map_file, seconds=0) as hasty:
        [opinion] = hasty.judge(ORDERS[:1], table)
    assert opinion.none == "pyx12 did not finish in 0 seconds."


def test_what_is_too_long_is_not_given_to_it(judge: Judge, table: MessageTable) -> None:
    [opinion] = judge.judge([msgspec.structs.replace(ORDERS[0], text=ORDERS[0].text * 5000)], table)
    assert "longer than" in opinion.none


def test_it_says_nothing_on_the_log(judge: Judge, table: MessageTable, caplog: pytest.LogCaptureFixture) -> None:
    before = logging.getLogger("pyx12").level
    judge.judge([msgspec.structs.replace(ORDERS[0], text=ORDERS[0].text.replace("PO1*", "POX*"))], table)
    assert caplog.records == []
    assert logging.getLogger("pyx12").level == before


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    place=st.integers(0, 2000),
    cut=st.integers(0, 40),
    text=st.text(alphabet="*>~AZ019 \n\r^ISEGX\x00\u4e2d", max_size=40),
)
def test_whatever_it_is_given_there_is_one_opinion_a_document(
    judge: Judge, table: MessageTable, place: int, cut: int, text: str
) -> None:
    sent = ORDERS[0].text
    mutated = msgspec.structs.replace(ORDERS[0], text=sent[:place] + text + sent[place + cut :])
    assert len(judge.judge([mutated, ORDERS[1]], table)) == 2
