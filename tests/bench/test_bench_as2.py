"""What ``crossdock bench as2`` says, and that it fails when a message is not confirmed or not on record."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.bench import as2
from gateway.bench.as2_home import Dock, Keys
from gateway.bench.figures import BenchmarkError
from gateway.cli.main import root


@pytest.fixture(scope="module")
def keys() -> Keys:
    return Keys.made()


def test_messages_are_received_and_sent_and_each_is_confirmed(tmp_path: Path) -> None:
    few = ["--messages", "12", "--rounds", "1", "--clients", "2", "--processes", "1", "--large-mb", "2"]
    ended = CliRunner().invoke(root, ["bench", "as2", "--json", "--folder", str(tmp_path), *few])
    assert ended.exit_code == 0, ended.output
    found = {each["case"]: each for each in map(json.loads, ended.stdout.splitlines())}
    assert list(found) == [
        "received: 10 KB, 2 clients, 1 process",
        "sent: 10 KB, one endpoint to another gateway",
        "2 MB: packed, sent, received",
        "2 MB: peak memory of the gateway",
    ]
    assert all(each["value"] > 0 for each in found.values())
    assert [each["peer"] for each in found.values()] == 2 * ["pyx12 X12Reader, MB/s"] + 2 * [None]
    assert list(tmp_path.iterdir()) == []


def test_a_message_that_is_not_confirmed_is_noticed(tmp_path: Path, keys: Keys) -> None:
    dock = Dock(tmp_path / "dock", keys, 1, 1_000_000)
    message = dock.message(1, BytesIO(b"ISA*00*")).built()
    other = message._replace(mic=message.mic._replace(value="b3RoZXI="))
    with dock.served():
        answers = {answer.message: answer for answer in as2._post(dock.port, [message, other], 1)}
    as2._check(answers[message], keys)
    with pytest.raises(BenchmarkError, match="is not confirmed"):
        as2._check(answers[other], keys)
    as2._recorded(dock, 1)
    with pytest.raises(BenchmarkError, match="2 messages were confirmed"):
        as2._recorded(dock, 2)
