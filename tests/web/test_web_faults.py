"""A network that fails between a sender and the API: who sends again with the same key is received once."""

from __future__ import annotations

import httpx
import pytest

from gateway.store.statements import both, run
from tests.chaos.proxy import CLIENT, SERVER, ChaosProxy, Faults, cut, delay, half_close, refuse, reset, truncate
from tests.cli.running import x12
from tests.web.serving import Desk

ORDER = x12(1, *(f"PO-{number}" for number in range(200)))

KEPT = both("SELECT t.id, p.body FROM transmissions t JOIN payloads p ON p.id = t.payload_id")

#: The request has about 300 bytes of headers and 20 KB of body; the answer about 700 bytes.
FAULTS: dict[str, list[Faults]] = {
    "refused": [refuse()] * 2,
    "cut in the headers": [cut(100), reset(100)],
    "cut in the body": [cut(5000), reset(5000), half_close(5000)],
    "swallowed in the body": [truncate(5000)],
    "the answer is lost": [cut(0, CLIENT), reset(0, CLIENT), truncate(0, CLIENT)],
    "the answer is cut off": [cut(100, CLIENT), reset(300, CLIENT), truncate(300, CLIENT)],
    "late": [[delay(0.05), delay(0.05, CLIENT)]],
    "one after the other": [cut(50), cut(9000, SERVER), cut(0, CLIENT), reset(400, CLIENT)],
}


@pytest.mark.parametrize("name", FAULTS)
def test_who_sends_again_is_received_once(desk: Desk, name: str) -> None:
    headers = {"Authorization": f"Bearer {desk.token('partner', party='globex')}", "Idempotency-Key": "order-1"}
    answer = None
    with ChaosProxy(("127.0.0.1", desk.port), *FAULTS[name]) as proxy:
        for _ in range(len(FAULTS[name]) + 1):
            try:
                url = f"http://{proxy.host}:{proxy.port}/api/documents"
                answer = httpx.post(url, content=ORDER, headers=headers, timeout=0.7)
                if answer.is_success:
                    break
            except httpx.HTTPError:
                continue
    assert answer is not None
    assert answer.is_success
    with desk.service.database.read() as connection:
        rows = run(
            connection, both("SELECT t.id, p.body FROM transmissions t JOIN payloads p ON p.id = t.payload_id")
        ).all()
    assert [(f"tx_{row.id}", bytes(row.body)) for row in rows] == [(answer.json()["transmission"], ORDER)]
