"""Validation on any text: no exception, linear time, and a pattern that says exactly what the explanation says."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.codecs.model import Delimiters, Limits, RawDocument
from gateway.grammar import Schemas
from gateway.grammar.explain import explain
from gateway.grammar.model import Composite, ElementType, ElementUse, SegmentTable
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


def a_value(random: Random, element: ElementType) -> str:
    """Mostly right, sometimes nearly right, sometimes empty or odd."""
    chance = random.random()
    if chance < 0.15:
        return ""
    if chance > 0.85:
        return random.choice(["x", "\t", "\udcff", "9" * 99, "-", ".", "5.", ".5", "1.2.3", "ZZ", "ZZZ", "102", "é"])
    if element.codes:
        return random.choice(sorted(element.codes))
    size = random.choice([element.least, min(element.most, element.least + 2), min(element.most, 20)])
    if element.type == "DT":
        return random.choice(["20240131", "240131", "20240230", "20240229"])
    if element.type == "TM":
        return random.choice(["1200", "120059", "12005", "1261"])
    if element.type in ("R", "n") or element.type.startswith("N"):
        return random.choice(["", "-"]) + "1" * size + random.choice(["", "", ".5", ",5", "."])
    return "".join(random.choice("ABC xyz1") for _ in range(size))


def an_element(random: Random, use: ElementUse, marks: Delimiters) -> str:
    parts = []
    for _ in range(random.choice([1, 1, 1, 1, 2, 4]) if marks.repetition else 1):
        if isinstance(use.item, Composite):
            components = use.item.components[: random.randint(0, 5)]
            values = [a_value(random, part.element) for part in components] + [""] * random.choice([0, 0, 0, 2])
            parts.append(marks.component.join(values))
        else:
            parts.append(a_value(random, use.item) if random.random() < 0.97 else f"A{marks.component}B")
    return (marks.repetition or "").join(parts)


def may_repeat(random: Random, table: SegmentTable) -> SegmentTable:
    """The same segment as a version may have it in which elements repeat."""
    uses = [msgspec.structs.replace(use, repeats=random.choice([1, 3])) for use in table.elements]
    return msgspec.structs.replace(table, elements=tuple(uses))


@pytest.mark.parametrize("standard", ["x12", "edifact"])
@settings(max_examples=500, deadline=None)
@given(random=st.randoms(use_true_random=False), repetition=st.booleans())
def test_a_segment_matches_its_pattern_exactly_when_nothing_can_be_said_against_it(
    standard: str, random: Random, repetition: bool
) -> None:
    marks = MARKS[standard]._replace(repetition="^" if repetition else None, release=None)
    tag, table = random.choice(sorted(VALIDATORS[standard].table.segments.items()))
    table = may_repeat(random, table)
    given_elements = table.elements[: random.randint(0, len(table.elements))]
    segment = [tag, *(an_element(random, use, marks) for use in given_elements), *[""] * random.choice([0, 0, 2])]
    if random.random() < 0.05:
        segment.append("surplus")
    matches = Matchers({tag: table}, marks)[tag](marks.element.join(segment)) is not None
    said = list(explain(table, segment, marks, standard))
    assert matches == (not said), (segment, said)


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
