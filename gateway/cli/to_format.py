"""From canonical documents to an interchange in X12 or EDIFACT, or a file of UBL, CSV or IDoc, for ``crossdock
translate``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import msgspec

from gateway.agreements import Party
from gateway.canonical import Document, document_type, from_json
from gateway.cli.checks import Checker
from gateway.cli.mapping_choice import Choice
from gateway.cli.to_records import csv_of, idoc_of
from gateway.codecs import (
    Address,
    Body,
    EdifactEnvelope,
    InterchangeStart,
    RawDocument,
    X12Envelope,
    X12Group,
    read,
    write_edifact,
    write_x12,
)
from gateway.codecs.edifact_advice import DEFAULT
from gateway.codecs.jsonl import pieces
from gateway.codecs.records import CSV, IDOC, RECORDS
from gateway.codecs.ubl import UBL
from gateway.codecs.x12_write import X12_DELIMITERS
from gateway.codecs.xml_text import decoded
from gateway.core.errors import NotFoundError, UnreadableError, UsageError
from gateway.core.issues import Issue
from gateway.grammar.xml_validator import xml_validator
from gateway.knowledge import Knowledge
from gateway.mapping import Mapping, XmlMapping
from gateway.pipeline.idoc_out import MICROSECONDS, Form

_DELIMITERS = {"x12": X12_DELIMITERS, "edifact": DEFAULT}
_QUALIFIER = {"x12": "ZZ", "edifact": "", IDOC: "LS"}


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What the envelope shall say, as it was asked for."""

    mapping: str | None
    from_party: str | None
    to_party: str | None
    sender: str | None
    receiver: str | None
    control_number: int
    test: bool
    flat: bool = False


class Written(msgspec.Struct, frozen=True):
    """Bodies of one mapping, and what writing them had to say."""

    mapping: Mapping
    bodies: list[Body]
    issues: list[Issue]


def interchange_of(
    text: bytes, name: str, standard: str, knowledge: Knowledge, wishes: Wishes
) -> tuple[bytes, list[dict[str, object]]]:
    """One interchange with all documents of the file, and the issues of writing it and of what was written.

    Raises UnreadableError, UsageError, NotFoundError, MappingDefinitionError and UnwritableError.
    """
    if standard == UBL:
        return _ubl(text, name, knowledge, wishes.mapping)
    if standard in RECORDS:
        return _records(text, name, standard, knowledge, wishes)
    written = _bodies(text, name, standard, knowledge, wishes)
    sender = _address(knowledge, standard, wishes.sender, wishes.from_party, "SENDER")
    receiver = _address(knowledge, standard, wishes.receiver, wishes.to_party, "RECEIVER")
    write = _x12 if standard == "x12" else _edifact
    body = write(written, knowledge, sender, receiver, wishes)
    return body, [issue.as_json() for issue in (*written.issues, *_checked(body, knowledge))]


def _ubl(text: bytes, name: str, knowledge: Knowledge, mapping: str | None) -> tuple[bytes, list[dict[str, object]]]:
    """A file of UBL is one document, and has no envelope."""
    documents = list(canonical_documents(text, name))
    if len(documents) != 1:
        raise UsageError(f"{name} holds {len(documents)} documents: a file of UBL is one.")
    found = _mapping(documents[0], UBL, knowledge, mapping)
    assert isinstance(found, XmlMapping)
    written = found.write(documents[0])
    issues = xml_validator(knowledge.schemas, found.format.version, found.format.message).validate(
        decoded(written.body)
    )
    return written.body, [issue.as_json() for issue in (*written.issues, *issues)]


def _records(
    text: bytes, name: str, standard: str, knowledge: Knowledge, wishes: Wishes
) -> tuple[bytes, list[dict[str, object]]]:
    """A file of CSV has any number of documents, one of IDoc a single one."""
    documents = _of_one_kind(text, name)
    mapping = _mapping(documents[0], standard, knowledge, wishes.mapping)
    assert isinstance(mapping, Mapping)
    if standard == CSV:
        found = csv_of(documents, mapping, knowledge)
    elif len(documents) > 1:
        raise UsageError(f"{name} holds {len(documents)} documents: a file of IDoc is one.")
    else:
        sender = _address(knowledge, standard, wishes.sender, wishes.from_party, "SENDER")
        receiver = _address(knowledge, standard, wishes.receiver, wishes.to_party, "RECEIVER")
        form = Form(wishes.flat, "utf-8", wishes.control_number, wishes.test)
        at = int(dt.datetime.now(dt.UTC).timestamp()) * MICROSECONDS
        found = idoc_of(documents[0], mapping, knowledge, (sender, receiver), form, at)
    return found.body, [issue.as_json() for issue in found.issues]


