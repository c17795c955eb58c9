"""Documents that cross the dock: received, found, traced, decided on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import HOOLI, Command, x12


@pytest.fixture
def order(tmp_path: Path) -> Path:
    file = tmp_path / "order.x12"
    file.write_bytes(x12(901, "4711"))
    return file


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    file = tmp_path / "stranger.x12"
    file.write_bytes(x12(902, "4712", sender="HOOLI"))
    return file


class TestReceive:
    def test_a_newcomer_sees_the_example_of_init_go_all_the_way(self, dock: Command, home: Path) -> None:
        ran = dock("receive", home / "examples/order.x12")
        assert ran.code == 0
        assert "translated" in ran.out
        assert "order:4500017301  handled" in ran.out
        [file] = (home / "exchange/out/acme-erp").glob("*.jsonl")
        assert json.loads(file.read_text())["id"] == "4500017301"
        [receipt] = (home / "exchange/out/globex").glob("997-*")
        assert "AK9*A*1*1*1~" in receipt.read_text()

    def test_the_result_names_documents_and_what_was_sent(self, dock: Command, order: Path) -> None:
        [found] = dock.json("receive", order)
        assert found["transmission"].startswith("tx_")
        assert [(d["type"], d["business_key"], d["status"]) for d in found["documents"]] == [
            ("850", "order:4711", "handled")
        ]
        assert {sent["endpoint"] for sent in found["sent"]} == {"globex-out", "erp-out"}

    def test_the_log_is_quiet_unless_a_level_is_set(
        self, dock: Command, order: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert dock("receive", order).err == ""
        monkeypatch.setenv("CROSSDOCK_LOG__LEVEL", "info")
        assert "transmission.received" in dock("receive", order).err

    def test_what_is_refused_says_why(self, dock: Command, tmp_path: Path) -> None:
        file = tmp_path / "broken.x12"
        file.write_bytes(x12(902, "4711", quantity="A DOZEN"))
        ran = dock("receive", file)
        assert ran.code == 1
        assert "refused" in ran.out
        assert '"A DOZEN"' in ran.out

    def test_without_processing_it_is_only_stored(self, dock: Command, order: Path) -> None:
        [found] = dock.json("receive", order, "--no-process")
        assert found["status"] == "received"
        assert dock.json("documents") == []
        [row] = dock.json("transmissions")
        assert (row["id"], row["status"]) == (found["transmission"], "received")

    def test_a_file_may_come_through_a_partners_door(self, dock: Command, order: Path) -> None:
        dock("receive", order, "--from", "globex")
        [row] = dock.json("transmissions", "--direction", "in")
        assert row["endpoint"] == "globex-in"

    def test_a_party_without_a_door_is_wrong_usage(self, dock: Command, order: Path) -> None:
        assert dock("receive", order, "--from", "acme").code == 2

    def test_what_is_too_large_is_not_received(
        self, dock: Command, order: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CROSSDOCK_LIMITS__TRANSMISSION_BYTES", "100")
        ran = dock("receive", order)
        assert ran.code == 2
        assert "more than 100 bytes" in ran.err

    def test_without_a_home_data_is_kept_in_the_users_state_folder(
        self, crossdock: Command, order: Path, tmp_path: Path
    ) -> None:
        ran = crossdock("receive", order, "--no-process")
        assert ran.code == 0
        assert "No home is named" in ran.err
        assert (tmp_path / "state/crossdock/crossdock.db").is_file()


class TestFinding:
    def test_documents_by_key_type_party_and_number(self, dock: Command, order: Path) -> None:
        dock("receive", order)
        for given in (
            ("--key", "order:4711", "--direction", "in"),
            ("--type", "850"),
            ("--party", "globex", "--direction", "in"),
            ("--control-number", "000000901"),
            ("--status", "handled"),
        ):
            assert [row["type"] for row in dock.json("documents", *given)] == ["850"], given
        assert dock.json("documents", "--key", "order:4712") == []

    def test_time_is_a_moment_or_a_span(self, dock: Command, order: Path) -> None:
        dock("receive", order, "--no-process")
        assert len(dock.json("transmissions", "--since", "1h")) == 1
        assert dock.json("transmissions", "--until", "2020-01-01") == []
        assert dock("transmissions", "--since", "yesterday").code == 2

    def test_a_state_that_there_is_not_is_a_slip_and_no_empty_answer(self, dock: Command) -> None:
        ran = dock("documents", "--status", "hold")
        assert (ran.code, ran.out) == (2, "")
        assert "'held'" in ran.err
        assert dock("documents", "--status", "refused").code == 0
        assert dock("transmissions", "--status", "duplicate").code == 0

    def test_a_party_that_nobody_knows_is_doubted(self, dock: Command, order: Path) -> None:
        dock("receive", order, "--no-process")
        ran = dock("transmissions", "--party", "globecks")
        assert "There is no party globecks in partners/. There are: acme, acme-erp, globex" in ran.err
        assert dock("transmissions", "--party", "acme-erp").err == ""

    def test_people_get_a_table_or_a_sentence(self, dock: Command, order: Path) -> None:
        assert dock("documents").out == "No documents found.\n"
        dock("receive", order)
        assert "order:4711" in dock("documents").out


class TestTrace:
    def test_one_line_tells_the_whole_story(self, dock: Command, order: Path) -> None:
        [found] = dock.json("receive", order)
        [story] = dock.json("trace", found["transmission"])
        assert {row["type"] for row in story["documents"]} == {"850", "997", "Order"}
        names = [event["name"] for event in story["events"]]
        assert names[0] == "transmission.received"
        assert "transmission.delivered" in names
        assert all(row["id"].startswith(("tx_", "ic_", "doc_")) for row in story["documents"])

    def test_people_see_what_came_of_what(self, dock: Command, order: Path) -> None:
        [found] = dock.json("receive", order)
        out = dock("trace", found["documents"][0]["id"]).out
        assert "└──" in out
        assert "order.received" in out

    def test_what_is_held_is_shown_with_the_lines_that_would_admit_it(self, dock: Command, stranger: Path) -> None:
        [found] = dock.json("receive", stranger)
        out = dock("trace", found["transmission"]).out
        assert 'identifier = "HOOLI"' in out
        assert f"crossdock release {found['transmission']}" in out

    def test_what_waits_behind_another_says_so(self, dock: Command, tmp_path: Path) -> None:
        for number, quantity in ((1, "24"), (2, "25"), (3, "24")):
            (tmp_path / f"{number}.x12").write_bytes(x12(number, quantity=quantity))
            dock("receive", tmp_path / f"{number}.x12")
        [held] = dock.json("documents", "--status", "held")
        [ready] = dock.json("documents", "--status", "ready")
        [story] = dock.json("trace", ready["id"])
        assert story["waits"] == [{"document": ready["id"], "behind": held["id"]}]
        assert f"waits behind {held['id']}" in dock("trace", ready["id"]).out

    def test_an_id_that_there_is_not(self, dock: Command) -> None:
        assert dock("trace", "tx_99").code == 1
        assert dock("trace", "order 7").code == 2


class TestDeciding:
    def test_what_a_new_party_sent_goes_on_when_it_is_admitted(self, dock: Command, home: Path, stranger: Path) -> None:
        ran = dock("receive", "--json", stranger)
        assert ran.code == 1
        [found] = ran.records
        assert found["status"] == "held"
        (home / "partners/hooli.toml").write_text(HOOLI)
        assert dock.json("release", found["transmission"]) == [{"id": found["transmission"], "status": "translated"}]
        assert dock.json("documents", "--party", "hooli")[0]["status"] == "handled"

    def test_what_is_held_again_says_why(self, dock: Command, stranger: Path) -> None:
        [found] = dock.json("receive", stranger)
        ran = dock("release", found["transmission"])
        assert ran.code == 1
        assert "ZZ:HOOLI is not known" in ran.out

    def test_the_lines_that_a_hold_shows_admit_what_it_holds(self, dock: Command, home: Path, stranger: Path) -> None:
        [found] = dock.json("receive", stranger)
        [hold] = found["holds"]
        (home / "partners/hooli.toml").write_text(hold["configuration"])
        assert dock("partners", "check").code == 0
        assert dock.json("release", found["transmission"])[0]["status"] == "translated"

    def test_what_is_cancelled_is_over(self, dock: Command, stranger: Path) -> None:
        [found] = dock.json("receive", stranger)
        assert dock.json("cancel", found["transmission"])[0]["status"] == "cancelled"
        ran = dock("release", found["transmission"])
        assert ran.code == 1
        assert "not possible in state 'cancelled'" in ran.out

    def test_what_was_delivered_is_delivered_again_under_its_name(self, dock: Command, home: Path, order: Path) -> None:
        [found] = dock.json("receive", order)
        [sent] = [row for row in found["sent"] if row["endpoint"] == "erp-out"]
        file = home / "exchange/out/acme-erp" / sent["file_name"]
        body = file.read_bytes()
        file.unlink()
        assert dock.json("resend", sent["id"]) == [{"id": sent["id"], "status": "delivered"}]
        assert file.read_bytes() == body

    def test_one_that_cannot_be_decided_does_not_stop_the_others(
        self, dock: Command, order: Path, stranger: Path
    ) -> None:
        good, held = dock.json("receive", order, stranger)
        ran = dock("cancel", "--json", good["transmission"], held["transmission"])
        first, second = ran.records
        assert ran.code == 1
        assert "error" in first
        assert second["status"] == "cancelled"

    def test_what_did_not_fail_is_not_tried_again(self, dock: Command, order: Path) -> None:
        [found] = dock.json("receive", order)
        assert dock("reprocess", found["transmission"]).code == 1

    def test_no_id_is_wrong_usage(self, dock: Command) -> None:
        assert dock("release").code == 2
        assert dock("release", "4711").code == 2
