"""Documents made of records with columns (CSV, SAP IDoc), put into the one form that validators and mappings read.

The form is a text of segments whose delimiters are control characters, which no column may hold; it is framed by UNH
and UNT, as a message is. It exists in memory only: what was received is kept as it came, and every record knows where
it stood (:class:`Origin`).
"""

from __future__ import annotations

from collections.abc import Iterable

from gateway.codecs.model import Delimiters, Origin, Segment

CSV = "csv"
IDOC = "idoc"

#: The standards whose documents are records with columns.
RECORDS = frozenset({CSV, IDOC})

#: Group, record and unit separator of ASCII.
DELIMITERS = Delimiters(element="\x1f", component="\x1d", terminator="\x1e")

_START, _END = "UNH", "UNT"
#: A delimiter among the data becomes a byte that is no text: it is reported at its place.
_HIDDEN = str.maketrans({mark: chr(0xDC80 + ord(mark)) for mark in "\x1d\x1e\x1f"})


def framed(segments: Iterable[Segment]) -> str:
    """The text of a document with these records."""
    body = [_START, *(DELIMITERS.element.join(_cleaned(segment)) for segment in segments), _END]
    return "".join(line + DELIMITERS.terminator for line in body)


def placed(origins: list[Origin]) -> tuple[Origin, ...]:
    """The places of the records of one document, with those of its frame."""
    return (origins[0], *origins, origins[-1]) if origins else ()


def _cleaned(segment: Segment) -> Segment:
    return [value.translate(_HIDDEN) for value in segment]
