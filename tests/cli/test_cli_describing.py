"""Parties, mappings, schemas: listed, shown, checked, tried."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import Command


class TestPartners:
    def test_they_are_listed_with_their_doors_and_agreements(self, dock: Command) -> None:
        found = {party["id"]: party for party in dock.json("partners", "list")}
        assert sorted(found) == ["acme", "acme-erp", "globex", "initech"]
        assert found["globex"]["endpoints"] == ["globex-in (in)", "globex-out (out)"]
        assert "Globex Retail" in dock("partners", "list").out

    def test_one_is_shown_with_the_defaults_that_hold(self, dock: Command) -> None:
        [party] = dock.json("partners", "show", "globex")
        assert party["agreements"][0]["reject"] == "document"
        assert "agreement globex-orders" in dock("partners", "show", "globex").out

    def test_one_that_there_is_not(self, dock: Command) -> None:
        assert dock("partners", "show", "hooli").code == 1

    def test_the_home_of_init_has_nothing_wrong(self, dock: Command) -> None:
        ran = dock("partners", "check")
        assert (ran.code, ran.out) == (0, "Nothing is wrong.\n")

    @pytest.mark.parametrize(
        ("before", "after", "key"),
        [
            ('kind = "own"', 'knid = "own"', "knid"),
            ('mapping = "x12/850"', 'mapping = "x12/poem"', "agreement[0].mapping"),
            ('connector = "directory"', 'connector = "pigeon"', "endpoint globex-in"),
            ('path = "in/globex"', 'path = "in/globex"\nspeed = 3', "endpoint globex-in.speed"),
        ],
    )
    def test_each_mistake_is_found_with_file_and_key(
        self, dock: Command, home: Path, before: str, after: str, key: str
    ) -> None:
        file = home / "partners" / ("acme.toml" if "kind" in before else "globex.toml")
        file.write_text(file.read_text().replace(before, after, 1))
        ran = dock("partners", "check", "--json")
        assert ran.code == 1
        assert (f"partners/{file.name}", key) in [(found["file"], found["key"]) for found in ran.records]

    def test_a_mapping_that_is_named_and_wrong_is_a_mistake(self, dock: Command, home: Path) -> None:
        (home / "mappings/mine.toml").write_text('extends = "x12/850"\nmap = "REF * IA * {buyer_dept}"\n')
        party = home / "partners/globex.toml"
        party.write_text(party.read_text().replace('"x12/850"', '"mine"'))
        ran = dock("partners", "check", "--json")
        assert ran.code == 1
        assert any(found["file"].startswith("mappings/mine.toml") for found in ran.records)

    @pytest.mark.parametrize(
        ("before", "after", "message"),
        [
            ('"x12/855"', '"x12/850"', "Mapping x12/850 of the agreement cannot be used: it is for Order as 850"),
            ("deadlines = {", '[agreement.envelope]\ngroup_sender = "A"\n# {', "GS02"),
            ('type = "855"', 'having = ["sequence"]\ntype = "855"', "Did you mean sequence_number_id?"),
            ('type = "855"', 'send = "hourly"\ntype = "855"', '"hourly" names no times'),
        ],
    )
    def test_what_could_never_be_written_is_found(
        self, dock: Command, home: Path, before: str, after: str, message: str
    ) -> None:
        party = home / "partners/globex.toml"
        party.write_text(party.read_text().replace(before, after, 1))
        ran = dock("partners", "check", "--json")
        assert ran.code == 1
        [found] = ran.records
        assert found["key"].startswith("agreement[1]")
        assert message in found["text"]

    def test_a_value_that_is_none_of_those_allowed_is_told_them(self, dock: Command, home: Path) -> None:
        party = home / "partners/globex.toml"
        party.write_text(party.read_text().replace('# reject = "document"', 'reject = "file"'))
        [found] = dock("partners", "check", "--json").records
        assert '"document" or "group" or "interchange"' in found["text"]

    def test_other_commands_say_it_too_and_end_with_2(self, dock: Command, home: Path) -> None:
        (home / "partners/acme.toml").write_text("id = ")
        ran = dock("partners", "list")
        assert ran.code == 2
        assert ran.err.startswith("Error: partners/acme.toml: this is not TOML")
        assert "Traceback" in dock("--debug", "partners", "list").err

    def test_doors_are_tried_step_by_step(self, dock: Command, home: Path) -> None:
        waiting = home / "exchange/in/globex/order.x12"
        waiting.write_text("ISA")
        ran = dock("partners", "test", "globex", "--json")
        assert ran.code == 0
        steps = [(step["step"], step["works"]) for step in ran.records if step["endpoint"] == "globex-in"]
        assert steps == [(step, True) for step in ("options", "folder", "read", "write", "rename")]
        assert waiting.read_text() == "ISA"
        assert [file.name for file in (home / "exchange/out/globex").iterdir()] == []

    def test_a_door_that_does_not_work_says_at_which_step(self, dock: Command, home: Path) -> None:
        file = home / "partners/acme-erp.toml"
        file.write_text(file.read_text().replace("out/acme-erp", "/nowhere/at/all"))
        ran = dock("partners", "test", "acme-erp", "--json")
        assert ran.code == 1
        steps = [step for step in ran.records if step["endpoint"] == "erp-out"]
        assert (steps[-1]["step"], steps[-1]["works"]) == ("folder", False)


class TestMappings:
    def test_they_are_listed_with_their_format(self, crossdock: Command) -> None:
        found = {mapping["name"]: mapping for mapping in crossdock.json("mappings", "list")}
        assert (found["x12/850"]["standard"], found["x12/850"]["message"]) == ("x12", "850")

    def test_the_bundled_ones_pass_their_examples(self, crossdock: Command) -> None:
        ran = crossdock("mappings", "test", "--json")
        assert ran.code == 0
        assert all(mapping["works"] and mapping["examples"] for mapping in ran.records)

    def test_an_example_that_does_not_hold_fails(self, dock: Command, home: Path) -> None:
        bundled = Path(__file__).parents[2] / "mappings/x12/850.toml"
        own = home / "mappings/x12/850.toml"
        own.parent.mkdir()
        text = bundled.read_text()
        place = text.index("[[example]]")
        own.write_text(text[:place] + text[place:].replace("BEG*00", "BEG*01", 1))
        ran = dock("mappings", "test", "x12/850", "--json")
        assert ran.code == 1
        assert ran.records[0]["failures"]

    def test_one_is_shown_with_what_it_extends(self, dock: Command, home: Path) -> None:
        own = home / "mappings/own.toml"
        own.write_text('extends = "x12/850"\nmap = """\nREF * ZZ * {buyer_department}\n"""\n')
        [mapping] = dock.json("mappings", "show", "own")
        lines = {line["text"]: line["where"] for line in mapping["lines"]}
        assert lines["REF * ZZ * {buyer_department}"] == "mappings/own.toml:3"
        assert any(where.startswith("mappings/x12/850.toml:") for where in lines.values())

    def test_the_tails_of_its_lines_are_shown(self, crossdock: Command) -> None:
        assert "& TE * {telephone}" in crossdock("mappings", "show", "x12/850").out

    def test_one_that_is_wrong_is_listed_with_file_and_line(self, dock: Command, home: Path) -> None:
        (home / "mappings/own.toml").write_text('extends = "x12/850"\nmap = """\nREF * ZZ * {poem}\n"""\n')
        ran = dock("mappings", "list", "--json")
        assert ran.code == 1
        [wrong] = [mapping for mapping in ran.records if "error" in mapping]
        assert "mappings/own.toml:3" in wrong["error"]


class TestSchemas:
    def test_they_are_listed(self, crossdock: Command) -> None:
        listed = crossdock.json("schemas", "list")
        order = {"standard": "x12", "version": "004010", "type": "850", "name": "Purchase Order", "source": ""}
        assert order in listed
        [claim] = [row for row in listed if (row["version"], row["type"]) == ("005010X222A1", "837")]
        assert claim["source"].startswith("pyx12 ")

    def test_people_are_shown_the_versions_first(self, crossdock: Command) -> None:
        shown = crossdock("schemas", "list").out
        assert "D.96A" in shown
        assert "Purchase Order" not in shown
        assert "Purchase Order Acknowledgment" in crossdock("schemas", "list", "x12", "4010").out

    def test_all_other_documents_are_listed_too(self, crossdock: Command) -> None:
        invoice = {"standard": "ubl", "version": "2.1", "type": "Invoice", "name": "", "source": ""}
        assert crossdock.json("schemas", "list", "--type", "Invoice") == [invoice]
        assert len(crossdock.json("schemas", "list", "ceb")) == 42
        idocs = [(row["version"], row["type"]) for row in crossdock.json("schemas", "list", "idoc")]
        assert idocs == [
            *(("DELVRY03", "DESADV"), ("DELVRY05", "DESADV"), ("INVOIC02", "INVOIC")),
            *(("ORDERS05", "ORDERS"), ("ORDERS05", "ORDRSP")),
        ]
        assert ("erp", "orders") in [(row["version"], row["type"]) for row in crossdock.json("schemas", "list", "csv")]

    def test_every_version_of_one_message(self, crossdock: Command) -> None:
        listed = crossdock.json("schemas", "list", "edifact", "--type", "ORDRSP")
        versions = [row["version"] for row in listed]
        assert versions == sorted(versions, key=lambda name: (name[2:4] < "90", name[2:]))
        assert {row["type"] for row in listed} == {"ORDRSP"}

    def test_one_message_of_a_version_is_listed_and_in_a_pipe_no_line_is_blank(self, crossdock: Command) -> None:
        assert [row["type"] for row in crossdock.json("schemas", "list", "x12", "004010", "850")] == ["850"]
        lines = crossdock("schemas", "list", "x12", "004010", "850").out.splitlines()
        assert [line.split()[0] for line in lines] == ["standard", lines[1].strip(), "x12"]
        assert all(line == line.rstrip() for line in lines)

    def test_the_values_of_an_element_are_looked_up_by_value_or_meaning(self, crossdock: Command) -> None:
        assert {"value": "04", "words": "change"} in crossdock.json(
            "schemas", "codes", "x12", "004010", "353", "change"
        )
        assert crossdock.json("schemas", "codes", "x12", "004010VICS", "353", "04") == [
            {"value": "04", "words": "change"}
        ]
        assert "not listed" in crossdock("schemas", "codes", "x12", "004010", "93").out

    def test_values_of_our_own_hold_beside_the_bundled_ones(self, dock: Command, home: Path) -> None:
        units = home / "units.csv"
        units.write_text("value;meaning\nZQ;bundle of nine\nEA;\n")
        [written] = dock.json("schemas", "codes", "x12", "004010", "355", "--import", units)
        assert written["values"] == 2
        assert Path(written["file"]).read_text() == "ZQ bundle of nine\nEA\n"
        units.write_text("ZQ\tten of them\n")
        dock("schemas", "codes", "x12", "004010", "355", "--import", units)
        found = {row["value"]: row["words"] for row in dock.json("schemas", "codes", "x12", "004010", "355")}
        assert found["ZQ"] == "ten of them"
        assert {"EA", "CA", "PC"} <= set(found)
        assert found["EA"] == "each"

    def test_a_quoted_value_may_have_a_line_break_and_words_any_character(self, dock: Command, home: Path) -> None:
        units = home / "units.csv"
        units.write_text('ZQ,"bundle\r\nof nine"\r\nZR,a\x0bb\x85c\r\n', newline="")
        [written] = dock.json("schemas", "codes", "x12", "004010", "355", "--import", units)
        assert Path(written["file"]).read_text() == "ZQ bundle of nine\nZR a b c\n"
        assert [path.name for path in Path(written["file"]).parent.iterdir()] == ["355.txt"]

    @pytest.mark.parametrize("spoil", [lambda place: place.write_bytes(b"EA \xff\n"), lambda place: place.mkdir()])
    def test_a_list_of_the_home_that_cannot_be_read_stays_as_it_is(
        self, dock: Command, home: Path, spoil: Callable[[Path], object]
    ) -> None:
        (home / "units.csv").write_text("A,b\n")
        place = home / "schemas/x12/004010/codes/355.txt"
        place.parent.mkdir(parents=True)
        spoil(place)
        ran = dock("schemas", "codes", "x12", "004010", "355", "--import", home / "units.csv")
        assert (ran.code, "355.txt" in ran.err, "Traceback" in ran.err) == (2, True, False)
        assert [path.name for path in place.parent.iterdir()] == ["355.txt"]

    @pytest.mark.parametrize("text", ["two words,x\n", "#,x\n", "without,x\n", "\0\x80,x\n"])
    def test_values_that_cannot_be_are_refused_by_row(self, dock: Command, home: Path, text: str) -> None:
        (home / "units.csv").write_bytes(text.encode("latin-1"))
        ran = dock("schemas", "codes", "x12", "004010", "355", "--import", home / "units.csv")
        assert ran.code == 2
        assert not (home / "schemas/x12/004010/codes/355.txt").exists()

    @pytest.mark.parametrize("place", [("003999", "355"), ("004010", "99999"), ("..", "355"), ("004010", "../x")])
    def test_values_go_nowhere_else(self, dock: Command, home: Path, place: tuple[str, str]) -> None:
        (home / "units.csv").write_text("A,b\n")
        assert dock("schemas", "codes", "x12", *place, "--import", home / "units.csv").code != 0
        assert [path.name for path in (home / "schemas").rglob("*.txt")] == []

    def test_a_guide_that_comes_with_pyx12_is_shown_by_its_version(self, crossdock: Command) -> None:
        [claim] = crossdock.json("schemas", "show", "x12", "005010X222A1", "837")
        assert claim["source"].startswith("pyx12 ")
        [billing] = [item for item in claim["items"] if item.get("loop") == "2000A"]
        assert "2010AA" in [item.get("loop") for item in billing["items"]]

    def test_a_message_is_shown_as_a_tree_with_its_segments(self, crossdock: Command) -> None:
        [message] = crossdock.json("schemas", "show", "x12", "004010", "850")
        assert message["items"][0] == {
            "segment": "BEG",
            "name": message["segments"]["BEG"]["name"],
            "mandatory": True,
            "most": 1,
        }
        [loop] = [item for item in message["items"] if item.get("loop") == "PO1"]
        assert "PO1" in [item.get("segment") for item in loop["items"]]
        out = crossdock("schemas", "show", "x12", "004010VICS", "850", "--segment", "BEG").out
        assert "loop PO1" in out
        assert "353" in out

    def test_what_there_is_not(self, crossdock: Command) -> None:
        assert crossdock("schemas", "show", "x12", "004010", "999").code == 2
        assert crossdock("schemas", "show", "x12", "004010", "850", "--segment", "XYZ").code == 1

    def test_facts_become_tables_that_are_used_at_once(self, dock: Command, home: Path) -> None:
        facts = home / "facts.json"
        facts.write_text(
            json.dumps(
                {
                    "version": "003010",
                    "sets": {"799": {"name": "Poem", "fg": "PM", "structure": [{"seg": "BPO", "req": "M", "max": 1}]}},
                    "segments": {"BPO": {"elements": [{"ref": "9001", "req": "M"}]}},
                    "composites": {},
                    "elements": {"9001": {"type": "AN", "min": 1, "max": 9, "name": "Title"}},
                }
            )
        )
        ran = dock("schemas", "convert", facts, "--message", "799", "--into", home / "schemas")
        assert ran.code == 0
        [message] = dock.json("schemas", "show", "x12", "003010", "799")
        assert (message["name"], message["functional_group"]) == ("Poem", "PM")

    def test_what_are_no_facts_is_unreadable(self, dock: Command, home: Path) -> None:
        facts = home / "facts.json"
        for text in ("{", "[]", "{}"):
            facts.write_text(text)
            assert dock("schemas", "convert", facts, "--into", home / "schemas").code == 2
