"""``crossdock partners check`` at doors: what cannot work on this machine is told before it is tried."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from gateway.doors import mistakes
from tests.cli.conftest import Command

SFTP = """
[[endpoint]]
name = "globex-files"
connector = "sftp"
direction = "in"
host = "sftp.globex.example"
username = "acme"
password = "env:CROSSDOCK_TEST_NOPE"
"""
TRUSTED = 'host_key = ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]\n'
PAGES = Path(__file__).parents[2] / "docs/how-to"
#: What other blocks of the pages bring along.
OF_OTHERS = ("there is no party", "there is no such party", "has no name in AS2")
BLOCKS = [
    (page.name, block)
    for page in sorted(PAGES.glob("*.md"))
    for block in re.findall(r"^```toml\n(.*?)^```", page.read_text(), re.S | re.M)
    if "connector = " in block
]


def found(dock: Command) -> list[tuple[str, str]]:
    return [
        (each["severity"], each["key"])
        for each in dock("partners", "check", "--json").records
        if "globex-files" in each["key"]
    ]


def test_a_server_of_which_no_key_is_trusted_is_an_error(dock: Command, home: Path) -> None:
    party = home / "partners/globex.toml"
    party.write_text(party.read_text() + SFTP)
    assert ("error", "endpoint globex-files.host_key") in found(dock)
    assert dock("partners", "check").code == 1


def test_a_secret_that_is_not_on_this_machine_is_a_warning(
    dock: Command, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    party = home / "partners/globex.toml"
    party.write_text(party.read_text() + SFTP + TRUSTED)
    assert ("warning", "endpoint globex-files.password") in found(dock)
    assert dock("partners", "check").code == 0
    monkeypatch.setenv("CROSSDOCK_TEST_NOPE", "secret")
    assert ("warning", "endpoint globex-files.password") not in found(dock)


def test_all_handlers_may_be_named(dock: Command, home: Path) -> None:
    party = home / "partners/globex.toml"
    text = party.read_text().replace(
        'mapping = "x12/850"', 'mapping = "x12/850"\nhandlers = ["trading", "logistics"]', 1
    )
    party.write_text(text)
    assert not [each for each in dock("partners", "check", "--json").records if "handlers" in each["key"]]


@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=[f"{page}-{number}" for number, (page, _) in enumerate(BLOCKS)])
def test_each_endpoint_of_the_pages_can_be_copied(page: str, block: str, home: Path, dock: Command) -> None:
    from gateway import agreements

    assert tomllib.loads(block).get("endpoint"), page
    party = f'id = "hooli"\nname = "Hooli"\n{block[block.index("[[endpoint]]") :].split("[[agreement]]")[0]}'
    wrong = [str(each) for each in agreements.mistakes({"partners/hooli.toml": party})]
    if not wrong:
        wrong = [str(each) for each in mistakes(agreements.load({"partners/hooli.toml": party}))]
    assert [each for each in wrong if not any(other in each for other in OF_OTHERS)] == []
