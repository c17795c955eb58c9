"""Any text that a character set has comes back, byte by byte and character by character, whatever they look like."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gateway.codecs import (
    Address,
    Body,
    Delimiters,
    EdifactEnvelope,
    RawDocument,
    X12Envelope,
    X12Group,
    composite,
    join,
    layout,
    read,
    unescape,
    write_edifact,
    write_x12,
)
from gateway.codecs.charset import SYNTAX_CHARSETS, charset_named, encode
from gateway.core.errors import UnwritableError
from tests.codecs.interchanges import Drops, codes

DATE, TIME = dt.date(2026, 1, 15), dt.time(12, 53)
EDIFACT = EdifactEnvelope(
    sender=Address("A", "14"), receiver=Address("B", "14"), control_number="R1", date=DATE, time=TIME
)
X12 = X12Envelope(
    sender=Address("ACME", "ZZ"), receiver=Address("GLOBEX", "ZZ"), control_number=1, date=DATE, time=TIME
)
BY_AGREEMENT = ["gb18030", "gbk", "gb2312", "big5", "big5hkscs", "shift_jis", "cp932", "cp949", "euc_kr", "cp1252"]
SHIFTED = ["iso2022_jp", "iso2022_jp_2", "iso2022_jp_ext"]
FEW = settings(max_examples=25)

#: As bytes of other characters these look like delimiters: @ in 0x8140, | in 0x817C, ~ in 0x817E, \\ and ^ too.
LOOK_ALIKES = [
    Delimiters("|", "^", "~", None, None),
    Delimiters("@", "\\", "{", None, None),
    Delimiters("*", ">", "~", None, None),
]


@lru_cache
def characters(charset: str) -> tuple[str, ...]:
    """What this character set has, and reads as it wrote it."""

    def kept(character: str) -> bool:
        try:
            raw = character.encode(charset)
            return raw.decode(charset) == character and b"\x1bN" not in raw
        except UnicodeError:
            return False

    return tuple(filter(kept, map(chr, _CODES)))


_CODES = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x600),
    *range(0x2010, 0x2030),
    *range(0x2500, 0x2520),
    *range(0x3000, 0x3100),
)
_CODES += (*range(0x4E00, 0xA000, 5), *range(0xAC00, 0xD7A4, 11), *range(0xFF01, 0xFFE7), 0x1F4E6, 0x20000)


def text_in(charset: str) -> st.SearchStrategy[str]:
    return st.text(st.sampled_from(characters(charset)), min_size=1, max_size=30)


def the_document(written: bytes, charset: str | None, size: int) -> RawDocument:
    found = list(read(Drops(written, [size]), charset=charset))
    assert codes(found) == []
    [document] = (event for event in found if isinstance(event, RawDocument))
    again = join(document.segments(), document.delimiters, layout(document.text, document.delimiters))
    assert encode(again, document.charset) == written[document.offset : document.offset + document.length]
    return document


@pytest.mark.parametrize("level", SYNTAX_CHARSETS)
@FEW
@given(st.data())
def test_a_level_of_edifact_carries_all_its_characters(level: str, data: st.DataObject) -> None:
    value = data.draw(text_in(SYNTAX_CHARSETS[level]))
    message = Body(
        type="ORDERS",
        control_number="1",
        version="D.96A",
        segments=[["FTX", "AAI", composite((value, "x"), EDIFACT.delimiters)], ["BGM", "220"]],
    )

    written = write_edifact(replace(EDIFACT, syntax=level), [message])
    document = the_document(written, None, data.draw(st.sampled_from([1, 3, 1000])))
    assert unescape(document.segments()[1][2], document.delimiters) == f"{value}:x"
    assert written[document.offset_of(3) :].startswith(b"BGM") or level == "UNOX"


@pytest.mark.parametrize("charset", BY_AGREEMENT)
@FEW
@given(st.data())
def test_a_charset_of_an_agreement_carries_all_its_characters(charset: str, data: st.DataObject) -> None:
    name = charset_named(charset)
    marks = data.draw(st.sampled_from(LOOK_ALIKES))
    value = "".join(c for c in data.draw(text_in(name)) if c not in marks)
    order = Body(type="850", control_number="0001", segments=[["MSG", value], ["CTT", "1"]])

    envelope = replace(X12, charset=name, delimiters=marks)
    written = write_x12(envelope, [X12Group(functional_id="PO", control_number=1, documents=[order])])
    document = the_document(written, name, data.draw(st.sampled_from([1, 3, 1000])))
    assert document.segments()[1] == ["MSG", value] if value else True
    assert written[document.offset_of(3) :].startswith(b"CTT")


@pytest.mark.parametrize(
    "charset", [*BY_AGREEMENT, "iso2022_jp", "iso2022_jp_2", "iso2022_jp_ext", "ascii", "iso8859-1"]
)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=10))
def test_what_is_written_is_what_was_meant_or_nothing_is(charset: str, value: str) -> None:
    order = Body(type="850", control_number="0001", segments=[["MSG", f"x{value}"], ["CTT", "1"]])

    envelope = replace(X12, charset=charset_named(charset), delimiters=Delimiters("\x1d", "\x1f", "\x1c"))
    written, refused = b"", ""
    try:
        written = write_x12(envelope, [X12Group(functional_id="PO", control_number=1, documents=[order])])
    except UnwritableError as error:
        refused = str(error.issue.params["character"])
    if refused:
        assert refused[0] in value
    else:
        document = the_document(written, charset_named(charset), 1000)
        assert document.segments()[1] == ["MSG", f"x{value}"]
