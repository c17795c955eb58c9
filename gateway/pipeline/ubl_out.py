"""A canonical document as a file of UBL: written by its mapping, judged as its receiver will. Pure.

What the mapping would lose and what our own tables would refuse does not leave.
"""

from __future__ import annotations

from typing import Any

from gateway.agreements import Agreement
from gateway.canonical import from_own_json
from gateway.codecs.xml_text import decoded
from gateway.core.errors import MappingDefinitionError, SchemaError
from gateway.grammar.xml_validator import xml_validator
from gateway.pipeline.context import Known
from gateway.pipeline.judging import as_agreed, as_received, no_mapping, of_writing
from gateway.pipeline.single import SingleFile
from gateway.pipeline.unchecked import unchecked


def ubl_file(row: Any, agreement: Agreement, known: Known) -> SingleFile:
    """One document of an agreement. Whatever a mapping does, its document alone stops."""
    try:
        return _written(row, agreement, known)
    except SchemaError as error:
        return SingleFile(hold=unchecked(error, agreement, agreement.version, agreement.type, known.schemas))
    except MappingDefinitionError as error:
        return SingleFile(hold=no_mapping(agreement, str(error)))
    except Exception as error:
        return SingleFile(hold=no_mapping(agreement, error))


def _written(row: Any, agreement: Agreement, known: Known) -> SingleFile:
    version = agreement.version.partition(":")[0]
    validator = xml_validator(known.schemas, version, agreement.type, agreement.base)
    mapping = known.mappings.xml(agreement.mapping)
    if (mapping.format.message, mapping.document) != (agreement.type, agreement.document):
        reason = f"it is for {mapping.document} as {mapping.format.message}"
        return SingleFile(hold=no_mapping(agreement, reason))
    document = from_own_json(row.canonical, bytes(row.body))
    writing = mapping.write(document)
    found, hold = of_writing(writing.issues, document, agreement)
    if hold is not None:
        return SingleFile(hold=hold, remarks=found)
    judged = as_agreed(validator.validate(decoded(writing.body)), agreement)
    hold = as_received(judged, agreement)
    if hold is not None:
        return SingleFile(hold=hold, remarks=(*found, *judged))
    reference = getattr(document, "id", None) or ""
    return SingleFile(
        body=writing.body,
        remarks=(*found, *judged),
        reference=reference,
        control_number=f"{agreement.type} {reference}",
        sender=agreement.with_,
        receiver=agreement.party,
        mapping_digest=mapping.digest,
        schema_digest=validator.table.digest,
    )
