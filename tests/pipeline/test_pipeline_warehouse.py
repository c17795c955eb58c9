"""Orders to a warehouse and what it did, through the dock: ours leave as 940 and 943, its answers reach our ERP."""

from __future__ import annotations

import json

import pytest

from gateway.store import Database
from tests.pipeline.orders import document, group, interchange
from tests.pipeline.test_pipeline_conversation import ERP_GETS, ERP_SENDS, GETS, sends, trade
from tests.pipeline.test_pipeline_notices import X12_IN
from tests.pipeline.yard import ACME, ERP, GLOBEX, Yard, segments

SHIPPED = [
    "W06*F*WO-31*20260205*SH-900",
    "N1*WH*Depot North*92*W1",
    "LX*1",
    "MAN*GM*00340123450000000017",
    "W12*SH*12*10*2*CA**VN*V-77",
    "LX*2",
    "W12*CC*3*3**EA*614141000036",
    "W03*13*412.5*LB",
]
CAME = [
    "W17*F*20260203*WR-81*TR-5*SH-7",
    "N1*WH*Depot North*92*W1",
    "W07*38*CA**VN*V-77",
    "W13*2*CA*02",
    "W14*38",
]
ADJUSTED = ["W15*20260301*AD-4*D-9*00", "N1*WH*Depot North*92*W1", "W19*AA*-3*CA**VN*V-77"]
ORDER = {
    "document": "WarehouseOrder",
    "id": "WO-31",
    "depositor_party": {"name": "Acme Tools"},
    "warehouse_order_lines": [
        {
            "quantity": {"value": "12", "unit_code": "CS"},
            "item": {"additional_item_identifications": [{"value": "V-77", "scheme_id": "VN"}]},
        },
        {"quantity": {"value": "3", "unit_code": "EA"}, "upc_case_code": "614141000036"},
    ],
}


@pytest.mark.parametrize(
    ("type", "code", "kind", "body", "told"),
    [
        ("945", "SW", "WarehouseAdvice", SHIPPED, ["LOG-WAREHOUSE-SHORT"]),
        ("944", "RE", "StockTransferReceipt", CAME, ["LOG-WAREHOUSE-EXCEPTION"]),
        ("947", "AW", "StockAdjustment", ADJUSTED, []),
    ],
)
def test_what_the_warehouse_did_is_told_and_reaches_our_erp(
    database: Database, type: str, code: str, kind: str, body: list[str], told: list[str]
) -> None:
    yard = Yard(database)
    yard.agree(
        acme=ACME, globex=GLOBEX + X12_IN.format(type=type), acme_erp=ERP + ERP_GETS.format(kind=kind, name="wh")
    )
    head, *inside = group([document(body, 1, type=type)], 1)
    yard.arrive(interchange([[head.replace("GS*PO*", f"GS*{code}*"), *inside]], 1), "globex-in")
    (sent,) = [json.loads(line) for each in yard.to("erp-out") for line in each.splitlines()]
    assert sent["document"] == kind
    assert yard.issues(yard.inbound()) == told
    assert yard.nothing_left()


def test_each_package_keeps_its_lines(database: Database) -> None:
    yard = Yard(database)
    yard.agree(
        acme=ACME,
        globex=GLOBEX + X12_IN.format(type="945"),
        acme_erp=ERP + ERP_GETS.format(kind="WarehouseAdvice", name="wh"),
    )
    head, *inside = group([document(SHIPPED, 1, type="945")], 1)
    yard.arrive(interchange([[head.replace("GS*PO*", "GS*SW*"), *inside]], 1), "globex-in")
    (sent,) = [json.loads(line) for each in yard.to("erp-out") for line in each.splitlines()]
    assert [(one["id"], len(one["warehouse_advice_lines"])) for one in sent["packages"]] == [("1", 1), ("2", 1)]


def test_our_order_leaves_for_the_warehouse_as_940(database: Database) -> None:
    yard = trade(database, "[]")
    yard.partners["hooli"] += '[[identity]]\nstandard = "x12"\nqualifier = "ZZ"\nidentifier = "HOOLI"\n'
    yard.partners["hooli"] += GETS.format(kind="WarehouseOrder", type="940").replace("globex-", "hooli-")
    yard.partners["acme-erp"] += ERP_SENDS.format(kind="WarehouseOrder", name="warehouse")
    sends(yard, ORDER, "erp-in")
    (body,) = yard.to("hooli-out")
    found = segments(body)
    assert "W01*12*CA**VN*V-77" in found
    assert "W76*15" in found
    assert yard.nothing_left()
