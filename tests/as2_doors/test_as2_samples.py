"""Messages that other software sent, posted as they were captured: taken, and their MICs told."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.as2_doors.gateways import Node, free_port, make_home, serving

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "as2"
NAMES = sorted(path.name for path in (SAMPLES / "received").glob("*.as2"))

pytestmark = pytest.mark.skipif(not NAMES, reason="no samples of AS2 here")


@pytest.fixture
def node(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Node]:
    words = {"us": "us", "them": "them", "US": "PartnerA V1", "THEM": "MyCompany_OID"}
    home = make_home(
        tmp_path / "us",
        migrated_sqlite,
        free_port(),
        **words,
        in_options='allow = ["sha1", "3des"]',
    )
    keys = SAMPLES / "keys"
    (home / "us.pem").write_bytes((keys / "partnera.key").read_bytes() + (keys / "partnera.crt").read_bytes())
    (home / "us.pem").chmod(0o600)
    (home / "them.pem").write_bytes((keys / "mycompany.crt").read_bytes())
    for party, word, file in (("us", "keys", "us.pem"), ("them", "certificates", "them.pem")):
        path = home / "partners" / f"{party}.toml"
        path.write_text(path.read_text().replace("[as2]\n", f'[as2]\n{word} = ["{file}"]\n'))
    path = home / "partners" / "us.toml"
    others = ", ".join(f'"PartnerA V{n}"' for n in range(2, 7))
    path.write_text(path.read_text().replace("[as2]\n", f"[as2]\nids = [{others}]\n"))
    with serving(home, plain=False) as found:
        yield found


def raw_post(port: int, captured: bytes) -> bytes:
    """The request line is missing, and the body is not chunked any more."""
    end = captured.index(b"\r\n\r\n") if b"\r\n\r\n" in captured else captured.index(b"\n\n")
    gap = 4 if b"\r\n\r\n" in captured else 2
    head, body = captured[:end], captured[end + gap :]
    lines = head.replace(b"\r\n", b"\n").split(b"\n")
    kept = [
        line
        for line in lines
        if not line.lower().startswith((b"transfer-encoding:", b"content-length:", b"connection:"))
    ]
    kept += [b"Connection: close", b"Content-Length: %d" % len(body)]
    with socket.create_connection(("127.0.0.1", port), timeout=30) as sock:
        sock.sendall(b"POST /as2 HTTP/1.1\r\n" + b"\r\n".join(kept) + b"\r\n\r\n" + body)
        found = b""
        while piece := sock.recv(65536):
            found += piece
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_captured_message_is_taken(node: Node, name: str) -> None:
    expected = json.loads((SAMPLES / "received" / "expected.json").read_text())[name]
    answer = raw_post(node.port, (SAMPLES / "received" / name).read_bytes())
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"automatic-action/MDN-sent-automatically; processed\r\n" in answer
    mic = expected.get("mic", expected.get("mic_unsigned_with_headers_sha256"))
    assert f"Received-Content-MIC: {mic}, ".encode() in answer
    (row,) = node.rows("SELECT t.file_name, p.body FROM transmissions t JOIN payloads p ON p.id = t.payload_id")
    assert (row.file_name, sha256(bytes(row.body)).hexdigest()) == (expected["filename"], expected["payload_sha256"])
