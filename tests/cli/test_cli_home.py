"""A home, its database, and whether everything works."""

from __future__ import annotations

import socket
import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gateway.config import load
from tests.cli.running import Command, x12


class TestInit:
    def test_the_configuration_has_every_key_and_turns_on_the_web(self, home: Path) -> None:
        text = (home / "crossdock.toml").read_text()
        table = tomllib.loads(text)
        assert table.pop("web") == {"listen": "127.0.0.1:8470"}
        assert {"limits", "batches", "log", "sftp"} <= set(table)
        assert not any(table.values())
        assert load(home, {}).origins == {"web.listen": "crossdock.toml"}
        uncommented = "\n".join(
            line.removeprefix("# ") for line in text.splitlines() if " = " in line or line.startswith("[")
        )
        (home / "crossdock.toml").write_text(uncommented)
        assert load(home, {}).batches == load(None, {}).batches

    def test_nothing_that_exists_is_replaced(self, crossdock: Command, home: Path) -> None:
        before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
        ran = crossdock("init", home)
        assert ran.code == 2
        assert "not an empty folder" in ran.err
        assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before

    def test_its_example_is_valid(self, dock: Command, home: Path) -> None:
        assert dock("validate", home / "examples/order.x12", "--partner", "globex").code == 0

    def test_a_home_that_there_is_not_is_wrong_usage(self, tmp_path: Path) -> None:
        ran = Command(tmp_path / "nowhere")("partners", "list")
        assert ran.code == 2
        assert "crossdock init" in ran.err


class TestDatabase:
    def test_it_is_made_checked_and_upgraded(self, dock: Command) -> None:
        assert dock("db", "check").code == 1  # there is none yet
        assert dock.json("db", "upgrade")[0]["before"] is None
        assert dock.json("db", "check") == [{"right": True, "differences": []}]

    def test_a_backup_is_put_back(self, dock: Command, home: Path, tmp_path: Path) -> None:
        first, second = tmp_path / "1.x12", tmp_path / "2.x12"
        first.write_bytes(x12(1, "4711"))
        second.write_bytes(x12(2, "4712"))
        dock("receive", first)
        copy = tmp_path / "copy.db"
        assert dock("db", "backup", copy).code == 0
        dock("receive", second)
        assert dock("db", "restore", copy, "--yes").code == 0
        assert {row["business_key"] for row in dock.json("documents", "--type", "850")} == {"order:4711"}

    def test_a_backup_replaces_nothing(self, dock: Command, tmp_path: Path) -> None:
        dock("db", "upgrade")
        copy = tmp_path / "copy.db"
        copy.write_text("mine")
        assert dock("db", "backup", copy).code == 2
        assert copy.read_text() == "mine"

    def test_restoring_asks_first(self, dock: Command, home: Path, tmp_path: Path) -> None:
        dock("db", "upgrade")
        copy = tmp_path / "copy.db"
        dock("db", "backup", copy)
        ran = dock("db", "restore", copy)
        assert ran.code == 1
        assert "Go on?" in ran.err

    def test_what_is_no_backup_is_not_put_back(self, dock: Command, tmp_path: Path) -> None:
        file = tmp_path / "letter"
        file.write_text("dear all")
        assert dock("db", "restore", file, "--yes").code == 2


