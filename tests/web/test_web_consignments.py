"""Where goods are, by HTTP."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import ISA
from tests.cli.test_cli_consignment import CARRIER, STATUS
from tests.web.serving import DOOR, serving


def test_our_own_people_find_goods_by_any_number_and_partners_find_nothing(home: Path) -> None:
    (home / "partners/hooli.toml").write_text(CARRIER + DOOR.format(party="hooli"))
    with serving(home) as desk:
        carrier, viewer = desk.client("partner", party="hooli"), desk.client("viewer")
        body = ISA.format(sender="HOOLI", number=7, ask=0) + STATUS
        assert carrier.post("/api/documents", content=body.encode()).status_code in {200, 201, 202}
        desk.work()
        [found] = viewer.get("/api/consignments/BOL-55").json()["items"]
        assert found["state"] == "picked-up"
        assert [event["told"] for event in found["events"]] == ["2026-02-01 08:30 local", "2026-02-02 09:00 +01:00"]
        assert carrier.get("/api/consignments/BOL-55").status_code == 404
        assert viewer.get("/api/consignments/BOL-56").status_code == 404
        assert "/api/consignments/{reference}" in viewer.get("/api/openapi.json").json()["paths"]
