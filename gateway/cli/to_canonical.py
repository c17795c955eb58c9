"""From X12 and EDIFACT to canonical documents, for ``crossdock translate``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from gateway.agreements import Agreement
from gateway.canonical import to_json
from gateway.cli.checks import Checker
from gateway.cli.mapping_choice import Choice
from gateway.codecs import InterchangeHeader, InterchangeStart, RawDocument, detect, read
from gateway.core.errors import ConfigurationError, NotFoundError, UnreadableError, UsageError
from gateway.core.issues import Issue


def canonical_of(stream: BinaryIO, name: str, checker: Checker, mapping: str | None) -> Iterator[dict[str, Any]]:
    """A record for each document. Raises UnreadableError for what is neither X12 nor EDIFACT."""
    found = detect(stream.read(8192))
    stream.seek(0)
    if found.format not in ("x12", "edifact"):
        what = " ".join(filter(None, (found.format.replace("unknown", ""), found.detail)))
        raise UnreadableError(f"{name} is no X12 or EDIFACT interchange; it looks like: {what}.")
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
        mapping = choice.reading(raw.standard, raw.version, raw.type, wanted)
    except (ConfigurationError, NotFoundError, UsageError) as error:
        if name is not None:
            raise
        value = wanted or f"for {raw.type} {raw.version}"
        issues.append(Issue("GTW-MAPPING", value=value, params={"reason": str(error)}))
        return about | {"mapping": None, "document": None, "issues": _json(issues), "lineage": []}
    careful = mapping.read_careful(raw.segments(), raw.delimiters, raw) if raw.text else None
    return about | {
        "mapping": mapping.name,
        "document": json.loads(to_json(careful.document)) if careful and careful.document is not None else None,
        "issues": _json([*issues, *(careful.issues if careful else ())]),
        "lineage": [entry._asdict() for entry in careful.lineage] if careful else [],
    }


def _json(issues: list[Issue]) -> list[dict[str, object]]:
    return [issue.as_json() for issue in issues]
