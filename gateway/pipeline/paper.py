"""One canonical document as a message of its agreement: written by the mapping, and judged as its receiver will. Pure.

What the mapping would lose and what our own tables would refuse does not leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from gateway.agreements import Agreement
from gateway.canonical import from_own_json
from gateway.codecs import Body, RawDocument, read
from gateway.codecs.model import Segment
from gateway.core.errors import MappingDefinitionError, SchemaError, UnwritableError
from gateway.core.issues import Issue
from gateway.mapping import Mapping
from gateway.pipeline.context import Known
from gateway.pipeline.envelope import Sheet, free_marks, marks_of, reference, syntax_of, write
from gateway.pipeline.judging import as_agreed, as_received, no_mapping, of_writing
from gateway.pipeline.unchecked import unchecked


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A document that can leave, or in ``hold`` why it cannot. ``remarks`` were found on the way."""

    body: Body | None = None
    hold: Issue | None = None
    remarks: tuple[Issue, ...] = ()
    schema_digest: str | None = None


class Press:
    """Writes documents of one agreement; ``sheet`` is the interchange that they go into."""

    def __init__(self, agreement: Agreement, known: Known, rows: Sequence[Any] = (), at: int = 0) -> None:
        """``rows`` have the canonical documents, which may decide about the delimiters; ``at`` is in microseconds.

        Raises :class:`UnwritableError` where the agreement does not allow any of them to be written.
        """
        self._agreement, self._at = agreement, at
        self.mapping = _mapping(agreement, known)
        self._version, _, self._association = agreement.version.partition(":")
        try:
            args = agreement.standard, self._version, agreement.type, self._association, agreement.guide, agreement.base
            self._validator = known.schemas.validator(*args)
            group = known.schemas.message(*args).functional_group
        except SchemaError as error:
            issue = unchecked(error, agreement, self._version, agreement.type, known.schemas)
            raise UnwritableError(issue) from None
        self.sheet = _sheet(agreement, known, group, [bytes(row.body).decode() for row in rows])

    def write(self, row: Any) -> Paper:
        """One document. Whatever a mapping does, its document alone stops."""
        try:
            return self._written(row)
        except UnwritableError as error:
            return Paper(hold=error.issue)
        except Exception as error:
            return Paper(hold=no_mapping(self._agreement, error))

    def _written(self, row: Any) -> Paper:
        document = from_own_json(row.canonical, bytes(row.body))
        writing = self.mapping.write(document, self.sheet.marks)
        found, hold = of_writing(writing.issues, document, self._agreement)
        return (
            Paper(hold=hold, remarks=found) if hold is not None else self._judged(self._body(writing.segments), found)
        )

    def attempt(self) -> None:
        """Whether its envelope can be written. Raises UnwritableError for what is wrong with it."""
        write(msgspec.structs.replace(self.sheet, bodies=[self._body([])]), 1, self._at)

    def _body(self, segments: list[Segment]) -> Body:
        return Body(
            type=self._agreement.type,
            control_number=reference(self._agreement.standard, 1),
            segments=segments,
            version=self._version,
            association=self._association,
        )

    def _judged(self, body: Body, remarks: tuple[Issue, ...]) -> Paper:
        """What a receiver would say of it."""
        text = write(msgspec.structs.replace(self.sheet, bodies=[body]), 1, self._at)
        (raw,) = (event for event in read(text, charset=self.sheet.charset or None) if isinstance(event, RawDocument))
        issues = as_agreed((*raw.issues, *self._validator.validate(raw)), self._agreement)
        hold = as_received(issues, self._agreement)
        if hold is not None:
            return Paper(hold=hold, remarks=(*remarks, *issues))
        return Paper(body=body, remarks=(*remarks, *issues), schema_digest=self._validator.table.digest)


def numbered(sheet: Sheet, papers: Sequence[Paper]) -> Sheet:
    """The sheet with these documents, each with its number in it."""
    bodies = [
        msgspec.structs.replace(paper.body, control_number=reference(sheet.standard, position))
        for position, paper in enumerate(papers, 1)
        if paper.body is not None
    ]
    return msgspec.structs.replace(sheet, bodies=bodies)


def _mapping(agreement: Agreement, known: Known) -> Mapping:
    try:
        mapping = known.mappings.get(agreement.mapping)
    except MappingDefinitionError as error:
        raise _unusable(agreement, str(error)) from None
    wanted = agreement.standard, agreement.type, agreement.document
    if (mapping.format.standard, mapping.format.message, mapping.document) != wanted:
        reason = f"it is for {mapping.document} as {mapping.format.message} in {mapping.format.standard}"
        raise _unusable(agreement, reason)
    return mapping


def _unusable(agreement: Agreement, reason: str) -> UnwritableError:
    return UnwritableError(no_mapping(agreement, reason))


def _sheet(agreement: Agreement, known: Known, group: str, texts: Sequence[str]) -> Sheet:
    """The interchange of an agreement, without documents."""
    agreed = agreement.envelope
    sides = []
    for id in (agreement.with_, agreement.party):
        identity = known.agreements.party(id).identity(agreement.standard)
        if identity is None:
            reason = f"{id} has no [[identity]] for {agreement.standard}"
            raise UnwritableError(Issue("GTW-ENVELOPE", value=agreement.name, params={"reason": reason}))
        sides.append(identity.address)
    x12 = agreement.standard == "x12"
    syntax = agreed.version or agreement.version[:5] if x12 else syntax_of(agreed.syntax)
    marks = marks_of(agreement.standard, agreement)
    if x12:
        if syntax >= "00402" and marks.repetition is None:
            marks = marks._replace(repetition="^")
        names = [text for side in sides for text in (side.identifier, side.qualifier)]
        marks = free_marks(marks, agreement, [*names, agreed.group_sender, agreed.group_receiver, *texts])
    return Sheet(
        standard=agreement.standard,
        sender=sides[0],
        receiver=sides[1],
        syntax=syntax,
        test=agreement.lane == "test" if agreed.test is None else agreed.test,
        agreed=agreed,
        marks=marks,
        charset=agreement.charset,
        functional_id=group,
        version=agreement.version,
        asks=agreed.acknowledgment_requested,
    )
