"""Mappings judged, counted and compared from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Command, x12

OWN = "extends = 'x12/850'\nmap = '''\nDTM * 010 =\nDTM * 002 * {requested_ship_date}\n'''\n"


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    file = tmp_path / "orders.x12"
    file.write_bytes(x12(901, "4711", "4712"))
    return file


@pytest.fixture
def own(tmp_path: Path) -> Path:
    file = tmp_path / "own.toml"
    file.write_text(OWN)
    return file


class TestLint:
    def test_bundled_mappings_lose_things_and_have_no_mistakes(self, crossdock: Command) -> None:
        ran = crossdock("mappings", "lint", "x12/850", "--json")
        assert ran.code == 0
        assert {found["severity"] for found in ran.records} == {"information"}
        assert any(
            found["kind"] == "synonyms" and found["where"].startswith("mappings/x12/850.toml:") for found in ran.records
        )

    def test_of_all_mappings_information_is_counted(self, crossdock: Command) -> None:
        ran = crossdock("mappings", "lint")
        assert ran.code == 0
        assert len(ran.out.splitlines()) <= len(crossdock.json("mappings", "list")) + len(("head", "rule", "advice"))
        assert "crossdock mappings lint " in ran.out
        assert len(crossdock.json("mappings", "lint")) > 100

    def test_only_what_is_asked_for(self, crossdock: Command) -> None:
        ran = crossdock("mappings", "lint", "x12/850", "--only", "untied")
        assert "order_lines[].price.base_quantity" in ran.out
        assert "read alike" not in ran.out
        assert crossdock("mappings", "lint", "--only", "poems").code == 2

    def test_a_mapping_of_ones_own(self, dock: Command, home: Path) -> None:
        (home / "mappings/mine.toml").write_text('extends = "x12/850"\nmap = "REF * IA * {buyer_department}"\n')
        found = dock("mappings", "lint", "mine", "--json")
        assert found.code == 1
        assert {advice["kind"] for advice in found.records if advice["severity"] == "warning"} == {
            "twice",
            "no-example",
        }
        assert {advice["where"].partition(":")[0] for advice in found.records} == {"mappings/mine.toml"}
        assert len(dock("mappings", "lint", "mine", "--all", "--json").records) > len(found.records)

    def test_one_that_does_not_work_is_told(self, dock: Command, home: Path) -> None:
        (home / "mappings/mine.toml").write_text('extends = "x12/850"\nmap = "REF * IA * {buyer_dept}"\n')
        ran = dock("mappings", "lint", "mine", "--json")
        assert (ran.code, ran.records[0]["severity"]) == (1, "error")


class TestCoverage:
    def test_of_the_message_and_the_document(self, crossdock: Command) -> None:
        [found] = crossdock.json("mappings", "coverage", "x12/850")
        assert "PO1/SDQ" in found["untied_segments"]
        assert "order_lines[].price.price_amount" in found["fields"]
        assert "fields without a line" in crossdock("mappings", "coverage", "x12/850").out

    def test_of_documents(self, crossdock: Command, orders: Path) -> None:
        [found] = crossdock.json("mappings", "coverage", "x12/850", orders)
        assert (found["documents"], found["segments"], found["segments_taken"]) == (2, 10, 10)
        assert found["fields"]["order_lines[].quantity.value"] == 2
        assert {"line": "mappings/x12/850.toml:9", "field": "contract_id"} in found["idle"]
        assert "segments taken" in crossdock("mappings", "coverage", "x12/850", orders).out

    def test_files_without_a_document_of_its_message(self, crossdock: Command, orders: Path) -> None:
        assert crossdock("mappings", "coverage", "edifact/orders-d96a", orders).code == 1

    def test_a_file_that_is_no_interchange(self, crossdock: Command, own: Path) -> None:
        assert crossdock("mappings", "coverage", "x12/850", own).code == 2


class TestDiff:
    def test_alike(self, crossdock: Command, orders: Path) -> None:
        ran = crossdock("mappings", "diff", "x12/850", "x12/850", orders)
        assert (ran.code, ran.out) == (0, "All 2 documents are read alike.\n")

    def test_a_name_and_a_file(self, crossdock: Command, orders: Path, own: Path) -> None:
        ran = crossdock("mappings", "diff", "x12/850", own, orders, "--json")
        assert ran.code == 1
        changes = {(found["reference"], found["field"], found["old"], found["new"]) for found in ran.records}
        assert ("0001", "requested_delivery.start_date", "2026-12-04", None) in changes
        assert ("0002", "requested_ship_date", None, "2026-12-04") in changes
        shown = crossdock("mappings", "diff", "x12/850", own, orders).out
        assert "2 of 2 documents differ." in shown
        assert "document 0002" in shown

    def test_mappings_of_different_messages(self, crossdock: Command, orders: Path) -> None:
        assert crossdock("mappings", "diff", "x12/850", "edifact/orders-d96a", orders).code == 2

    def test_a_file_that_is_no_text(self, crossdock: Command, orders: Path, tmp_path: Path) -> None:
        (tmp_path / "odd.toml").write_bytes(b"\xff")
        assert crossdock("mappings", "diff", "x12/850", tmp_path / "odd.toml", orders).code == 2


def test_the_matrix_names_the_mappings_of_each_document(crossdock: Command) -> None:
    found = {row["document"]: row for row in crossdock.json("mappings", "matrix")}
    assert found["Order"]["x12"] == ["x12/850"]
    assert found["TransportationStatus"]["x12"] == ["x12/214", "x12/315"]
    assert found["TransportInstructionResponse"]["ubl"] == []
    shown = crossdock("mappings", "matrix").out
    assert "ubl/credit-note" in shown
    [line] = [line for line in shown.splitlines() if "TransportInstructionResponse" in line]
    assert set(line.split()[2:]) == {"-"}
