"""CSV by declared columns: what is well written reads back, and what is not is told with its line and column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.codecs.csv_layout import DOCUMENT, LINE, Column, Layout
from gateway.codecs.csv_read import csv_documents, fits
from gateway.codecs.csv_write import csv_file, csv_rows, unwritable
from gateway.codecs.model import Limits, RawDocument

LAYOUT = Layout(
    name="Orders",
    key=("order",),
    delimiter=";",
    decimal=",",
    date="DD.MM.YYYY",
    column=(
        Column(name="order", level="document", required=True),
        Column(name="day", level="document", type="date"),
        Column(name="item", level="line", required=True),
        Column(name="quantity", level="line", type="number"),
    ),
)
HEAD = b"order;day;item;quantity\n"


def read(body: bytes, layout: Layout = LAYOUT, limits: Limits = Limits()) -> list[RawDocument]:  # noqa: B008 - immutable
    return list(csv_documents(body, layout, "erp", "orders", limits))


def lines(raw: RawDocument) -> list[list[str]]:
    return raw.segments()[1:-1]


def codes(body: bytes) -> list[tuple[str, int | None, str | None]]:
    return [(i.code, i.location.line, i.location.reference) for raw in read(body) for i in raw.issues]


def test_rows_of_one_key_are_one_document() -> None:
    first, second = read(HEAD + b"1;20.01.2026;A;1,5\n1;;B;2\n2;;C;3\n")
    assert lines(first) == [[DOCUMENT, "1", "20260120"], [LINE, "A", "1.5"], [LINE, "B", "2"]]
    assert lines(second) == [[DOCUMENT, "2", ""], [LINE, "C", "3"]]
    assert [origin.line for origin in first.origins] == [2, 2, 2, 3, 3]


def test_columns_come_in_any_order_and_optional_ones_may_be_absent() -> None:
    (only,) = read(b"item;order\nA;1\n")
    assert lines(only) == [[DOCUMENT, "1", ""], [LINE, "A", ""]]


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter() -> None:
    assert lines(read(b"\xef\xbb\xbf" + HEAD.replace(b"\n", b"\r\n") + b"1;;A;\r\n")[0]) == [
        [DOCUMENT, "1", ""],
        [LINE, "A", ""],
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (HEAD + b"1;;A\n", ("REC-R01", 2, None)),
        (HEAD + b"1;;A;1;more\n", ("REC-R01", 2, None)),
        (HEAD + b"1;20.01.2026;A;1\n1;21.01.2026;B;1\n", ("REC-R02", 3, "day")),
        (HEAD + b"1;;A;1\n2;;B;1\n1;;C;1\n", ("REC-R03", 4, "order")),
        (HEAD + b"1;;A;1.500\n", ("REC-R04", 2, "quantity")),
        (HEAD + b"1;31.02.2026;A;1\n", ("REC-R05", 2, "day")),
        (b"order;day;quantity\n1;;1\n", ("REC-F03", 1, "item")),
        (HEAD.replace(b"day", b"dax") + b"1;;A;1\n", ("REC-F04", 1, None)),
        (b"order;item;item\n1;A;B\n", ("REC-F05", 1, None)),
        (HEAD + b'1;;"A;1\n2;;B;1\n', ("REC-F02", 2, None)),
        (HEAD + b"1;;A\0;1\n", ("REC-F01", 2, None)),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_column(body: bytes, code: tuple[str, int, str | None]) -> None:
    assert code in codes(body)


def test_digits_of_other_scripts_are_no_number() -> None:
    assert ("REC-R04", 2, "quantity") in codes(HEAD + "1;;A;١\n".encode())


def test_a_line_break_inside_quotes_stays_in_its_value_and_counts_as_a_line() -> None:
    first, second = read(HEAD + b'1;;"A\nB";1\n2;;C;1\n')
    assert lines(first)[1] == [LINE, "A\nB", "1"]
    assert second.origins[0].line == 4


def test_bytes_that_are_no_text_stop_their_document_alone() -> None:
    first, second = read(HEAD + b"1;;A\xff;1\n2;;C;1\n")
    assert lines(first)[1][1] == "A\udcff"
    assert lines(second)[1] == [LINE, "C", "1"]


def test_a_document_above_the_limit_is_not_kept() -> None:
    large, small = read(HEAD + b"1;;A;1\n" * 50 + b"2;;B;1\n", limits=Limits(document_bytes=100))
    assert (large.text, [issue.code for issue in large.issues]) == ("", ["REC-D01"])
    assert small.text


def test_a_formula_is_withheld_unless_the_description_lets_it_pass() -> None:
    segments = [[DOCUMENT, "1", ""], [LINE, "=HYPERLINK(1)", "-1"]]
    assert [issue.code for issue in unwritable(segments, LAYOUT)] == ["REC-W01"]


def test_what_the_encoding_lacks_is_told() -> None:
    latin = Layout(name="x", key=("order",), encoding="latin-1", column=LAYOUT.column)
    assert [issue.code for issue in unwritable([[DOCUMENT, "1", ""], [LINE, "Ω", ""]], latin)] == ["REC-W02"]


def test_a_file_fits_the_layout_that_declares_its_columns() -> None:
    assert fits(HEAD, LAYOUT)
    assert not fits(b"order;other\n", LAYOUT)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12).map(str.strip)


@given(st.lists(st.tuples(TEXT.filter(bool), st.decimals(0, 10**6, places=3)), min_size=1, max_size=6))
def test_what_is_written_reads_back(goods: list[tuple[str, object]]) -> None:
    segments = [[DOCUMENT, "4711", "20260120"], *([LINE, item, str(number)] for item, number in goods)]
    body = csv_file([csv_rows(segments, LAYOUT)], LAYOUT)
    (raw,) = read(body)
    assert (lines(raw), raw.issues) == (segments, ())


@given(st.binary(max_size=200) | st.text('1;AB"\n\r,.\0', max_size=80).map(lambda text: HEAD + text.encode()))
def test_no_bytes_raise_and_every_document_lies_in_the_file(body: bytes) -> None:
    for raw in read(body):
        assert 0 <= raw.offset <= raw.offset + raw.length <= len(body)
        assert all(issue.text and issue.location.line for issue in raw.issues)
