"""Despatch advices: other people's samples survive reading and writing; a weak label is told at its place."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from gateway.canonical import DespatchAdvice
from gateway.canonical.checks import remarks
from gateway.codecs import RawDocument, read
from tests.mapping.made import SAMPLES, X12, bundled, cut

MAPPING = "x12/856"


def samples() -> list[Path]:
    files = sorted(SAMPLES.glob("x12/*/*"))
    return [file for file in files if b"ST*856*" in file.read_bytes()[:4000]]


@pytest.mark.skipif(not samples(), reason="the samples are not here")
@pytest.mark.parametrize("file", samples(), ids=lambda file: str(file.name)[-40:])
def test_samples_are_written_as_they_were_read(file: Path) -> None:
    mapping = bundled().get(MAPPING)
    with file.open("rb") as stream:
        documents = [event for event in read(stream) if isinstance(event, RawDocument) and event.type == "856"]
    assert documents
    for raw in documents:
        document = mapping.read(raw.segments(), raw.delimiters, raw.text).document
        assert isinstance(document, DespatchAdvice)
        bare = msgspec.structs.replace(document, extensions=())
        writing = mapping.write(bare, raw.delimiters)
        assert writing.ok, writing.issues
        assert mapping.read(writing.segments, raw.delimiters).document == bare


def test_levels_may_come_in_any_depth_and_goods_of_two_orders_under_one_label_each() -> None:
    body = """
        ST*856*0001~
        BSN*00*S-1*20260201*0830*0001~
        HL*7**S~
        HL*8*7*O~
        PRF*PO-1~
        HL*9*8*P~
        MAN*GM*340123450000000017~
        HL*10*9*I~
        LIN**UP*036000291452~
        SN1**3*EA~
        HL*11*7*O~
        PRF*PO-2~
        HL*12*11*P~
        MAN*GM*00340123450000000017~
        SE*14*0001~
    """
    document = bundled().get(MAPPING).read(cut(body, X12), X12).document
    assert isinstance(document, DespatchAdvice)
    assert document.packing_root_id == "7"
    assert [(level.id, level.parent_id, level.level_code) for level in document.packing] == [
        ("8", "7", "order"),
        ("9", "8", "pack"),
        ("10", "9", "item"),
        ("11", "7", "order"),
        ("12", "11", "pack"),
    ]
    assert [(issue.code, issue.location.field) for issue in remarks(document)] == [
        ("TRD-SSCC-TWICE", "packing[4].sscc")
    ]
