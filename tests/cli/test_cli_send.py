"""``crossdock send`` and ``crossdock partners numbers``."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from gateway.pipeline import by_hand
from gateway.store import Changes, commit, open_database
from gateway.store.numbers import Counter
from tests.cli.running import Command, x12

ANSWER: dict[str, Any] = {
    "document": "OrderResponse",
    "issue_date": "2026-11-20",
    "order_response_code": "accepted",
    "order_reference": {"id": "4711", "issue_date": "2026-11-20"},
    "order_lines": [
        {
            "id": "1",
            "quantity": {"value": "24", "unit_code": "EA"},
            "statuses": [{"status_code": "accepted", "quantity": {"value": "24", "unit_code": "EA"}}],
        }
    ],
}

READY = """\
ISA*00*          *00*          *ZZ*ACME           *ZZ*GLOBEX         *261120*0815*U*00401*000000070*0*P*>~
GS*IN*ACME*GLOBEX*20261120*0815*70*X*004010~
ST*810*0001~
BIG*20261120*R-1~
SE*3*0001~
GE*1*70~
IEA*1*000000070~
"""

EDIFACT = """\
UNB+UNOC:3+5412345000020:14+5412345000013:14+261120:0822+{number}'
UNH+1+INVOIC:D:96A:UN'
BGM+380+R-1+9'
UNT+3+1'
UNZ+1+{number}'
"""


def send(dock: Command, document: Any, *options: str) -> Any:
    return dock("send", "-", "--to", "globex", *options, input=json.dumps(document).encode())


def sent(home: Path) -> list[str]:
    return [file.name for file in sorted((home / "exchange/out/globex").iterdir())]


class TestSend:
    def test_a_document_leaves_as_the_agreement_says(self, dock: Command, home: Path) -> None:
        ran = send(dock, ANSWER, "--json")
        assert ran.code == 0
        [record] = ran.records
        [document] = record["documents"]
        assert (document["type"], document["control_number"], document["number"]) == ("855", "0001", "000000001")
        assert document["status"] == "sent"
        assert sent(home) == ["855-ACME-GLOBEX-000000001.x12"]
        assert "number 000000002  sent" in send(dock, ANSWER).out

    def test_lines_leave_one_by_one(self, dock: Command, home: Path) -> None:
        body = b"".join(json.dumps(ANSWER).encode() + b"\n" for _ in range(3))
        assert dock("send", "-", "--to", "globex", input=body).code == 0
        assert len(sent(home)) == 3

    def test_its_kind_can_be_given(self, dock: Command) -> None:
        bare = {name: value for name, value in ANSWER.items() if name != "document"}
        assert send(dock, bare).code == 2
        assert send(dock, bare, "--as", "OrderResponse").code == 0

    def test_it_can_be_left_to_who_serves(self, dock: Command, home: Path) -> None:
        [record] = send(dock, ANSWER, "--no-process", "--json").records
        assert record["documents"][0]["status"] == "emitted"
        assert sent(home) == []

    def test_what_cannot_be_written_is_withheld_and_the_answer_is_no(self, dock: Command, home: Path) -> None:
        document = ANSWER | {"notes": ["Zeile mit ß"]}
        ran = send(dock, document, "--json")
        assert ran.code == 1
        [record] = ran.records
        assert record["documents"][0]["status"] == "withheld"
        assert record["holds"][0]["code"] == "MAP-CHARSET"
        assert sent(home) == []

    def test_the_lines_that_would_let_it_go_are_given(self, dock: Command) -> None:
        ran = send(dock, ANSWER, "--lane", "test")
        assert ran.code == 1
        assert "globex has not agreed to get it from acme in the test lane" in ran.err
        for line in ('name = "globex-orderresponse-out"', 'lane = "test"', 'mapping = "x12/855"'):
            assert line in ran.err

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"order_reference": {"id": 5}}, "line 1: The OrderResponse does not fit its schema: order_reference.id"),
            ({"document": "Poem"}, "line 1: This is no canonical document"),
        ],
    )
    def test_what_is_no_document_is_named_with_its_place(
        self, dock: Command, home: Path, change: dict[str, Any], message: str
    ) -> None:
        ran = send(dock, ANSWER | change)
        assert ran.code == 2
        assert message in ran.err
        assert dock.json("transmissions") == []

    def test_a_party_that_there_is_not(self, dock: Command) -> None:
        ran = dock("send", "-", "--to", "hooli", input=json.dumps(ANSWER).encode())
        assert ran.code == 1
        assert "There are: acme" in ran.err


class TestReadyInterchange:
    def test_it_leaves_byte_for_byte_and_numbers_go_on_behind_it(
        self, dock: Command, home: Path, tmp_path: Path
    ) -> None:
        file = tmp_path / "invoice.x12"
        file.write_text(READY)
        [record] = dock.json("send", file, "--to", "globex")
        assert (record["documents"][0]["type"], record["documents"][0]["number"]) == ("810", "000000070")
        assert (home / "exchange/out/globex/invoice.x12").read_text() == READY.rstrip("\n")
        assert "number 000000071" in send(dock, ANSWER).out

    def test_each_interchange_of_a_file_is_a_file_of_its_own(self, dock: Command, home: Path, tmp_path: Path) -> None:
        """Two with one name and other bytes would stand in each other's way."""
        other = READY.replace("000000070", "000000071").replace("*70*X", "*71*X").replace("GE*1*70", "GE*1*71")
        file = tmp_path / "both.x12"
        file.write_text(READY + other)
        assert dock("send", file, "--to", "globex").code == 0
        assert sent(home) == ["both-000000070.x12", "both-000000071.x12"]

    def test_without_a_name_it_is_named_after_its_number(self, dock: Command, home: Path) -> None:
        assert dock("send", "-", "--to", "globex", input=READY.encode()).code == 0
        assert sent(home) == ["x12-000000070.x12"]

    def test_a_number_is_not_used_twice(self, dock: Command) -> None:
        assert dock("send", "-", "--to", "globex", input=READY.encode()).code == 0
        ran = dock("send", "-", "--to", "globex", input=READY.encode())
        assert ran.code == 2
        assert "Control number 000000070 was used before, by ic_" in ran.err

    @pytest.mark.parametrize(
        ("before", "after", "message"),
        [
            ("*ZZ*ACME ", "*ZZ*ACMI ", "It is from ZZ:ACMI, which is not one of our own parties."),
            ("*ZZ*GLOBEX ", "*ZZ*GLOBUS ", "It is addressed to ZZ:GLOBUS, which is not globex."),
            ("IEA*1*", "IEA*2*", "Its envelope is wrong: "),
        ],
    )
    def test_what_is_not_from_us_to_the_party_stays(self, dock: Command, before: str, after: str, message: str) -> None:
        ran = dock("send", "-", "--to", "globex", input=READY.replace(before, after).encode())
        assert ran.code == 2
        assert message in ran.err

    def test_a_group_with_another_number_stays_as_its_receipt_would_be_taken_for_another(self, dock: Command) -> None:
        """A 997 names the group: one for group 7 would answer what we sent as number 7."""
        other = READY.replace("*70*X", "*7*X").replace("GE*1*70", "GE*1*7")
        ran = dock("send", "-", "--to", "globex", input=other.encode())
        assert ran.code == 2
        assert "Group 7 is in interchange 000000070" in ran.err

    def test_two_documents_with_one_number_stay(self, dock: Command) -> None:
        document = "".join(f"{line}\n" for line in READY.splitlines()[2:5])
        twice = READY.replace(document, document * 2).replace("GE*1*", "GE*2*")
        ran = dock("send", "-", "--to", "globex", input=twice.encode())
        assert ran.code == 2
        assert "000000070" in ran.err

    def test_a_number_in_another_spelling_is_used_too(self, dock: Command) -> None:
        document = ANSWER | {"order_reference": {"id": "I-1", "issue_date": "2026-11-20"}}
        assert dock("send", "-", "--to", "initech", input=json.dumps(document).encode()).code == 0
        for number in ("1", "0001"):
            ran = dock("send", "-", "--to", "initech", input=EDIFACT.format(number=number).encode())
            assert ran.code == 2
            assert f"Control number {number} was used before, by ic_" in ran.err

    def test_nobody_is_given_its_number_while_it_is_looked_for(
        self, dock: Command, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        database = open_database(f"sqlite:///{home}/crossdock.db")
        given: list[int] = []
        ways = by_hand._ways

        def meanwhile() -> None:
            changes = Changes(0)
            changes.numbered(Counter("x12", "ZZ:ACME", "ZZ:GLOBEX"), given.append)
            commit(database, changes)

        other = Thread(target=meanwhile)

        def after_the_look(*args: Any) -> Any:
            other.start()
            other.join(0.2)  # it waits for the commit; where it need not, it is quicker than this
            return ways(*args)

        monkeypatch.setattr(by_hand, "_ways", after_the_look)
        first = READY.replace("70*0*P", "01*0*P").replace("*70*X", "*1*X").replace("GE*1*70", "GE*1*1")
        first = first.replace("IEA*1*000000070", "IEA*1*000000001")
        assert dock("send", "-", "--to", "globex", input=first.encode()).code == 0
        other.join()
        database.close()
        assert given == [2]


class TestNumbers:
    def test_there_are_none_at_first(self, dock: Command) -> None:
        assert dock("partners", "numbers").out == "No control number was given yet.\n"

    def test_the_last_one_to_each_partner_and_the_void_ones(self, dock: Command, home: Path, tmp_path: Path) -> None:
        (home / "exchange/out/globex").rmdir()
        (home / "exchange/out/globex").write_text("no folder")
        send(dock, ANSWER)
        [row] = dock.json("partners", "numbers")
        assert row == {"standard": "x12", "from": "ZZ:ACME", "to": "ZZ:GLOBEX", "last": 1, "void": []}
        (home / "exchange/out/globex").unlink()
        (home / "exchange/out/globex").mkdir()
        file = tmp_path / "order.x12"
        file.write_bytes(x12(7))
        dock("receive", file)
        assert [row["last"] for row in dock.json("partners", "numbers", "globex")] == [2]
        assert dock.json("partners", "numbers", "initech") == []
