"""CONTRL read back, of syntax 1 to 4, tolerant of what partners leave out or add."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.acknowledgments.outcome import DocumentOutcome, GroupOutcome, InterchangeOutcome, Remark, Status, count
from gateway.codecs.model import Delimiters, Segment
from gateway.codecs.split import values

#: Data element 0083. Syntax 4 uses 4, 7 and 8; the others are of older directories, and some partners still send them.
_STATUS = {
    "1": Status.ACCEPTED,
    "2": Status.ACCEPTED_WITH_ERRORS,
    "3": Status.PARTIAL,
    "4": Status.REJECTED,
    "5": Status.RECEIVED,  # of UNB and UNZ only
    "6": Status.REJECTED,
    "7": Status.ACCEPTED,
    "8": Status.RECEIVED,
}


def read_contrl(segments: Iterable[Segment], delimiters: Delimiters) -> InterchangeOutcome:
    """The outcome of one interchange, from the segments of a CONTRL (UNH and UNT may be among them).

    Without UCI the control number is empty and the status ``UNKNOWN``.
    """
    reader = _Reader(delimiters)
    for segment in segments:
        step = _STEPS.get(segment[0].strip().upper()) if segment else None
        if step is not None:
            step(reader, segment)
    return reader.outcome()


class _Reader:
    """Collects one CONTRL; each method takes one segment."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.delimiters = delimiters
        self.heading: Segment = []
        self.groups: list[GroupOutcome] = []
        self.group: Segment | None = None
        self.message: Segment | None = None
        self.documents: list[DocumentOutcome] = []
        self.remarks: list[Remark] = []
        self.segment: int | None = None

    def uci(self, segment: Segment) -> None:
        self.heading = segment

    def ucf(self, segment: Segment) -> None:
        self.close_group()
        self.group = segment

    def ucm(self, segment: Segment) -> None:
        self.close_message()
        self.message = segment

    def ucs(self, segment: Segment) -> None:
        self.segment = count(self.text(segment, 1))
        code = self.text(segment, 2)
        if code:
            self.remarks.append(Remark(code, segment=self.segment))

    def ucd(self, segment: Segment) -> None:
        """0098 counts the tag as position 1; a remark does not."""
        position, component, repetition = (*map(count, self.parts(segment, 2)), None, None, None)[:3]
        element = position - 1 if position and position > 1 else None
        place = Remark(self.text(segment, 1), segment=self.segment, element=element)
        self.remarks.append(place._replace(component=component, repetition=repetition))

    def close_message(self) -> None:
        if self.message is not None:
            document = DocumentOutcome(
                type=(self.parts(self.message, 2) or [""])[0],
                control_number=self.text(self.message, 1),
                status=self.status(self.message, 3),
                codes=self.codes(self.message, 4),
                remarks=tuple(self.remarks),
            )
            self.documents.append(document)
        self.message, self.remarks, self.segment = None, [], None

    def close_group(self) -> None:
        """End the group that is open: messages before the first UCF are of an interchange without groups."""
        self.close_message()
        documents, self.documents = tuple(self.documents), []
        if self.group is not None:
            number, status = self.text(self.group, 1), self.status(self.group, 4)
            codes = self.codes(self.group, 5)
            self.groups.append(GroupOutcome(control_number=number, status=status, codes=codes, documents=documents))
        elif documents:
            self.groups.append(GroupOutcome(status=self.status(self.heading, 4), documents=documents))
        self.group = None

    def outcome(self) -> InterchangeOutcome:
        self.close_group()
        return InterchangeOutcome(
            control_number=self.text(self.heading, 1),
            status=self.status(self.heading, 4),
            codes=self.codes(self.heading, 5),
            sender=(self.parts(self.heading, 2) or [""])[0],
            receiver=(self.parts(self.heading, 3) or [""])[0],
            groups=tuple(self.groups),
        )

    def parts(self, segment: Segment, number: int) -> list[str]:
        element = segment[number] if len(segment) > number else ""
        return [part.strip() for part in values(element, self.delimiters)]

    def text(self, segment: Segment, number: int) -> str:
        return (self.parts(segment, number) or [""])[0]

    def status(self, segment: Segment, number: int) -> Status:
        return _STATUS.get(self.text(segment, number), Status.UNKNOWN)

    def codes(self, segment: Segment, number: int) -> tuple[str, ...]:
        code = self.text(segment, number)
        return (code,) if code else ()


_STEPS = {
    "UCI": _Reader.uci,
    "UCF": _Reader.ucf,
    "UCM": _Reader.ucm,
    "UCS": _Reader.ucs,
    "UCD": _Reader.ucd,
}
