"""Requests are counted by route and kind of answer, whatever paths and methods strangers make up."""

from __future__ import annotations

import secrets
import socket

from gateway.observe import metrics
from gateway.web.routes import ROUTES
from tests.observe.test_observe_metrics import samples
from tests.web.serving import Desk
from tests.web.test_web_limits import until

REQUESTS, SECONDS = "crossdock_http_requests_total", "crossdock_http_request_seconds_count"


def told(desk: Desk) -> dict[tuple[str, ...], float]:
    return samples(desk.client("monitor").get("/metrics").content)


def test_requests_are_counted_by_route_and_class_of_status(desk: Desk) -> None:
    viewer, before = desk.client("viewer"), told(desk)
    for path in ("tx_999998", "tx_999999", "doc_1"):
        assert viewer.get(f"/api/transmissions/{path}").status_code == 404
    assert viewer.get("/api/transmissions").status_code == 200
    assert viewer.post("/api/documents", content=b"x").status_code == 403
    after = told(desk)

    def more(*name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert more(REQUESTS, "GET", "/api/transmissions/{id}", "4xx") == 3
    assert more(SECONDS, "GET", "/api/transmissions/{id}") == 3
    assert more(REQUESTS, "GET", "/api/transmissions", "2xx") == 1
    assert more(REQUESTS, "POST", "/api/documents", "4xx") == 1


def test_strangers_make_no_series(desk: Desk) -> None:
    anybody = desk.client()
    before = set(told(desk))  # of other servers in this process: they have other routes
    for _ in range(5):
        anybody.get(f"/{secrets.token_hex(8)}")
        anybody.request(secrets.token_hex(4).upper(), "/api/documents")
    routes = {route.path for route in ROUTES} | {metrics.OTHER}
    for name, *labels in set(told(desk)) - before:
        if name == REQUESTS:
            method, route, status = labels
            assert route in routes
            assert method in {"GET", "POST", "HEAD", "DELETE", metrics.OTHER}
            assert status in {"1xx", "2xx", "3xx", "4xx", "5xx", "cut"}


def test_who_goes_away_before_its_answer_is_counted_too(desk: Desk) -> None:
    token = desk.token("partner", party="globex")

    def gone() -> float:
        return float(metrics.http_requests.labels("POST", "/api/documents", "4xx")._value.get())

    before = gone()
    with socket.create_connection(("127.0.0.1", desk.port)) as client:
        lines = ["POST /api/documents HTTP/1.1", "Host: a", f"Authorization: Bearer {token}", "Content-Length: 9"]
        client.sendall("\r\n".join([*lines, "", "ISA"]).encode())
    assert until(lambda: gone() == before + 1)
