"""What follows the invented orders: ship notices as X12 856 004010, invoices as EDIFACT INVOIC D.96A and as UBL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gateway.bench.corpus import ACME_GLN, DIALECTS, INITECH_GLN, X12_UNITS, Dialect
from gateway.bench.orders import Line, Purchase, checked, invent, money

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


def _856(purchase: Purchase, number: int) -> str:
    place = purchase.place
    segments = [
        f"ST*856*{number:04d}",
        f"BSN*00*SH-{purchase.id}*{purchase.issued}*0830*0004",
        "HL*1**S",
        f"TD1*CTN25*{len(purchase.lines)}****G*{purchase.quantity}*LB",
        "TD5*B*2*ROAD*M",
        f"REF*BM*{purchase.contract}",
        f"DTM*011*{purchase.issued}",
        f"DTM*017*{purchase.delivery}",
        "N1*SF*Acme Tools Inc.*91*ACME",
        f"N1*ST*Globex {place.name}*92*{purchase.department}",
        f"N3*{place.street}",
        f"N4*{place.city}*{place.region}*{place.zone}*US",
        "HL*2*1*O",
        f"PRF*{purchase.id}***{purchase.issued}",
    ]
    for position, line in enumerate(purchase.lines, 1):
        segments += _shipped(position, line)
    segments += [f"CTT*{len(purchase.lines) + 2}", f"SE*{len(segments) + 2}*{number:04d}"]
    return "~".join(segments) + "~"


def _shipped(position: int, line: Line) -> list[str]:
    upc = checked("4" + line.serial)
    return [
        f"HL*{position + 2}*2*I",
        f"LIN*{position}*BP*{line.buyers_item}*VP*{line.sellers_item}*UP*{upc}",
        f"SN1*{position}*{line.quantity}*{X12_UNITS.get(line.unit, line.unit)}",
        *([f"PO4*{line.pack}"] if line.pack else []),
        f"PID*F****{line.description}",
    ]


def _invoic(purchase: Purchase, number: int) -> str:
    segments = [
        f"UNH+{number}+INVOIC:D:96A:UN:EAN008",
        f"BGM+380+RE-{purchase.id}+9",
        f"DTM+137:{purchase.issued}:102",
        f"DTM+35:{purchase.delivery}:102",
        f"RFF+ON:{purchase.id}",
        f"NAD+BY+{INITECH_GLN}::9++Initech Manufacturing",
        f"NAD+SU+{ACME_GLN}::9++Acme Tools Inc.",
        "CUX+2:USD:4",
    ]
    for position, line in enumerate(purchase.lines, 1):
        segments += _charged(position, line)
    total = money(purchase.cents)
    segments += ["UNS+S", f"MOA+79:{total}", f"MOA+125:{total}", f"MOA+9:{total}"]
    return "'".join([*segments, f"UNT+{len(segments) + 1}+{number}"]) + "'"


def _charged(position: int, line: Line) -> list[str]:
    return [
        f"LIN+{position}++{checked('20' + line.serial)}:EN",
        f"PIA+1+{line.buyers_item}:IN+{line.sellers_item}:SA",
        f"IMD+F++:::{line.description}",
        f"QTY+47:{line.quantity}:{line.unit}",
        f"MOA+203:{money(line.amount)}",
        f"PRI+AAA:{money(line.cents)}",
    ]


FOLLOWING: dict[str, Dialect] = {
    "850": DIALECTS["x12"],
    "ORDERS": DIALECTS["edifact"],
    "856": DIALECTS["x12"]._replace(
        document=_856, group=lambda number: DIALECTS["x12"].group(number).replace("GS*PO*", "GS*SH*")
    ),
    "INVOIC": DIALECTS["edifact"]._replace(document=_invoic),
}
"""By the type of the documents."""


def ubl_invoice(path: Path, size: int) -> int:
    """One invoice of at least ``size`` bytes; returns how many lines it has. Memory is constant."""
    count, written = 0, 0
    with path.open("w", encoding="utf-8", newline="") as file:
        for piece in _ubl_head():
            written += file.write(piece)
        while written < size:
            for line in invent(count + 1, 50).lines:
                count += 1
                written += file.write(_ubl_line(count, line))
        file.write("</Invoice>\n")
    return count


def _ubl_head() -> Iterator[str]:
    purchase = invent(1)
    day = f"{purchase.issued[:4]}-{purchase.issued[4:6]}-{purchase.issued[6:]}"
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Invoice xmlns="{_UBL}Invoice-2" '
        f'xmlns:cac="{_UBL}CommonAggregateComponents-2" xmlns:cbc="{_UBL}CommonBasicComponents-2">\n'
        f"<cbc:UBLVersionID>2.1</cbc:UBLVersionID><cbc:ID>RE-1</cbc:ID><cbc:IssueDate>{day}</cbc:IssueDate>\n"
        "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>USD</cbc:DocumentCurrencyCode>\n"
        f"<cac:OrderReference><cbc:ID>{purchase.id}</cbc:ID></cac:OrderReference>\n"
    )
    for role, gln, name in (("Supplier", ACME_GLN, "Acme Tools Inc."), ("Customer", INITECH_GLN, "Initech")):
        yield (
            f'<cac:Accounting{role}Party><cac:Party><cbc:EndpointID schemeID="0088">{gln}</cbc:EndpointID>'
            f"<cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName></cac:Party></cac:Accounting{role}Party>\n"
        )
    total = '<cbc:PayableAmount currencyID="USD">1.00</cbc:PayableAmount>'
    yield f"<cac:LegalMonetaryTotal>{total}</cac:LegalMonetaryTotal>\n"


def _ubl_line(position: int, line: Line) -> str:
    return (
        f'<cac:InvoiceLine><cbc:ID>{position}</cbc:ID><cbc:InvoicedQuantity unitCode="{line.unit}">{line.quantity}'
        f'</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID="USD">{money(line.amount)}'
        "</cbc:LineExtensionAmount><cac:Item>"
        f"<cbc:Description>{line.description}</cbc:Description><cbc:Name>{line.description}</cbc:Name>"
        f"<cac:BuyersItemIdentification><cbc:ID>{line.buyers_item}</cbc:ID></cac:BuyersItemIdentification>"
        f"<cac:SellersItemIdentification><cbc:ID>{line.sellers_item}</cbc:ID></cac:SellersItemIdentification>"
        '<cac:StandardItemIdentification><cbc:ID schemeID="0160">'
        f"{checked('20' + line.serial)}</cbc:ID></cac:StandardItemIdentification></cac:Item>"
        f'<cac:Price><cbc:PriceAmount currencyID="USD">{money(line.cents)}</cbc:PriceAmount></cac:Price>'
        "</cac:InvoiceLine>\n"
    )
