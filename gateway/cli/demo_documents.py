"""The documents of the demo: what Acme's ERP and two partners send on an ordinary morning. All names are invented."""

from __future__ import annotations

import json

_ISA = "ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*ACME           *261120*0815*U*00401*{control:09d}*0*P*>~"

_ORDERS = (
    """\
BEG*00*SA*4500017301**20261120~
REF*DP*TOOLS~
PER*BD*Dana Whitfield*TE*555-0142~
DTM*002*20261204~
N1*BY*Globex Retail*92*0042~
N1*ST*Globex Distribution Center 7*92*DC07~
N3*1400 Harbor Road~
N4*Newark*NJ*07114*US~
PO1*1*24*EA*18.5**VP*AT-1001*UP*012345678905~
PID*F****Torque wrench 1/2 inch~
PO1*2*100*EA*2.35**VP*AT-2040~
PID*F****Hex key set, 9 pieces~
CTT*2~
""",
    """\
BEG*00*SA*4500017302**20261120~
DTM*002*20261207~
N1*BY*Globex Retail*92*0042~
N1*ST*Globex Store 118*92*0118~
PO1*1*6*EA*249**VP*AT-5500*UP*012345678929~
PID*F****Cordless drill 18 V~
CTT*1~
""",
    """\
BEG*00*SA*4500017303**20261120~
DTM*002*20261211~
N1*BY*Globex Retail*92*0042~
N1*ST*Globex Distribution Center 2*92*DC02~
PO1*1*480*EA*0.92**VP*AT-0007~
PID*F****Utility blade, pack of 5~
PO1*2*36*EA*31**VP*AT-3310~
PID*F****Pipe cutter 35 mm~
CTT*2~
""",
)

#: The third order of the next interchange: a quantity that is no number, and a date that is none.
_BROKEN = """\
BEG*00*SA*4500017306**20261320~
N1*BY*Globex Retail*92*0042~
PO1*1*A DOZEN*EA*18.5**VP*AT-1001~
CTT*1~
"""

_EDIFACT = """\
UNA:+.? '
UNB+UNOC:3+5412345000013:14+5412345000020:14+261120:0822+4711'
UNH+1+ORDERS:D:96A:UN:EAN008'
BGM+220+PO-88123+9'
DTM+137:20261120:102'
DTM+2:20261209:102'
NAD+BY+5412345000013::9++Initech Manufacturing'
NAD+SU+5412345000020::9++Acme Tools Inc.'
NAD+DP+5412345000914::9++Initech Plant Gent+Kaai 12+Gent++9000+BE'
CUX+2:EUR:9'
LIN+1++5412345111115:EN'
PIA+1+AT-5500:SA'
IMD+F++:::Cordless drill 18 V'
QTY+21:40:PCE'
PRI+AAA:212.50'
LIN+2++5412345111122:EN'
IMD+F++:::Charger?: 230 V'
QTY+21:40:PCE'
PRI+AAA:39.90'
UNS+S'
CNT+2:2'
UNT+20+1'
UNZ+1+4711'
"""


