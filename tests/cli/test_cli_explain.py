"""Explaining documents to people who do not read EDI."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from gateway.explain.decode import Decoder
from gateway.grammar import ElementType
from tests.cli.running import Command, edifact, x12

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "documents"


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    file = tmp_path / "orders.edi"
    file.write_bytes(edifact(7, "PO-77"))
    return file


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    file = tmp_path / "broken.x12"
    file.write_bytes(x12(902, "4711", quantity="A DOZEN"))
    return file


def segment(record: dict[str, Any], tag: str) -> dict[str, Any]:
    return next(found for found in record["segments"] if found["tag"] == tag)


class TestForPrograms:
    def test_a_document_says_who_what_and_when(self, crossdock: Command, orders: Path) -> None:
        record, file = crossdock.json("explain", orders)
        facts = {fact["label"]: fact["value"] for fact in record["overview"]["facts"]}
        assert (record["name"], record["sender"]) == ("Purchase order message", "14:5412345000013")
        assert (facts["Number"], facts["Issue date"], facts["Order type"]) == ("PO-77", "2026-11-20", "220 (order)")
        assert record["overview"]["cards"][0]["role"] == "Buyer"
        assert record["overview"]["cards"][0]["lines"][0] == "Initech Manufacturing"
        assert (file["documents"], file["valid"]) == (1, True)

    def test_a_ubl_document_is_told_without_its_elements(self, crossdock: Command) -> None:
        record, file = crossdock.json("explain", Path(__file__).parents[1] / "data" / "ubl" / "order.xml")
        facts = {fact["label"]: fact["value"] for fact in record["overview"]["facts"]}
        assert (record["standard"], record["valid"], facts["Number"]) == ("ubl", True, "PO-4711")
        assert record["segments"] == []
        assert file["documents"] == 1

    def test_the_lines_are_a_table_of_what_they_say(self, crossdock: Command, orders: Path) -> None:
        grid = crossdock.json("explain", orders)[0]["overview"]["grids"][0]
        row = dict(zip(grid["columns"], grid["rows"][0], strict=True))
        assert grid["title"] == "Lines"
        assert (row["Quantity"], row["Price"], row["Item number"]) == ("40 PCE", "212.50", "5412345111115 (gtin13)")

    def test_segments_have_names_depths_and_values_in_words(self, crossdock: Command, orders: Path) -> None:
        record = crossdock.json("explain", orders)[0]
        dtm, pri = segment(record, "DTM"), segment(record, "PRI")
        assert {entry["place"]: entry["meaning"] for entry in dtm["entries"]}["01-2"] == "2026-11-20"
        assert (pri["depth"], pri["opens"]) == (2, "SG28")
        assert record["segments"][0]["tag"] == "BGM"

    def test_an_issue_stands_at_its_segment(self, crossdock: Command, broken: Path) -> None:
        record = crossdock.json("explain", broken)[0]
        assert not record["valid"]
        assert [issue["code"] for issue in segment(record, "PO1")["issues"]] == ["X12-E06"]
        assert record["issues"] == []

    def test_a_type_without_a_mapping_is_explained_by_its_tables(self, crossdock: Command, tmp_path: Path) -> None:
        file = tmp_path / "receipt.x12"
        file.write_bytes(crossdock("acknowledge", _written(tmp_path, x12(3, "4711"))).raw)
        record = crossdock.json("explain", file)[0]
        assert (record["type"], record["overview"]) == ("997", None)
        assert "accepted" in [entry["meaning"] for entry in segment(record, "AK5")["entries"]]

    def test_canonical_json_has_the_same_overview(self, crossdock: Command, orders: Path, tmp_path: Path) -> None:
        file = _written(tmp_path, crossdock("translate", orders, "--to", "canonical").raw)
        [record] = crossdock.json("explain", file)
        assert record["overview"] == crossdock.json("explain", orders)[0]["overview"]

    def test_a_tag_that_is_no_segment_of_the_message_is_still_shown(self, crossdock: Command, tmp_path: Path) -> None:
        file = _written(tmp_path, edifact(1).replace(b"UNS+S'", b"QQQ+1'UNS+S'").replace(b"UNT+11", b"UNT+12"))
        record = crossdock.json("explain", file)[0]
        assert [issue["code"] for issue in segment(record, "QQQ")["issues"]] == ["EDF-S06"]

    def test_a_ta1_alone_is_shown_with_its_codes_in_words(self, crossdock: Command, tmp_path: Path) -> None:
        body = x12(7, "4711").partition(b"GS")[0] + b"TA1*000000905*261120*1200*R*006~IEA*0*000000007~"
        record, file = crossdock.json("explain", _written(tmp_path, body))
        assert (record["type"], record["name"], record["valid"]) == ("TA1", "Interchange Acknowledgment", True)
        meanings = [entry["meaning"] for entry in segment(record, "TA1")["entries"]]
        assert meanings == ["", "2026-11-20", "12:00", "rejected", "bad sender"]
        assert file["documents"] == 0
        assert "bad sender" in crossdock("explain", _written(tmp_path, body)).out

    def test_a_date_that_is_none_is_not_said_to_be_missing_as_well(self, crossdock: Command, tmp_path: Path) -> None:
        body = re.sub(rb"(BEG\*00\*..\*[^*]*\*\*)[0-9]*", rb"\g<1>20241315", x12(7, "4711"))
        record = crossdock.json("explain", _written(tmp_path, body))[0]
        assert [issue["code"] for issue in segment(record, "BEG")["issues"]] == ["X12-E08"]
        assert record["issues"] == []

    @pytest.mark.parametrize("value", ["1E999999999", "1E99999", "x", "-", "1.5", "\u0663"])
    def test_a_number_that_is_none_means_nothing_and_costs_nothing(self, value: str) -> None:
        assert Decoder(lambda _: {}).meaning(ElementType("1", "amount", "N2", 1, 18), value) == ""

    @pytest.mark.parametrize(("value", "meaning"), [("5", "0.05"), ("-12345", "-123.45"), ("9" * 40, "9" * 38 + ".99")])
    def test_a_decimal_point_that_is_implied_is_shown(self, value: str, meaning: str) -> None:
        assert Decoder(lambda _: {}).meaning(ElementType("1", "amount", "N2", 1, 40), value) == meaning

    def test_a_file_that_is_wrong_is_told_with_its_line(self, crossdock: Command, tmp_path: Path) -> None:
        ran = crossdock("explain", _written(tmp_path, b'{"document":"Order"\n,"x":}\n'))
        assert ran.code == 2
        assert "line 1" in ran.err


class TestForPeople:
    def test_the_terminal_shows_overview_and_segments(self, crossdock: Command, orders: Path) -> None:
        ran = crossdock("explain", orders)
        assert ran.code == 0
        for words in ("Purchase order message", "Initech Manufacturing", "PO-77", "212.50", "Party qualifier"):
            assert words in ran.out

    def test_brief_leaves_the_segments_out(self, crossdock: Command, orders: Path) -> None:
        assert "Party qualifier" not in crossdock("explain", "--brief", orders).out

    def test_the_exit_code_is_the_verdict(self, crossdock: Command, broken: Path) -> None:
        ran = crossdock("explain", broken)
        assert ran.code == 1
        assert "A DOZEN" in ran.out

    def test_more_documents_than_asked_for_are_told_of(self, crossdock: Command, tmp_path: Path) -> None:
        ran = crossdock("explain", "--most", 1, "--brief", _written(tmp_path, x12(1, "A1", "A2")))
        assert "A2" not in ran.out
        assert "only the first 1" in ran.err

    def test_a_page_of_html_holds_everything_and_loads_nothing(self, crossdock: Command, tmp_path: Path) -> None:
        page = tmp_path / "page.html"
        evil = edifact(1, "PO-1").replace(b"Initech", b"<script>x</script>")
        assert crossdock("explain", _written(tmp_path, evil), "--html", page).code == 0
        text = page.read_text()
        assert "&lt;script&gt;" in text
        assert "<script" not in text
        assert "http" not in text
        assert "212.50" in text


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")
def test_whatever_other_software_wrote_is_explained(crossdock: Command, tmp_path: Path) -> None:
    files = sorted(SAMPLES.glob("*/*/*"))[::7]
    ran = crossdock("explain", "--most", 3, "--html", tmp_path / "all.html", *files)
    assert ran.code in (0, 1)


def _written(folder: Path, body: bytes) -> Path:
    file = folder / "given.edi"
    file.write_bytes(body)
    return file
