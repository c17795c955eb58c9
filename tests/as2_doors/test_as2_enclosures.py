"""A document and the files that go with it, as parts of one message (RFC 6362): given by hand, or as they came in."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gateway.as2 import cms
from gateway.core.ports import Arrival
from gateway.pipeline.exchanged import keep
from gateway.store import Changes, Step, commit
from tests.as2_doors.gateways import Node, free_port, make_home, serving
from tests.as2_doors.test_as2_shapes import SHAPES, prepare

PDF = b"%PDF-1.7\r\n" + bytes(range(256)) * 40
ORDER = (
    b"ISA*00*          *00*          *ZZ*US             *ZZ*THEM           *260101*1200*U*00401*000000007*0*P*>~"
    b"GS*PO*US*THEM*20260101*1200*7*X*004010~ST*850*0001~BEG*00*SA*4711**20260101~PO1*1*1*EA*1**VP*A~CTT*1~SE*5*0001~"
    b"GE*1*7~IEA*1*000000007~"
)
IDENTITY = '\n[[identity]]\nstandard = "x12"\nqualifier = "ZZ"\nidentifier = "{id}"\n'


@pytest.fixture(scope="module")
def keys() -> dict[str, cms.PrivateKey]:
    return {name: cms.make_key(name, bits=2048) for name in ("here", "there")}


class Pair:
    """A sender whose gateway is not running, and a receiver that is."""

    def __init__(self, here: Path, there: Node) -> None:
        self.here, self.there = here, there

    def send(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "gateway.cli", "--home", str(self.here), "send", *arguments, "--process"]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def received(self) -> list[tuple[str, str, bytes]]:
        rows = self.there.rows(
            "SELECT t.file_name, t.status, p.body FROM transmissions t JOIN payloads p ON p.id = t.payload_id "
            "WHERE t.direction = 'in' ORDER BY t.id"
        )
        return [(row.file_name, row.status, bytes(row.body)) for row in rows]


@pytest.fixture
def pair(tmp_path: Path, migrated_sqlite: Path, keys: dict[str, cms.PrivateKey]) -> Iterator[object]:
    with ExitStack() as stack:

        def open_(out: str) -> Pair:
            port = free_port()
            url = f"http://127.0.0.1:{port}/as2"
            here = make_home(tmp_path / "here", migrated_sqlite, free_port(), url=url)
            there = make_home(tmp_path / "there", migrated_sqlite, port, us="they", them="them", US="THEM", THEM="US")
            prepare(here, keys["here"], keys["there"], "us", "them", out)
            prepare(there, keys["there"], keys["here"], "they", "them", "")
            for name in ("us", "them"):
                file = here / f"partners/{name}.toml"
                file.write_text(file.read_text() + IDENTITY.format(id=name.upper()))
            for name, body in (("drawing.pdf", PDF), ("Zeugnis Größe.txt", b"gut\r\n"), ("order.x12", ORDER)):
                (tmp_path / name).write_bytes(body)
            return Pair(here, stack.enter_context(serving(there, plain=False)))

        yield open_


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_attached_arrives_beside_the_document(pair: object, tmp_path: Path, shape: str) -> None:
    both: Pair = pair(f"{SHAPES[shape]}\nattachments = true\n")  # type: ignore[operator]
    attached = [word for name in ("drawing.pdf", "Zeugnis Größe.txt") for word in ("--attach", str(tmp_path / name))]
    done = both.send(str(tmp_path / "order.x12"), "--to", "them", *attached, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    (sent,) = json.loads(done.stdout.splitlines()[-1])["sent"][:1]
    assert sent["status"] == "delivered", "and its MIC is that of all parts"
    assert both.received() == [
        ("order.x12", "received", ORDER),
        ("drawing.pdf", "kept", PDF),
        ("Zeugnis Größe.txt", "kept", b"gut\r\n"),
    ]


def test_nothing_is_attached_where_it_would_stay_here(pair: object, tmp_path: Path) -> None:
    both: Pair = pair("")  # type: ignore[operator]
    done = both.send(str(tmp_path / "order.x12"), "--to", "them", "--attach", str(tmp_path / "drawing.pdf"))
    assert done.returncode == 2
    assert "attachments = true" in done.stderr
    assert both.received() == []


@pytest.mark.parametrize("receipt", [False, True], ids=["a document", "a receipt"])
def test_what_came_with_a_document_goes_on_with_it_and_not_with_its_receipt(pair: object, receipt: bool) -> None:
    both: Pair = pair("attachments = true\n")  # type: ignore[operator]
    with serving(both.here, plain=False) as here:
        changes = Changes(here.service.clock.now())
        usual = {"party": "them", "size": 0, "sha256": ""}
        came = changes.new("transmissions", direction="in", endpoint="in", transport_id="1", status="received", **usual)
        drawing = Arrival(source="in", transport_id="1#2", body=PDF, file_name="drawing.pdf")
        keep(changes, drawing, came)
        id = changes.new(
            "transmissions",
            **{**usual, "size": len(ORDER)},
            direction="out",
            endpoint="out",
            transport_id="2",
            status="composed",
            parent_id=came,
            payload_id=changes.payload(ORDER),
            file_name="order.x12",
        )
        changes.new("documents", direction="out", transmission_id=id, status="composed", turn=1,
                    standard="x12", version="004010", type="997" if receipt else "850", position=1)  # fmt: skip
        changes.work(Step.DELIVER, id, "out", turn=(id, 0), size=len(ORDER))
        commit(here.service.database, changes)
        here.deliver()
    names = [name for name, _, _ in both.received()]
    assert names == (["order.x12"] if receipt else ["order.x12", "drawing.pdf"])
