"""Reading and writing back is byte-identical: over our own corpus, and over other people's documents where present."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.codecs import InterchangeEnd, InterchangeStart, RawDocument, join, layout, read, segments
from gateway.codecs.charset import decode, encode
from tests.codecs.interchanges import codes

CORPUS = sorted((Path(__file__).parents[1] / "data" / "identity").glob("[!.]*"))
SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "documents"
OTHERS = sorted(path for kind in ("x12", "edifact") for path in SAMPLES.glob(f"{kind}/*valid/*"))


def written_back(data: bytes) -> bytes:
    """``data`` with each of its interchanges taken apart and put together again."""
    out, place = b"", 0
    header = None
    for event in read(data):
        if isinstance(event, InterchangeStart):
            header = event.header
        elif isinstance(event, InterchangeEnd) and header is not None:
            raw = data[header.offset : header.offset + event.length]
            text = decode(raw, header.charset)
            advice = header.service_advice or ""
            body = text[len(advice) :]
            again = advice + join(segments(body, header.delimiters), header.delimiters, layout(body, header.delimiters))
            out += data[place : header.offset] + encode(again, header.charset)
            place = header.offset + event.length
    return out + data[place:]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_our_own_documents_come_back_byte_by_byte(path: Path) -> None:
    data = path.read_bytes()
    assert codes(list(read(data))) == []
    assert written_back(data) == data


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_a_document_is_exactly_the_bytes_that_it_names(path: Path) -> None:
    data = path.read_bytes()
    for event in read(data):
        if isinstance(event, RawDocument):
            assert encode(event.text, event.charset) == data[event.offset : event.offset + event.length]
            body = event.segments()
            assert join(body, event.delimiters, layout(event.text, event.delimiters)) == event.text
            assert event.offset_of(len(body)) == event.offset + len(encode(event.text, event.charset)) - len(
                encode(join([body[-1]], event.delimiters), event.charset)
            )


@pytest.mark.skipif(not OTHERS, reason="the shared samples are not here")
@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.name[-60:])
def test_documents_of_others_come_back_byte_by_byte(path: Path) -> None:
    data = path.read_bytes()
    assert written_back(data) == data
