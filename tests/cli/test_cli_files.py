"""Looking at files: detect, validate, acknowledge, translate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import Command, edifact, x12

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "documents"


@pytest.fixture
def order(tmp_path: Path) -> Path:
    file = tmp_path / "order.x12"
    file.write_bytes(x12(901, "4711", "4712"))
    return file


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    file = tmp_path / "broken.x12"
    file.write_bytes(x12(902, "4711", quantity="A DOZEN"))
    return file


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    file = tmp_path / "letter.xml"
    file.write_text("<letter>UNB+UNOA:1 is not meant</letter>")
    return file


class TestDetect:
    def test_an_interchange_is_named_with_its_parties_numbers_and_documents(
        self, crossdock: Command, order: Path
    ) -> None:
        [found] = crossdock.json("detect", order)
        assert (found["standard"], found["version"]) == ("x12", "00401")
        assert (found["sender"], found["receiver"], found["control_number"]) == ("ZZ:GLOBEX", "ZZ:ACME", "000000901")
        assert found["documents"] == [
            {"type": "850", "version": "004010", "association": "", "count": 2, "control_numbers": ["0001", "0002"]}
        ]

    def test_each_interchange_of_a_file_has_its_line(self, crossdock: Command, tmp_path: Path) -> None:
        file = tmp_path / "two.edi"
        file.write_bytes(x12(1) + edifact(2))
        found = crossdock.json("detect", file)
        assert [line["standard"] for line in found] == ["x12", "edifact"]
        assert [line.get("detail") for line in found] == ["interchange version 00401", None]

    @pytest.mark.parametrize(
        ("text", "standard", "code"),
        [("<order/>", "xml", 0), ('{"a": 1}', "json", 0), ("a;b\n1;2\n3;4\n", "csv", 0), ("\x01\x02", "unknown", 1)],
    )
    def test_other_formats_are_told_by_name(
        self, crossdock: Command, tmp_path: Path, text: str, standard: str, code: int
    ) -> None:
        file = tmp_path / "file"
        file.write_text(text)
        ran = crossdock("detect", "--json", file)
        assert (ran.code, ran.records[0]["standard"]) == (code, standard)

    def test_people_get_words(self, crossdock: Command, order: Path) -> None:
        ran = crossdock("detect", order)
        assert "ZZ:GLOBEX" in ran.out
        assert "0001, 0002" in ran.out

    def test_standard_input_is_a_file_too(self, crossdock: Command) -> None:
        ran = crossdock("detect", "--json", "-", input=x12(5))
        assert ran.records[0]["control_number"] == "000000005"

    def test_a_file_that_is_not_there_is_wrong_usage(self, crossdock: Command) -> None:
        ran = crossdock("detect", "nowhere.edi")
        assert ran.code == 2
        assert "nowhere.edi" in ran.err


class TestValidate:
    def test_of_several_files_each_is_named_before_what_is_in_it(
        self, crossdock: Command, order: Path, broken: Path
    ) -> None:
        lines = crossdock("validate", order, broken).out.splitlines()
        assert lines[0] == f"{order}:"
        assert lines.index(f"{broken}:") < next(i for i, line in enumerate(lines) if "A DOZEN" in line)

    def test_what_is_right_is_valid(self, crossdock: Command, order: Path) -> None:
        ran = crossdock("validate", "--json", order)
        assert ran.code == 0
        assert [line.get("reference") for line in ran.records] == ["0001", "0002", None]
        assert ran.records[-1] == {"file": str(order), "valid": True, "documents": 2, "issues": []}

    def test_a_line_says_of_each_document_what_is_wrong_and_where(self, crossdock: Command, broken: Path) -> None:
        ran = crossdock("validate", "--json", broken)
        document, file = ran.records
        assert ran.code == 1
        assert set(document) == {"file", "standard", "version", "type", "reference", "valid", "issues"}
        assert (document["valid"], file["valid"], file["issues"]) == (False, False, [])
        [issue] = document["issues"]
        assert (issue["code"], issue["location"]["tag"], issue["location"]["element"]) == ("X12-E06", "PO1", 2)
        assert issue["value"] == "A DOZEN"

    def test_issues_of_envelopes_are_in_the_line_of_the_file(self, crossdock: Command, tmp_path: Path) -> None:
        file = tmp_path / "count.x12"
        file.write_bytes(x12(903, groups=2).replace(b"GE*1*", b"GE*7*"))
        document, last = crossdock.json("validate", file)
        assert document["valid"]
        assert not last["valid"]
        assert {issue["level"] for issue in last["issues"]} == {"interchange", "group"}

    def test_people_get_place_sentence_and_hint(self, crossdock: Command, broken: Path) -> None:
        ran = crossdock("validate", broken)
        assert ran.code == 1
        assert "PO1 (segment 5), element 2" in ran.out
        assert '"A DOZEN"' in ran.out
        assert "broken.x12: invalid, 1 document" in ran.out

    def test_a_document_without_a_table_is_checked_for_its_envelope_with_a_warning(
        self, crossdock: Command, tmp_path: Path
    ) -> None:
        file = tmp_path / "other.x12"
        file.write_bytes(x12(904).replace(b"ST*850", b"ST*777").replace(b"GS*PO", b"GS*ZZ"))
        ran = crossdock("validate", "--json", file)
        assert ran.code == 0
        assert [issue["code"] for issue in ran.records[0]["issues"]] == ["X12-V01"]

    def test_a_version_without_a_table_is_checked_by_the_nearest_with_a_warning(
        self, crossdock: Command, tmp_path: Path
    ) -> None:
        file = tmp_path / "old.x12"
        file.write_bytes(x12(904).replace(b"004010", b"004030").replace(b"BEG*00", b"BEG*XX"))
        ran = crossdock("validate", "--json", file)
        assert ran.code == 1
        assert [issue["code"] for issue in ran.records[0]["issues"]] == ["X12-V02", "X12-E07"]
        assert "004010" in ran.records[0]["issues"][0]["text"]
        assert 'base = "004010"' in ran.records[0]["issues"][0]["hint"]

    @pytest.mark.parametrize("text", ["<a>UNB+UNOA:1+A+B+261120:0815+1'</a>", '{"a": 1}', "hello", "a,b\n1,2\n"])
    def test_what_is_no_edi_says_so(self, crossdock: Command, tmp_path: Path, text: str) -> None:
        file = tmp_path / "file"
        file.write_text(text)
        ran = crossdock("validate", "--json", file)
        [line] = ran.records
        assert (ran.code, line["valid"], line["documents"]) == (1, False, 0)
        assert [issue["code"] for issue in line["issues"]] == ["GTW-FORMAT"]

    def test_an_empty_file_says_so(self, crossdock: Command, tmp_path: Path) -> None:
        file = tmp_path / "empty"
        file.touch()
        [line] = crossdock.json("validate", file)
        assert [issue["code"] for issue in line["issues"]] == ["GTW-EMPTY"]

    def test_the_agreement_of_a_partner_decides_how_grave_an_issue_is(
        self, dock: Command, home: Path, broken: Path
    ) -> None:
        party = home / "partners/globex.toml"
        party.write_text(party.read_text().replace('# severities = { "X12-E07"', 'severities = { "X12-E06"'))
        assert dock("validate", broken).code == 1
        assert dock("validate", broken, "--partner", "globex").code == 0

    def test_what_was_not_agreed_with_the_partner_is_an_issue(self, dock: Command, tmp_path: Path) -> None:
        file = tmp_path / "new.x12"
        file.write_bytes(x12(905).replace(b"X*004010", b"X*005010"))
        document, _ = dock.json("validate", file, "--partner", "globex")
        assert "GTW-VERSION" in [issue["code"] for issue in document["issues"]]

    def test_a_partner_that_there_is_not_is_wrong_usage(self, dock: Command, order: Path) -> None:
        ran = dock("validate", order, "--partner", "hooli")
        assert ran.code == 2
        assert ran.err.splitlines() == [
            'Error: There is no party "hooli".',
            "Hint: There are: acme, acme-erp, globex, initech.",
        ]

    def test_bytes_that_are_no_text_are_shown_and_do_not_break_a_line(self, crossdock: Command, tmp_path: Path) -> None:
        file = tmp_path / "bytes.x12"
        file.write_bytes(x12(906).replace(b"AT-1001", b"AT-\xff\xfe"))
        ran = crossdock("validate", "--json", file)
        assert ran.code == 1
        ran.raw.decode("utf-8")
        assert r"\xff" in json.dumps(ran.records)

    def test_what_a_file_says_does_not_steer_the_terminal(self, crossdock: Command, tmp_path: Path) -> None:
        file = tmp_path / "escape.x12"
        file.write_bytes(x12(907).replace(b"4711", b"\x1b[31m"))
        assert "\x1b" not in crossdock("validate", file).out

    @pytest.mark.skipif(not SAMPLES.is_dir(), reason="no samples beside the checkout")
    @pytest.mark.parametrize("folder", ["x12", "edifact", "other"])
    def test_every_sample_gets_an_answer(self, crossdock: Command, folder: str) -> None:
        files = [path for path in sorted((SAMPLES / folder).rglob("*")) if path.is_file()]
        assert files
        for file in files:
            ran = crossdock("validate", "--json", file)
            assert ran.code in (0, 1), file
            assert ran.records[-1]["valid"] == (ran.code == 0), file
            assert ran.records[-1]["documents"] == len(ran.records) - 1, file


class TestAcknowledge:
    def test_a_group_earns_a_997_that_says_what_is_wrong(self, crossdock: Command, broken: Path) -> None:
        ran = crossdock("acknowledge", broken, "--control-number", 17)
        assert ran.code == 0
        lines = ran.out.splitlines()
        assert lines[0].startswith("ISA*00*          *00*          *ZZ*ACME           *ZZ*GLOBEX         *")
        assert "*000000017*" in lines[0]
        assert "AK4*2*330*6*A DOZEN~" in lines
        assert "AK9*R*1*1*0~" in lines

    def test_a_receipt_that_the_version_has_not_is_told(self, crossdock: Command, broken: Path) -> None:
        ran = crossdock("acknowledge", broken, "--receipt", "999")
        assert "ST*997*0001~" in ran.out
        assert ran.err == "999 is for versions from 005010 on: 997 is written.\n"
        assert crossdock("acknowledge", broken, "--receipt", "997").err == ""

    def test_the_receipt_is_itself_valid(self, crossdock: Command, broken: Path, tmp_path: Path) -> None:
        target = tmp_path / "997.x12"
        crossdock("acknowledge", broken, "-o", target)
        assert crossdock("validate", target).code == 0

    def test_an_envelope_that_does_not_hold_earns_a_ta1(self, crossdock: Command, tmp_path: Path) -> None:
        file = tmp_path / "count.x12"
        file.write_bytes(x12(903, groups=2))
        [record] = crossdock.json("acknowledge", file)
        assert (record["status"], [receipt["type"] for receipt in record["receipts"]]) == ("refused", ["TA1"])

    def test_edifact_earns_a_contrl(self, crossdock: Command, tmp_path: Path) -> None:
        file = tmp_path / "orders.edi"
        file.write_bytes(edifact(4711))
        ran = crossdock("acknowledge", file)
        assert "UCI+4711+5412345000013:14+5412345000020:14+7'" in ran.out

    def test_each_interchange_is_answered_with_a_number_of_its_own(self, crossdock: Command, tmp_path: Path) -> None:
        file = tmp_path / "two.x12"
        file.write_bytes(x12(1) + x12(2))
        lines = crossdock("acknowledge", file, "--control-number", 7).out.splitlines()
        assert [line[:17] for line in lines if line.startswith("IEA")] == ["IEA*1*000000007~", "IEA*1*000000008~"]

    def test_a_receipt_earns_none(self, crossdock: Command, broken: Path, tmp_path: Path) -> None:
        target = tmp_path / "997.x12"
        crossdock("acknowledge", broken, "-o", target)
        ran = crossdock("acknowledge", target)
        assert (ran.code, ran.out, ran.err) == (0, "", "No receipt is earned.\n")

    def test_what_is_no_interchange_is_unreadable(self, crossdock: Command, letter: Path) -> None:
        ran = crossdock("acknowledge", letter)
        assert ran.code == 2
        assert "no X12 or EDIFACT interchange" in ran.err


class TestTranslate:
    def test_documents_become_canonical_json_a_line_each(self, crossdock: Command, order: Path) -> None:
        ran = crossdock("translate", order, "--to", "canonical")
        assert ran.code == 0
        assert [(line["document"], line["id"]) for line in ran.records] == [("Order", "4711"), ("Order", "4712")]

    def test_with_lineage_each_field_says_where_it_came_from(self, crossdock: Command, order: Path) -> None:
        found = crossdock.json("translate", order, "--to", "canonical", "--lineage")[0]
        lineage = {entry["field"]: entry for entry in found["lineage"]}
        entry = lineage["order_lines[0].quantity.value"]
        assert (entry["tag"], entry["element"]) == ("PO1", 2)
        assert order.read_bytes()[entry["offset"] :][: entry["length"]] == b"24"

    def test_what_cannot_be_mapped_is_told_with_its_place(self, crossdock: Command, broken: Path) -> None:
        ran = crossdock("translate", broken, "--to", "canonical")
        assert ran.code == 1
        assert "MAP-VALUE at PO1 (segment 5), element 2" in ran.err

    def test_a_document_without_a_mapping_is_told(self, crossdock: Command, tmp_path: Path) -> None:
        file = tmp_path / "other.x12"
        file.write_bytes(x12(904).replace(b"ST*850", b"ST*997"))
        ran = crossdock("translate", "--to", "canonical", "--json", file)
        assert ran.code == 1
        assert ran.records[0]["document"] is None
        assert "GTW-MAPPING" in [issue["code"] for issue in ran.records[0]["issues"]]

    def test_what_was_read_is_written_back(self, crossdock: Command, order: Path, tmp_path: Path) -> None:
        canonical, again = tmp_path / "orders.jsonl", tmp_path / "again.x12"
        crossdock("translate", order, "--to", "canonical", "-o", canonical)
        ran = crossdock("translate", canonical, "--to", "x12", "--sender", "01:ME", "--receiver", "YOU", "-o", again)
        assert ran.code == 0
        [found] = crossdock.json("detect", again)
        assert (found["sender"], found["receiver"]) == ("01:ME", "ZZ:YOU")
        texts = [crossdock("translate", file, "--to", "canonical").out for file in (order, again)]
        assert texts[0] == texts[1]

    def test_parties_lend_their_identities(self, dock: Command, order: Path, tmp_path: Path) -> None:
        canonical = tmp_path / "orders.jsonl"
        dock("translate", order, "--to", "canonical", "-o", canonical)
        ran = dock("translate", canonical, "--to", "x12", "--from-party", "acme", "--to-party", "globex")
        assert "*ZZ*ACME           *ZZ*GLOBEX         *" in ran.out

    def test_a_party_without_an_identity_there_is_wrong_usage(self, dock: Command, order: Path, tmp_path: Path) -> None:
        canonical = tmp_path / "orders.jsonl"
        dock("translate", order, "--to", "canonical", "-o", canonical)
        ran = dock("translate", canonical, "--to", "edifact", "--to-party", "globex")
        assert ran.code == 2
        assert "globex has no [[identity]] for edifact" in ran.err

    @pytest.mark.parametrize("text", ["{", "[]", '{"document": "Poem"}', '{"document": "Order"}', ""])
    def test_what_is_no_canonical_document_is_unreadable(self, crossdock: Command, tmp_path: Path, text: str) -> None:
        file = tmp_path / "order.json"
        file.write_text(text)
        assert crossdock("translate", file, "--to", "x12").code == 2

    def test_a_mapping_that_there_is_not_is_told(self, crossdock: Command, order: Path) -> None:
        ran = crossdock("translate", order, "--to", "canonical", "--mapping", "x12/poem")
        assert ran.code == 2
        assert "x12/poem" in ran.err


class TestTranslateToRecords:
    """CSV and IDoc are made of canonical JSON as the other formats are."""

    ADVICE = (
        '{"document": "DespatchAdvice", "id": "SH-1", "issue_date": "2026-02-01", "packing": [{"id": "1", '
        '"sscc": "340123450000000017", "despatch_lines": [{"id": "1", "order_line_id": "7", '
        '"delivered_quantity": {"value": "6", "unit_code": "EA"}}]}]}\n'
    )

    def test_csv_has_the_rows_of_all_documents(self, crossdock: Command, tmp_path: Path) -> None:
        file = tmp_path / "advices.jsonl"
        file.write_text(self.ADVICE + self.ADVICE.replace("SH-1", "SH-2"))
        head, *rows = crossdock("translate", file, "--to", "csv").out.splitlines()
        assert head.startswith("despatch_no;")
        assert [row.partition(";")[0] for row in rows] == ["SH-1", "SH-2"]

    @pytest.mark.parametrize("options", [(), ("--flat",)])
    def test_an_idoc_is_read_back(self, crossdock: Command, tmp_path: Path, options: tuple[str, ...]) -> None:
        file, made = tmp_path / "advice.json", tmp_path / "advice.idoc"
        file.write_text(self.ADVICE)
        ran = crossdock("translate", file, "--to", "idoc", *options, "--sender", "LS:ME", "-o", made)
        assert ran.code == 0, ran.err
        assert made.read_bytes().startswith(b"EDI_DC40" if options else b"<?xml")
        (again,) = crossdock.json("translate", made, "--to", "canonical")
        (level,) = again["document"]["packing"]
        assert (level["sscc"], level["despatch_lines"][0]["order_line_id"]) == ("340123450000000017", "7")

    def test_a_file_of_idoc_is_one_document(self, crossdock: Command, tmp_path: Path) -> None:
        file = tmp_path / "advices.jsonl"
        file.write_text(self.ADVICE * 2)
        ran = crossdock("translate", file, "--to", "idoc")
        assert (ran.code, "a file of IDoc is one" in ran.err) == (2, True)

    def test_what_a_file_cannot_say_is_told(self, crossdock: Command, tmp_path: Path) -> None:
        file = tmp_path / "advice.json"
        file.write_text(self.ADVICE.replace('"order_line_id"', '"best_before_date": "2027-01-01", "order_line_id"'))
        ran = crossdock("translate", file, "--to", "idoc", "--flat")
        assert (ran.code, "REC-W03" in ran.err) == (1, True)
