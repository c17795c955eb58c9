"""A receipt never is wrong itself: whatever is reported, it validates against the tables of its own message."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.acknowledgments import (
    EDIFACT,
    X12,
    Carrier,
    Finding,
    Status,
    Subject,
    aperak,
    application_824,
    contrl,
    functional_997,
    functional_999,
    read_824,
    read_aperak,
)
from gateway.codecs import (
    Address,
    Body,
    EdifactEnvelope,
    RawDocument,
    X12Envelope,
    X12Group,
    read,
    write_edifact,
    write_x12,
)
from gateway.codecs.model import Segment
from gateway.codecs.x12_write import written_marks
from gateway.core.catalogue import KINDS
from gateway.core.issues import Issue, Location
from gateway.grammar import Schemas, Validator
from gateway.opinion import Judge
from gateway.resources import find, map_file
from tests.acknowledgments.verdicts import group, message, messages, order, unb
from tests.property.test_property_acknowledgments import INSIDE, MESSAGES, ORDERS

WHEN = dt.datetime(2024, 1, 31, 12, 0)
FREE = st.text(max_size=12)


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    found = find(environ={}).schemas
    return Schemas(found.files, found.names)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(map_file) as judge:
        yield judge


def issues(validator: Validator, interchange: bytes) -> Iterator[Issue]:
    for event in read(interchange):
        if isinstance(event, RawDocument):
            yield from validator.validate(event)
        yield from getattr(event, "issues", ())


def in_x12(*bodies: list[Segment], type: str = "997", version: str = "004010") -> bytes:
    envelope = X12Envelope(
        sender=Address("ACME", "ZZ"),
        receiver=Address("GLOBEX", "ZZ"),
        control_number=1,
        date=WHEN.date(),
        time=WHEN.time(),
        delimiters=X12.delimiters,
        version=f"{version[:5]}",
    )
    documents = [
        Body(type=type, control_number=f"{number:04d}", segments=segments) for number, segments in enumerate(bodies, 1)
    ]
    group = X12Group(
        functional_id="AG" if type == "824" else "FA", control_number=1, documents=documents, version=version
    )
    return write_x12(envelope, [group])


@settings(max_examples=100, deadline=None)
@given(documents=ORDERS, number=FREE, tag=FREE)
def test_every_997_is_valid(schemas, documents, number, tag):
    strange = order(Issue("X12-S01B", value=tag), number=number, type=tag)
    verdict = group(*documents, strange, number=number, functional=tag[:2])
    found = issues(schemas.validator("x12", "004010", "997"), in_x12(functional_997(verdict, version="004010")))
    assert [issue for issue in found if not _repeats_an_unknown_code(issue)] == []


@settings(max_examples=100, deadline=None)
@given(documents=ORDERS, number=FREE, tag=FREE)
def test_every_999_is_valid(schemas, documents, number, tag):
    strange = order(Issue("X12-S01B", value=tag), number=number, type=tag)
    verdict = group(*documents, strange, number=number, functional=tag[:2], version="005010")
    carrier = X12._replace(delimiters=written_marks(X12.delimiters, "00501"))
    body = functional_999(verdict, version="005010", carrier=carrier)
    found = issues(schemas.validator("x12", "005010", "999"), in_x12(body, type="999", version="005010"))
    assert [issue for issue in found if not _repeats_an_unknown_code(issue)] == []


TEXT = st.text(max_size=200)
FINDINGS = st.lists(
    st.builds(
        Finding,
        code=st.sampled_from(["MAP-REQUIRED", "TRD-CONFLICT", "MAP-CODE", "GTW-CANCELLED"]),
        text=TEXT,
        tag=FREE,
        segment=st.none() | st.integers(0, 10**8),
        element=st.none() | st.integers(0, 200),
        reference=st.sampled_from(["", "355", "C212", "12345"]),
        value=TEXT,
    ),
    max_size=4,
)
SUBJECTS = st.builds(
    Subject,
    type=st.sampled_from(["850", "810", "ORDERS", "INVOIC"]),
    version=FREE,
    control_number=FREE,
    group=FREE,
    reference=TEXT,
    accepted=st.booleans(),
)


@settings(max_examples=100, deadline=None)
@given(subject=SUBJECTS, findings=FINDINGS, number=st.text(min_size=1, max_size=30))
def test_every_824_is_valid_and_says_what_was_decided(schemas, subject, findings, number):
    body = application_824(subject, findings, f"doc_{number}", WHEN)
    found = issues(schemas.validator("x12", "004010", "824"), in_x12(body, type="824"))
    assert [issue for issue in found if not _repeats_an_unknown_code(issue)] == []
    (outcome,) = read_824(body, X12.delimiters)
    wanted = (Status.ACCEPTED_WITH_ERRORS if findings else Status.ACCEPTED) if subject.accepted else Status.REJECTED
    assert outcome.document.status is wanted
    assert len(outcome.document.remarks) == len(findings)


@settings(max_examples=100, deadline=None)
@given(subject=SUBJECTS, findings=FINDINGS, number=FREE)
def test_every_aperak_is_valid_and_says_what_was_decided(schemas, subject, findings, number):
    subject = msgspec.structs.replace(subject, group=subject.group.strip() or "1", control_number="7")
    segments = aperak(subject, findings, f"doc_{number}", WHEN, carrier=Carrier(EDIFACT.delimiters, "latin-1"))
    body = Body(type="APERAK", control_number="1", segments=segments, version="D.96A")
    envelope = EdifactEnvelope(
        sender=Address("5412345000020", "14"),
        receiver=Address("5412345000013", "14"),
        control_number="1",
        date=WHEN.date(),
        time=WHEN.time(),
    )
    found = issues(schemas.validator("edifact", "D.96A", "APERAK"), write_edifact(envelope, [body]))
    assert list(found) == []
    (outcome,) = read_aperak(segments, EDIFACT.delimiters)
    wanted = (Status.ACCEPTED_WITH_ERRORS if findings else Status.ACCEPTED) if subject.accepted else Status.REJECTED
    assert outcome.document.status is wanted


@settings(max_examples=100, deadline=None)
@given(documents=MESSAGES, version=st.sampled_from([3, 4]))
def test_every_contrl_is_valid(schemas, documents, version):
    clean = message(number="77", identifier="ORDERS:D:96A:UN:EAN008")
    verdict = unb(messages(*documents, clean), version=f"UNOC:{version}")
    segments = contrl(verdict, carrier=Carrier(EDIFACT.delimiters, "latin-1"))
    directory = "4.1" if version == 4 else "D.3"
    body = Body(type="CONTRL", control_number="1", segments=segments, version=directory)
    envelope = EdifactEnvelope(
        sender=Address("5412345000020", "14"),
        receiver=Address("5412345000013", "14"),
        control_number="1",
        date=WHEN.date(),
        time=WHEN.time(),
        syntax_version=version,
    )
    sent = write_edifact(envelope, [body])
    assert list(issues(schemas.validator("edifact", directory, "CONTRL"), sent)) == []


@pytest.mark.parametrize("type", ["997", "999"])
def test_pyx12_finds_nothing_wrong_with_any_finding_that_is_reported(judge, type):
    """Each kind of finding, in a document and in a receipt of its own, at a place that a receipt can name."""
    version, make = ("004010X091A1", functional_997) if type == "997" else ("005010X231A1", functional_999)
    place = {"segment": 4, "tag": "PO1", "loop": "PO1", "element": 3, "reference": "355"}
    kinds = [kind for kind in KINDS.values() if kind.code.startswith("X12-") and kind.level in INSIDE]
    claims = [order(Issue(kind.code, Location(**place), "QQ"), type="837") for kind in kinds]
    verdicts = [group(claim, version=version, functional="HC") for claim in claims]
    sent = in_x12(*(make(verdict, version=version) for verdict in verdicts), type=type, version=version)
    receipts = [event for event in read(sent) if isinstance(event, RawDocument)]
    assert len(receipts) == len(kinds) > 20
    assert [(opinion.none, opinion.said) for opinion in judge.judge(receipts, None)] == [("", ())] * len(kinds)


def _repeats_an_unknown_code(issue: Issue) -> bool:
    """AK101, AK201 and OTI10 name what was sent, also where no such group or transaction set exists."""
    return issue.code == "X12-E07" and issue.location.tag in ("AK1", "AK2", "OTI")
