"""Interchanges of orders for the tests of the pipeline: short, valid, and wrong where they are told to be."""

from __future__ import annotations

from collections.abc import Sequence

_ISA = (
    "ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*{receiver:<15}*261120*0815*U*00401*{control:09d}"
    "*{ack}*{usage}*>~"
)
_GS = "GS*PO*{sender}*{receiver}*20261120*0815*{group}*X*{version}~"

ORIGINAL, CANCELLATION, REPLACE, CONFIRMATION = "00", "01", "05", "06"


def order(number: str, *, function: str = ORIGINAL, quantity: object = 5, item: str = "AT-1001") -> list[str]:
    """The segments of an 850 between ST and SE, without terminators."""
    return [
        f"BEG*{function}*SA*{number}**20261120",
        "N1*BY*Globex Retail*92*0042",
        f"PO1*1*{quantity}*EA*18.5**VP*{item}",
        "CTT*1",
    ]


def broken(number: str) -> list[str]:
    """An order whose quantity is no number."""
    return order(number, quantity="A DOZEN")


def document(body: Sequence[str], control: int, *, type: str = "850", count: int | None = None) -> list[str]:
    """ST … SE; ``count`` is what SE says, left out: the truth."""
    return [f"ST*{type}*{control:04d}", *body, f"SE*{count or len(body) + 2}*{control:04d}"]


def group(
    documents: Sequence[Sequence[str]],
    number: int,
    *,
    sender: str = "GLOBEX",
    receiver: str = "ACME",
    version: str = "004010",
    count: int | None = None,
) -> list[str]:
    """GS … GE around documents; ``count`` is what GE says."""
    head = _GS.format(sender=sender, receiver=receiver, group=number, version=version).rstrip("~")
    inside = [segment for each in documents for segment in each]
    return [head, *inside, f"GE*{len(documents) if count is None else count}*{number}"]


def interchange(
    groups: Sequence[Sequence[str]],
    control: int,
    *,
    sender: str = "GLOBEX",
    receiver: str = "ACME",
    ack: int = 0,
    usage: str = "P",
    count: int | None = None,
) -> bytes:
    """ISA … IEA around groups; ``count`` is what IEA says."""
    head = _ISA.format(sender=sender, receiver=receiver, control=control, ack=ack, usage=usage)
    inside = "".join(f"{segment}~" for each in groups for segment in each)
    return f"{head}{inside}IEA*{len(groups) if count is None else count}*{control:09d}~".encode()


def x12(control: int, *orders: Sequence[str], **envelope: object) -> bytes:
    """One interchange with one group of orders."""
    documents = [document(body, number) for number, body in enumerate(orders, 1)]
    sides = {name: envelope[name] for name in ("sender", "receiver") if name in envelope}
    version = str(envelope.pop("version", "004010"))
    return interchange([group(documents, control, version=version, **sides)], control, **envelope)  # type: ignore[arg-type]


def message(number: str, reference: int, *, quantity: object = 40, count: int = 13, function: str = "9") -> str:
    """One ORDERS message; ``count`` is what UNT says."""
    return (
        f"UNH+{reference}+ORDERS:D:96A:UN:EAN008'"
        f"BGM+220+{number}+{function}'"
        "DTM+137:20261120:102'"
        "NAD+BY+5412345000013::9'"
        "NAD+SU+5412345000020::9'"
        "CUX+2:EUR:9'"
        "LIN+1++5412345111115:EN'"
        "PIA+1+AT-5500:SA'"
        f"QTY+21:{quantity}:PCE'"
        "PRI+AAA:212.50'"
        "UNS+S'"
        "CNT+2:1'"
        f"UNT+{count}+{reference}'"
    )


def edifact(control: str, *messages: str, count: int | None = None, sender: str = "5412345000013:14") -> bytes:
    """UNB … UNZ around messages; ``count`` is what UNZ says."""
    head = f"UNA:+.? 'UNB+UNOC:3+{sender}+5412345000020:14+261120:0822+{control}'"
    tail = f"UNZ+{len(messages) if count is None else count}+{control}'"
    return f"{head}{''.join(messages)}{tail}".encode("latin-1")
