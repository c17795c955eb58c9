"""JSON values one after the other: where each stands, and what is wrong with it alone."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.codecs.jsonl import pieces

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(), VALUES, max_size=3)


def texts(body: bytes) -> list[str]:
    return [piece.text for piece in pieces(body)]


def test_one_on_each_line_or_one_on_many_lines_or_an_array() -> None:
    assert texts(b'{"a":1}\n{"b":2}\n') == ['{"a":1}', '{"b":2}']
    assert texts(b'{\n  "a": 1\n}\n') == ['{\n  "a": 1\n}']
    assert texts(b'[\n{"a":1},\n{"b":2}\n]') == ['{"a":1}', '{"b":2}']
    assert texts(b"\n \n") == []


def test_places_are_counted_in_lines_and_in_bytes_of_the_file() -> None:
    body = '\ufeff{"a":"ü"}\n\n{\n"b":2}\n{"c":3}'.encode()
    found = list(pieces(body))
    assert [piece.line for piece in found] == [1, 3, 5]
    assert [body[p.offset : p.offset + p.length].decode() for p in found] == ['{"a":"ü"}', '{\n"b":2}', '{"c":3}']


def test_what_is_wrong_with_one_does_not_hide_the_others() -> None:
    found = list(pieces(b'{"a":1}\n{"b":,}\n{"c":3}\n'))
    assert [piece.value for piece in found] == [{"a": 1}, None, {"c": 3}]
    assert found[1].error == "expecting value, at character 6"
    assert (found[1].line, found[1].offset, found[1].length) == (2, 8, 7)


def test_what_is_no_utf8_is_told_with_its_byte() -> None:
    (found,) = pieces(b'{"a":1}\n{"b":"\xfc"}')
    assert (found.error, found.line) == ("byte 14 is not UTF-8", 2)


def test_what_would_exhaust_a_reader_is_an_error() -> None:
    (nested,) = pieces(b"{" + b'"a":{' * 100_000)
    (digits,) = pieces(b'{"a":' + b"9" * 10_000 + b"}")
    assert nested.error is not None
    assert digits.error is not None


@given(st.lists(OBJECTS, max_size=5), st.booleans())
def test_what_is_written_comes_back_from_its_place(values: list[object], ascii_only: bool) -> None:
    body = "".join(json.dumps(value, ensure_ascii=ascii_only) + "\n" for value in values).encode(errors="ignore")
    found = list(pieces(body))
    assert [piece.error for piece in found] == [None] * len(values)
    assert [json.loads(body[piece.offset : piece.offset + piece.length]) for piece in found] == [p.value for p in found]


@given(st.binary(max_size=200))
def test_anything_is_read_to_its_end(body: bytes) -> None:
    for piece in pieces(body):
        assert piece.offset + piece.length <= len(body)
        assert (piece.error is None) or piece.value is None


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'[{"a":1},\n{"b":2}', "the array with which the file begins has no end: the file may be cut off"),
        (b'[{"a":1},', "the array with which the file begins has no end: the file may be cut off"),
        (b"[", "the array with which the file begins has no end: the file may be cut off"),
        (b'[{"a":1}]],,{"b":2}', '"]],," cannot stand in an array'),
        (b'[{"a":1},,{"b":2}]', '",," cannot stand in an array'),
        (b'[,{"a":1}]', '"," cannot stand in an array'),
        (b'[{"a":1},]', '",]" cannot stand in an array'),
        (b'[{"a":1} {"b":2}]', "the comma before it is missing"),
    ],
)
def test_an_array_that_is_not_whole_is_told_and_its_items_are_read(body: bytes, error: str) -> None:
    found = list(pieces(body))
    assert [piece.error for piece in found if piece.error] == [error]
    assert [piece.value for piece in found if not piece.error] == [{"a": 1}, {"b": 2}][: body.count(b"{")]


@pytest.mark.parametrize("body", [b"[]", b"[ \n ]\n", b"[1]", b' [1 ,\n2]\n{"a":1}\n[3]\n'])
def test_an_array_that_is_whole_may_be_followed_by_others(body: bytes) -> None:
    assert all(piece.error is None for piece in pieces(body))


def test_an_item_that_cannot_be_read_takes_its_comma_and_nothing_else_with_it() -> None:
    found = list(pieces(b'[{"a":1},\n{"b":,},\n{"c":3}]'))
    assert [piece.error for piece in found] == [None, "expecting value, at character 6", None]


@pytest.mark.parametrize("line", [b"{\n", b"x\n", b"[\n", b'{"a":\n', b'{"a":"\n', b"]\n", b"1,\n", b"[{"])
def test_files_of_broken_lines_are_read_in_a_time_that_their_length_bounds(line: bytes) -> None:
    """A quadratic reader needs minutes for it: the limit of every test tells. None of its bytes is passed over."""
    body = b'{"first":1}\n' + line * (1_000_000 // len(line))
    found = list(pieces(body))
    assert found[0].value == {"first": 1}
    assert any(piece.error for piece in found)
    assert sum(piece.length for piece in found) + body.count(b"\n") >= len(body)
