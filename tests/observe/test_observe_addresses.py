"""Addresses that are called are secrets at times (webhooks of chats): no library writes them into the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import httpx
import pytest

from gateway.observe import logs


class Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the receiver is not ours."""


@pytest.fixture
def receiver() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Answering)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("level", ["info", "warning"])
def test_what_is_called_by_http_does_not_stand_in_the_log(
    receiver: str, level: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("json", level)
    with httpx.Client() as client:
        assert client.post(f"{receiver}/hooks/T0PSECRETTOKEN").status_code == 200
    logging.getLogger("a.library").warning("but this does")
    written = capsys.readouterr().err
    assert "T0PSECRET" not in written
    assert "but this does" in written
