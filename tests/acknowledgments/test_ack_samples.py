"""Receipts that other people's software wrote, read where they lie beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.acknowledgments import Status, read_997, read_contrl, read_ta1
from gateway.codecs import RawDocument, Reply, read

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "documents"
FILES = sorted(path for kind in ("x12", "edifact") for path in (SAMPLES / kind).glob("valid/*")) or [None]

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name if path else "none")
def test_every_receipt_with_a_result_says_something_definite(path):
    for event in read(path.read_bytes()):
        if isinstance(event, Reply):
            assert read_ta1(event.segment).status is not Status.UNKNOWN
        elif isinstance(event, RawDocument) and event.type in ("997", "999"):
            outcome = read_997(event.segments(), event.delimiters)
            whole = any(segment[0] in ("AK9", "AK5", "IK5") for segment in event.segments())
            assert (outcome.status is not Status.UNKNOWN) == whole
        elif isinstance(event, RawDocument) and event.type == "CONTRL":
            outcome = read_contrl(event.segments(), event.delimiters)
            assert outcome.control_number
            assert outcome.status is not Status.UNKNOWN
