"""Verdicts for the tests, written short."""

from __future__ import annotations

from gateway.acknowledgments import DocumentVerdict, GroupVerdict, InterchangeVerdict
from gateway.codecs.model import Address, Delimiters, GroupHeader, InterchangeHeader
from gateway.core.issues import Issue, Location, Severity

STARS = Delimiters("*", ":", "~")
PLUS = Delimiters("+", ":", "'", release="?")


def issue(code: str, value: str | None = None, *, severity: Severity | None = None, **place: object) -> Issue:
    return Issue(code, location=Location(**place), value=value, override=severity)  # type: ignore[arg-type]


def order(*issues: Issue, number: str = "0001", type: str = "850", association: str = "") -> DocumentVerdict:
    return DocumentVerdict(type=type, control_number=number, issues=issues, association=association)


def group(
    *documents: DocumentVerdict,
    issues: tuple[Issue, ...] = (),
    version: str = "004010",
    declared: int | None = None,
    functional: str = "PO",
    number: str = "7",
) -> GroupVerdict:
    segment = ["GS", functional, "GLOBEX", "ACME", "20240131", "1200", number, "X", version]
    header = GroupHeader(
        segment=segment,
        functional_id=functional,
        sender=Address("GLOBEX"),
        receiver=Address("ACME"),
        control_number=number,
        date="20240131",
        time="1200",
        version=version,
        offset=0,
    )
    count = len(documents) if declared is None else declared
    return GroupVerdict(header=header, issues=issues, declared=count, documents=documents)


def isa(
    *groups: GroupVerdict,
    issues: tuple[Issue, ...] = (),
    number: str = "000000042",
    date: str = "240131",
    time: str = "1200",
    replies: int = 0,
) -> InterchangeVerdict:
    header = InterchangeHeader(
        standard="x12",
        segment=["ISA"],
        delimiters=STARS,
        charset="latin-1",
        sender=Address("GLOBEX", "ZZ"),
        receiver=Address("ACME", "ZZ"),
        control_number=number,
        date=date,
        time=time,
        version="00401",
        test=False,
        acknowledgment_requested=False,
    )
    return InterchangeVerdict(header=header, issues=issues, groups=groups, replies=replies)


def message(
    *issues: Issue, number: str = "1", type: str = "ORDERS", identifier: str = "ORDERS:D:96A:UN:EAN008"
) -> DocumentVerdict:
    return DocumentVerdict(type=type, control_number=number, issues=issues, segment=["UNH", number, identifier])


def messages(*documents: DocumentVerdict) -> GroupVerdict:
    """Messages of an interchange without groups."""
    return GroupVerdict(header=None, documents=documents)


def ung(*documents: DocumentVerdict, issues: tuple[Issue, ...] = (), number: str = "9") -> GroupVerdict:
    segment = ["UNG", "ORDERS", "HALL:14", "SHOP:14", "240131:1200", number, "UN", "D:96A"]
    header = GroupHeader(
        segment=segment,
        functional_id="ORDERS",
        sender=Address("HALL", "14"),
        receiver=Address("SHOP", "14"),
        control_number=number,
        date="240131",
        time="1200",
        version="D:96A",
        offset=0,
    )
    return GroupVerdict(header=header, issues=issues, documents=documents)


def unb(
    *groups: GroupVerdict,
    issues: tuple[Issue, ...] = (),
    version: str = "UNOC:3",
    sender: str = "5412345000013:14:DESK",
    receiver: str = "5412345000020:14",
    number: str = "REF42",
    delimiters: Delimiters = PLUS,
) -> InterchangeVerdict:
    header = InterchangeHeader(
        standard="edifact",
        segment=["UNB", version, sender, receiver, "240131:1200", number],
        delimiters=delimiters,
        charset="latin-1",
        sender=Address("5412345000013", "14"),
        receiver=Address("5412345000020", "14"),
        control_number=number,
        date="240131",
        time="1200",
        version=version,
        test=False,
        acknowledgment_requested=True,
    )
    return InterchangeVerdict(header=header, issues=issues, groups=groups)
