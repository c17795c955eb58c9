"""The parties and documents of ``crossdock demo --customs``: invented, with an identity card that nobody has."""

from __future__ import annotations

import json
import uuid
from datetime import date
from typing import Any

from cryptography.hazmat.primitives import serialization

from gateway.as2 import cms
from gateway.canonical import Declaration, from_json
from gateway.grammar import Schemas
from gateway.grammar.ceb_writer import Transfer, written
from gateway.handlers.customs.assembling import completed
from gateway.handlers.customs.message import CustomsNode, Said, values_of
from gateway.mapping.customs import written_values

CARD = "990101199001010016"
_ADDRESS = "广东省广州市测试路1号"
_HOOLI: dict[str, Any] = {"id": {"value": "4401960X01"}, "name": "Hooli"}

OWN = """\
id = "hooli"
name = "Hooli Cross-border Ltd"
kind = "own"
[[identity]]
standard = "ceb"
identifier = "DXPENT0000099999"
"""

ERP = """\
id = "hooli-erp"
name = "Hooli ERP"
kind = "own"
[[endpoint]]
name = "hooli-in"
connector = "directory"
direction = "in"
path = "in/hooli-erp"
complete = "rename"
[[endpoint]]
name = "hooli-out"
connector = "directory"
direction = "out"
path = "out/hooli-erp"
[[agreement]]
name = "erp-declarations"
with = "hooli"
direction = "in"
standard = "json"
document = "Declaration"
[[agreement]]
name = "erp-answers"
with = "hooli"
direction = "out"
standard = "json"
document = "DeclarationResponse"
endpoint = "hooli-out"
"""

CUSTOMS = """\
id = "customs"
name = "China's port (played)"
[[identity]]
standard = "ceb"
identifier = "DXPEDCCEB0000002"
[[endpoint]]
name = "customs-in"
connector = "directory"
direction = "in"
path = "in/customs"
complete = "rename"
[[endpoint]]
name = "customs-out"
connector = "directory"
direction = "out"
path = "out/customs"
[[agreement]]
name = "customs-receipts"
with = "hooli"
direction = "in"
standard = "ceb"
version = "202205"
type = "*"
"""

_KEYS = """\
private_key = "file:keys/customs.key"
certificate = "file:keys/customs.pem"
"""


def firm(id: str, name: str, type: str = "*") -> str:
    """Somebody who sends copies of what it filed."""
    return f"""\
id = "{id}"
name = "{name}"
[[endpoint]]
name = "{id}-in"
connector = "directory"
direction = "in"
path = "in/{id}"
complete = "rename"
[[agreement]]
name = "{id}-copies"
with = "hooli"
direction = "in"
standard = "ceb"
version = "202205"
type = "{type}"
"""


def submits(number: str, more: str = _KEYS) -> str:
    """The agreement on a message that leaves for customs."""
    return f"""
[[agreement]]
name = "customs-{number}"
with = "hooli"
direction = "out"
standard = "ceb"
version = "202205"
type = "CEB{number}Message"
document = "Declaration"
endpoint = "customs-out"
[agreement.customs]
cop_code = "4401960X01"
{more}
"""


def files() -> dict[str, bytes]:
    """By their names in the home."""
    customs = CUSTOMS + "".join(submits(number) for number in ("311", "621", "303", "505", "603"))
    parties = {
        "hooli": OWN,
        "hooli-erp": ERP,
        "initech-pay": firm("initech-pay", "Initech Pay", "CEB411Message"),
        "globex-express": firm("globex-express", "Globex Express", "CEB511Message"),
        "customs": customs,
    }
    made = cms.make_key("hooli", bits=2048)
    key = serialization.load_pem_private_key(cms.key_file(made, None), None)
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    keys = {"keys/customs.key": plain, "keys/customs.pem": cms.certificate_file(made.certificate)}
    return {f"partners/{name}.toml": text.encode() for name, text in parties.items()} | keys


def _declared(number: str, **values: Any) -> dict[str, Any]:
    item = {
        "id": "1",
        "item": {"name": "护手霜", "sellers_item_identification": "HC-1"},
        "commodity_code": "3304990099",
        "specification": "护手霜, 250 ml",
        "origin_country_code": "US",
        "quantity": {"value": "2", "unit_code": "H87"},
        "statutory_quantity": {"value": "0.5", "unit_code": "KGM"},
        "price_amount": "130",
    }
    return {
        "document": "Declaration",
        "id": f"C-{number}",
        "order_reference": {"id": number},
        "customs_office_code": "5100",
        "platform_party": _HOOLI,
        "seller_supplier_party": _HOOLI,
        "declarant_party": {"id": {"value": "4401960A01"}, "name": "Hooli Brokers"},
        "carrier_party": {"id": {"value": "4401980L01"}, "name": "Globex Express"},
        "waybill_id": f"W-{number}",
        "package_count": 1,
        "gross_weight": {"value": "1.2", "unit_code": "KGM"},
        "net_weight": {"value": "1", "unit_code": "KGM"},
        "freight_amount": "10",
        "goods_items": [item],
    } | values


def _transport(**values: str) -> dict[str, str]:
    usual = {"mode_code": "5", "means_id": "HX100", "journey_id": "HX100", "transport_document_id": "99912345675"}
    return usual | {"country_code": "US", "border_office_code": "5100"} | values


def imported(number: str) -> bytes:
    """What the ERP declares of a parcel to somebody in China."""
    person = {"name": "王小明", "telephone": "13900000000"}
    values = {
        "direction_code": "import",
        "regime_code": "9610",
        "document_currency_code": "CNY",
        "guarantor_id": "4401960X01",
        "buyer": person | {"id": "u-77", "identity_number": CARD},
        "consignee": person | {"postal_address": {"street_name": _ADDRESS}},
        "transport": _transport(),
        "discount_amount": "5",
        "tax_amount": "23.66",
    }
    return json.dumps(_declared(number, **values)).encode()


def exported() -> bytes:
    """What the ERP declares of goods for a business abroad."""
    values = {
        "direction_code": "export",
        "regime_code": "9710",
        "document_currency_code": "USD",
        "issue_date": "2026-09-21",
        "owner_party": _HOOLI,
        "package_type_code": "2",
        "transport": _transport(port_id="USA"),
        "note": "hand cream",
    }
    found = _declared("EX-1", **values)
    found["goods_items"][0]["item"]["standard_item_identification"] = {"value": "无"}
    return json.dumps(found).encode()


def copy(schemas: Schemas, message: str, number: str, paid: str = "") -> bytes:
    """What the payment firm (411) or the carrier (511) filed of this order, as they tell the merchant."""
    document = from_json("Declaration", imported(number))
    assert isinstance(document, Declaration)
    table = schemas.ceb.table(f"CEB{message}Message")
    head = written_values(
        completed(document, schemas.ceb_policies.on(date(2026, 9, 20))), table, schemas.ceb_codes
    ).head
    guid = str(uuid.uuid4()).upper()
    head |= {"guid": guid, "appType": "1", "appTime": "20260920120000", "appStatus": "2"}
    if message == "411":
        head |= {"payCode": "3101980P01", "payName": "Initech Pay", "payTransactionId": f"T-{number}"}
        head |= {"payTime": "20260920115900", **({"amountPaid": paid} if paid else {})}
    transfer = Transfer(head.get("payCode") or head["logisticsCode"], "Copy", "DXPENT0000011111")
    return written(table, guid, [values_of(table, CustomsNode(head=Said(values=head)))], transfer)
