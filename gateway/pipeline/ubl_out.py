"""A canonical document as a file of UBL: written by its mapping, judged as its receiver will. Pure.

What the mapping would lose and what our own tables would refuse does not leave.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from gateway.agreements import Agreement
from gateway.canonical import from_own_json
from gateway.codecs.xml_text import decoded
from gateway.core.errors import MappingDefinitionError, SchemaError
from gateway.core.issues import Issue, has_errors
from gateway.grammar.xml_validator import xml_validator
from gateway.pipeline.context import Known
from gateway.pipeline.unchecked import unchecked

_UNWRITTEN = "MAP-UNWRITTEN"


class UblFile(NamedTuple):
    """A file that can leave, or in ``hold`` why it cannot. ``remarks`` were found on the way; ``reference`` is the
    document's number."""

    body: bytes = b""
    hold: Issue | None = None
    remarks: tuple[Issue, ...] = ()
    reference: str = ""
    mapping_digest: str | None = None
    schema_digest: str | None = None


def ubl_file(row: Any, agreement: Agreement, known: Known) -> UblFile:
    """One document of an agreement. Whatever a mapping does, its document alone stops."""
    try:
        return _written(row, agreement, known)
    except SchemaError as error:
        return UblFile(hold=unchecked(error, agreement, agreement.version, agreement.type, known.schemas))
    except MappingDefinitionError as error:
        return UblFile(hold=Issue("GTW-MAPPING", value=agreement.mapping, params={"reason": str(error)}))
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        return UblFile(hold=Issue("GTW-MAPPING", value=agreement.mapping, params={"reason": reason}))


def _written(row: Any, agreement: Agreement, known: Known) -> UblFile:
    version = agreement.version.partition(":")[0]
    validator = xml_validator(known.schemas, version, agreement.type, agreement.base)
    mapping = known.mappings.xml(agreement.mapping)
    if (mapping.format.message, mapping.document) != (agreement.type, agreement.document):
        reason = f"it is for {mapping.document} as {mapping.format.message}"
        return UblFile(hold=Issue("GTW-MAPPING", value=agreement.mapping, params={"reason": reason}))
    document = from_own_json(row.canonical, bytes(row.body))
    writing = mapping.write(document)
    found = tuple(issue.with_severity(agreement.severities) for issue in writing.issues)
    lost = [issue.location.field or "?" for issue in found if issue.code == _UNWRITTEN]
    lost = [field for field in lost if field != "extensions"] + [each.address for each in document.extensions]
    if has_errors(found):
        return UblFile(hold=next(issue for issue in found if has_errors((issue,))), remarks=found)
    if lost and agreement.unmapped in (None, "hold"):
        params = {"fields": ", ".join(lost)}
        return UblFile(hold=Issue("GTW-UNWRITTEN", value=agreement.mapping, params=params), remarks=found)
    if agreement.unmapped == "ignore":
        found = tuple(issue for issue in found if issue.code != _UNWRITTEN)
    judged = validator.validate(decoded(writing.body))
    found += tuple(issue.with_severity(agreement.severities) for issue in judged)
    wrong = next((issue for issue in found if has_errors((issue,))), None)
    if wrong is not None:
        params = {"reason": f"{wrong.text.rstrip('.')} ({wrong.location})"}
        what = f"{agreement.type} {agreement.version}"
        return UblFile(hold=Issue("GTW-INVALID", value=what, params=params), remarks=found)
    reference = document.id or ""
    return UblFile(writing.body, None, found, reference, mapping.digest, validator.table.digest)