class TestDoctor:
    def test_a_new_home_is_well(self, dock: Command) -> None:
        ran = dock("doctor", "--json")
        assert ran.code == 0
        checks = {line["check"]: line["works"] for line in ran.records if "check" in line}
        assert checks == dict.fromkeys(checks, True)
        assert {"home", "exchange", "database", "disk", "parties", "mappings", "schemas", "clock"} <= set(checks)

    def test_settings_are_shown_to_people_who_ask_for_them(self, dock: Command) -> None:
        assert "limits.document_bytes" not in dock("doctor").out
        assert "limits.document_bytes" in dock("doctor", "--settings").out

    def test_a_door_says_whether_its_address_is_free_and_its_certificate_good(
        self, dock: Command, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            monkeypatch.setenv("CROSSDOCK_WEB__LISTEN", f"127.0.0.1:{taken.getsockname()[1]}")
            assert "somebody listens already" in checked(dock, "web")["detail"]
        assert "which is free, without TLS" in checked(dock, "web")["detail"]
        (home / "web.pem").write_text("nothing")
        monkeypatch.setenv("CROSSDOCK_WEB__CERTIFICATE", "web.pem")
        assert checked(dock, "web")["works"] is False

    def test_a_secret_that_leads_nowhere_is_named_with_file_and_key(self, dock: Command, home: Path) -> None:
        party = next(iter(sorted((home / "partners").glob("*.toml"))))
        door = '\n[[endpoint]]\nname = "far"\nconnector = "http"\ndirection = "out"\nurl = "https://far.example/"\n'
        party.write_text(party.read_text() + f'{door}secret = "env:NOBODY_SET_THIS"\n')
        told = checked(dock, "secrets")
        assert told["works"] is False
        assert "endpoint far.secret = env:NOBODY_SET_THIS" in told["detail"]
        assert party.name in told["detail"]

    @pytest.mark.parametrize("name", ["webhook", "webhook_secret", "mail_password"])
    def test_so_is_one_of_the_alerts(self, dock: Command, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        monkeypatch.setenv(f"CROSSDOCK_ALERTS__{name.upper()}", "env:NOBODY_SET_THIS")
        assert f"alerts.{name} = env:NOBODY_SET_THIS" in checked(dock, "secrets")["detail"]

    def test_so_is_the_passphrase_of_our_keys(self, dock: Command, home: Path) -> None:
        party = home / "partners/acme.toml"
        lines = '\n[as2]\nid = "ACME"\nkeys = ["acme.pem"]\npassphrase = "file:secrets/nothing"\n'
        party.write_text(party.read_text() + lines)
        assert "as2.passphrase = file:secrets/nothing" in checked(dock, "secrets")["detail"]

    def test_a_file_of_a_large_payload_that_is_missing_is_told(self, dock: Command, home: Path) -> None:
        dock("db", "upgrade")
        with closing(sqlite3.connect(home / "crossdock.db")) as connection, connection:
            connection.execute("INSERT INTO payloads (id, sha256, size, body, file) VALUES (1, 'ab', 1, NULL, 'ab/ab')")
        assert "1 of 1 files" in checked(dock, "payloads")["detail"]

    def test_it_changes_nothing(self, dock: Command, home: Path) -> None:
        dock("doctor")
        assert not (home / "crossdock.db").exists()

    def test_settings_are_shown_with_where_they_were_set(
        self, dock: Command, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (home / "crossdock.toml").write_text("workers = 2\n")
        monkeypatch.setenv("CROSSDOCK_LOG__LEVEL", "error")
        found = {line["setting"]: line for line in dock.json("doctor") if "setting" in line}
        assert (found["workers"]["value"], found["workers"]["origin"]) == (2, "crossdock.toml")
        assert found["log.level"]["origin"] == "CROSSDOCK_LOG__LEVEL"
        assert found["broker"]["origin"] == "default"

    def test_what_does_not_work_is_named_and_the_rest_still_tried(self, dock: Command, home: Path) -> None:
        (home / "partners/acme.toml").write_text("id = ")
        (home / "mappings/own.toml").write_text("format = 3\n")
        ran = dock("doctor", "--json")
        assert ran.code == 1
        failed = {line["check"]: line["detail"] for line in ran.records if line.get("works") is False}
        assert set(failed) == {"parties", "mappings"}
        assert "partners/acme.toml" in failed["parties"]

    def test_a_broker_that_does_not_answer_is_told(self, dock: Command, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CROSSDOCK_BROKER", "amqp://127.0.0.1:9/")
        failed = [line["check"] for line in dock.json("doctor") if line.get("works") is False]
        assert failed == ["broker"]

    def test_a_configuration_that_is_wrong_is_the_first_thing_said(self, dock: Command, home: Path) -> None:
        (home / "crossdock.toml").write_text("wrokers = 2\n")
        ran = dock("doctor", "--json")
        assert ran.code == 1
        assert "Did you mean workers?" in ran.records[0]["detail"]


def checked(dock: Command, name: str) -> dict[str, Any]:
    """What doctor says of one thing."""
    return next(line for line in dock("doctor", "--json").records if line.get("check") == name)
