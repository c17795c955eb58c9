"""Taking apart and putting together are each other's inverse, for any values."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gateway.codecs import (
    Address,
    Body,
    Delimiters,
    EdifactEnvelope,
    InterchangeEnd,
    RawDocument,
    X12Envelope,
    X12Group,
    components,
    composite,
    escape,
    read,
    repetitions,
    segments,
    unescape,
    values,
    write_edifact,
    write_x12,
)
from gateway.codecs.numbers import Numbers
from gateway.core.errors import UnwritableError

X_MARKS = Delimiters("*", ">", "~", "^")
E_MARKS = Delimiters("+", ":", "'", "*", "?")
TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=12)
SERVICE = st.text(st.sampled_from("+:'*?ab\n"), max_size=12)
TAG = st.text(st.sampled_from("ABCXYZ"), min_size=3, max_size=3)
DATE, TIME = dt.date(2026, 1, 15), dt.time(12, 53)


@settings(max_examples=300, deadline=None)
@given(TEXT | SERVICE)
def test_unescape_undoes_escape(value: str) -> None:
    assert unescape(escape(value, E_MARKS), E_MARKS) == value


@settings(max_examples=300, deadline=None)
@given(st.lists(SERVICE, min_size=1, max_size=5))
def test_components_are_what_a_composite_was_made_of(parts: list[str]) -> None:
    assume(parts[-1])
    assert values(composite(parts, E_MARKS), E_MARKS) == parts
    element = "*".join(composite([part], E_MARKS) for part in parts)
    assert [unescape(each, E_MARKS) for each in repetitions(element, E_MARKS)] == parts


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(SERVICE, min_size=1, max_size=4), min_size=1, max_size=6), st.sampled_from(["", "\r\n"]))
def test_what_edifact_writes_is_what_is_read(rows: list[list[str]], line_break: str) -> None:
    body = [["FTX", *(composite([value], E_MARKS) for value in row)] for row in rows]
    envelope = EdifactEnvelope(
        sender=Address("ACME"),
        receiver=Address("GLOBEX", "ZZZ"),
        control_number="R'1",
        date=DATE,
        time=TIME,
        syntax="UNOY",
        syntax_version=4,
        delimiters=E_MARKS,
        line_break=line_break,
    )
    message = Body(type="ORDERS", version="D.01B", control_number="1", segments=body)
    found = list(read(write_edifact(envelope, [message, Body(type="X", control_number="2", segments=[])])))
    assert not [issue for event in found for issue in getattr(event, "issues", ()) if issue.code != "EDF-M13"]
    (first, _) = (event for event in found if isinstance(event, RawDocument))
    assert first.segments()[1:-1] == body


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(TAG, st.lists(TEXT, max_size=4)), max_size=6), st.sampled_from(["", "\n"]))
def test_what_x12_writes_is_what_is_read_or_it_is_refused(rows: list[tuple[str, list[str]]], line_break: str) -> None:
    body = [[tag, *elements] for tag, elements in rows]
    envelope = X12Envelope(
        sender=Address("ACME"),
        receiver=Address("GLOBEX"),
        control_number=1,
        date=DATE,
        time=TIME,
        charset="utf-8",
        line_break=line_break,
    )
    group = X12Group(
        functional_id="PO", control_number=1, documents=[Body(type="850", control_number="0001", segments=body)]
    )
    if any(mark in element for row in body for element in row for mark in "*~"):
        with pytest.raises(UnwritableError, match="cannot carry"):
            write_x12(envelope, [group])
        return
    data = write_x12(envelope, [group])
    found = list(read(data))
    (document,) = (event for event in found if isinstance(event, RawDocument))
    assert document.segments()[1:-1] == body
    assert isinstance(found[-1], InterchangeEnd)
    assert not [issue for event in found for issue in getattr(event, "issues", ())]


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("AB*>~^\n\r "), max_size=40))
def test_segments_elements_repetitions_and_components_lose_nothing(text: str) -> None:
    for segment in segments(text, X_MARKS):
        for element in segment:
            assert "^".join(repetitions(element, X_MARKS)) == element
            assert ">".join(components(element, X_MARKS)) == element


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*(f"{n:04}" for n in range(6)), *map(str, range(6)), "A1", "", "00010"]), max_size=30))
def test_used_numbers_are_remembered_as_a_set_remembers_them(numbers: list[str]) -> None:
    used, seen = Numbers(), set()
    for number in numbers:
        assert used.add(number) == (number not in seen)
        seen.add(number)
