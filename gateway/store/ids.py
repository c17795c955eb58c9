"""How ids are written for people: ``tx_42``, ``ic_42``, ``doc_42``."""

from __future__ import annotations

import re
from typing import NamedTuple

from gateway.core.errors import UsageError

#: Prefix → (what it is called, its table).
KINDS = {
    "tx": ("transmission", "transmissions"),
    "ic": ("interchange", "interchanges"),
    "doc": ("document", "documents"),
}
_PREFIXES = {kind: prefix for prefix, (kind, _) in KINDS.items()}
_FORM = re.compile(r"(tx|ic|doc)_([1-9][0-9]{0,18})")


class Reference(NamedTuple):
    """A transmission, an interchange or a document."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{_PREFIXES[self.kind]}_{self.id}"

    @property
    def table(self) -> str:
        return KINDS[_PREFIXES[self.kind]][1]

    @property
    def column(self) -> str:
        """The column in which other rows name it."""
        return f"{self.kind}_id"


def parse(text: str) -> Reference:
    """``tx_42`` read. Raises :class:`~gateway.core.errors.UsageError` for what is no id."""
    match = _FORM.fullmatch(text.strip())
    if match is None or int(match[2]) >= 2**63:
        raise UsageError(f'"{text}" is no id.', hint="Ids look like tx_42, ic_42 or doc_42.")
    return Reference(KINDS[match[1]][0], int(match[2]))


def show(kind: str, id: int) -> str:
    """The id of a ``transmission``, ``interchange`` or ``document`` as people write it."""
    return str(Reference(kind, id))
