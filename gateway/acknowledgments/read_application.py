"""824 and APERAK read back: what the partner's application says of what we sent, after its syntax was taken.

X12 004010 set 824 (OTI, TED), UN/EDIFACT D.96A APERAK (BGM 4343, RFF, ERC, FTX). Tolerant, as all reading of receipts.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from gateway.acknowledgments.outcome import ApplicationOutcome, DocumentOutcome, Remark, Status, count
from gateway.codecs.model import Delimiters, Segment
from gateway.codecs.split import values

#: The second letter of OTI01; the first says of what: T transaction set, G group, B batch, I item.
_OTI = {
    "A": Status.ACCEPTED,
    "C": Status.ACCEPTED_WITH_ERRORS,  # with changes
    "E": Status.ACCEPTED_WITH_ERRORS,
    "P": Status.ACCEPTED_WITH_ERRORS,  # in part
    "R": Status.REJECTED,
}

#: 4343, in BGM of APERAK.
BGM = {
    "AB": Status.RECEIVED,
    "AP": Status.ACCEPTED,
    "AC": Status.ACCEPTED_WITH_ERRORS,
    "AD": Status.ACCEPTED,
    "AI": Status.ACCEPTED_WITH_ERRORS,
    "CA": Status.ACCEPTED_WITH_ERRORS,
    "RE": Status.REJECTED,
}


def read_824(segments: Iterable[Segment], delimiters: Delimiters) -> list[ApplicationOutcome]:
    """One outcome for each OTI, from the segments of an 824. A refused item does not refuse its document."""
    found: list[ApplicationOutcome] = []
    for segment in segments:
        tag = segment[0].strip().upper() if segment else ""
        if tag == "OTI":
            found.append(_oti(segment))
        elif tag == "TED" and found:
            found[-1] = _with_remark(found[-1], _ted(segment, delimiters))
    return found


def _oti(segment: Segment) -> ApplicationOutcome:
    code = _text(segment, 1).upper()
    status = _OTI.get(code[1:], Status.UNKNOWN) if len(code) == 2 else Status.UNKNOWN
    if code[:1] == "I" and status is Status.REJECTED:
        status = Status.ACCEPTED_WITH_ERRORS
    reference = _text(segment, 3)
    document = DocumentOutcome(
        type=_text(segment, 10), control_number=_text(segment, 9), status=status, codes=(code,) if code else ()
    )
    return ApplicationOutcome(group=_text(segment, 8), references=(reference,) if reference else (), document=document)


def _ted(segment: Segment, delimiters: Delimiters) -> Remark:
    parts = [count(part) for part in _text(segment, 5).split(delimiters.component)]
    element, component, repetition = (*parts, None, None)[:3]
    return Remark(
        code=_text(segment, 1),
        tag=_text(segment, 3),
        segment=count(_text(segment, 4)),
        element=element,
        component=component,
        repetition=repetition,
        reference=_text(segment, 6).split(delimiters.component)[0],
        value=_text(segment, 7),
        text=_text(segment, 2),
    )


def read_aperak(segments: Iterable[Segment], delimiters: Delimiters) -> list[ApplicationOutcome]:
    """The outcome of an APERAK, from its segments. Without a verdict in BGM, errors are a refusal."""
    reader = _Aperak(delimiters)
    for segment in segments:
        step = _STEPS.get(segment[0].strip().upper()) if segment else None
        if step is not None:
            step(reader, segment)
    return [reader.outcome()]


class _Aperak:
    """Collects one APERAK; each method takes one segment."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.delimiters = delimiters
        self.verdict = ""
        self.references: list[str] = []
        self.interchange = ""
        self.message = ""
        self.remarks: list[Remark] = []

    def bgm(self, segment: Segment) -> None:
        self.verdict = (self.parts(segment, 4) or [""])[0]

    def rff(self, segment: Segment) -> None:
        """Before the first error: what is answered. ACW is the message, ALL its batch: the interchange."""
        qualifier, number = (*self.parts(segment, 1), "", "")[:2]
        if self.remarks or not number:
            return
        if qualifier == "ALL":
            self.interchange = number
        elif qualifier == "ACW":
            self.message = number
        else:
            self.references.append(number)

    def erc(self, segment: Segment) -> None:
        self.remarks.append(Remark((self.parts(segment, 1) or [""])[0]))

    def ftx(self, segment: Segment) -> None:
        text = " ".join(part for part in self.parts(segment, 4) if part)
        if self.remarks and text:
            before = self.remarks[-1].text
            self.remarks[-1] = self.remarks[-1]._replace(text=f"{before} {text}".strip())

    def outcome(self) -> ApplicationOutcome:
        status = BGM.get(self.verdict, Status.UNKNOWN)
        if not self.verdict:
            status = Status.REJECTED if self.remarks else Status.RECEIVED
        codes = (self.verdict,) if self.verdict else ()
        # Without an interchange many partners give the number of the document as that of the message.
        message, more = (self.message, []) if self.interchange else ("", [self.message] if self.message else [])
        document = DocumentOutcome(
            type="", control_number=message, status=status, codes=codes, remarks=tuple(self.remarks)
        )
        return ApplicationOutcome(group=self.interchange, references=tuple(more + self.references), document=document)

    def parts(self, segment: Segment, number: int) -> list[str]:
        element = segment[number] if len(segment) > number else ""
        return [part.strip() for part in values(element, self.delimiters)]


_STEPS = {"BGM": _Aperak.bgm, "RFF": _Aperak.rff, "ERC": _Aperak.erc, "FTX": _Aperak.ftx}


def _with_remark(outcome: ApplicationOutcome, remark: Remark) -> ApplicationOutcome:
    known = outcome.document
    document = msgspec.structs.replace(known, remarks=(*known.remarks, remark))
    return msgspec.structs.replace(outcome, document=document)


def _text(segment: Segment, number: int) -> str:
    return segment[number].strip() if len(segment) > number else ""
