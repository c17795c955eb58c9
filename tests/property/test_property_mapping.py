"""What the bundled mappings write is read back equal; nothing that is read is lost; no input makes them raise."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.canonical import Document, fingerprint, from_json, to_json
from gateway.codecs.model import Segment
from gateway.codecs.split import join, segments
from gateway.core.catalogue import KINDS
from gateway.grammar.model import Composite
from tests.mapping.made import EDIFACT, X12, bundled, schemas
from tests.mapping.orders import orders

WORDS = (
    "1 BY ST SE DP 00 SA F 002 20260115 20260231 EA C A ZZ NOTES 137 102 203 202601151030 21 5.00 1,5 - IN EN TE 9 S"
)

MARKS = {"x12": X12, "edifact": EDIFACT}
NAMES = {"x12": "x12/850", "edifact": "edifact/orders-d96a"}
MODEST = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.mark.parametrize("standard", NAMES)
def test_what_is_written_is_read_back_equal(standard: str) -> None:
    mapping, marks = bundled().get(NAMES[standard]), MARKS[standard]

    @MODEST
    @given(order=orders(standard))
    def holds(order: Document) -> None:
        writing = mapping.write(order, marks)
        assert [(issue.code, issue.text) for issue in writing.issues] == []
        sent = segments(join(writing.segments, marks), marks)
        reading = mapping.read(sent, marks)
        assert reading.document == order
        assert reading.issues == ()
        careful = mapping.read_careful(sent, marks)
        assert careful.document == order
        assert careful.issues == ()

    holds()


@MODEST
@given(order=st.sampled_from(sorted(NAMES)).flatmap(orders))
def test_json_gives_the_document_back(order: Document) -> None:
    again = from_json("Order", to_json(order))
    assert again == order
    assert to_json(again) == to_json(order)
    assert fingerprint(again) == fingerprint(order)


HEADS = {
    "x12": [["ST", "850", "0001"], ["BEG", "00", "SA", "1", "", "20260115"]],
    "edifact": [["UNH", "1", "ORDERS:D:96A:UN"], ["BGM", "220", "1", "9"], ["DTM", "137:20260115:102"]],
}
TAGS = {
    "x12": "ST BEG CUR REF PER FOB SAC ITD DTM TD5 N9 MSG N1 N2 N3 N4 PO1 PID PO4 SCH AMT CTT SE MTX QQQ",
    "edifact": "UNH BGM DTM FTX RFF NAD CTA COM CUX PAT PCD TDT TOD LOC ALC MOA LIN PIA IMD QTY PRI SCC UNS CNT UNT",
}
UNIQUE = "§"  # stands for a text that occurs once


def elements(standard: str) -> st.SearchStrategy[str]:
    word = st.sampled_from(["", "x y", "\udcfc", *WORDS.split(), UNIQUE, UNIQUE, UNIQUE])
    if standard == "x12":
        return word
    return st.lists(word, min_size=1, max_size=4).map(":".join)


def any_segments(standard: str) -> st.SearchStrategy[list[Segment]]:
    """A beginning that makes a document, then segments of the standard in any order with any elements."""
    tag = st.sampled_from(["", *TAGS[standard].split()])
    segment = st.builds(lambda name, rest: [name, *rest], tag, st.lists(elements(standard), max_size=12))
    return st.lists(segment, max_size=25).map(lambda found: [*HEADS[standard], *numbered(found)])


def numbered(found: list[Segment]) -> list[Segment]:
    count = itertools.count()
    return [[re.sub(UNIQUE, lambda _: f"u{next(count)}u", element) for element in segment] for segment in found]


@pytest.mark.parametrize("standard", NAMES)
def test_any_segments_give_a_reading_and_nothing_of_them_is_lost(standard: str) -> None:
    mapping, marks = bundled().get(NAMES[standard]), MARKS[standard]

    @settings(MODEST, max_examples=250)
    @given(found=any_segments(standard))
    def holds(found: list[Segment]) -> None:
        reading = mapping.read(found, marks)
        careful = mapping.read_careful(found, marks)
        assert {issue.code for issue in (*reading.issues, *careful.issues)} <= KINDS.keys()
        assert all(issue.text for issue in careful.issues)
        assert reading.document == careful.document
        assert reading.document is not None
        body = found[1:-1] if found[-1][0] in ("SE", "UNT") else found[1:]
        unique = {text for segment in body for element in segment for text in re.findall("u[0-9]+u", element)}
        carried = set(re.findall("u[0-9]+u", to_json(reading.document).decode()))
        assert unique <= carried

    holds()


@pytest.mark.parametrize("standard", NAMES)
def test_every_place_of_every_segment_of_the_message_is_carried(standard: str) -> None:
    mapping, marks = bundled().get(NAMES[standard]), MARKS[standard]
    table = schemas().message(*mapping.format)
    filled: list[Segment] = []
    for node in table.root.walk():
        if node.parent is not None and not node.is_loop:
            places = [use.item for use in table.segments[node.tag].elements]
            counts = [len(item.components) if isinstance(item, Composite) else 1 for item in places]
            filled.append([node.tag, *(marks.component.join([UNIQUE] * count) for count in counts)])
    found = [*HEADS[standard], *numbered(filled)]
    document = mapping.read(found, marks).document
    assert document is not None
    carried = re.findall("u[0-9]+u", to_json(document).decode())
    assert len(set(carried)) == sum(element.count("u") // 2 for segment in found[1:] for element in segment[1:])


@MODEST
@given(found=st.lists(st.lists(st.text(max_size=4), min_size=1, max_size=4), max_size=6))
def test_segments_of_anything_never_raise(found: list[Segment]) -> None:
    for standard, name in NAMES.items():
        reading = bundled().get(name).read(found, MARKS[standard])
        assert reading.document is None
        assert "MAP-REQUIRED" in {issue.code for issue in reading.issues}
