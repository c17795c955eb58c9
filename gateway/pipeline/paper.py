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
from gateway.core.issues import Issue, has_errors
from gateway.mapping import Mapping
from gateway.pipeline.context import Known
from gateway.pipeline.envelope import Sheet, free_marks, marks_of, reference, syntax_of, write
from gateway.pipeline.unchecked import unchecked

_UNWRITTEN = "MAP-UNWRITTEN"


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
            reason = f"{type(error).__name__}: {error}"
            return Paper(hold=Issue("GTW-MAPPING", value=self._agreement.mapping, params={"reason": reason}))

    def _written(self, row: Any) -> Paper:
        agreement = self._agreement
        document = from_own_json(row.canonical, bytes(row.body))
        writing = self.mapping.write(document, self.sheet.marks)
        found = tuple(issue.with_severity(agreement.severities) for issue in writing.issues)
        fields = (issue.location.field or "?" for issue in found if issue.code == _UNWRITTEN)
        lost = [field for field in fields if field != "extensions"]
        lost += [extension.address for extension in document.extensions]
        if has_errors(found):
            return Paper(hold=next(issue for issue in found if has_errors((issue,))), remarks=found)
        if lost and agreement.unmapped in (None, "hold"):
            params = {"fields": ", ".join(lost)}
            return Paper(hold=Issue("GTW-UNWRITTEN", value=agreement.mapping, params=params), remarks=found)
        if agreement.unmapped == "ignore":
            found = tuple(issue for issue in found if issue.code != _UNWRITTEN)
        return self._judged(self._body(writing.segments), found)

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
        agreement = self._agreement
        issues = tuple(
            issue.with_severity(agreement.severities) for issue in (*raw.issues, *self._validator.validate(raw))
        )
        digest = self._validator.table.digest
        if not has_errors(issues):
            return Paper(body=body, remarks=(*remarks, *issues), schema_digest=digest)
        first = next(issue for issue in issues if has_errors((issue,)))
        what = f"{agreement.type} {agreement.version}"
        params = {"reason": f"{first.text.rstrip('.')} ({first.location})"}
        return Paper(hold=Issue("GTW-INVALID", value=what, params=params), remarks=(*remarks, *issues))


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
    return UnwritableError(Issue("GTW-MAPPING", value=agreement.mapping, params={"reason": reason}))


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
