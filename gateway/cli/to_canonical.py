"""From X12, EDIFACT and UBL to canonical documents, for ``crossdock translate``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from gateway.agreements import Agreement, Missing
from gateway.canonical import to_json
from gateway.cli.checks import Checker
from gateway.cli.content import content_issues
from gateway.cli.mapping_choice import Choice
from gateway.codecs import InterchangeHeader, InterchangeStart, RawDocument, detect, read
from gateway.codecs.ubl import UBL, USUAL_VERSION, text_of, ubl_document, ubl_header
from gateway.core.errors import ConfigurationError, NotFoundError, UnreadableError, UsageError
from gateway.core.issues import Issue
from gateway.mapping import CarefulReading


def canonical_of(stream: BinaryIO, name: str, checker: Checker, mapping: str | None) -> Iterator[dict[str, Any]]:
    """A record for each document. Raises UnreadableError for what is none of X12, EDIFACT and UBL."""
    found = detect(stream.read(8192))
    stream.seek(0)
    if found.format == UBL:
        yield {"file": name, **_of_ubl(stream.read(), checker, mapping)}
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


def _of_ubl(body: bytes, checker: Checker, name: str | None) -> dict[str, Any]:
    raw, head = ubl_document(body, checker.knowledge.limits)
    header = ubl_header(head)
    agreed = checker.agreement(raw, header)
    wanted = name or (agreed.mapping if isinstance(agreed, Agreement) else None)
    served = checker.knowledge.schemas.xml.served(raw.version, USUAL_VERSION)
    about = {"standard": raw.standard, "version": raw.version, "type": raw.type, "reference": raw.control_number}
    issues = checker.issues(raw, header)
    try:
        mapping = Choice(checker.knowledge).xml(UBL, (served, raw.type), wanted)
    except (ConfigurationError, NotFoundError, UsageError) as error:
        if name is not None:
            raise
        issues.append(Issue("GTW-MAPPING", value=wanted or f"for {raw.type}", params={"reason": str(error)}))
        return about | {"mapping": None, "document": None, "issues": _json(issues), "lineage": []}
    careful = mapping.read_careful(text_of(raw), checker.knowledge.limits) if raw.text else None
    return about | _read(mapping.name, careful, issues, agreed)


def _read(
    mapping: str, careful: CarefulReading | None, issues: list[Issue], agreed: Agreement | Missing | None
) -> dict[str, Any]:
    severities = agreed.severities if isinstance(agreed, Agreement) else {}
    content = content_issues(careful.document, careful.lineage, severities) if careful else []
    return {
        "mapping": mapping,
        "document": json.loads(to_json(careful.document)) if careful and careful.document is not None else None,
        "issues": _json([*issues, *(careful.issues if careful else ()), *content]),
        "lineage": [entry._asdict() for entry in careful.lineage] if careful else [],
    }


def _translated(
    raw: RawDocument, header: InterchangeHeader, checker: Checker, choice: Choice, name: str | None
) -> dict[str, Any]:
    issues = checker.issues(raw, header)
    about = {"standard": raw.standard, "version": raw.version, "type": raw.type, "reference": raw.control_number}
    agreed = checker.agreement(raw, header)
    wanted = name or (agreed.mapping if isinstance(agreed, Agreement) else None)
    try:
        mapping = choice.reading(raw.standard, raw.version, raw.type, wanted)
    except (ConfigurationError, NotFoundError, UsageError) as error:
        if name is not None:
            raise
        value = wanted or f"for {raw.type} {raw.version}"
        issues.append(Issue("GTW-MAPPING", value=value, params={"reason": str(error)}))
        return about | {"mapping": None, "document": None, "issues": _json(issues), "lineage": []}
    careful = mapping.read_careful(raw.segments(), raw.delimiters, raw) if raw.text else None
    return about | _read(mapping.name, careful, issues, agreed)


def _json(issues: list[Issue]) -> list[dict[str, object]]:
    return [issue.as_json() for issue in issues]
