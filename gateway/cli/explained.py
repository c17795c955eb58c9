"""Documents of a file, explained: the records that ``crossdock explain`` shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from gateway.agreements import Agreement
from gateway.canonical.values import Part
from gateway.cli.checks import Checker
from gateway.cli.mapping_choice import Choice
from gateway.cli.record_file import PERHAPS, record_file
from gateway.cli.to_format import canonical_documents
from gateway.codecs import InterchangeHeader, InterchangeStart, RawDocument, Reply, detect, read
from gateway.codecs.ubl import UBL, ubl_document, ubl_header
from gateway.core.errors import ConfigurationError, NotFoundError, UsageError
from gateway.core.issues import Issue
from gateway.explain import Annotator, overview
from gateway.grammar import MessageTable
from gateway.mapping.reader import reader

_HEAD = 8192

#: Fields of canonical documents whose codes are those of a standard: its name, a directory and the element.
_CODED = {"order_type_code": ("edifact", "D.96A", "1001")}


class Explainer:
    """``mapping``: read documents by this one; None: by the agreement's, else by the one that fits."""

    def __init__(self, checker: Checker, mapping: str | None = None, *, brief: bool = False) -> None:
        self._checker = checker
        self._mapping = mapping
        self._brief = brief
        self._choice = Choice(checker.knowledge)

    def records(self, stream: BinaryIO, name: str) -> Iterator[dict[str, Any]]:
        """A record for each document, and a last one for the file with the issues of its envelopes."""
        format = detect(stream.read(_HEAD)).format
        stream.seek(0)
        if format == "json":
            yield from self._canonical(stream, name)
            return
        if format == UBL:
            raw, head = ubl_document(stream.read(), self._checker.knowledge.limits)
            yield {"file": name, **self._document(raw, ubl_header(head))}
            yield _summary(name, 1, [])
            return
        file = None
        if format in PERHAPS:
            file = record_file(stream.read(), self._checker.knowledge, self._checker.partner)
            stream.seek(0)
        if file is None:
            yield from self._interchanges(stream, name)
            return
        for raw in file.documents:
            yield {"file": name, **self._document(raw, file.header)}
        yield _summary(name, len(file.documents), [])

    def _interchanges(self, stream: BinaryIO, name: str) -> Iterator[dict[str, Any]]:
        header: InterchangeHeader | None = None
        documents, issues = 0, list[Issue]()
        for event in read(stream, charset=self._checker.charset, limits=self._checker.knowledge.limits):
            if isinstance(event, InterchangeStart):
                header = event.header
            if isinstance(event, Reply) and header is not None:
                yield {"file": name, **self._reply(event, header)}
            elif isinstance(event, RawDocument) and header is not None:
                documents += 1
                yield {"file": name, **self._document(event, header)}
            else:
                issues += getattr(event, "issues", ())
        yield _summary(name, documents, issues)

    def _canonical(self, stream: BinaryIO, name: str) -> Iterator[dict[str, Any]]:
        for document in canonical_documents(stream.read(), name):
            shown = self._overview(document)
            about = {"standard": "json", "version": "", "type": type(document).__name__, "name": shown["title"]}
            yield {"file": name, **about, **_NO_ENVELOPE, "valid": True, "overview": shown, "segments": []}

    def _document(self, raw: RawDocument, header: InterchangeHeader) -> dict[str, Any]:
        issues = self._checker.issues(raw, header)
        table = self._checker.table(raw, header) if raw.standard != UBL else None
        read, remarks = self._read(raw, header)
        found = [*issues, *_further(remarks, issues)]
        segments = [] if self._brief or raw.standard == UBL else self._segments(raw, table, found)
        placed = {segment["number"] for segment in segments}
        return {
            "standard": raw.standard,
            "version": raw.version,
            "type": raw.type,
            "name": table.name if table is not None else raw.type,
            "reference": raw.control_number,
            "sender": str(header.sender),
            "receiver": str(header.receiver),
            "test": header.test,
            "valid": not any(issue.severity == "error" for issue in found),
            "issues": [_issue(issue) for issue in found if issue.location.segment not in placed],
            "overview": self._overview(read) if read is not None else None,
            "segments": segments,
        }

    def _overview(self, document: Part) -> Any:
        def words(field: str, code: str) -> str:
            reference = _CODED.get(field)
            return self._checker.knowledge.schemas.words(*reference).get(code, "") if reference else ""

        return msgspec.to_builtins(overview(document, words))

    def _segments(self, raw: RawDocument, table: MessageTable | None, issues: list[Issue]) -> list[dict[str, Any]]:
        schemas = self._checker.knowledge.schemas
        version = table.version if table is not None else raw.version
        annotator = Annotator(table, lambda reference: schemas.words(raw.standard, version, reference))
        here: dict[int, list[dict[str, object]]] = {}
        for issue in issues:
            here.setdefault(issue.location.segment or 0, []).append(_issue(issue))
        return [msgspec.to_builtins(each) | {"issues": here.get(each.number, [])} for each in annotator.segments(raw)]

    def _reply(self, reply: Reply, header: InterchangeHeader) -> dict[str, Any]:
        """A receipt that is one segment: TA1."""
        schemas, tag = self._checker.knowledge.schemas, reply.segment[0]
        version = _WITH_REPLIES[1]
        annotator = Annotator(
            schemas.message(*_WITH_REPLIES),
            lambda reference: schemas.words("x12", version, reference),
        )
        shown = annotator.alone(reply.segment, header.delimiters)
        return {
            "standard": header.standard,
            "version": header.version,
            "type": tag,
            "name": shown.name,
            **_NO_ENVELOPE,
            "sender": str(header.sender),
            "receiver": str(header.receiver),
            "test": header.test,
            "valid": True,
            "overview": None,
            "segments": [msgspec.to_builtins(shown) | {"issues": []}],
        }

    def _read(self, raw: RawDocument, header: InterchangeHeader) -> tuple[Any, list[Issue]]:
        """What the document means, where there is a mapping for it, and what the mapping remarks."""
        agreed = self._checker.agreement(raw, header)
        name = self._mapping or (agreed.mapping if isinstance(agreed, Agreement) else None)
        try:
            mapping = self._choice.of(raw, name)
        except (ConfigurationError, NotFoundError, UsageError):
            if self._mapping:
                raise
            return None, []
        if not raw.text:
            return None, []
        careful = reader(mapping, raw, self._checker.knowledge.limits).careful()
        return careful.document, list(careful.issues)


#: A message whose segments include those of every envelope.
_WITH_REPLIES = "x12", "004010", "997"


def _further(remarks: list[Issue], issues: list[Issue]) -> Iterator[Issue]:
    """What the mapping remarks of what the tables say nothing of: a date that is none is not missing as well."""
    judged = {issue.location.segment for issue in issues}
    told = {remark.location.field for remark in remarks if remark.location.segment in judged}
    for remark in remarks:
        unread = remark.code == "MAP-REQUIRED" and remark.location.field in told
        if remark.location.segment not in judged and not unread:
            yield remark


_NO_ENVELOPE: dict[str, Any] = {"reference": "", "sender": "", "receiver": "", "test": False, "issues": []}


def _issue(issue: Issue) -> dict[str, object]:
    return {"hint": ""} | issue.as_json() | {"place": str(issue.location)}


def _summary(name: str, documents: int, issues: list[Issue]) -> dict[str, Any]:
    valid = not any(issue.severity == "error" for issue in issues)
    return {"file": name, "documents": documents, "valid": valid, "issues": [_issue(issue) for issue in issues]}
