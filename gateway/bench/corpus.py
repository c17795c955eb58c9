"""The invented orders as X12 850 004010 and EDIFACT ORDERS D.96A, in interchanges and in files of any size.

Written by hand rather than by the writers of :mod:`gateway.codecs`: what is measured does not make its own input.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from gateway.bench.orders import Line, Purchase, checked, invent, money

#: Lines of an order of a large file, and orders of one of its functional groups.
LARGE, GROUP = 50, 1000

#: Who buys and who sells: identifiers of X12 (qualifier ZZ) and of EDIFACT (14: GLN).
GLOBEX, ACME = "GLOBEX", "ACME"
INITECH_GLN, ACME_GLN = "5412345000013", "5412345000020"

X12_UNITS = {"CS": "CA", "PCE": "PC", "DZN": "DZ"}


class Dialect(NamedTuple):
    """How one standard is written: the parts of an interchange, each with its terminators."""

    head: Callable[[int], str]
    group: Callable[[int], str]
    document: Callable[[Purchase, int], str]
    group_end: Callable[[int, int], str]
    tail: Callable[[int, int, int], str]  # control number, groups, documents


def interchange(standard: str, control: int, numbers: Iterable[int]) -> bytes:
    """One interchange of ``x12`` or ``edifact`` with the orders of these numbers, in one functional group."""
    return "".join(_parts(DIALECTS[standard], control, (invent(number) for number in numbers))).encode("ascii")


def write_file(path: Path, dialect: Dialect, size: int) -> int:
    """One interchange of at least ``size`` bytes, with documents of 50 lines; returns how many. Memory is constant."""
    count, written = 0, 0
    with path.open("w", encoding="ascii", newline="") as file:

        def large() -> Iterator[Purchase]:
            nonlocal count
            while written < size:
                count += 1
                yield invent(count, LARGE)

        for part in _parts(dialect, 1, large()):
            written += file.write(part)
    return count


def _parts(dialect: Dialect, control: int, purchases: Iterable[Purchase]) -> Iterator[str]:
    """The texts of an interchange from its beginning to its end."""
    yield dialect.head(control)
    count, groups, inside = 0, 0, 0
    for count, purchase in enumerate(purchases, 1):
        if inside == 0:
            groups += 1
            yield dialect.group(groups)
        inside += 1
        yield dialect.document(purchase, count)
        if inside == GROUP:
            yield dialect.group_end(inside, groups)
            inside = 0
    if inside:
        yield dialect.group_end(inside, groups)
    yield dialect.tail(control, groups, count)


# X12 850 004010


def _isa(control: int) -> str:
    blank = " " * 10
    return f"ISA*00*{blank}*00*{blank}*ZZ*{GLOBEX:<15}*ZZ*{ACME:<15}*260115*0815*U*00401*{control:09d}*0*P*>~"


def _850(purchase: Purchase, number: int) -> str:
    place, note = purchase.place, purchase.note
    segments = [
        f"ST*850*{number:04d}",
        f"BEG*00*SA*{purchase.id}**{purchase.issued}",
        "CUR*BY*USD",
        f"REF*DP*{purchase.department}",
        f"REF*CT*{purchase.contract}",
        f"PER*BD*{purchase.contact}*TE*{purchase.telephone}*EM*{purchase.mail}",
        "FOB*CC*OR*Warehouse Acme Tools",
        *([f"ITD*01*3*****{purchase.net_days}"] if purchase.net_days else []),
        f"DTM*002*{purchase.delivery}",
        "TD5*B*2*ROAD*M",
        *(["N9*ZZ*NOTES", f"MSG*{note}"] if note else []),
        "N1*BY*Globex Retail*92*0042",
        "N2*Purchasing",
        "N3*700 Exchange Boulevard*Floor 14",
        "N4*Columbus*OH*43215*US",
        "N1*SE*Acme Tools Inc.*91*ACME",
        f"N1*ST*Globex {place.name}*92*{purchase.department}",
        f"N3*{place.street}",
        f"N4*{place.city}*{place.region}*{place.zone}*US",
    ]
    for position, line in enumerate(purchase.lines, 1):
        segments += _po1(position, line)
    segments += [
        f"CTT*{len(purchase.lines)}*{purchase.quantity}",
        f"AMT*TT*{money(purchase.cents)}",
        f"SE*{len(segments) + 3}*{number:04d}",
    ]
    return "~".join(segments) + "~"


def _po1(position: int, line: Line) -> list[str]:
    unit = X12_UNITS.get(line.unit, line.unit)
    upc = checked("4" + line.serial)  # 4: numbers that companies give out for themselves
    return [
        f"PO1*{position}*{line.quantity}*{unit}*{money(line.cents)}**BP*{line.buyers_item}*VP*{line.sellers_item}*UP*{upc}",
        f"PID*F****{line.description}",
        *([f"PO4*{line.pack}"] if line.pack else []),
        f"REF*CO*{line.reference}",
        *([f"DTM*002*{line.delivery}"] if line.delivery else []),
        f"AMT*1*{money(line.amount)}",
    ]


# EDIFACT ORDERS D.96A


def _unb(control: int) -> str:
    return f"UNA:+.? 'UNB+UNOC:3+{INITECH_GLN}:14+{ACME_GLN}:14+260115:0815+{control}'"


def _orders(purchase: Purchase, number: int) -> str:
    place, note = purchase.place, purchase.note
    segments = [
        f"UNH+{number}+ORDERS:D:96A:UN:EAN008",
        f"BGM+220+{purchase.id}+9",
        f"DTM+137:{purchase.issued}:102",
        f"DTM+2:{purchase.delivery}:102",
        *([f"FTX+AAI+++{note.replace(':', '?:')}"] if note else []),
        f"RFF+CT:{purchase.contract}",
        f"NAD+BY+{INITECH_GLN}::9++Initech Manufacturing",
        f"CTA+OC+:{purchase.contact}",
        f"COM+{purchase.telephone}:TE",
        f"COM+{purchase.mail}:EM",
        f"NAD+SU+{ACME_GLN}::9++Acme Tools Inc.",
        f"NAD+DP+5412345000914::9++Initech {place.name}+{place.street}+{place.city}+{place.region}+{place.zone}+US",
        "CUX+2:USD:9",
        *([f"PAT+1++5:3:D:{purchase.net_days}"] if purchase.net_days else []),
        "TOD+3++EXW",
    ]
    for position, line in enumerate(purchase.lines, 1):
        segments += _lin(position, line)
    segments += ["UNS+S", f"MOA+86:{money(purchase.cents)}", f"CNT+2:{len(purchase.lines)}"]
    return "'".join([*segments, f"UNT+{len(segments) + 1}+{number}"]) + "'"


def _lin(position: int, line: Line) -> list[str]:
    gtin = checked("20" + line.serial)  # 20: numbers that companies give out for themselves
    return [
        f"LIN+{position}++{gtin}:EN",
        f"PIA+1+{line.buyers_item}:IN+{line.sellers_item}:SA",
        f"IMD+F++:::{line.description}",
        f"QTY+21:{line.quantity}:{line.unit}",
        *([f"QTY+59:{line.pack}"] if line.pack else []),
        *([f"DTM+2:{line.delivery}:102"] if line.delivery else []),
        f"MOA+203:{money(line.amount)}",
        f"PRI+AAA:{money(line.cents)}",
        f"RFF+CO:{line.reference}",
    ]


DIALECTS = {
    "x12": Dialect(
        head=_isa,
        group=lambda number: f"GS*PO*{GLOBEX}*{ACME}*20260115*0815*{number}*X*004010~",
        document=_850,
        group_end=lambda documents, number: f"GE*{documents}*{number}~",
        tail=lambda control, groups, documents: f"IEA*{groups}*{control:09d}~",
    ),
    "edifact": Dialect(
        head=_unb,
        group=lambda number: "",
        document=_orders,
        group_end=lambda documents, number: "",
        tail=lambda control, groups, documents: f"UNZ+{documents}+{control}'",
    ),
}
"""By the name that :mod:`gateway.codecs` has for the standard."""
