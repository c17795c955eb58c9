"""What a receipt is read to say is what it was built from, whatever the verdict is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.acknowledgments import (
    EDIFACT,
    X12,
    DocumentVerdict,
    GroupVerdict,
    Status,
    contrl,
    functional_997,
    functional_999,
    interchange_ta1,
    read_997,
    read_contrl,
    read_ta1,
)
from gateway.core.catalogue import KINDS
from gateway.core.issues import Issue, Level, Location, Severity
from tests.acknowledgments.verdicts import group, isa, message, messages, order, unb, ung

PLACES = st.builds(
    Location,
    segment=st.integers(1, 2_000_000) | st.none(),
    tag=st.sampled_from(["N1", "PO1", "NAD", "UNT", "", "X*Y", "\u4e2d"]) | st.none(),
    loop=st.sampled_from(["N1", "PO1/N1", "SG25/SG28", "*"]) | st.none(),
    element=st.integers(1, 150) | st.none(),
    component=st.integers(1, 20) | st.none(),
    repetition=st.integers(1, 120) | st.none(),
    reference=st.sampled_from(["355", "C212", "7140"]) | st.none(),
)


def issues(prefix: str, *levels: Level) -> st.SearchStrategy[tuple[Issue, ...]]:
    codes = sorted(kind.code for kind in KINDS.values() if kind.code.startswith(prefix) and kind.level in levels)
    one = st.builds(
        Issue,
        code=st.sampled_from(codes),
        location=PLACES,
        value=st.text(max_size=120) | st.none(),
        override=st.sampled_from(Severity) | st.none(),
    )
    return st.lists(one, max_size=4).map(tuple)


INSIDE = (Level.DOCUMENT, Level.SEGMENT, Level.ELEMENT)
ORDERS = st.lists(issues("X12-", *INSIDE), max_size=5).map(
    lambda found: [order(*some, number=f"{n:04d}") for n, some in enumerate(found)]
)
MESSAGES = st.lists(issues("EDF-", *INSIDE), max_size=5).map(
    lambda found: [message(*some, number=str(n)) for n, some in enumerate(found)]
)


def expected(verdict: DocumentVerdict) -> Status:
    if not verdict.accepted:
        return Status.REJECTED
    return Status.ACCEPTED if verdict.clean else Status.ACCEPTED_WITH_ERRORS


@settings(max_examples=150, deadline=None)
@given(documents=ORDERS, of_group=issues("X12-G", Level.GROUP), version=st.sampled_from(["003040", "004010", "005010"]))
def test_a_997_says_what_the_verdict_says(documents, of_group, version):
    verdict = group(*documents, issues=of_group, version=version)
    outcome = read_997(functional_997(verdict), X12.delimiters)
    assert outcome.control_number == "7"
    assert (outcome.status is Status.REJECTED) == (not verdict.accepted or _all_rejected(verdict))
    assert outcome.accepted == sum(d.accepted for d in documents if verdict.accepted)
    for document in documents:
        said = outcome.status_of(document.control_number)
        assert said is (expected(document) if verdict.accepted else Status.REJECTED)


@settings(max_examples=100, deadline=None)
@given(documents=ORDERS)
def test_a_997_names_every_segment_and_element_that_it_refuses(documents):
    outcome = read_997(functional_997(group(*documents)), X12.delimiters)
    for document, said in zip(documents, outcome.documents, strict=True):
        codes = {
            i.kind.x12 for i in document.issues if i.level in INSIDE[1:] and i.severity is not Severity.INFORMATION
        }
        assert {remark.code for remark in said.remarks} == codes


@settings(max_examples=100, deadline=None)
@given(documents=ORDERS)
def test_a_999_says_the_same_and_by_the_codes_of_an_implementation(documents):
    verdict = group(*documents, version="005010")
    short, long = (read_997(make(verdict), X12.delimiters) for make in (functional_997, functional_999))
    assert [d.status for d in short.documents] == [d.status for d in long.documents]
    for document, said in zip(documents, long.documents, strict=True):
        told = [i for i in document.issues if i.level in INSIDE[1:] and i.severity is not Severity.INFORMATION]
        assert {remark.code for remark in said.remarks} == {i.kind.implementation or i.kind.x12 for i in told}


@settings(max_examples=50, deadline=None)
@given(documents=ORDERS)
def test_no_element_of_a_997_has_a_service_character_in_it(documents):
    services = {mark for mark in X12.delimiters[:5] if mark}
    component = X12.delimiters.component  # joins position and component of AK401
    for segment in functional_997(group(*documents)):
        places = segment[1:2] if segment[0] == "AK4" else []
        copies = [segment[0], *segment[1 + len(places) :]]
        assert not any(set(element) & services for element in copies)
        assert not any(set(element) & (services - {component}) for element in places)
        assert not any(set(element) & set("\r\n") for element in segment)
        assert segment[-1]


@settings(max_examples=100, deadline=None)
@given(found=issues("X12-I", Level.INTERCHANGE))
def test_a_ta1_says_what_the_verdict_says(found):
    verdict = isa(issues=found)
    outcome = read_ta1(interchange_ta1(verdict))
    assert (outcome.status is Status.REJECTED) == (not verdict.accepted)
    assert outcome.status.positive == verdict.accepted
    assert bool(outcome.codes) == (outcome.status is not Status.ACCEPTED)


@settings(max_examples=150, deadline=None)
@given(
    groups=st.lists(st.tuples(MESSAGES, issues("EDF-G", Level.GROUP)), min_size=1, max_size=3),
    of_interchange=st.just(()) | issues("EDF-I", Level.INTERCHANGE),
    version=st.sampled_from(["UNOA:1", "UNOC:3", "UNOW:4"]),
)
def test_a_contrl_says_what_the_verdict_says(groups, of_interchange, version):
    built = [ung(*documents, issues=found, number=str(n)) for n, (documents, found) in enumerate(groups)]
    verdict = unb(*built, issues=of_interchange, version=version)
    outcome = read_contrl(contrl(verdict), EDIFACT.delimiters)
    assert (outcome.status is Status.REJECTED) == (not verdict.accepted)
    for subject in built:
        for document in subject.documents:
            yes = verdict.accepted and subject.accepted and document.accepted
            said = outcome.status_of(document.control_number, subject.header.control_number)
            assert said is (Status.ACCEPTED if yes else Status.REJECTED)


@settings(max_examples=100, deadline=None)
@given(documents=MESSAGES, reference=st.text(min_size=1, max_size=14).filter(lambda t: t.isascii() and t.isprintable()))
def test_a_contrl_without_groups_says_what_the_verdict_says(documents, reference):
    verdict = unb(messages(*documents), number=reference)
    outcome = read_contrl(contrl(verdict), EDIFACT.delimiters)
    assert outcome.control_number == reference.strip()
    for document in documents:
        said = outcome.status_of(document.control_number)
        assert said is (Status.ACCEPTED if document.accepted else Status.REJECTED)


def _all_rejected(verdict: GroupVerdict) -> bool:
    return bool(verdict.documents) and not any(document.accepted for document in verdict.documents)