#: What the ERP answers: the order of the first partner is accepted, of the second one line comes later.
_ANSWERS = (
    {
        "document": "OrderResponse",
        "issue_date": "2026-11-20",
        "order_response_code": "accepted",
        "order_reference": {"id": "4500017301", "issue_date": "2026-11-20"},
        "promised_delivery_date": "2026-12-04",
        "order_lines": [
            {
                "id": "1",
                "quantity": {"value": "24", "unit_code": "EA"},
                "price": {"price_amount": "18.5"},
                "item": {"sellers_item_identification": "AT-1001"},
                "statuses": [{"status_code": "accepted", "quantity": {"value": "24", "unit_code": "EA"}}],
            },
            {
                "id": "2",
                "quantity": {"value": "100", "unit_code": "EA"},
                "price": {"price_amount": "2.35"},
                "item": {"sellers_item_identification": "AT-2040"},
                "statuses": [{"status_code": "accepted", "quantity": {"value": "100", "unit_code": "EA"}}],
            },
        ],
    },
    {
        "document": "OrderResponse",
        "id": "SO-5501",
        "issue_date": "2026-11-20",
        "order_response_code": "accepted-with-amendment",
        "order_reference": {"id": "PO-88123", "issue_date": "2026-11-20"},
        "buyer_customer_party": {"id": {"value": "5412345000013", "scheme_id": "gln"}},
        "seller_supplier_party": {"id": {"value": "5412345000020", "scheme_id": "gln"}},
        "order_lines": [
            {
                "id": "1",
                "quantity": {"value": "40", "unit_code": "EA"},
                "item": {"standard_item_identification": {"value": "5412345111115", "scheme_id": "gtin13"}},
                "statuses": [{"status_code": "accepted", "quantity": {"value": "40", "unit_code": "EA"}}],
            },
            {
                "id": "2",
                "quantity": {"value": "40", "unit_code": "EA"},
                "item": {"standard_item_identification": {"value": "5412345111122", "scheme_id": "gtin13"}},
                "statuses": [
                    {
                        "status_code": "accepted-with-amendment",
                        "quantity": {"value": "25", "unit_code": "EA"},
                        "date_type_code": "delivery-scheduled",
                        "date": "2026-12-09",
                    }
                ],
            },
        ],
    },
)

#: How the partners answer those: by the control numbers that they got.
_CONFIRMED = """\
GS*FA*GLOBEX*ACME*20261120*0931*902*X*004010~
ST*997*0001~
AK1*PR*2~
AK2*855*0001~
AK5*A~
AK9*A*1*1*1~
SE*6*0001~
GE*1*902~
IEA*1*000000902~
"""

_CONFIRMED_EDIFACT = """\
UNA:+.? '
UNB+UNOC:3+5412345000013:14+5412345000020:14+261120:0933+4712'
UNH+1+CONTRL:D:3:UN'
UCI+2+5412345000020:14+5412345000013:14+7'
UNT+3+1'
UNZ+1+4712'
"""


def three_orders() -> bytes:
    """An X12 interchange with three orders."""
    return _x12(901, _ORDERS)


def one_of_three_broken() -> bytes:
    """An X12 interchange of which the third order does not conform."""
    first, second = (order.replace("45000173", "45000174") for order in _ORDERS[:2])
    return _x12(903, (first, second, _BROKEN))


def wrong_count() -> bytes:
    """An X12 interchange whose trailer speaks of two groups: one is missing."""
    return _x12(904, [_ORDERS[0].replace("4500017301", "4500017501")], groups=2)


def from_a_stranger() -> bytes:
    """An X12 interchange from somebody who is not known."""
    return _x12(1, [_ORDERS[1].replace("4500017302", "77-001")], sender="HOOLI")


def edifact_order() -> bytes:
    """An EDIFACT interchange with one order."""
    return _EDIFACT.encode("latin-1")


def answers() -> bytes:
    """Two order responses as JSON, a line each."""
    return b"".join(json.dumps(answer).encode() + b"\n" for answer in _ANSWERS)


def confirmed_x12() -> bytes:
    """The 997 for the first of them."""
    return (_ISA.format(sender="GLOBEX", control=902) + "\n" + _CONFIRMED).encode("ascii")


def confirmed_edifact() -> bytes:
    """The CONTRL for the second."""
    return _CONFIRMED_EDIFACT.encode("ascii")


def _x12(control: int, orders: tuple[str, ...] | list[str], *, sender: str = "GLOBEX", groups: int = 1) -> bytes:
    lines = [_ISA.format(sender=sender, control=control), f"GS*PO*{sender}*ACME*20261120*0815*{control}*X*004010~"]
    for number, order in enumerate(orders, 1):
        segments = order.splitlines()
        lines += [f"ST*850*{number:04d}~", *segments, f"SE*{len(segments) + 2}*{number:04d}~"]
    lines += [f"GE*{len(orders)}*{control}~", f"IEA*{groups}*{control:09d}~"]
    return ("\n".join(lines) + "\n").encode("ascii")
