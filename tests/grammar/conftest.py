"""Our own tables, our own documents, and one way to check them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.codecs.model import Delimiters, Limits, RawDocument
from gateway.core.issues import Issue
from gateway.grammar import Schemas

SCHEMAS = Path(__file__).parents[2] / "schemas"
X12 = Delimiters("*", ">", "~")
EDIFACT = Delimiters("+", ":", "'", release="?")

Check = Callable[..., list[Issue]]


def _text(name: str) -> str | None:
    path = SCHEMAS / name
    return path.read_text("utf-8") if path.is_file() else None


def _names(prefix: str) -> list[str]:
    found = (path.relative_to(SCHEMAS).as_posix() for path in SCHEMAS.rglob("*.txt"))
    return sorted(name for name in found if name.startswith(prefix))


@pytest.fixture(scope="session")
def schemas() -> Schemas:
    """The tables of the checkout."""
    return Schemas(_text, _names)


@pytest.fixture(scope="session")
def check(schemas: Schemas) -> Check:
    """Issues of a body (lines between ST and SE, or UNH and UNT; one segment a line, no terminators)."""

    def run(type: str, body: str, *, limits: Limits = Limits(), delimiters: Delimiters | None = None,  # noqa: B008
            end: str = "", offset: int = 0, cut: bool = False, syntax: str = "", version: str = "",
            charset: str = "utf-8") -> list[Issue]:  # fmt: skip
        standard = "x12" if type.isdigit() else "edifact"
        marks = delimiters or (X12 if standard == "x12" else EDIFACT)
        version = version or ("004010" if standard == "x12" else "D.96A")
        lines = [line.strip() for line in body.strip().splitlines()]
        start = ["ST", type, "0001"] if standard == "x12" else ["UNH", "1", f"{type}:D:96A:UN"]
        stop = [*(("SE", "0001") if standard == "x12" else ("UNT", "1"))]
        head, tail = marks.element.join(start), marks.element.join([stop[0], str(len(lines) + 2), stop[1]])
        text = "".join(line + marks.terminator + end for line in [head, *lines, *([] if cut else [tail])])
        document = RawDocument(
            standard=standard, type=type, version=version, association="", control_number="1", position=1,
            text=text, offset=offset, length=len(text.encode(charset, "surrogateescape")), delimiters=marks,
            charset=charset, syntax=syntax,
        )  # fmt: skip
        return schemas.validator(standard, version, type).validate(document, limits)

    return run


@pytest.fixture
def order() -> str:
    """A valid 850 that uses most of what orders use."""
    return """
        BEG*00*SA*PO-4711**20240115
        CUR*BY*EUR
        REF*DP*038
        REF*IA*10022**BM>77>PO>88
        PER*BD*J DOE*TE*5551234
        FOB*CC
        ITD*01*3*2**10**30
        DTM*002*20240131*1200
        TD5*O*2*ACME
        N9*ZZ*NOTES
        MSG*RING THE BELL
        N1*BY*ACME STORES*92*BUYER1
        N3*1 MAIN STREET
        N4*SPRINGFIELD*IL*60607*US
        N1*ST*GLOBEX DEPOT*92*DEPOT7
        N3*2 MAIN STREET
        N4*SPRINGFIELD*IL*60607*US
        PO1*1*5*EA*9.5*PE*BP*12345*VP*V-1
        PID*F****HEX BOLT
        PO4*12*1*EA
        REF*CO*998
        PO1*2*7*CA*1.25*PE*BP*12346
        PID*F****HEX NUT
        CTT*2*12
        AMT*TT*56.25
    """


@pytest.fixture
def orders() -> str:
    """A valid ORDERS D.96A."""
    return """
        BGM+220+PO4711+9
        DTM+137:20240115:102
        DTM+2:202401311200:203
        FTX+AAI+++RING THE BELL:TWICE ?+ ONCE
        RFF+CT:9981
        DTM+171:20231201:102
        NAD+BY+5412345000013::9
        CTA+OC+:J DOE
        COM+5551234:TE
        NAD+SU+4098765000010::9
        CUX+2:EUR:9
        LIN+1++4000862141404:EN
        PIA+5+ABC-1:SA
        IMD+F++:::HEX BOLT
        QTY+21:48:PCE
        PRI+AAA:9.50
        LIN+2++4000862141411:EN
        QTY+21:5
        UNS+S
        MOA+79:461,00
        CNT+2:2
    """
