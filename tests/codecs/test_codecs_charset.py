"""Character sets: which ones can carry X12 and EDIFACT, and that their bytes are never taken for delimiters."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.codecs import read, undecodable
from gateway.codecs.charset import SYNTAX_CHARSETS, charset_named, decode, encode, mask, width
from gateway.core.errors import UsageError


def test_every_level_of_syntax_has_a_codec_with_ascii_in_it() -> None:
    assert {charset_named(name) for name in SYNTAX_CHARSETS.values()} >= {"ascii", "utf-8", "iso2022_jp_2"}


def test_the_page_on_formats_lists_every_level() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "formats.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    listed = {level: row[2].strip("`") for row in rows if len(row) == 3 for level in row[0].split(", ")}
    assert {level: listed.get(level) for level in SYNTAX_CHARSETS} == SYNTAX_CHARSETS


@pytest.mark.parametrize(
    "name", ["no-such-set", "utf-16", "cp037", "utf-7", "hex", "rot13", "iso2022_kr", "hz", "", "a\x00b"]
)
def test_a_character_set_that_cannot_be_is_refused_at_once(name: str) -> None:
    with pytest.raises(UsageError, match="Character set"):
        charset_named(name)
    if name:
        with pytest.raises(UsageError):
            read(b"", charset=name)


@pytest.mark.parametrize("charset", ["ascii", "utf-8", "gb18030", "shift_jis", "iso2022_jp", "iso8859-7"])
def test_bytes_that_are_no_text_come_back(charset: str) -> None:
    raw = b"ok \xff\xfe \x80 end"
    text = decode(raw, charset)
    assert text.startswith("ok ")
    if charset != "iso2022_jp":
        assert undecodable(text) or charset == "iso8859-7"
        assert encode(text, charset) == raw
        assert width(text, charset) == len(raw)


def test_undecodable_speaks_of_stray_bytes_alone() -> None:
    assert not undecodable("plain")
    assert not undecodable("Łódź 東京")
    assert undecodable("M\udcfcller")


MASKED = {
    "gb18030": "亊~x㐀'",
    "gbk": "亊~x",
    "shift_jis": "ソ\\x表",
    "cp932": "ソ|能~",
    "big5": "功\\x許",
    "cp949": "갂~A",
    "iso2022_jp": "a'Ж'x~",
    "iso2022_jp_2": "a'한'¥'x~‾\\",
    "iso2022_jp_ext": "a'ｧ'ﾞ~",
}


@pytest.mark.parametrize("charset", MASKED)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_a_mask_hides_exactly_the_characters_of_several_bytes(charset: str, size: int) -> None:
    text = MASKED[charset] * 3
    raw = text.encode(charset)
    masker = mask(charset)
    assert masker is not None
    shown = b"".join(masker(raw[place : place + size], False) for place in range(0, len(raw), size)) + masker(b"", True)
    assert len(shown) == len(raw)
    plain = bytes(byte for byte in shown if byte < 0x80)
    assert plain.decode() == "".join(character for character in text if character.isascii())


def test_character_sets_that_contain_ascii_need_no_mask() -> None:
    assert all(mask(charset_named(name)) is None for name in ("ascii", "utf-8", "iso8859-15", "euc_kr", "cp1252"))
