"""What a sender may make us do is bounded: by document, by segment, in memory."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import Iterator

import pytest

from gateway.codecs import Limits, RawDocument, read, scan
from tests.codecs.interchanges import (
    EDIFACT,
    GS,
    ISA,
    MESSAGE,
    ORDER,
    UNB,
    X12,
    Drops,
    Generated,
    codes,
    documents,
    end,
    events,
)

MEGABYTE = 1024 * 1024


def test_a_document_up_to_the_limit_is_kept() -> None:
    assert codes(events(X12, limits=Limits(document_bytes=len(ORDER)))) == []
    assert codes(events(EDIFACT, limits=Limits(document_bytes=len(MESSAGE)))) == []


def test_a_document_above_the_limit_is_reported_without_its_text() -> None:
    found = events(X12.replace("~", "~\n"), limits=Limits(document_bytes=len(ORDER)))
    (document,) = documents(found)
    assert (document.text, document.segments(), document.length) == ("", [], len(ORDER) + 3)
    assert codes(found) == ["X12-T05B"]
    assert document.issues[0].text == f"The document has {len(ORDER) + 3} bytes; at most {len(ORDER)} are read."
    found = events(EDIFACT.replace("PO-1", "a?'UNT+b"), limits=Limits(document_bytes=40))
    assert codes(found) == ["EDF-M18B"]


def test_a_document_of_more_segments_than_the_limit_is_reported_without_its_text() -> None:
    """Segments of no byte but their end would cost memory a hundred times as long as the file."""
    found = events(X12.replace("SE*4", "~" * 50 + "SE*54"), limits=Limits(document_segments=53))
    (document,) = documents(found)
    assert (document.text, document.length, codes(found)) == ("", len(ORDER) + 51, ["X12-T05B"])
    assert document.issues[0].text == "The document has 54 segments; at most 53 are read."
    assert codes(events(X12, limits=Limits(document_segments=4))) == []
    assert codes(events(EDIFACT, limits=Limits(document_segments=2))) == ["EDF-M18B"]


def test_the_trailer_of_a_document_above_the_limit_is_still_checked() -> None:
    broken = X12.replace("SE*4*0001", "SE*5*0002")
    assert codes(events(broken, limits=Limits(document_bytes=20))) == ["X12-T04", "X12-T03", "X12-T05B"]
    cut = X12.replace("SE*4*0001~", "")
    assert codes(events(cut, limits=Limits(document_bytes=20))) == ["X12-T02", "X12-T05B"]


def test_what_follows_a_document_above_the_limit_is_read() -> None:
    large = ORDER.replace("PO-1", "P" * 3000)
    small = ORDER.replace("0001", "0002")
    found = events(ISA + GS + large + small + "GE*2*7~IEA*1*000000905~", limits=Limits(document_bytes=1000))
    assert codes(found) == ["X12-T05B"]
    assert [bool(document.text) for document in documents(found)] == [False, True]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_an_endless_segment_between_the_envelopes_is_passed_over(size: int) -> None:
    data = X12.replace("GE*", "X" * 5000 + "~GE*").encode()
    found = list(read(Drops(data, [size]), limits=Limits(segment_bytes=1000)))
    assert codes(found) == ["X12-I022", "X12-T02"] or codes(found) == ["X12-I022"]
    assert end(found).length == len(data)


def _orders(count: int, size: int, last: str) -> Iterator[bytes]:
    yield (ISA + GS).encode()
    filler = "MSG*" + "x" * 76 + "~"
    lines = size // 81
    for number in range(count):
        yield (f"ST*850*{number:09}~" + filler * lines + f"SE*{lines + 2}*{number:09}~").encode()
    yield last.encode()


def test_memory_does_not_grow_with_the_number_of_documents() -> None:
    count, size = 2_500, 24_000  # 60 MB

    def peak() -> int:
        tracemalloc.start()
        stream = Generated(lambda: _orders(count, size, f"GE*{count}*7~IEA*1*000000905~"))
        found = sum(1 for event in read(stream) if isinstance(event, RawDocument) and not event.issues)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert found == count
        return most

    assert peak() < 8 * MEGABYTE


def _endless(head: str, piece: bytes, megabytes: int) -> Generated:
    pieces = itertools.repeat(piece * (MEGABYTE // len(piece)), megabytes)
    return Generated(lambda: itertools.chain([head.encode()], pieces))


ENDLESS = {
    "document": (ISA + GS + "ST*850*0001~", b"MSG*" + b"x" * 27 + b"~"),
    "segment in a document": (ISA + GS + "ST*850*0001~MSG*", b"x"),
    "segment between": (ISA + GS + "MSG*", b"x"),
    "blanks": (ISA + GS + ORDER, b" "),
    "release characters": (UNB + "UNH+1+ORDERS:D:96A:UN'FTX+", b"?"),
    "header": ("UNB+UNOC:3+", b"x"),
    "no interchange": ("", b"x"),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_memory_is_bounded_by_the_limits(name: str) -> None:
    head, piece = ENDLESS[name]
    limits = Limits(document_bytes=2 * MEGABYTE)
    tracemalloc.start()
    for _ in read(_endless(head, piece, 12), limits=limits):
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 12 * MEGABYTE


def test_a_scan_keeps_no_text() -> None:
    data = b"".join(_orders(200, 24_000, "GE*200*7~IEA*1*000000905~"))
    tracemalloc.start()
    (summary,) = scan(data)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert summary.documents == 200
    assert kept < MEGABYTE
