"""What holds a document that has no table to be checked by."""

from __future__ import annotations

import msgspec

from gateway.agreements import Agreement, Missing
from gateway.core.errors import SchemaError
from gateway.core.issues import Issue
from gateway.grammar import Schemas


def unchecked(error: SchemaError, agreement: Agreement, version: str, type: str, schemas: Schemas) -> Issue:
    """Nobody can say whether it is in order. Names the line of the agreement that lets the nearest version serve, or
    the line of a table or guide that is wrong."""
    if error.key is not None:
        return Issue("GTW-TABLE", value=f"{type} {version}", params={"reason": error.detail.rstrip(".")})
    base = schemas.nearest(agreement.standard, version, type)
    nearest = f', or base = "{base}" into the agreement {agreement.name}' if base and not agreement.base else ""
    params = {"reason": error.detail.rstrip("."), "nearest": nearest}
    return Issue("GTW-SCHEMA", value=f"{type} {version}", params=params)


def with_base(missing: Missing, standard: str, version: str, type: str, association: str, schemas: Schemas) -> Missing:
    """The lines that would admit it, with the version that is to serve where this one has no table: else they would
    only lead to the next hold."""
    if "[[agreement]]" not in missing.configuration:
        return missing
    try:
        schemas.validator(standard, version, type, association)
    except SchemaError as error:
        base = schemas.nearest(standard, version, type) if error.key is None else None
        if base is not None:
            lines = f'{missing.configuration}base = "{base}"\n'
            words = missing.issue.params["configuration"].replace(missing.configuration, lines)
            issue = msgspec.structs.replace(missing.issue, params=missing.issue.params | {"configuration": words})
            return missing._replace(configuration=lines, issue=issue)
    return missing
