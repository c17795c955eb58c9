"""docs/how-to/as2.md, done from top to bottom as it stands there, with a partner that listens; and what else it says
to write is what the program reads."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sysconfig
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from gateway.agreements.as2 import As2
from gateway.as2 import cms
from gateway.connectors.as2.options import InboxOptions, OutboxOptions
from gateway.settings import As2 as Settings
from tests.as2_doors.gateways import Node, free_port, make_home, serving
from tests.as2_doors.test_as2_shapes import prepare

PAGE = (Path(__file__).parents[2] / "docs/how-to/as2.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def partner(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Node]:
    """Initrode, who has given us its certificate and will have ours when the page has exported it."""
    key = cms.make_key("INITRODE", bits=2048)
    (tmp_path / "initrode.pem").write_bytes(cms.certificate_file(key.certificate))
    sides = {"us": "initrode", "them": "acme", "US": "INITRODE", "THEM": "ACME"}
    home = make_home(tmp_path / "theirs", migrated_sqlite, free_port(), settings="", **sides)
    prepare(home, key, key, "initrode", "acme", "")
    (home / "theirs.pem").unlink()
    (home / "theirs.pem").symlink_to(tmp_path / "acme.pem")
    with serving(home, plain=False) as node:
        yield node


def test_the_page_can_be_done_from_top_to_bottom(tmp_path: Path, partner: Node) -> None:
    environment = {
        "PATH": f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "COLUMNS": "200",
    }
    told = []

    def run(lines: str) -> str:
        command = ["bash", "-euo", "pipefail", "-c", lines]
        ran = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert ran.returncode == 0, (lines, ran.stdout, ran.stderr)
        return ran.stdout

    run("crossdock init dock")
    for kind, text in BLOCK.findall(PAGE):
        if kind == "toml":
            _write(tmp_path / "dock", text.replace("https://as2.initrode.example/as2", partner.url))
        elif kind == "sh":
            told.append(run(text))
    keygen, exported, compared, tried, sent, later = told
    block = next(text for kind, text in BLOCK.findall(PAGE) if text.startswith("# partners/acme.toml"))
    assert _today(block).partition("\n")[2] in keygen, "the lines that are shown are those of the page"
    assert "CN = ACME" in exported or "CN=ACME" in exported
    assert "INITRODE" in compared
    assert "HEAD was answered 200" in tried
    assert "delivered" in sent
    assert "keys/acme-20281101.pem" in later
    (row,) = partner.rows("SELECT t.status, p.body FROM transmissions t JOIN payloads p ON p.id = t.payload_id")
    assert (row.status, row.body[:3]) == ("received", b"ISA")
    left = run("crossdock --home dock transmissions --direction out --party initrode --json").splitlines()
    (mine,) = [json.loads(line) for line in left]
    assert "It was received." in run(f"crossdock --home dock as2 explain {mine['id']}")


def _write(home: Path, text: str) -> None:
    """Where its first line says."""
    first, _, rest = _today(text).partition("\n")
    file = home / first.removeprefix("# ").partition(",")[0]
    known = file.read_text(encoding="utf-8") if file.exists() else ""
    if "under [as2]" in first:
        file.write_text(known.replace("[as2]\n", f"[as2]\n{rest}", 1), encoding="utf-8")
    else:
        file.write_text(f"{known}\n{rest}", encoding="utf-8")


def _today(text: str) -> str:
    """The file of a key is named by the day on which it was made."""
    return text.replace("20261123", f"{datetime.now(UTC):%Y%m%d}")


@pytest.mark.parametrize("line", sorted(set(re.findall(r"`([a-z_]+ = [^`]+)`", PAGE))))
def test_each_setting_that_it_names_is_one(line: str) -> None:
    ((name, value),) = tomllib.loads(line).items()
    kinds = (InboxOptions, OutboxOptions, As2, Settings)
    fields = {kind: {field.encode_name: field.type for field in msgspec.structs.fields(kind)} for kind in kinds}
    found = [types[name] for types in fields.values() if name in types]
    assert found, f"nobody knows {name}"
    for type_ in found[:1] if name not in {"certificate"} else found:
        msgspec.convert(value, type_, strict=False)


def test_every_disposition_and_code_that_it_names_is_one() -> None:
    from gateway.as2 import problem
    from gateway.core.catalogue import KINDS

    words = set(re.findall(r"\b[a-z]+(?:-[a-z]+)*-(?:failed|security)\b", PAGE))
    assert words <= set(problem.Modifier.__args__)  # type: ignore[attr-defined]
    assert set(re.findall(r"\bAS2-[A-Z]{3,}(?:-[A-Z]+)*\b", PAGE)) <= set(KINDS)
