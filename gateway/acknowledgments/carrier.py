"""What the interchange that takes a receipt home can carry: a copy of bad data must not break the receipt."""

from __future__ import annotations

from typing import NamedTuple

from gateway.codecs.edifact_advice import DEFAULT
from gateway.codecs.model import Delimiters, Segment
from gateway.codecs.x12_write import X12_DELIMITERS


class Carrier(NamedTuple):
    """The service characters and the character set (Python's name) of the answering interchange."""

    delimiters: Delimiters
    charset: str = "ascii"

    def copy(self, text: str, most: int) -> str:
        """``text`` without what cannot be carried (service and control characters, other alphabets), cut to ``most``.

        X12 has no release character, so a service character cannot be carried at all. In EDIFACT the release
        character carries it: see :meth:`free`. Trailing blanks go too: X12.5 does not allow them.
        """
        services = {c for c in self.delimiters[:5] if c}
        return self._carried(text, services)[:most].rstrip()

    def free(self, text: str) -> str:
        """``text`` without control characters and other alphabets; service characters stay, to be released."""
        return self._carried(text, set())

    def _carried(self, text: str, without: set[str]) -> str:
        if text.isascii() and text.isprintable() and not without.intersection(text):
            return text
        return "".join(c for c in text if c.isprintable() and c not in without and self._encodable(c))

    def _encodable(self, character: str) -> bool:
        try:
            character.encode(self.charset)
        except UnicodeEncodeError:
            return False
        return True


#: What we write where the agreement's envelope does not say otherwise.
X12 = Carrier(X12_DELIMITERS)
EDIFACT = Carrier(DEFAULT)


def trimmed(segment: Segment) -> Segment:
    """The segment without empty elements at its end: both standards leave them out."""
    while len(segment) > 1 and not segment[-1]:
        segment.pop()
    return segment
