"""Lists, decisions, and what is answered to what cannot be asked."""

from __future__ import annotations

import pytest

from gateway.core.errors import StoreError
from gateway.web.state import Web
from tests.cli.running import x12
from tests.web.serving import Desk


def test_pages_go_on_behind_the_last_row_whatever_comes_meanwhile(desk: Desk) -> None:
    globex = desk.client("partner", party="globex")
    ids = [globex.post("/api/documents", content=x12(n)).json()["transmission"] for n in range(1, 8)]
    found: list[str] = []
    url = "/api/transmissions?limit=3&direction=in&party=globex"
    while url:
        answer = globex.get(url)
        found += [row["id"] for row in answer.json()["items"]]
        globex.post("/api/documents", content=x12(100 + len(found)))
        assert ("next" in answer.json()) == ("next" in answer.links)
        url = answer.links.get("next", {}).get("url", "")
    assert found == ids[::-1]


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("limit=0", "Expected `int` >= 1"),
        ("limit=1000", "Expected `int` <= 200"),
        ("stauts=held", 'There is no parameter "stauts".'),
        ("status=hold", '"hold" is no state.'),
        ("since=yesterday", '"yesterday" is no time.'),
        ("cursor=abc", "This is no cursor."),
        ("cursor=YmVmb3JlOi0x", "This is no cursor."),
        ("party=a&party=b", "given twice"),
        ("transmission=doc_1", "matching regex"),
        ("direction=null", "null"),
    ],
)
def test_a_slip_in_a_filter_is_told(desk: Desk, query: str, detail: str) -> None:
    answer = desk.client("viewer").get(f"/api/documents?{query}")
    assert answer.status_code == 400
    assert detail in answer.json()["detail"]


def test_filters_find_what_the_command_line_finds(desk: Desk) -> None:
    desk.client("partner", party="globex").post("/api/documents", content=x12(1, "4711", "4712"))
    desk.work()
    viewer = desk.client("viewer")

    def keys(query: str) -> list[str]:
        return [row["business_key"] for row in viewer.get(f"/api/documents?direction=in&{query}").json()["items"]]

    assert keys("key=order:4711") == ["order:4711"]
    assert keys("type=850&status=handled&since=1h") == ["order:4712", "order:4711"]
    assert keys("control_number=000000001") == ["order:4712", "order:4711"]
    assert keys("until=2020-01-01") == keys("party=initech") == keys("key=%00") == []


def test_what_is_held_is_released_and_cancelled(desk: Desk) -> None:
    globex, operator = desk.client("partner", party="globex"), desk.client("operator")
    url = globex.post("/api/documents", content=x12(1, sender="STRANGER")).json()["links"]["self"]
    desk.work()
    held = operator.get(url).json()
    assert held["status"] == "held"
    assert "partners/" in held["timeline"]["holds"][0]["configuration"]
    assert "configuration" not in globex.get(url).text
    assert globex.post(f"{url}/release").status_code == 403
    assert operator.post(f"{url}/release").json()["status"] == "received"
    again = operator.post(f"{url}/release")
    assert again.status_code == 409
    assert again.json()["type"] == "/api/problems#conflict"
    desk.work()
    assert operator.post(f"{url}/cancel").json()["status"] == "cancelled"
    events = operator.get(url).json()["timeline"]["events"]
    by = next(each["data"]["by"] for each in events if each["name"] == "transmission.cancelled")
    assert by.startswith("token operator")
    assert operator.post("/api/transmissions/doc_1/release").status_code == 404


def test_what_should_not_happen_is_told_by_an_id_and_nothing_else(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    client = desk.client("viewer")
    client.get("/api/documents")

    def fail(*arguments: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("gateway.web.api.reading.find_documents", fail)
    answer = client.get("/api/documents")
    assert answer.status_code == 500
    assert len(answer.json()["error"]) == 16
    assert "secret" not in answer.text


def test_a_database_that_is_away_is_told_with_a_pause(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    globex = desk.client("partner", party="globex")
    globex.get("/api/documents")

    def fail(*arguments: object) -> None:
        raise StoreError("The database said: no route to host 10.1.2.3")

    web: Web = desk.app.state.web
    monkeypatch.setattr(web.accepting._intake, "accept", fail)
    answer = globex.post("/api/documents", content=x12(1))
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "10.1.2.3" not in answer.text
    monkeypatch.undo()
    assert globex.post("/api/documents", content=x12(1)).status_code == 202


def test_health_needs_no_token_and_metrics_do(desk: Desk) -> None:
    anybody = desk.client()
    assert anybody.get("/health/live").json() == {"status": "ok"}
    assert anybody.get("/health/ready").json() == {"status": "ok", "database": "ok", "schema": "ok"}
    assert anybody.get("/metrics").status_code == 401
    assert "text/plain" in desk.client("monitor").get("/metrics").headers["content-type"]
    with desk.service.database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    assert anybody.get("/health/ready").status_code == 503


def test_bytes_of_partners_are_saved_and_never_shown(desk: Desk) -> None:
    globex = desk.client("partner", party="globex")
    links = globex.post("/api/documents?name=../../<script>.html", content=b"<script>alert(1)</script>").json()["links"]
    answer = globex.get(links["body"])
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "/" not in answer.headers["content-disposition"]
