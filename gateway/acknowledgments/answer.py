"""A partner's receipt of any kind as one form: what it says of an interchange that we sent, and of each document in it.

It is kept as JSON with the receipt, so that a receipt that had to wait can be applied later.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from gateway.acknowledgments.application_response import APPLICATION_RESPONSE, read_application_response
from gateway.acknowledgments.outcome import (
    ApplicationOutcome,
    DocumentOutcome,
    GroupOutcome,
    InterchangeOutcome,
    Status,
    plain,
)
from gateway.acknowledgments.read_application import read_824, read_aperak
from gateway.acknowledgments.read_edifact import read_contrl
from gateway.acknowledgments.read_x12 import read_997, read_ta1
from gateway.codecs.model import Delimiters, RawDocument, Segment
from gateway.codecs.ubl import text_of

#: What the stored form is called among canonical documents.
ANSWER = "Receipt"

#: How far down a receipt looks: the envelope, the syntax, the contents. A later verdict of a deeper look stands.
DEPTH = {"TA1": 0, "CONTRL": 1, "997": 1, "999": 1, "APERAK": 2, "824": 2, APPLICATION_RESPONSE: 2}


class Statement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is said of one interchange (TA1, CONTRL) or functional group (997, 999, 824).

    ``whole`` is the verdict on it, ``unlisted`` that on documents in it that are not named. ``references`` are those of
    the documents themselves (824 and APERAK name them by an order number, say). ``included`` and ``accepted`` are the
    counts that it gives.
    """

    control_number: str
    whole: Status
    unlisted: Status
    codes: tuple[str, ...] = ()
    documents: tuple[DocumentOutcome, ...] = ()
    references: tuple[str, ...] = ()
    included: int | None = None
    accepted: int | None = None

    def document(self, control_number: str) -> DocumentOutcome | None:
        """What is said of one document, None where it is not named. Leading zeros do not count."""
        number = plain(control_number)
        return next((d for d in self.documents if plain(d.control_number) == number), None)

    def status_of(self, control_number: str) -> Status:
        """The verdict on one document."""
        found = self.document(control_number)
        return self.unlisted if found is None else found.status


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One receipt: ``997``, of ``x12``."""

    type: str
    standard: str
    statements: tuple[Statement, ...] = ()


_DECODER = msgspec.json.Decoder(Answer)


def from_stored(body: bytes) -> Answer:
    """The answer that :func:`stored` wrote."""
    return _DECODER.decode(body)


def stored(answer: Answer) -> bytes:
    """As JSON. What could not be decoded is kept in a form that can be stored."""
    try:
        return msgspec.json.encode(answer)
    except UnicodeEncodeError:
        return msgspec.json.encode(_clean(msgspec.to_builtins(answer)))


def read_reply(segment: Segment) -> tuple[Statement, ...]:
    """A TA1. Its yes is one to the envelope: of the documents it says that they have arrived."""
    outcome = read_ta1(segment)
    below = Status.REJECTED if outcome.status is Status.REJECTED else Status.RECEIVED
    unlisted = outcome.status if outcome.status is Status.UNKNOWN else below
    one = Statement(control_number=outcome.control_number, whole=outcome.status, unlisted=unlisted, codes=outcome.codes)
    return (one,) if outcome.control_number else ()


def read_receipt(raw: RawDocument) -> tuple[Statement, ...]:
    """What a 997, 999, CONTRL, 824, APERAK or ApplicationResponse says; empty where it names nothing."""
    if raw.type == APPLICATION_RESPONSE:
        return tuple(_named(one) for one in read_application_response(text_of(raw)) if one.references)
    segments, marks = raw.segments(), raw.delimiters
    return tuple(one for one in _READERS[raw.type](segments, marks) if one.control_number or one.references)


def _named(outcome: ApplicationOutcome) -> Statement:
    """Of a document that is named by its own number."""
    status = outcome.document.status
    return Statement(
        control_number="",
        whole=status,
        unlisted=status,
        documents=(outcome.document,),
        references=outcome.references,
    )


def _functional(segments: list[Segment], delimiters: Delimiters) -> list[Statement]:
    outcome = read_997(segments, delimiters)
    return [
        Statement(
            control_number=outcome.control_number,
            whole=outcome.status,
            unlisted=_unlisted(outcome),
            codes=outcome.codes,
            documents=_settled(outcome),
            included=outcome.included,
            accepted=outcome.accepted,
        )
    ]


def _contrl(segments: list[Segment], delimiters: Delimiters) -> list[Statement]:
    outcome = read_contrl(segments, delimiters)
    documents = [
        msgspec.structs.replace(document, status=outcome.status_of(document.control_number, group.control_number))
        for group in outcome.groups
        for document in group.documents
    ]
    return [
        Statement(
            control_number=outcome.control_number,
            whole=outcome.status,
            unlisted=_unlisted(outcome),
            codes=outcome.codes,
            documents=tuple(documents),
        )
    ]


def _application(outcomes: list[ApplicationOutcome]) -> list[Statement]:
    """One statement for each group (or each reference, where no group is named)."""
    together: dict[tuple[str, tuple[str, ...]], list[ApplicationOutcome]] = {}
    for outcome in outcomes:
        key = (outcome.group, () if outcome.group else outcome.references)
        together.setdefault(key, []).append(outcome)
    return [_contents(group, references, found) for (group, references), found in together.items()]


def _contents(group: str, references: tuple[str, ...], found: list[ApplicationOutcome]) -> Statement:
    named = [outcome.document for outcome in found if outcome.document.control_number]
    rest = [outcome.document for outcome in found if not outcome.document.control_number]
    whole = rest[0].status if rest else Status.RECEIVED
    documents = tuple(named) if group else tuple(named or rest)
    return Statement(control_number=group, whole=whole, unlisted=whole, documents=documents, references=references)


def _unlisted(outcome: GroupOutcome | InterchangeOutcome) -> Status:
    return outcome.status_of("\0")


def _settled(outcome: GroupOutcome) -> tuple[DocumentOutcome, ...]:
    """The documents, each with the verdict that holds: a refused group outweighs an accepted document."""
    return tuple(
        msgspec.structs.replace(document, status=outcome.status_of(document.control_number))
        for document in outcome.documents
    )


_READERS: dict[str, Callable[[list[Segment], Delimiters], list[Statement]]] = {
    "997": _functional,
    "999": _functional,
    "CONTRL": _contrl,
    "824": lambda segments, delimiters: _application(read_824(segments, delimiters)),
    "APERAK": lambda segments, delimiters: _application(read_aperak(segments, delimiters)),
}


def _clean(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {name: _clean(part) for name, part in value.items()}
    return [_clean(part) for part in value] if isinstance(value, list | tuple) else value
