"""Receipts of partners may hold anything: reading them never raises, and what is read can be kept and is kept whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.acknowledgments import EDIFACT, X12, Answer, from_stored, read_receipt, read_reply, stored
from gateway.codecs import RawDocument

TAGS = {
    "997": ["AK1", "AK2", "AK3", "AK4", "AK5", "AK9"],
    "999": ["AK1", "AK2", "IK3", "CTX", "IK4", "IK5", "AK9"],
    "824": ["BGN", "OTI", "TED"],
    "CONTRL": ["UCI", "UCF", "UCM", "UCS", "UCD"],
    "APERAK": ["BGM", "RFF", "ERC", "FTX"],
}
CODES = st.sampled_from(
    ["A", "R", "P", "E", "4", "7", "8", "TA", "TR", "RE", "AP", "ACW:1", "ALL:7", "1", "0001", "9" * 5000]
)
VALUES = CODES | st.text(max_size=12) | st.binary(max_size=6).map(lambda raw: raw.decode("utf-8", "surrogateescape"))


@pytest.mark.parametrize("type", sorted(TAGS))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_it_says_it_can_be_read_and_kept(type: str, data: st.DataObject) -> None:
    marks = (X12 if type.isdecimal() else EDIFACT).delimiters
    one = st.tuples(st.sampled_from(TAGS[type]), st.lists(VALUES, max_size=9))
    lines = data.draw(st.lists(one, max_size=12))
    text = marks.terminator.join(marks.element.join([tag, *values]) for tag, values in lines) + marks.terminator
    raw = RawDocument(
        standard="x12" if type.isdecimal() else "edifact",
        type=type,
        version="",
        association="",
        control_number="1",
        position=1,
        text=text,
        offset=0,
        length=len(text),
        delimiters=marks,
        charset="utf-8",
    )
    answer = Answer(type=type, standard=raw.standard, statements=read_receipt(raw))
    kept = from_stored(stored(answer))
    assert len(kept.statements) == len(answer.statements)
    assert [s.unlisted for s in kept.statements] == [s.unlisted for s in answer.statements]
    for statement in kept.statements:
        statement.status_of("0001")


@settings(max_examples=60, deadline=None)
@given(values=st.lists(VALUES, max_size=7))
def test_a_ta1_too(values: list[str]) -> None:
    answer = Answer(type="TA1", standard="x12", statements=read_reply(["TA1", *values]))
    assert len(from_stored(stored(answer)).statements) == len(answer.statements)
