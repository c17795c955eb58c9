"""Documents that are handed in by HTTP."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from gateway.cli.home_texts import FILES
from gateway.store.statements import both, run
from tests.cli.running import edifact, x12
from tests.web.serving import Desk, serving

ANSWER = FILES["examples/answer.json"]
EDI = {"Content-Type": "application/edi-x12"}


def count(desk: Desk, table: str = "transmissions") -> int:
    with desk.service.database.read() as connection:
        return int(run(connection, both(f"SELECT count(*) FROM {table}")).scalar_one())


def test_an_order_is_received_answered_and_found(desk: Desk) -> None:
    globex = desk.client("partner", party="globex")
    answer = globex.post("/api/documents?name=order.x12", content=x12(1, "4711"), headers=EDI)
    assert answer.status_code == 202
    received = answer.json()
    assert answer.headers["location"] == received["links"]["self"]
    assert globex.get(received["links"]["body"]).content == x12(1, "4711")
    assert globex.get(received["links"]["self"]).json()["status"] == "received"
    desk.work()
    found = globex.get(received["links"]["self"]).json()
    assert found["status"] == "translated"
    assert found["file_name"] == "order.x12"
    (document,) = globex.get(received["links"]["documents"]).json()["items"]
    assert (document["type"], document["business_key"], document["status"]) == ("850", "order:4711", "handled")
    (receipt,) = globex.get(received["links"]["acknowledgments"]).json()["items"]
    assert b"AK9*A*" in globex.get(receipt["links"]["body"]).content


def test_json_that_breaks_off_says_where(desk: Desk) -> None:
    """The sender said what it is: it is no format that nobody knows."""
    globex = desk.client("partner", party="globex")
    answer = globex.post("/api/documents", content=b"{no json}", headers={"Content-Type": "application/json"})
    assert answer.status_code == 202
    desk.work()
    (hold,) = desk.client("operator").get(answer.json()["links"]["self"]).json()["timeline"]["holds"]
    assert hold["code"] == "CAN-JSON"
    assert "at character 2" in hold["text"]


def test_the_same_key_and_body_is_received_once_and_another_body_is_refused(desk: Desk) -> None:
    globex = desk.client("partner", party="globex")
    headers = EDI | {"Idempotency-Key": "order-4711"}
    first = globex.post("/api/documents", content=x12(1), headers=headers)
    again = globex.post("/api/documents", content=x12(1), headers=EDI | {"Idempotency-Key": '"order-4711"'})
    other = globex.post("/api/documents", content=x12(2), headers=headers)
    assert [each.status_code for each in (first, again, other)] == [202, 200, 422]
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert other.json()["type"] == "/api/problems#key-reused"
    assert other.headers["content-type"] == "application/problem+json"
    assert count(desk) == 1


def test_a_key_is_of_its_door(desk: Desk) -> None:
    headers = {"Idempotency-Key": "1"}
    one = desk.client("partner", party="globex").post("/api/documents", content=x12(1), headers=headers)
    two = desk.client("partner", party="initech").post("/api/documents", content=edifact(1), headers=headers)
    assert [one.status_code, two.status_code] == [202, 202]


def test_without_a_key_each_request_is_received(desk: Desk) -> None:
    globex = desk.client("partner", party="globex")
    assert {globex.post("/api/documents", content=x12(1)).json()["transmission"] for _ in range(2)} != 1
    assert count(desk) == 2


def test_who_waits_gets_the_verdict(desk: Desk) -> None:
    globex = desk.client("partner", party="globex")
    stop = threading.Event()
    worker = threading.Thread(target=desk.service.worker().run, args=(stop,))
    worker.start()
    try:
        good = globex.post("/api/documents?wait=20", content=x12(1, "4711"), headers=EDI)
        bad = globex.post("/api/documents?wait=20", content=x12(2, "4712", quantity="many"), headers=EDI)
    finally:
        stop.set()
        worker.join()
    assert good.status_code == bad.status_code == 200
    assert good.json()["verdict"]["outcome"] == "accepted"
    assert bad.json()["verdict"]["outcome"] == "refused"
    (issue,) = [each for each in bad.json()["verdict"]["issues"] if each["severity"] == "error"]
    assert issue["code"].startswith("X12-")
    assert issue["value"] == "many"


def test_who_waits_in_vain_is_told_that_it_is_pending(desk: Desk) -> None:
    answer = desk.client("partner", party="globex").post("/api/documents?wait=1", content=x12(1), headers=EDI)
    assert answer.status_code == 202
    assert answer.json()["verdict"]["outcome"] == "pending"


def test_an_erp_hands_in_canonical_json(desk: Desk) -> None:
    desk.client("partner", party="globex").post("/api/documents", content=x12(1, "4500017301"), headers=EDI)
    desk.work()
    erp = desk.client("partner", party="acme-erp", endpoint="acme-erp-http")
    answer = erp.post(
        "/api/documents", content=FILES["examples/answer.json"], headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 202
    desk.work()
    (document,) = erp.get(answer.json()["links"]["documents"]).json()["items"]
    assert document["canonical"] == "OrderResponse"
    assert document["status"] == "handled"
    assert erp.get(document["links"]["canonical"]).json()["document"] == "OrderResponse"


def test_an_operator_names_the_party(desk: Desk) -> None:
    operator = desk.client("operator")
    assert operator.post("/api/documents", content=x12(1)).json()["hint"] == "Write ?party=… in the address."
    assert operator.post("/api/documents?party=nobody", content=x12(1)).status_code == 422
    assert operator.post("/api/documents?party=acme", content=x12(1)).json()["hint"].startswith("In partners/acme.toml")
    answer = operator.post("/api/documents?party=globex", content=x12(1))
    assert answer.status_code == 202
    desk.work()
    assert operator.get(answer.json()["links"]["self"]).json()["party"] == "globex"


def test_a_partner_hands_in_by_its_own_door_alone(desk: Desk) -> None:
    globex = desk.client("partner", party="globex", endpoint="globex-http")
    assert globex.post("/api/documents?party=initech", content=x12(1)).status_code == 403
    assert globex.post("/api/documents?endpoint=initech-http", content=x12(1)).status_code == 403
    unbound = desk.client("partner", party="globex")
    assert unbound.post("/api/documents?endpoint=initech-http", content=x12(1)).status_code == 422
    assert unbound.post("/api/documents?endpoint=globex-in", content=x12(1)).status_code == 422
    assert desk.client("viewer").post("/api/documents?party=globex", content=x12(1)).status_code == 403
    assert count(desk) == 0


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"ISA", 415),
        ({"Content-Type": "image/png"}, b"ISA", 415),
        ({"Content-Encoding": "gzip"}, b"ISA", 415),
        ({"Idempotency-Key": "x" * 300}, b"ISA", 400),
        ({"Idempotency-Key": "tab\there"}, b"ISA", 400),
        ({}, b"", 400),
    ],
)
def test_what_cannot_be_received_is_refused(desk: Desk, headers: dict[str, str], body: bytes, status: int) -> None:
    answer = desk.client("partner", party="globex").post("/api/documents", content=body, headers=headers)
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert count(desk) == 0


def test_a_body_that_is_too_large_is_refused_before_it_is_read(home: Path) -> None:
    partner = home / "partners/globex.toml"
    partner.write_text(partner.read_text() + "max_bytes = 1000\n")
    with serving(home) as desk:
        globex = desk.client("partner", party="globex")
        announced = globex.post("/api/documents", content=b"x" * 1001)
        taken = []

        def parts():  # type: ignore[no-untyped-def]
            for number in range(10_000):
                taken.append(number)
                yield b"x" * 1000

        streamed = desk.client("partner", party="globex")
        try:
            status = streamed.post("/api/documents", content=parts()).status_code
        except Exception:  # the client may be cut off while it goes on sending
            status = 413
        assert (announced.status_code, status) == (413, 413)
        assert "1000 bytes" in announced.json()["detail"]
        assert count(desk) == 0


def test_many_at_once_are_received_each_once_in_few_commits(desk: Desk) -> None:
    globex = desk.client("partner", party="globex")
    found: list[str] = []

    def post(number: int) -> None:
        headers = {"Idempotency-Key": f"key-{number % 20}"}
        found.append(
            globex.post("/api/documents", content=x12(number % 20 + 1), headers=headers).json()["transmission"]
        )

    threads = [threading.Thread(target=post, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 20
    assert len(found) == 40
    assert count(desk) == 20
