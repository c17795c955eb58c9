"""schemas/ compiled into validators; code lists; relational conditions. Texts are handed in, nothing is opened here."""

from gateway.grammar.model import (
    UNBOUNDED,
    Component,
    Composite,
    Condition,
    ElementType,
    ElementUse,
    MessageTable,
    Node,
    SegmentTable,
)
from gateway.grammar.schemas import Available, MapFiles, Schemas
from gateway.grammar.validator import Validator

__all__ = [
    "UNBOUNDED",
    "Available",
    "Component",
    "Composite",
    "Condition",
    "ElementType",
    "ElementUse",
    "MapFiles",
    "MessageTable",
    "Node",
    "Schemas",
    "SegmentTable",
    "Validator",
]
