"""Declarations by HTTP: for our own people, and nobody else."""

from __future__ import annotations

from pathlib import Path

from tests.customs import made
from tests.customs.port import CUSTOMS, ERP, HOOLI, party, submits
from tests.web.serving import DOOR, serving


def test_our_own_people_find_a_declaration_by_any_number_and_partners_find_nothing(home: Path) -> None:
    folder = home / "partners"
    (folder / "hooli.toml").write_text(HOOLI)
    (folder / "hooli-erp.toml").write_text(ERP + DOOR.format(party="hooli-erp"))
    (folder / "vandelay.toml").write_text(party("vandelay") + DOOR.format(party="vandelay"))
    (folder / "customs.toml").write_text(CUSTOMS + submits("621"))
    with serving(home) as desk:
        firm, viewer = desk.client("partner", party="vandelay"), desk.client("viewer")
        assert firm.post("/api/documents", content=made.message("411", made.payment())).status_code in {200, 202}
        desk.work()
        [found] = viewer.get("/api/declarations/T-PO-1").json()["items"]
        assert (found["state"], found["slots"][1]) == (
            "draft",
            {"slot": "payment", "evidence": "copy", "document": "3101980P01 T-PO-1"},
        )
        assert firm.get("/api/declarations/T-PO-1").status_code == 404
        assert viewer.get("/api/declarations/T-PO-2").status_code == 404
