"""What is answered."""

from __future__ import annotations

import msgspec


class ReceiptAbout(msgspec.Struct, frozen=True, kw_only=True):
    """The interchange that is answered; ids may be local."""

    transmission_id: int
    interchange_id: int
    own: str
    partner: str
    lane: str
