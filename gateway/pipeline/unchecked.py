"""What holds a document that has no table to be checked by."""

from __future__ import annotations

from gateway.agreements import Agreement
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
