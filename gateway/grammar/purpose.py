"""Two guides for one transaction set of one version: the document says which of them it follows."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.codecs.model import LIMITS, Limits, RawDocument
from gateway.codecs.split import blanks_of
from gateway.core.issues import Issue
from gateway.grammar.validator import Validator

_NEAR = 4  # segments: BHT follows ST


class ByPurpose(Validator):
    """Checks a document against the guide for the purpose that it states in BHT02 (278: 13 is a request, 11 a
    response); one that states another, against the first of them."""

    def __init__(self, validators: Mapping[str, Validator]) -> None:
        self._validators = validators
        self._first = next(iter(validators.values()))
        super().__init__(self._first.table)

    def validate(self, document: RawDocument, limits: Limits = LIMITS) -> list[Issue]:
        """As :meth:`Validator.validate`."""
        return self._validators.get(_purpose(document), self._first).validate(document, limits)


def _purpose(document: RawDocument) -> str:
    delimiters = document.delimiters
    blanks = blanks_of(delimiters)
    for raw in document.text.split(delimiters.terminator, _NEAR)[:_NEAR]:
        elements = raw.lstrip(blanks).split(delimiters.element)
        if elements[0] == "BHT" and len(elements) > 2:
            return elements[2]
    return ""
