"""Other people's documents: the envelope is judged as their label says, or the difference has a reason."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from gateway.codecs import detect, read
from gateway.core.issues import has_errors

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "documents"
INDEX = SAMPLES / "index.csv"

STRICTER = {
    "SCRIPT_PharmacyRequest.txt": "EDF-M29",  # UIT says 7 segments, and there are 8 with UIH and UIT
    "envelope.rs_L372.edi": "EDF-I33",  # a BGM stands between UNT and UNZ
    "edi_out_issue235.edi": "EDF-I13",  # UNB has a reference and nothing else; a second UNB follows
    "x12_2_xml_837_02.x12": "X12-T23",  # two transaction sets of one group have the number 0001
}
"""Labelled valid (counts and references are consistent), refused by us → for this."""

CONTENT = {
    "sample.001.badnum",  # wrong data in a document
    "DIS20_ERROR_ENC0.edi",  # UTF-8 under UNOC: every byte is a character of ISO 8859-1
    "Samples_D93A_ORDERS.txt",  # a line break inside of a segment tag
    "ErrorEventsTest.java_L120.edi",  # UNG 0038: optional in syntax version 4
    "ErrorEventsTest.java_L143.edi",  # UNG 0051: the same
    "ErrorEventsTest.java_L166.edi",  # too many repetitions of UNH 0068
    "ErrorEventsTest.java_L400.edi",  # wrong data in a document, as in those that follow
    "ErrorEventsTest.java_L516.edi",
    "ErrorEventsTest.java_L592.edi",
    "EDIFACT_invoic_d97b_bad.edi",
}
"""Labelled invalid, with an envelope that is in order: message tables find these faults, not the codecs."""

LENIENT = {"StaEDIStreamReaderTest.java_L523.edi"}
"""Labelled invalid because the label does not know the release character that ISX names (X12 version 00704)."""


def rows() -> list[dict[str, str]]:
    if not INDEX.exists():
        return []
    with INDEX.open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["type"] in ("x12", "edifact")]


@pytest.mark.skipif(not INDEX.exists(), reason="the shared samples are not here")
@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"][-60:])
def test_an_envelope_is_judged_as_its_label_says(row: dict[str, str]) -> None:
    data = (SAMPLES / row["file"]).read_bytes()
    assert detect(data).format == row["type"]
    issues = [issue for event in read(data) for issue in getattr(event, "issues", ())]
    stricter = next((code for name, code in STRICTER.items() if row["file"].endswith(name)), None)
    if stricter:
        assert stricter in {issue.code for issue in issues}
        assert row["valid"] == "valid"
    elif any(row["file"].endswith(name) for name in CONTENT | LENIENT):
        assert not has_errors(issues)
        assert row["valid"] == "invalid"
    else:
        assert has_errors(issues) == (row["valid"] == "invalid"), [str(issue.text) for issue in issues]
