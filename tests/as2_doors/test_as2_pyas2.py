"""Messages and MDNs exchanged with another implementation, both ways, over sockets: pyas2lib, where there is one."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.as2 import cms
from tests.as2_doors.gateways import Node, free_port, make_home, serving
from tests.as2_doors.test_as2_shapes import prepare

PYTHON = os.environ.get("PYAS2_PYTHON", sys.executable)
BODY = b"ISA*00*" + bytes(range(32, 127)) * 20 + b"~\r\nSE*1~\r\n"


def _is_there() -> bool:
    done = subprocess.run([PYTHON, "-c", "import pyas2lib.as2"], capture_output=True)
    return done.returncode == 0


pytestmark = pytest.mark.skipif(not _is_there(), reason="there is no pyas2lib")

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def peer() -> Iterator[Ask]:
    script = Path(__file__).with_name("pyas2_peer.py")
    with subprocess.Popen([PYTHON, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def ask(do: str, **told: Any) -> dict[str, Any]:
            print(json.dumps({"do": do, **told}), file=process.stdin, flush=True)
            found: dict[str, Any] = json.loads(process.stdout.readline())  # type: ignore[union-attr]
            return found

        yield ask
        process.stdin.close()


@pytest.fixture(scope="module")
def keys() -> dict[str, cms.PrivateKey]:
    return {name: cms.make_key(name, bits=2048) for name in ("here", "there")}


@pytest.fixture
def opened(
    tmp_path: Path, migrated_sqlite: Path, keys: dict[str, cms.PrivateKey], peer: Ask
) -> Iterator[Callable[..., Node]]:
    """A gateway, and the peer as its partner."""
    with ExitStack() as stack:

        def open_(options: dict[str, Any], out: str = "", url: str = "http://127.0.0.1:9/", into: str = "") -> Node:
            port = free_port()
            home = make_home(tmp_path / "us", migrated_sqlite, port, url=url, in_options=into)
            config = home / "crossdock.toml"
            config.write_text(config.read_text().replace("[as2]\n", f'[as2]\nurl = "http://127.0.0.1:{port}/as2"\n'))
            prepare(home, keys["here"], keys["there"], "us", "them", out)
            peer(
                "be", us="THEM", them="US", options=options, mdn_url=f"{url.rstrip('/')}/mdn",
                key=cms.key_file(keys["there"], None).decode(),
                certificate=cms.certificate_file(keys["here"].certificate).decode(),
            )  # fmt: skip
            return stack.enter_context(serving(home, plain=False))

        yield open_


def content(told: dict[str, Any]) -> bytes:
    return base64.b64decode(told["body"])


def mdn_of(node: Node, message: dict[str, Any], body: bytes | None = None) -> dict[str, Any]:
    told = content(message) if body is None else body
    answer = httpx.post(node.url, headers=message["headers"], content=told, timeout=20, trust_env=False)
    assert answer.status_code == 200
    return {"headers": list(answer.headers.items()), "body": base64.b64encode(answer.content).decode()}


SHAPES: dict[str, dict[str, Any]] = {
    "plain": {},
    "signed": {"sign": True},
    "encrypted": {"encrypt": True, "enc_alg": "aes_128_cbc"},
    "compressed": {"compress": True},
    "signed, encrypted": {"sign": True, "encrypt": True, "enc_alg": "aes_256_cbc"},
    "signed, compressed": {"sign": True, "compress": True},
    "signed, encrypted, compressed": {"sign": True, "encrypt": True, "compress": True, "enc_alg": "aes_192_cbc"},
    "sha1, 3des": {"sign": True, "digest_alg": "sha1", "encrypt": True, "enc_alg": "tripledes_192_cbc"},
    "sha384": {"sign": True, "digest_alg": "sha384"},
    "sha512": {"sign": True, "digest_alg": "sha512"},
}


@pytest.mark.parametrize("mdn", [None, "sha1", "sha256", "sha512"])
@pytest.mark.parametrize("shape", SHAPES)
def test_what_it_sends_is_taken_and_it_believes_our_mdn(
    opened: Callable[..., Node], peer: Ask, shape: str, mdn: str | None
) -> None:
    node = opened(SHAPES[shape] | {"mdn_mode": "SYNC", "mdn_digest_alg": mdn}, into='allow = ["sha1", "3des"]')
    message = peer("build", content=base64.b64encode(BODY).decode())
    assert peer("read", **mdn_of(node, message)) == {"status": "processed", "detail": ""}
    (row,) = node.rows("SELECT p.body FROM transmissions t JOIN payloads p ON p.id = t.payload_id")
    assert row.body == BODY


@pytest.mark.parametrize(
    ("options", "change", "said"),
    [
        ({"sign": True}, lambda body: body.replace(b"ISA*00", b"ISA*01"), "integrity-check-failed"),
        ({"encrypt": True, "enc_alg": "aes_128_cbc"}, lambda body: body[:-40], "decryption-failed"),
        ({"encrypt": True, "enc_alg": "rc2_128_cbc"}, lambda body: body, "decryption-failed"),
        ({"compress": True}, lambda body: body[:-60] + b"\0" * 60, "decompression-failed"),
    ],
    ids=["changed", "cipher text", "a cipher that is declined", "compression"],
)
def test_what_is_wrong_is_said_so_that_it_understands(
    opened: Callable[..., Node], peer: Ask, options: dict[str, Any], change: Callable[[bytes], bytes], said: str
) -> None:
    node = opened(options | {"mdn_mode": "SYNC", "mdn_digest_alg": "sha256"})
    message = peer("build", content=base64.b64encode(BODY).decode())
    found = peer("read", **mdn_of(node, message, change(content(message))))
    assert (found["status"], found["detail"]) == ("processed/error", said)


class Door:
    """What hands requests to the peer, and its MDNs back."""

    def __init__(self, peer: Ask, change: Callable[[bytes], bytes] = lambda body: body) -> None:
        found: list[dict[str, Any]] = []
        self.found = found

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told = {"headers": list(self.headers.items()), "body": base64.b64encode(change(body)).decode()}
                answer = peer("open", **told)
                found.append(answer)
                back = b"" if self.headers["Receipt-Delivery-Option"] else base64.b64decode(answer.get("body", ""))
                self.send_response(200)
                for name, value in answer.get("headers", ()) if back else ():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(back)))
                self.end_headers()
                self.wfile.write(back)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/as2"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self) -> Door:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.mark.parametrize("mdn", ["sync", "async"])
@pytest.mark.parametrize(
    "out",
    [
        'sign = "no"\nencrypt = "no"\nmdn_signed = false',
        'sign = "sha1"\nencrypt = "no"',
        'sign = "sha512"\nencrypt = "no"',
        'sign = "no"\nencrypt = "aes128-cbc"\nmdn_signed = false',
        'sign = "sha256"\nencrypt = "aes256-cbc"',
        'sign = "sha256"\nencrypt = "3des"\ncompress = "before"',
        'sign = "sha384"\nencrypt = "aes192-cbc"\ncompress = "after"',
        'sign = "no"\nencrypt = "no"\ncompress = "before"\nmdn_signed = false',
    ],
    ids=lambda out: out.replace("\n", " "),
)
def test_what_we_send_is_taken_and_its_mdn_is_believed(
    opened: Callable[..., Node], peer: Ask, out: str, mdn: str
) -> None:
    with Door(peer) as door:
        node = opened({}, f'{out}\nmdn = "{mdn}"\n', door.url)
        id = node.leave(BODY)
        node.deliver()
        (found,) = door.found
        assert (found["status"], found["error"]) == ("processed", "")
        assert base64.b64decode(found["content"]) == BODY
        if mdn == "async":
            assert [row.status for row in node.rows("SELECT status FROM exchanges")] == ["sent"]
            httpx.post(node.url, headers=found["headers"], content=content(found), trust_env=False)
        assert node.status(id) == ("delivered", None)
        assert [row.status for row in node.rows("SELECT status FROM exchanges")] == ["confirmed"]


def test_what_it_says_of_a_changed_message_stops_it(opened: Callable[..., Node], peer: Ask) -> None:
    with Door(peer, lambda body: body.replace(b"ISA*00", b"ISA*01")) as door:
        node = opened({}, 'sign = "sha256"\nencrypt = "no"\n', door.url)
        id = node.leave(BODY)
        node.deliver()
        assert node.status(id)[0] == "stopped"
        assert "authentication-failed" in str(node.status(id)[1])
