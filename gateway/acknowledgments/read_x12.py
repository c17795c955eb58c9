"""TA1 and 997 (and the 999 that takes its place) read back, tolerant of what partners leave out or add."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from gateway.acknowledgments.outcome import DocumentOutcome, GroupOutcome, InterchangeOutcome, Remark, Status, count
from gateway.codecs.model import Delimiters, Segment

_STATUS = {
    "A": Status.ACCEPTED,
    "E": Status.ACCEPTED_WITH_ERRORS,
    "P": Status.PARTIAL,
    "R": Status.REJECTED,
    "M": Status.REJECTED,  # message authentication code failed
    "W": Status.REJECTED,  # assurance failed
    "X": Status.REJECTED,  # decryption failed
}
_NO_ERROR = "000"  # TA105


def read_ta1(segment: Segment) -> InterchangeOutcome:
    """The outcome of one interchange. A TA1 without TA105 has no codes."""
    number, date, time, status, code = (_element(segment, n) for n in range(1, 6))
    codes = (code,) if code and code != _NO_ERROR else ()
    return InterchangeOutcome(control_number=number, status=_status(status), codes=codes, date=date, time=time)


def read_997(segments: Iterable[Segment], delimiters: Delimiters) -> GroupOutcome:
    """The outcome of one functional group, from the segments of a 997 or a 999 (ST and SE may be among them).

    Without AK9 the status is what the documents say, and ``UNKNOWN`` where there are none.
    """
    reader = _Reader(delimiters)
    for segment in segments:
        step = _STEPS.get(segment[0].strip().upper()) if segment else None
        if step is not None:
            step(reader, segment)
    return reader.outcome()


class _Reader:
    """Collects one 997; each method takes one segment."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.delimiters = delimiters
        self.heading: Segment = []
        self.result: Segment | None = None
        self.documents: list[DocumentOutcome] = []
        self.open: Segment | None = None
        self.place = Remark("")
        self.remarks: list[Remark] = []

    def ak1(self, segment: Segment) -> None:
        self.heading = segment

    def ak2(self, segment: Segment) -> None:
        self.close(Status.UNKNOWN, ())
        self.open = segment

    def ak3(self, segment: Segment) -> None:
        """AK304 may be repeated up to AK308 (versions before 003050)."""
        number = count(_element(segment, 2))
        self.place = Remark("", tag=_element(segment, 1), segment=number, loop=_element(segment, 3))
        self.remarks += [self.place._replace(code=code) for code in _rest(segment, 4) if code != "8"]

    def ak4(self, segment: Segment) -> None:
        parts = [count(part) for part in _element(segment, 1).split(self.delimiters.component)]
        element, component, repetition = (*parts, None, None)[:3]
        remark = self.place._replace(element=element, component=component, repetition=repetition)
        reference, code, value = (_element(segment, n) for n in (2, 3, 4))
        self.remarks.append(remark._replace(reference=reference, code=code, value=value))

    def ak5(self, segment: Segment) -> None:
        self.close(_status(_element(segment, 1)), _rest(segment, 2))

    def ak9(self, segment: Segment) -> None:
        self.close(Status.UNKNOWN, ())
        self.result = segment

    def close(self, status: Status, codes: tuple[str, ...]) -> None:
        """End the document that is open, with what its AK5 says."""
        if self.open is not None:
            kind, number = _element(self.open, 1), _element(self.open, 2)
            remarks = tuple(self.remarks)
            self.documents.append(
                DocumentOutcome(type=kind, control_number=number, status=status, codes=codes, remarks=remarks)
            )
        self.open, self.remarks, self.place = None, [], Remark("")

    def outcome(self) -> GroupOutcome:
        self.close(Status.UNKNOWN, ())
        functional, number, version = (_element(self.heading, n) for n in (1, 2, 3))
        result = self.result or []
        included, received, accepted = (count(_element(result, n)) for n in (2, 3, 4))
        status = _status(_element(result, 1)) if result else _summary(self.documents)
        return GroupOutcome(
            functional_id=functional,
            control_number=number,
            version=version,
            status=status,
            codes=_rest(result, 5),
            included=included,
            received=received,
            accepted=accepted,
            documents=tuple(_settled(document, status) for document in self.documents),
        )


_STEPS = {
    "AK1": _Reader.ak1,
    "AK2": _Reader.ak2,
    "AK3": _Reader.ak3,
    "IK3": _Reader.ak3,
    "AK4": _Reader.ak4,
    "IK4": _Reader.ak4,
    "AK5": _Reader.ak5,
    "IK5": _Reader.ak5,
    "AK9": _Reader.ak9,
}


def _summary(documents: list[DocumentOutcome]) -> Status:
    """The status of a group whose AK9 is missing."""
    found = {document.status for document in documents}
    if len(found) == 1:
        return found.pop()
    if not found or Status.UNKNOWN in found:
        return Status.UNKNOWN
    return Status.PARTIAL if Status.REJECTED in found else Status.ACCEPTED_WITH_ERRORS


def _settled(document: DocumentOutcome, group: Status) -> DocumentOutcome:
    """A document whose AK5 is missing or says nothing known has the status of its group, if that is for all."""
    if document.status is not Status.UNKNOWN or group is Status.PARTIAL:
        return document
    return msgspec.structs.replace(document, status=group)


def _status(code: str) -> Status:
    return _STATUS.get(code.upper(), Status.UNKNOWN)


def _element(segment: Segment, number: int) -> str:
    return segment[number].strip() if len(segment) > number else ""


def _rest(segment: Segment, first: int) -> tuple[str, ...]:
    """The codes from element ``first`` on, without blanks."""
    return tuple(text for text in (element.strip() for element in segment[first:]) if text)
