"""Binary data in X12 (BIN, BDS): any bytes, of the length that the segment says; none of them is a delimiter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.codecs import Limits, RawDocument, join, layout, read
from gateway.codecs.charset import encode
from tests.codecs.interchanges import GS, ISA, Drops, codes, documents, end

EVIL = b"a~SE*2*0001~GE*1*7~\x00\xff*>:~ISA*00*~IEA*1*000000905~"


def interchange(*segments: bytes) -> bytes:
    """One document with these segments between ST and SE."""
    body = b"ST*275*0001~" + b"".join(segment + b"~" for segment in segments)
    return (ISA + GS).encode() + body + b"SE*%d*0001~GE*1*7~IEA*1*000000905~" % (len(segments) + 2)


def binary(data: bytes) -> bytes:
    return b"BIN*%d*%b" % (len(data), data)


def filtered(data: bytes) -> bytes:
    return b"BDS*ASC*%d*%b" % (len(data), data)


def the_document(data: bytes, charset: str | None = None, size: int = 1 << 20) -> RawDocument:
    found = list(read(Drops(data, [size]), charset=charset))
    assert codes(found) == []
    [document] = documents(found)
    return document


@pytest.mark.parametrize("charset", [None, "gb18030", "iso2022_jp"])
@pytest.mark.parametrize("size", [1, 2, 5, 64, 1 << 20])
def test_delimiters_and_envelopes_in_binary_data_are_data(charset: str | None, size: int) -> None:
    data = interchange(b"LX*1", binary(EVIL), b"\r\n" + filtered(EVIL), b"LX*2")
    document = the_document(data, charset, size)
    segments = document.segments()
    assert [segment[0] for segment in segments] == ["ST", "LX", "BIN", "BDS", "LX", "SE"]
    assert encode(segments[2][2], "utf-8") == encode(segments[3][3], "utf-8") == EVIL
    assert len(segments[2][2]) == len(EVIL)  # one character for each byte: a table can judge lengths
    assert data[document.offset_of(5) :].startswith(b"LX*2~")
    assert data[document.offset_of(3, 2) :].startswith(EVIL)


@given(st.lists(st.binary(max_size=300), max_size=4), st.sampled_from([1, 3, 7, 1000]))
def test_any_bytes_come_back_as_they_were(pieces: list[bytes], size: int) -> None:
    data = interchange(b"LX*1", *map(binary, pieces), *map(filtered, pieces), b"LX*2")
    document = the_document(data, None, size)
    segments = document.segments()
    again = join(segments, document.delimiters, layout(document.text, document.delimiters))
    assert encode(again, document.charset) == data[document.offset : document.offset + document.length]
    assert [encode(s[-1], "utf-8") for s in segments[2:-2]] == pieces * 2


@given(st.binary(max_size=200), st.binary(max_size=60), st.integers(0, 1 << 60))
def test_no_length_stops_the_reader(before: bytes, data: bytes, length: int) -> None:
    sent = interchange(before, b"BIN*%d*%b" % (length, data))
    found = list(read(sent, limits=Limits(document_bytes=120)))
    assert end(found).length <= len(sent)


def test_a_length_that_is_wrong_is_named_and_the_data_ends_at_the_next_terminator() -> None:
    found = list(read(interchange(b"LX*1", b"BIN*7*ABC", b"LX*2")))
    [document] = documents(found)
    [issue] = document.issues
    assert (issue.code, issue.value, issue.params) == ("X12-E07D", "7", {"name": "BIN01", "found": "3"})
    assert (issue.location.segment, issue.location.tag, issue.location.element) == (3, "BIN", 1)
    assert [segment[0] for segment in document.segments()] == ["ST", "LX", "BIN", "LX", "SE"]


@pytest.mark.parametrize("head", [b"BIN*x*ABC", b"BIN**ABC", b"BIN*3", b"BIN", b"BDS*ASC*A*B*C"])
def test_what_has_no_length_is_left_to_the_tables(head: bytes) -> None:
    assert codes(list(read(interchange(head, b"LX*1")))) == []


def test_a_thousand_wrong_lengths_are_a_hundred_issues() -> None:
    found = list(read(interchange(*[b"BIN*9*ABC"] * 1000)))
    assert set(codes(found)) == {"X12-E07D"}
    assert len(codes(found)) == 100


def test_data_beyond_the_limit_is_passed_over_and_counted() -> None:
    big = binary(b"SE*2*0001~GE*1*7~" * 1000)
    data = interchange(b"LX*1", big, filtered(EVIL), big)
    found = list(read(Drops(data, [100]), limits=Limits(document_bytes=300)))
    assert codes(found) == ["X12-T05B"]
    assert (end(found).documents, end(found).length) == (1, len(data))


def test_a_length_beyond_the_end_leaves_a_document_that_is_cut() -> None:
    found = list(read(interchange(b"BIN*999999999999999*ABC"), limits=Limits(document_bytes=1000)))
    assert codes(found) == ["X12-T02", "X12-T05B", "X12-G03", "X12-I023"]
