"""A receipt never is wrong itself: whatever is reported, it validates against the tables of its own message."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.acknowledgments import EDIFACT, X12, Carrier, GroupVerdict, contrl, functional_997
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
from gateway.core.issues import Issue
from gateway.grammar import Schemas, Validator
from gateway.resources import find
from tests.acknowledgments.verdicts import group, message, messages, order, unb
from tests.property.test_property_acknowledgments import MESSAGES, ORDERS

WHEN = dt.datetime(2024, 1, 31, 12, 0)
FREE = st.text(max_size=12)


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    found = find(environ={}).schemas
    return Schemas(found.files, found.names)


def issues(validator: Validator, interchange: bytes) -> Iterator[Issue]:
    for event in read(interchange):
        if isinstance(event, RawDocument):
            yield from validator.validate(event)
        yield from getattr(event, "issues", ())


def in_x12(verdict: GroupVerdict) -> bytes:
    body = Body(type="997", control_number="0001", segments=functional_997(verdict, version="004010"))
    envelope = X12Envelope(
        sender=Address("ACME", "ZZ"),
        receiver=Address("GLOBEX", "ZZ"),
        control_number=1,
        date=WHEN.date(),
        time=WHEN.time(),
        delimiters=X12.delimiters,
    )
    return write_x12(envelope, [X12Group(functional_id="FA", control_number=1, documents=[body])])


@settings(max_examples=100, deadline=None)
@given(documents=ORDERS, number=FREE, tag=FREE)
def test_every_997_is_valid(schemas, documents, number, tag):
    strange = order(Issue("X12-S01B", value=tag), number=number, type=tag)
    sent = in_x12(group(*documents, strange, number=number, functional=tag[:2]))
    found = issues(schemas.validator("x12", "004010", "997"), sent)
    assert [issue for issue in found if not _repeats_an_unknown_code(issue)] == []


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


def _repeats_an_unknown_code(issue: Issue) -> bool:
    """AK101 and AK201 name what was sent, also where no such group or transaction set exists."""
    return issue.code == "X12-E07" and issue.location.tag in ("AK1", "AK2")
