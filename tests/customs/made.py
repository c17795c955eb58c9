"""A parcel for somebody in China: its order, payment, waybill and list, and the receipts of the port."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from gateway.codecs.xml_text import XmlText, decoded
from gateway.grammar import Schemas
from gateway.grammar.ceb_schema import CebTable
from gateway.grammar.ceb_writer import Transfer, Values, written

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "schemas"

#: The number of an identity card that nobody has: the district does not exist.
CARD = "990101199001010016"

SHOP = Transfer("4401960X01", "Hooli Cross-border Ltd", "DXPENT0000099999")
SHOP_CODES = {"ebpCode": "4401960X01", "ebpName": "Hooli", "ebcCode": "4401960X01", "ebcName": "Hooli"}
BUYER = {"buyerIdType": "1", "buyerIdNumber": CARD, "buyerName": "王小明", "buyerTelephone": "13900000000"}
ADDRESS = "广东省广州市测试路1号"


@cache
def schemas() -> Schemas:
    def text(name: str) -> str | None:
        path = FOLDER / name
        return path.read_text(encoding="utf-8") if path.is_file() else None

    def names(prefix: str) -> list[str]:
        return [path.relative_to(FOLDER).as_posix() for path in (FOLDER / prefix).rglob("*.txt")]

    return Schemas(text, names)


def table(number: str) -> CebTable:
    return schemas().ceb.table(f"CEB{number}Message")


def guid() -> str:
    return str(uuid.uuid4()).upper()


def message(number: str, *nodes: Values, transfer: Transfer | None = SHOP) -> bytes:
    return written(table(number), guid(), nodes, transfer)


def text(body: bytes) -> XmlText:
    return decoded(body)


def head(**values: str) -> dict[str, str]:
    return {"guid": guid(), "appType": "1", "appTime": "20260131132000", "appStatus": "2", **values}


def lines(*goods: tuple[str, str, str], **values: str) -> list[dict[str, str]]:
    """Name, quantity and price of each."""
    return [
        {
            "gnum": str(number),
            "itemName": name,
            "qty": count,
            "price": price,
            "totalPrice": str(int(count) * int(price)),
            "unit": "011",
            "currency": "142",
            "country": "502",
            "gmodel": f"{name}, 250 ml",
            **values,
        }
        for number, (name, count, price) in enumerate(goods, 1)
    ]


GOODS = (("护手霜", "2", "100"), ("牙膏", "3", "20"))


def order(number: str = "PO-1", **values: str) -> dict[str, Any]:
    found = head(
        orderType="I",
        orderNo=number,
        **SHOP_CODES,
        goodsValue="260",
        freight="10",
        discount="5",
        taxTotal="24",
        acturalPaid="289",
        currency="142",
        buyerRegNo="u-77",
        **BUYER,
        consignee="王小明",
        consigneeTelephone="13900000000",
        consigneeAddress=ADDRESS,
    )
    return {"OrderHead": found | values, "OrderList": lines(*GOODS)}


def payment(number: str = "PO-1", **values: str) -> dict[str, Any]:
    found = head(
        payCode="3101980P01",
        payName="Initech Pay",
        payTransactionId=f"T-{number}",
        orderNo=number,
        ebpCode="4401960X01",
        ebpName="Hooli",
        payerIdType="1",
        payerIdNumber=CARD,
        payerName="王小明",
        amountPaid="289",
        currency="142",
        payTime="20260131131500",
    )
    return {"PaymentHead": found | values}


def waybill(number: str = "PO-1", **values: str) -> dict[str, Any]:
    found = head(
        logisticsCode="4401980L01",
        logisticsName="Globex Express",
        logisticsNo=f"W-{number}",
        orderNo=number,
        freight="10",
        insuredFee="0",
        currency="142",
        weight="1.2",
        packNo="1",
        consignee="王小明",
        consigneeAddress=ADDRESS,
        consigneeTelephone="13900000000",
    )
    return {"LogisticsHead": found | values}


def inventory(number: str = "PO-1", **values: str) -> dict[str, Any]:
    found = head(
        orderNo=number,
        **SHOP_CODES,
        logisticsNo=f"W-{number}",
        logisticsCode="4401980L01",
        logisticsName="Globex Express",
        copNo=f"C-{number}",
        assureCode="4401960X01",
        ieFlag="I",
        declTime="20260131",
        customsCode="5100",
        portCode="5100",
        **BUYER,
        consigneeAddress=ADDRESS,
        agentCode="4401960A01",
        agentName="Hooli Brokers",
        tradeMode="9610",
        trafMode="5",
        trafNo="HX100",
        voyageNo="HX100",
        billNo="99912345675",
        country="502",
        freight="10",
        insuredFee="0",
        currency="142",
        packNo="1",
        grossWeight="1.2",
        netWeight="1",
    )
    listed = [
        {name: value for name, value in line.items() if name != "itemName"}
        | {"gname": line["itemName"], "gcode": "3304990099", "qty1": "1", "unit1": "035"}
        for line in lines(*GOODS)
    ]
    return {"InventoryHead": found | values, "InventoryList": listed}


def answer(status: str, at: str = "20260131140000000", **values: str) -> dict[str, str]:
    """A receipt (622) for the list of PO-1."""
    usual = {"guid": guid(), "copNo": "C-PO-1", "preNo": "B20260131000000001"[:18]}
    return {**usual, "returnStatus": status, "returnTime": at, "returnInfo": f"{status}", **values}


def receipts(*answers: Mapping[str, str]) -> bytes:
    return message("622", *answers, transfer=None)


def parcel(number: str = "PO-1") -> Sequence[bytes]:
    return (
        message("311", order(number)),
        message("411", payment(number)),
        message("511", waybill(number)),
        message("621", inventory(number)),
    )
