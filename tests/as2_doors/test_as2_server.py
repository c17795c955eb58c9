"""What partners post, and what they are answered: HTTP as peers speak it, MDNs for all that is wrong with a message."""

from __future__ import annotations

import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.as2_doors.conftest import Open
from tests.as2_doors.gateways import Node

NAMES = {"AS2-From": "THEM", "AS2-To": "US", "Message-ID": "<1@them>"}
WANTED = {"Disposition-Notification-To": "edi@them.example"}


def post(node: Node, body: bytes = b"ISA*1", **headers: str) -> httpx.Response:
    told = {**NAMES, **WANTED, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return httpx.post(node.url, headers=told, content=body, timeout=20, trust_env=False)


def raw(node: Node, text: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", node.port), timeout=20) as sock:
        sock.sendall(text)
        found = b""
        while piece := sock.recv(65536):
            found += piece
        return found


@pytest.fixture
def node(gateway: Open) -> Node:
    return gateway("us")


def test_a_message_is_received_and_answered_by_an_mdn(node: Node) -> None:
    answer = post(node)
    assert answer.status_code == 200
    assert (answer.headers["as2-from"], answer.headers["as2-to"]) == ("US", "THEM")
    assert answer.text.startswith("id=<1@them>\ndisposition=processed\nmic=")
    (row,) = node.rows(
        "SELECT t.status, t.party, t.endpoint, p.body FROM transmissions t JOIN payloads p ON p.id = t.payload_id"
    )
    assert (row.status, row.party, row.endpoint, bytes(row.body)) == ("received", "them", "in", b"ISA*1")


def test_no_mdn_is_sent_where_none_is_wanted(node: Node) -> None:
    answer = httpx.post(node.url, headers=NAMES, content=b"ISA", trust_env=False)
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_same_message_again_is_answered_alike_and_taken_once(node: Node) -> None:
    first, second = post(node), post(node)
    assert first.content == second.content
    assert len(node.rows("SELECT id FROM transmissions")) == 1


def test_other_content_under_the_same_name_is_refused(node: Node) -> None:
    post(node)
    answer = post(node, b"ISA*2")
    assert answer.status_code == 200
    assert "processed/error: unexpected-processing-error" in answer.text


def test_what_could_not_be_opened_may_come_again(node: Node) -> None:
    assert "processed/error: decryption-failed" in post(node, X_Broken="decryption-failed").text
    assert "disposition=processed\n" in post(node).text
    assert [row.status for row in node.rows("SELECT status FROM transmissions ORDER BY id")] == ["refused", "received"]


def test_a_stranger_is_told_so_and_kept_within_bounds(node: Node) -> None:
    answer = post(node, AS2_From="MALLORY")
    assert answer.status_code == 200
    assert "processed/error: unknown-trading-relationship" in answer.text
    (row,) = node.rows("SELECT endpoint, party, status FROM transmissions")
    assert row == ("as2", None, "refused")


def test_nobody_is_called_because_a_stranger_wishes_it(node: Node) -> None:
    answer = post(node, AS2_From="MALLORY", Receipt_Delivery_Option="http://169.254.169.254/")
    assert "unknown-trading-relationship" in answer.text
    assert node.rows("SELECT id FROM work") == []


def test_attachments_stay_with_their_document(node: Node) -> None:
    post(node, b"%PDF|ISA*1|II*", X_Parts="application/pdf,application/edi-x12,image/tiff")
    rows = node.rows("SELECT id, status, parent_id FROM transmissions ORDER BY id")
    assert [(row.status, row.parent_id) for row in rows] == [
        ("received", None),
        ("kept", rows[0].id),
        ("kept", rows[0].id),
    ]


@pytest.mark.parametrize(("profile", "status"), [("legacy", 200), ("modern", 204)])
def test_who_wants_its_mdn_elsewhere_is_answered_at_once(gateway: Open, profile: str, status: int) -> None:
    node = gateway("us", in_options=f'profile = "{profile}"')
    answer = post(node, Receipt_Delivery_Option="http://127.0.0.1:9/mdn?a=b")
    assert (answer.status_code, answer.content) == (status, b"")
    assert [row.format for row in node.rows("SELECT format FROM transmissions WHERE direction = 'out'")] == ["MDN"]


@pytest.mark.parametrize(
    "head",
    [
        b"POST /as2 HTTP/1.1\r\nHost: a\r\nAS2-From: THEM\r\nAS2-To: US\r\nMessage-ID:\r\n <1@them>\r\n"
        b"Disposition-Notification-To:\r\n\tedi@them\r\nConnection: close\r\nContent-Length: 5\r\n\r\nISA*1",
        b'POST / HTTP/1.1\r\nHost: a\r\nas2-from: "THEM"\r\nAS2-TO: US\r\nmessage-id: <1@them>\r\n'
        b"DISPOSITION-NOTIFICATION-TO: x\r\nConnection: close\r\nContent-Length: 0005\r\n\r\nISA*1",
        b"POST /any/path?x HTTP/1.1\r\nHost: a\r\nAS2-From: THEM\r\nAS2-To: US\r\nMessage-ID: <1@them>\r\n"
        b"Disposition-Notification-To: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        b"2;ext=1\r\nIS\r\n3\r\nA*1\r\n0\r\n\r\n",
        b"POST /as2 HTTP/1.0\r\nAS2-From: THEM\r\nAS2-To: US\r\nMessage-ID: <1@them>\r\n"
        b"Disposition-Notification-To: x\r\nDate: not a date\r\nAuthorization: Basic eDp5\r\n"
        b"Content-Length: 5\r\n\r\nISA*1",
    ],
    ids=["folded headers", "quotes, case, leading zeros", "chunked with extensions", "HTTP/1.0, odd headers"],
)
def test_requests_as_peers_write_them(node: Node, head: bytes) -> None:
    answer = raw(node, head)
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"id=<1@them>\ndisposition=processed" in answer


def test_a_request_whose_length_is_told_twice_is_no_request(node: Node) -> None:
    answer = raw(
        node,
        b"POST / HTTP/1.1\r\nHost: a\r\nAS2-From: THEM\r\nAS2-To: US\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
    )
    assert answer.startswith(b"HTTP/1.1 400")
    assert node.rows("SELECT id FROM exchanges") == []


def test_head_and_get_are_answered_and_others_are_not(node: Node) -> None:
    answer = httpx.head(node.url, trust_env=False)
    assert (answer.status_code, answer.headers["content-length"]) == (200, "0")
    assert httpx.get(node.url, trust_env=False).status_code == 200
    assert httpx.put(node.url, content=b"", trust_env=False).status_code == 405


def test_a_post_without_names_is_no_message(node: Node) -> None:
    assert httpx.post(node.url, content=b"ISA", trust_env=False).status_code == 400


def test_a_body_that_is_too_large_is_a_fault_of_transport(gateway: Open) -> None:
    node = gateway("us", in_options="max_bytes = 10")
    assert post(node, b"ISA*1 and more").status_code == 413
    assert node.rows("SELECT id FROM exchanges") == []


def test_a_large_body_is_received_as_it_came(node: Node) -> None:
    body = bytes(range(256)) * 20_000
    assert post(node, body).status_code == 200
    (row,) = node.rows("SELECT p.file, t.size FROM transmissions t JOIN payloads p ON p.id = t.payload_id")
    assert row.size == len(body)
    assert (node.service.database.payloads.folder / row.file).read_bytes() == body


def test_curl_waits_to_be_told_to_continue(node: Node, tmp_path: Path) -> None:
    file = tmp_path / "order"
    file.write_bytes(b"ISA*" + b"1" * 2_000_000)
    told = [arg for name, value in {**NAMES, **WANTED}.items() for arg in ("-H", f"{name}: {value}")]
    found = subprocess.run(
        ["curl", "-sSv", "--http1.1", *told, "-H", "Expect: 100-continue", "--data-binary", f"@{file}", node.url],
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert b"HTTP/1.1 100" in found.stderr
    assert b"disposition=processed" in found.stdout


def test_many_at_once_are_each_taken_once(node: Node) -> None:
    def send(number: int) -> str:
        return post(node, f"ISA*{number % 20}".encode(), Message_ID=f"<{number % 20}@them>").text

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(60)))
    assert all("disposition=processed\n" in answer for answer in answers)
    assert len(set(answers)) == 20
    assert len(node.rows("SELECT id FROM transmissions")) == 20
