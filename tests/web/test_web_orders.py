"""What became of an order, by HTTP."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import ISA
from tests.cli.test_cli_order import HOOLI, ORDER
from tests.web.serving import DOOR, serving


def test_our_own_people_follow_an_order_and_partners_find_nothing(home: Path) -> None:
    (home / "partners/hooli.toml").write_text(HOOLI + DOOR.format(party="hooli"))
    with serving(home) as desk:
        customer, viewer = desk.client("partner", party="hooli"), desk.client("viewer")
        body = ISA.format(sender="HOOLI", number=7, ask=0) + ORDER
        assert customer.post("/api/documents", content=body.encode()).status_code in {200, 201, 202}
        desk.work()
        [found] = viewer.get("/api/orders/H-100").json()["items"]
        assert (found["state"], found["awaited"], found["lines"][0]["ordered"]) == ("new", ["response"], "100")
        assert found["documents"][0]["from"] == "hooli"
        assert viewer.get("/api/orders/H-100?partner=initech").status_code == 404
        assert customer.get("/api/orders/H-100").status_code == 404
