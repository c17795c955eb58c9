"""Whatever the bytes and however they arrive: events and issues, the same ones, and never an error."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import reduce
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.codecs import (
    Event,
    InterchangeEnd,
    InterchangeStart,
    Limits,
    RawDocument,
    detect,
    join,
    layout,
    read,
    scan,
)
from gateway.codecs.charset import decode, encode
from tests.codecs.interchanges import EDIFACT, X12, Drops

CORPUS = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "data" / "identity").glob("[!.]*"))]
CORPUS += [
    X12.replace("BEG*00", "BIN*13*SE*2*0001~~>*\n~BDS*ASC*4*~~~~~BEG*00").replace("SE*4", "SE*6").encode(),
    b"UNA:+./*'UIB+UNOA:4+D1++++A+B'UIH+SKDREQ:D:04B+M1'ODI+Z*/'H'UIT+M1+3'UIZ+D1+1'",
    b"UNB|IATA,1|1A|ACME|260115,0649|0003;UNH|1|PNRGOV,11,1,IA;EQN|1?|1;UNT|3|1;UNZ|1|0003;",
]
TOKENS = [
    *(b"~", b"'", b"*", b"+", b"?", b"??", b"?'", b"\r\n", b"\n", b" ", b"\x00", b"\xff", b"\xef\xbb\xbf"),
    *(b"ISA*", b"GS*", b"ST*850*", b"SE*4*", b"GE*1*1~", b"IEA*1*", b"TA1*", b"ISX*?~", b"SE:", b"UNT:1+"),
    *(b"UNA:+.? '", b"UNB+UNOY:4+", b"UNH+1+X:D:96A:UN'", b"UNT+", b"UNZ+1+R1'", b"UNG+", b"UNE+", b"UIB+UNOA"),
    *(b"BIN*", b"BIN*3*", b"BIN*99*", b"BIN*999999999999999*", b"BDS*ASC*7*", b"UIH+X:1:1'", b"UIT++2'", b"UIZ++1'"),
    *(b"\x1b$B", b"\x1b(I", b"\x1bN~", b"UNB|IATB:1|", b"\x1b(B", b"\x81\x30", b"\x1d", b"\x1c", b"A" * 60),
]
BINARY = re.compile("[\udc00-\udc7f]")
LIMITS = st.sampled_from([Limits(), Limits(document_bytes=80, segment_bytes=20, issues_per_document=3)])
CHARSETS = st.sampled_from([None, None, "ascii", "iso8859-1", "gb18030", "shift_jis", "iso2022_jp"])
SIZES = st.lists(st.integers(1, 400), min_size=1, max_size=5)

Change = Callable[[bytes], bytes]


def insertion(place: int, token: bytes) -> Change:
    return lambda data: data[: place % (len(data) + 1)] + token + data[place % (len(data) + 1) :]


def deletion(place: int, length: int) -> Change:
    return lambda data: data[: place % (len(data) + 1)] + data[place % (len(data) + 1) + length :]


def repetition(place: int, length: int) -> Change:
    return lambda data: data + data[place % (len(data) + 1) :][:length]


PLACE = st.integers(0, 4000)
CHANGES = st.one_of(
    st.builds(insertion, PLACE, st.sampled_from(TOKENS) | st.binary(max_size=3)),
    st.builds(deletion, PLACE, st.integers(1, 60)),
    st.builds(repetition, PLACE, st.integers(1, 300)),
)
MUTATED = st.builds(
    lambda data, changes: reduce(lambda made, change: change(made), changes, data),
    st.sampled_from(CORPUS),
    st.lists(CHANGES, max_size=8),
)


def check(data: bytes, found: list[Event]) -> None:
    """What holds for the events of any bytes at all."""
    depth = 0
    for event in found:
        for issue in getattr(event, "issues", ()):
            assert issue.text
            assert 0 <= (issue.location.offset or 0) <= len(data)
        depth += isinstance(event, InterchangeStart) - isinstance(event, InterchangeEnd)
        assert depth in (0, 1)
        if isinstance(event, RawDocument):
            check_document(data, event)
    assert depth == 0
    assert found, "even nothing is an event"


def check_document(data: bytes, document: RawDocument) -> None:
    assert 0 <= document.offset < document.offset + document.length <= len(data)
    if document.text:
        came = data[document.offset : document.offset + document.length]
        if not BINARY.search(document.text):
            assert document.text == decode(came, document.charset)
        elif document.charset in ("ascii", "utf-8", "iso8859-1"):
            assert encode(document.text, document.charset) == came
        again = join(document.segments(), document.delimiters, layout(document.text, document.delimiters))
        assert again == document.text
        place = document.offset_of(1 + document.length % 5, document.length % 3, 1, 1)
        assert document.offset <= place <= document.offset + document.length


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), CHARSETS, LIMITS)
def test_any_bytes_are_read(data: bytes, charset: str | None, limits: Limits) -> None:
    check(data, list(read(data, charset=charset, limits=limits)))
    assert detect(data).format in ("x12", "edifact", "xml", "json", "csv", "unknown")


@settings(max_examples=400, deadline=None)
@given(MUTATED, CHARSETS, LIMITS, SIZES)
def test_changed_interchanges_are_read_the_same_in_any_portions(
    data: bytes, charset: str | None, limits: Limits, sizes: list[int]
) -> None:
    found = list(read(data, charset=charset, limits=limits))
    check(data, found)
    assert list(read(Drops(data, sizes), charset=charset, limits=limits)) == found
    scan(data, charset=charset, limits=limits)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=60), st.sampled_from([b"", X12.encode(), EDIFACT.encode()]), SIZES)
def test_heaps_of_service_characters_are_read(tokens: list[bytes], before: bytes, sizes: list[int]) -> None:
    data = before[: len(before) * 2 // 3] + b"".join(tokens)
    found = list(read(data))
    check(data, found)
    assert list(read(Drops(data, sizes))) == found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([1, 2, 3, 16, 105, 106, 107]))
def test_an_interchange_in_small_portions_is_the_same(seed: int, size: int) -> None:
    data = b"\n".join(random.Random(seed).sample(CORPUS, 3))
    assert list(read(Drops(data, [size]))) == list(read(data))