def _of_one_kind(text: bytes, name: str) -> list[Document]:
    documents = list(canonical_documents(text, name))
    kinds = sorted({type(document).__name__ for document in documents})
    if len(kinds) != 1:
        what = " and ".join(kinds) or "no document"
        raise UsageError(f"{name} holds {what}: one kind of document is written at once.")
    return documents


def _bodies(text: bytes, name: str, standard: str, knowledge: Knowledge, wishes: Wishes) -> Written:
    documents = _of_one_kind(text, name)
    mapping = _mapping(documents[0], standard, knowledge, wishes.mapping)
    assert isinstance(mapping, Mapping)
    bodies: list[Body] = []
    issues: list[Issue] = []
    for number, document in enumerate(documents, 1):
        found = mapping.write(document, _DELIMITERS[standard])
        issues += found.issues
        control = f"{number:04d}" if standard == "x12" else str(number)
        version = mapping.format.version
        bodies.append(
            Body(type=mapping.format.message, control_number=control, segments=found.segments, version=version)
        )
    return Written(mapping, bodies, issues)


def _mapping(document: Document, standard: str, knowledge: Knowledge, name: str | None) -> Mapping | XmlMapping:
    """The named mapping, where it writes such a document in this standard, else the one that fits."""
    kind = type(document).__name__
    found = Choice(knowledge).writing(standard, document, name)
    if (found.format.standard, found.document) != (standard, kind):
        what = f"{found.document} in {found.format.standard}"
        raise UsageError(f"Mapping {found.name} is for {what}, not for {kind} in {standard}.")
    return found


def canonical_documents(text: bytes, name: str) -> Iterator[Document]:
    """Canonical documents that stand one after the other, on a line each or on many. Raises UnreadableError."""
    for piece in pieces(text):
        if piece.error is not None:
            hint = "crossdock translate FILE --to canonical makes it of X12, EDIFACT and UBL."
            raise UnreadableError(f"{name}, line {piece.line}, is not canonical JSON: {piece.error}.", hint=hint)
        yield from_json(_kind(piece.value, name), piece.text)


def _kind(found: Any, name: str) -> str:
    kind = found.get("document") if isinstance(found, dict) else None
    if not isinstance(kind, str):
        hint = '{"document":"Order", …}'
        raise UnreadableError(f'{name} is no canonical document: it has no key "document".', hint=hint)
    try:
        document_type(kind)
    except NotFoundError as error:
        raise UnreadableError(error.detail, hint=error.hint) from None
    return kind


def _address(knowledge: Knowledge, standard: str, text: str | None, party: str | None, blank: str) -> Address:
    """As it was asked for, else the party's identity, else a placeholder that nobody takes for a name."""
    if text is not None:
        qualifier, colon, identifier = text.partition(":")
        return Address(identifier, qualifier) if colon else Address(text, _QUALIFIER[standard])
    if party is None:
        return Address(blank, _QUALIFIER[standard])
    known = _party(knowledge, party)
    identity = known.identity(standard)
    if identity is None:
        raise UsageError(f"{party} has no [[identity]] for {standard}.", hint=f"It belongs into {known.file}.")
    return identity.address


def _party(knowledge: Knowledge, id: str) -> Party:
    try:
        return knowledge.agreements.party(id)
    except NotFoundError as error:
        raise UsageError(error.detail, hint=error.hint) from None


def _x12(written: Written, knowledge: Knowledge, sender: Address, receiver: Address, wishes: Wishes) -> bytes:
    form = written.mapping.format
    table = knowledge.schemas.message(form.standard, form.version, form.message)
    now = dt.datetime.now(dt.UTC)
    group = X12Group(
        functional_id=table.functional_group,
        control_number=wishes.control_number,
        documents=written.bodies,
        version=form.version,
    )
    envelope = X12Envelope(
        sender=sender,
        receiver=receiver,
        control_number=wishes.control_number,
        date=now.date(),
        time=now.time(),
        version=form.version[:5],
        test=wishes.test,
        line_break="\n",
        charset="utf-8",
    )
    return write_x12(envelope, [group])


def _edifact(written: Written, knowledge: Knowledge, sender: Address, receiver: Address, wishes: Wishes) -> bytes:
    now = dt.datetime.now(dt.UTC)
    envelope = EdifactEnvelope(
        sender=sender,
        receiver=receiver,
        control_number=str(wishes.control_number),
        date=now.date(),
        time=now.time(),
        test=wishes.test,
        line_break="\n",
    )
    return write_edifact(envelope, written.bodies)


def _checked(body: bytes, knowledge: Knowledge) -> Iterator[Issue]:
    """What a receiver would say about the interchange."""
    checker = Checker(knowledge)
    header = None
    for event in read(body):
        if isinstance(event, InterchangeStart):
            header = event.header
        if isinstance(event, RawDocument) and header is not None:
            yield from checker.issues(event, header)
        else:
            yield from getattr(event, "issues", ())
