"""Segments, elements, repetitions, components; release characters; places as byte offsets."""

from __future__ import annotations

import pytest

from gateway.codecs import (
    Delimiters,
    Layout,
    components,
    escape,
    join,
    layout,
    repetitions,
    segments,
    unescape,
    values,
)
from tests.codecs.interchanges import EDIFACT, X12, documents, events

X = Delimiters("*", ">", "~", "^")
E4 = Delimiters("+", ":", "'", "*", "?")


def test_elements_stay_as_they_are() -> None:
    assert segments("A*1*2>3^4**~\r\nB~", X) == [["A", "1", "2>3^4", "", ""], ["B"]]
    assert segments("A+x?+y:?'+'B'", E4) == [["A", "x?+y:?'", ""], ["B"]]
    assert segments("", X) == segments("\r\n", X) == []
    assert segments("A*1~~B", X) == [["A", "1"], [""], ["B"]]


def test_a_line_break_that_is_the_terminator_is_no_blank() -> None:
    assert segments("A*1\nB*2\n\nC\n", Delimiters("*", ">", "\n")) == [["A", "1"], ["B", "2"], [""], ["C"]]


def test_repetitions_and_components() -> None:
    assert repetitions("a^b>c^", X) == ["a", "b>c", ""]
    assert repetitions("a^b", X._replace(repetition=None)) == ["a^b"]
    assert components("b>c>", X) == ["b", "c", ""]
    assert repetitions("a?*b*c", E4) == ["a?*b", "c"]
    assert components("a?:b:c??:d", E4) == ["a?:b", "c??", "d"]
    assert values("a?:b:c??:d?'", E4) == ["a:b", "c?", "d'"]


@pytest.mark.parametrize(("plain", "escaped"), [("a+b", "a?+b"), ("50%?", "50%??"), ("'*:", "?'?*?:"), ("", "")])
def test_escape_and_unescape(plain: str, escaped: str) -> None:
    assert escape(plain, E4) == escaped
    assert unescape(escaped, E4) == plain
    assert escape(plain, X) == plain


def test_any_character_may_be_released() -> None:
    assert unescape("?a?\n??", E4) == "a\n?"
    assert unescape("end?", E4) == "end?"


def test_join_undoes_segments() -> None:
    text = "A*1~B**~"
    assert join(segments(text, X), X) == text
    assert join(segments(text, X), X, "\r\n") == "A*1~\r\nB**~\r\n"


@pytest.mark.parametrize("text", ["A*1~\r\nB*2~\n C~", "  A~~B", "A~B*2", "\nA~\n", "A", "", "A~ ~ ~B~  "])
def test_a_layout_keeps_what_stands_between_segments(text: str) -> None:
    found = layout(text, X)
    assert join(segments(text, X), X, found) == text


def test_a_layout_tells_a_uniform_line_break() -> None:
    assert layout("A~\nB~\nC~", X).line_break == "\n"
    assert layout("A~B~", X).line_break == ""
    assert layout("A~\nB~C~", X).line_break is None
    assert layout("A~\nB", X) == Layout(("", "\n", ""), terminated=False)


def test_places_of_an_x12_document() -> None:
    text = X12.replace("PO-1", "PO>1>2").replace("~", "~\r\n")
    (document,) = documents(events(text))
    assert document.offset_of(1) == text.index("ST*")
    assert document.offset_of(2) == text.index("BEG")
    assert document.offset_of(2, 3) == text.index("PO>1")
    assert document.offset_of(2, 3, 2) == text.index("PO>1") + 3
    assert document.offset_of(3, 4) == text.index("9.5")
    assert document.offset_of(4, 1) == text.index("SE*4*") + 3


def test_a_place_that_is_missing_is_the_end_of_what_there_is() -> None:
    (document,) = documents(events(X12))
    assert document.offset_of(3, 9) == X12.index("9.5") + 3
    assert document.offset_of(3, 4, 4) == X12.index("9.5") + 3
    assert document.offset_of(99) == document.offset + document.length


def test_places_are_bytes_also_where_characters_have_several() -> None:
    text = EDIFACT.replace("UNOC", "UNOY").replace("PO-1", "Łódź?'?+:北京:here")
    data = text.encode()
    (message,) = documents(events(data))
    assert message.offset_of(2, 2, 3) == data.index(b"here")
    assert message.offset_of(3, 1, 2) == data.index(b"20260115:102")
    assert message.offset_of(2, 3) == data.index(b"here") + 5


def test_places_of_repetitions() -> None:
    text = EDIFACT.replace("UNOC:3", "UNOC:4").replace("260115:", "20260115:").replace("PO-1", "a:b*c?*d:e*f")
    (message,) = documents(events(text))
    assert message.offset_of(2, 2, 2, 2) == text.index("e*f")
    assert message.offset_of(2, 2, 1, 3) == text.index("*f") + 1
