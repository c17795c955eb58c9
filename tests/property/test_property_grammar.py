"""Validation on any text: no exception, linear time, and a pattern that says exactly what the explanation says."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.codecs.model import Delimiters, Limits, RawDocument
from gateway.grammar import Schemas
from gateway.grammar.explain import explain
from gateway.grammar.segment_patterns import Matchers
from gateway.grammar.validator import Validator

SCHEMAS = Path(__file__).parents[2] / "schemas"
MARKS = {
    "x12": Delimiters("*", ">", "~", repetition="^"),
    "edifact": Delimiters("+", ":", "'", release="?"),
}
MESSAGES = {"x12": ("004010", "850"), "edifact": ("D.96A", "ORDERS")}
TAGS = {
    "x12": ["BEG", "REF", "N1", "N3", "PO1", "PID", "CTT", "AMT", "SE", "ST", "MEA", "SAC", "CTP", "SLN", "QQQ", "B2"],
    "edifact": ["BGM", "DTM", "NAD", "LIN", "PRI", "UNS", "UNT", "UNH", "CUX", "IMD", "QTY", "FTX", "GIN", "QQQ"],
}
VALUES = ["", "1", "00", "BY", "EA", "IA", "9.5", "-1,0", "20240131", "20240231", "137", "102", "EN", "x", " ", "ä"]
VALUES += ["\udcfc", "\t", "A" * 90]


def table_of(standard: str) -> Validator:
    names = [path.relative_to(SCHEMAS).as_posix() for path in SCHEMAS.rglob("*.txt")]
    schemas = Schemas(
        lambda name: (SCHEMAS / name).read_text("utf-8") if name in names else None,
        lambda prefix: [name for name in names if name.startswith(prefix)],
    )
    return schemas.validator(standard, *MESSAGES[standard])


VALIDATORS = {standard: table_of(standard) for standard in MARKS}


def document(standard: str, text: str, syntax: str = "") -> RawDocument:
    version, type = MESSAGES[standard]
    return RawDocument(
        standard=standard, type=type, version=version, association="", control_number="1", position=1, text=text,
        offset=7, length=len(text), delimiters=MARKS[standard], charset="utf-8", syntax=syntax,
    )  # fmt: skip


def segment_of(standard: str) -> st.SearchStrategy[str]:
    marks = MARKS[standard]
    component = st.sampled_from([*VALUES, *(["?+", "??", "?"] if marks.release else [])]) | st.text(max_size=3)
    element = st.lists(component, min_size=1, max_size=5).map(marks.component.join)
    elements = st.lists(st.just("") | element, max_size=9).map(marks.element.join)
    return st.builds(lambda tag, rest: tag + marks.element + rest, st.sampled_from(TAGS[standard]), elements)


@pytest.mark.parametrize("standard", ["x12", "edifact"])
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_text_yields_issues_and_no_exception(standard: str, data: st.DataObject) -> None:
    body = data.draw(st.lists(segment_of(standard) | st.text(max_size=12), max_size=12))
    text = MARKS[standard].terminator.join(body)
    found = VALIDATORS[standard].validate(document(standard, text, "UNOA:1"), Limits(issues_per_document=30))
    assert len(found) <= 31
    length = len(text.encode("utf-8", "surrogatepass"))
    for issue in found:
        assert issue.text
        assert issue.hint is not None
        assert issue.location.offset is not None
        assert 7 <= issue.location.offset <= 7 + length
        issue.text.encode()  # can be stored: no lone surrogates
        str(issue.location).encode()


@pytest.mark.parametrize("standard", ["x12", "edifact"])
@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_segment_matches_its_pattern_exactly_when_nothing_can_be_said_against_it(
    standard: str, data: st.DataObject
) -> None:
    marks, table = MARKS[standard], VALIDATORS[standard].table
    release = marks.release
    raw = data.draw(segment_of(standard).filter(lambda text: marks.terminator not in text))
    if release is not None:
        raw = raw.replace(release, "")
    segment = raw.split(marks.element)
    if segment[0] not in table.segments:
        return
    matches = Matchers(table.segments, marks)[segment[0]](raw) is not None
    said = list(explain(table.segments[segment[0]], segment, marks, standard))
    assert matches == (not said), (raw, said)


@pytest.mark.parametrize("standard", ["x12", "edifact"])
@pytest.mark.parametrize("tag", ["PO1", "SLN", "MEA", "REF", "DTM", "LIN", "NAD", "PRI", "FTX"])
@pytest.mark.parametrize("filling", ["0", "9.", "-", "A", ">", ":", "*", "+", "^", "EA", "*0", "+A", ">0", ":A"])
def test_time_grows_with_the_length_and_not_faster(standard: str, tag: str, filling: str) -> None:
    """A quadratic pattern would take minutes over this text, an exponential one for ever."""
    marks, table = MARKS[standard], VALIDATORS[standard].table
    if tag not in table.segments:
        return
    matcher = Matchers(table.segments, marks)[tag]
    started = time.process_time()
    for lead in ("", "1", "1" + marks.element, marks.element):
        matcher(tag + marks.element + lead + filling * 200_000 + "\x00")
    assert time.process_time() - started < 2


def test_a_document_of_nothing_but_mistakes_takes_linear_time() -> None:
    text = "ST*850*0001~" + "REF*" * 10 + "~" + "N3*x~PO1*1~BEG*00~" * 50_000 + "SE*1*0001~"
    started = time.process_time()
    found = VALIDATORS["x12"].validate(document("x12", text))
    assert len(found) == 101
    assert time.process_time() - started < 3
