"""A canonical document as a file of UBL: written by its mapping, judged as its receiver will. Pure.

What the mapping would lose and what our own tables would refuse does not leave.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from gateway.agreements import Agreement
from gateway.canonical import from_own_json
from gateway.codecs.xml_text import decoded
from gateway.core.errors import MappingDefinitionError, SchemaError
from gateway.core.issues import Issue
from gateway.grammar.xml_validator import xml_validator
from gateway.pipeline.context import Known
from gateway.pipeline.judging import as_agreed, as_received, no_mapping, of_writing
from gateway.pipeline.unchecked import unchecked


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
        return UblFile(hold=no_mapping(agreement, str(error)))
    except Exception as error:
        return UblFile(hold=no_mapping(agreement, error))


def _written(row: Any, agreement: Agreement, known: Known) -> UblFile:
    version = agreement.version.partition(":")[0]
    validator = xml_validator(known.schemas, version, agreement.type, agreement.base)
    mapping = known.mappings.xml(agreement.mapping)
    if (mapping.format.message, mapping.document) != (agreement.type, agreement.document):
        reason = f"it is for {mapping.document} as {mapping.format.message}"
        return UblFile(hold=no_mapping(agreement, reason))
    document = from_own_json(row.canonical, bytes(row.body))
    writing = mapping.write(document)
    found, hold = of_writing(writing.issues, document, agreement)
    if hold is not None:
        return UblFile(hold=hold, remarks=found)
    judged = as_agreed(validator.validate(decoded(writing.body)), agreement)
    hold = as_received(judged, agreement)
    if hold is not None:
        return UblFile(hold=hold, remarks=(*found, *judged))
    remarks, reference = (*found, *judged), document.id or ""
    return UblFile(writing.body, None, remarks, reference, mapping.digest, validator.table.digest)
