"""From X12, EDIFACT and UBL to canonical documents, for ``crossdock translate``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from gateway.agreements import Agreement
from gateway.canonical import to_json
from gateway.cli.checks import Checker
from gateway.cli.content import content_issues
from gateway.cli.mapping_choice import Choice
from gateway.cli.record_file import PERHAPS, record_file
from gateway.codecs import InterchangeHeader, InterchangeStart, RawDocument, detect, read
from gateway.codecs.ubl import UBL, ubl_document, ubl_header
from gateway.core.errors import ConfigurationError, NotFoundError, UnreadableError, UsageError
from gateway.core.issues import Issue
from gateway.mapping import reader


def canonical_of(stream: BinaryIO, name: str, checker: Checker, mapping: str | None) -> Iterator[dict[str, Any]]:
    """A record for each document. Raises UnreadableError for what is none of X12, EDIFACT and UBL."""
    found = detect(stream.read(8192))
    stream.seek(0)
    if found.format == UBL:
        raw, head = ubl_document(stream.read(), checker.knowledge.limits)
        yield {"file": name, **_translated(raw, ubl_header(head), checker, Choice(checker.knowledge), mapping)}
        return
    if found.format in PERHAPS:
        file = record_file(stream.read(), checker.knowledge, checker.partner)
        stream.seek(0)
        if file is not None:
            for raw in file.documents:
                yield {"file": name, **_translated(raw, file.header, checker, Choice(checker.knowledge), mapping)}
            return
    if found.format not in ("x12", "edifact"):
        what = " ".join(filter(None, (found.format.replace("unknown", ""), found.detail)))
        raise UnreadableError(f"{name} is no X12 or EDIFACT interchange and no UBL document; it looks like: {what}.")
    header: InterchangeHeader | None = None
    choice = Choice(checker.knowledge)
    for event in read(stream, charset=checker.charset, limits=checker.knowledge.limits):
        if isinstance(event, InterchangeStart):
            header = event.header
        elif isinstance(event, RawDocument) and header is not None:
            yield {"file": name, **_translated(event, header, checker, choice, mapping)}


def _translated(
    raw: RawDocument, header: InterchangeHeader, checker: Checker, choice: Choice, name: str | None
) -> dict[str, Any]:
    issues = checker.issues(raw, header)
    about = {"standard": raw.standard, "version": raw.version, "type": raw.type, "reference": raw.control_number}
    agreed = checker.agreement(raw, header)
    wanted = name or (agreed.mapping if isinstance(agreed, Agreement) else None)
    try:
        by = choice.of(raw, wanted)
    except (ConfigurationError, NotFoundError, UsageError) as error:
        if name is not None:
            raise
        value = wanted or f"for {raw.type} {raw.version}"
        issues.append(Issue("GTW-MAPPING", value=value, params={"reason": str(error)}))
        return about | {"mapping": None, "document": None, "issues": _json(issues), "lineage": []}
    about |= {"mapping": by.name}
    if not raw.text:
        return about | {"document": None, "issues": _json(issues), "lineage": []}
    found = reader(by, raw, checker.knowledge.limits).careful()
    severities = agreed.severities if isinstance(agreed, Agreement) else {}
    content = content_issues(found.document, found.lineage, severities)
    return about | {
        "document": json.loads(to_json(found.document)) if found.document is not None else None,
        "issues": _json([*issues, *found.issues, *content]),
        "lineage": [entry._asdict() for entry in found.lineage],
    }


def _json(issues: list[Issue]) -> list[dict[str, object]]:
    return [issue.as_json() for issue in issues]
