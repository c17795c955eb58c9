"""Examples of the OpenAPI description, with invented names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

X12 = (
    "ISA*00*          *00*          *ZZ*GLOBEX         *ZZ*ACME           *261120*0815*U*00401*000000001*0*P*>~"
    "GS*PO*GLOBEX*ACME*20261120*0815*1*X*004010~ST*850*0001~BEG*00*SA*4500017301**20261120~"
    "PO1*1*24*EA*18.5**VP*AT-1001~CTT*1~SE*5*0001~GE*1*1~IEA*1*000000001~"
)

EDIFACT = (
    "UNB+UNOC:3+5412345000013:14+5412345000020:14+261120:0815+1'UNH+1+ORDERS:D:96A:UN'BGM+220+PO-1+9'"
    "DTM+137:20261120:102'LIN+1++5412345111115:EN'QTY+21:40'UNS+S'UNT+7+1'UNZ+1+1'"
)

CANONICAL: dict[str, Any] = {
    "document": "OrderResponse",
    "issue_date": "2026-11-20",
    "order_response_code": "accepted",
    "order_reference": {"id": "4500017301", "issue_date": "2026-11-20"},
    "order_lines": [
        {
            "id": "1",
            "quantity": {"value": "24", "unit_code": "EA"},
            "item": {"sellers_item_identification": "AT-1001"},
            "statuses": [{"status_code": "accepted", "quantity": {"value": "24", "unit_code": "EA"}}],
        }
    ],
}

RECEIVED: dict[str, Any] = {
    "transmission": "tx_7",
    "status": "received",
    "links": {
        "self": "/api/transmissions/tx_7",
        "body": "/api/transmissions/tx_7/body",
        "documents": "/api/documents?transmission=tx_7",
        "acknowledgments": "/api/transmissions/tx_7/acknowledgments",
    },
}

_BODIES: dict[str, Any] = {"application/json": CANONICAL, "application/edi-x12": X12, "application/edifact": EDIFACT}


def bodies(types: Iterable[str]) -> dict[str, Any]:
    """Each content type, with an example where there is one."""
    return {media: _BODIES.get(media) for media in types}
