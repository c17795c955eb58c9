"""824 and APERAK, built: what became of a document after its syntax was taken.

X12 004010 set 824: BGN, one OTI, a TED for each finding. UN/EDIFACT D.96A APERAK: BGM with the verdict in 4343, RFF
with what is answered, ERC and FTX for each finding. Elements are ready for a writer that adds ST/SE and UNH/UNT.
"""

from __future__ import annotations

import datetime as dt

import msgspec

from gateway.acknowledgments.carrier import EDIFACT, X12, Carrier, trimmed
from gateway.codecs.model import Segment
from gateway.codecs.split import escape


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """The document that is answered. ``group`` is its GS06, or the reference of its interchange (UNB 0020).

    ``reference`` is its own number (an order number, say), empty where it is not known.
    """

    type: str
    version: str
    control_number: str
    group: str
    reference: str = ""
    accepted: bool = True


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was found in it: an issue as it was kept."""

    code: str
    text: str
    tag: str = ""
    segment: int | None = None
    element: int | None = None
    reference: str = ""
    value: str = ""


#: 647, by the code of an issue; everything else is told in words alone.
_CONDITIONS = {"MAP-REQUIRED": "007", "MAP-TOTAL": "010", "TRD-CONFLICT": "DUP", "TRD-REPEAT": "DUP"}
_OTHER = "024"
_ORDER_TYPES = frozenset({"850", "860", "875", "876", "ORDERS", "ORDCHG"})

_MOST_TED, _TED_TEXT = 1000, 60
_MOST_ERC, _FTX_TEXT, _FTX_LINES = 999, 70, 5


def application_824(
    subject: Subject, findings: list[Finding], number: str, now: dt.datetime, *, carrier: Carrier = X12
) -> list[Segment]:
    """The body of an 824 for one transaction set: TA accepted, TE accepted with remarks, TR rejected.

    ``number`` names the 824 among ours (BGN02).
    """
    code = ("TE" if findings else "TA") if subject.accepted else "TR"
    qualifier, reference = ("PO", subject.reference) if subject.type in _ORDER_TYPES else ("TN", "")
    reference = carrier.copy(reference, 30)
    if not reference:
        qualifier, reference = "TN", carrier.copy(subject.control_number, 30) or "0"
    group = "".join(c for c in subject.group if c in "0123456789")[:9]
    control = carrier.copy(subject.control_number, 9).rjust(4, "0")
    place = [group, control, carrier.copy(subject.type, 3).rjust(3, "0"), carrier.copy(subject.version, 12)]
    oti = ["OTI", code, qualifier, reference, "", "", "", "", *(place if group else ["", "", *place[2:]])]
    body = [["BGN", "11", carrier.copy(number, 30), f"{now:%Y%m%d}"], trimmed(oti)]
    return body + [_ted(finding, carrier) for finding in findings[:_MOST_TED]]


def _ted(finding: Finding, carrier: Carrier) -> Segment:
    tag = carrier.copy(finding.tag, 3)
    place = [tag if len(tag) > 1 else "", str(finding.segment) if finding.segment and finding.segment < 10**6 else ""]
    element = str(finding.element) if finding.element and finding.element < 100 else ""
    number = finding.reference if finding.reference.isdecimal() and len(finding.reference) <= 4 else ""
    text = carrier.copy(finding.text, _TED_TEXT)
    value = carrier.copy(finding.value, 99) if element else ""  # TED07 copies the element that TED05 names
    return trimmed(["TED", _CONDITIONS.get(finding.code, _OTHER), text, *place, element, number, value])


def aperak(
    subject: Subject, findings: list[Finding], number: str, now: dt.datetime, *, carrier: Carrier = EDIFACT
) -> list[Segment]:
    """The body of an APERAK for one message: AP accepted, CA accepted with remarks, RE rejected.

    ``number`` names the APERAK among ours (BGM 1004).
    """
    write = _Writer(carrier)
    verdict = ("CA" if findings else "AP") if subject.accepted else "RE"
    body = [
        ["BGM", "", write.one(number, 35), "11", verdict],
        ["DTM", write.composite("137", f"{now:%Y%m%d}", "102")],
        ["RFF", write.composite("ALL", write.one(subject.group, 35))],
        ["RFF", write.composite("ACW", write.one(subject.control_number, 35))],
    ]
    reference = write.one(subject.reference, 35)
    if reference:
        body.append(["RFF", write.composite("ON" if subject.type in _ORDER_TYPES else "DM", reference)])
    for finding in findings[:_MOST_ERC]:
        body += write.finding(finding)
    return body


class _Writer:
    """Elements of APERAK in the delimiters of the interchange that takes it."""

    def __init__(self, carrier: Carrier) -> None:
        self.carrier = carrier

    def one(self, text: str, most: int) -> str:
        return escape(self.carrier.free(text)[:most].strip(), self.carrier.delimiters)

    def composite(self, *parts: str) -> str:
        given = list(parts)
        while given and not given[-1]:
            given.pop()
        return self.carrier.delimiters.component.join(given)

    def finding(self, finding: Finding) -> list[Segment]:
        """ERC has eight characters for what is wrong: the code without its family; the words stand in FTX."""
        code = self.one(finding.code.partition("-")[2] or finding.code, 8) or "OTHER"
        text = self.carrier.free(finding.text)
        lines = [text[start : start + _FTX_TEXT] for start in range(0, len(text), _FTX_TEXT)][:_FTX_LINES]
        told = [self.one(line, _FTX_TEXT) for line in lines]
        words = [part for part in told if part]
        return [["ERC", code], *([["FTX", "AAO", "", "", self.composite(*words)]] if words else [])]
