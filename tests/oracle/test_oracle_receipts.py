"""The receipts that we write for mutated documents are right for pyx12, by its own maps of 997 and 999."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gateway import resources
from gateway.acknowledgments import DocumentVerdict, GroupVerdict, functional_997, functional_999
from gateway.codecs import RawDocument, Segment
from gateway.codecs.x12_write import X12_DELIMITERS
from gateway.opinion import Judge
from tests.acknowledgments.verdicts import group, order
from tests.oracle.courts import court
from tests.oracle.trial import trials

COUNT = 60
Write = Callable[[GroupVerdict], list[Segment]]


@pytest.fixture(scope="module")
def verdicts() -> list[DocumentVerdict]:
    """What we say of mutated claims."""
    return [
        order(*trial.issues, number=f"{number:04d}", type="837", association="005010X222A1")
        for number, trial in enumerate(trials(court("837"), COUNT, seed=11), 1)
    ]


@pytest.mark.parametrize(
    ("type", "version", "claims", "write"),
    [("997", "004010X098A1", "004010X098A1", functional_997), ("999", "005010X231A1", "005010X222A1", functional_999)],
)
def test_they_are_valid(verdicts: list[DocumentVerdict], type: str, version: str, claims: str, write: Write) -> None:
    documents = []
    for number, verdict in enumerate(verdicts, 1):
        body = write(group(verdict, version=claims, functional="HC"))
        start = ["ST", type, f"{number:04d}", *([version] if type == "999" else [])]
        segments = [start, *body, ["SE", str(len(body) + 2), f"{number:04d}"]]
        documents.append(_raw(type, version, f"{number:04d}", segments))
    with Judge(resources.map_file) as judge:
        opinions = judge.judge(documents, None)
    wrong = [(raw.text, opinion) for raw, opinion in zip(documents, opinions) if opinion.none or opinion.said]
    assert not wrong, wrong[:3]
    assert {opinion.map[:3] for opinion in opinions} == {type}


def _raw(type: str, version: str, number: str, segments: list[Segment]) -> RawDocument:
    marks = X12_DELIMITERS
    text = "".join(marks.element.join(segment) + marks.terminator for segment in segments)
    return RawDocument(
        standard="x12",
        type=type,
        version=version,
        association="",
        control_number=number,
        position=1,
        text=text,
        offset=0,
        length=len(text),
        delimiters=marks,
        charset="ascii",
    )
