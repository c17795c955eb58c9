"""Parties and agreements: ``partners/*.toml`` read strictly, and looked up by what an envelope says.

:func:`load` makes :class:`Agreements` of texts; :func:`mistakes` lists all that keeps them from loading, :func:`check`
what looks wrong in agreements that do load. :meth:`Agreements.inbound` answers with an :class:`Agreement` or with
:class:`Missing`, which has the issue and the configuration that would admit the document. No I/O.
"""

from __future__ import annotations

from gateway.agreements.as2 import As2
from gateway.agreements.check import Finding, check
from gateway.agreements.customs import Customs
from gateway.agreements.describe import describe
from gateway.agreements.load import load, mistakes
from gateway.agreements.missing import Missing
from gateway.agreements.model import (
    RECEIPTS_OF,
    USUAL_RECEIPTS,
    Agreement,
    Bounds,
    Characters,
    Endpoint,
    Envelope,
    Identity,
    Party,
    Trading,
    duration,
)
from gateway.agreements.reference import reference
from gateway.agreements.resolve import Agreements

__all__ = [
    "RECEIPTS_OF",
    "USUAL_RECEIPTS",
    "Agreement",
    "Agreements",
    "As2",
    "Bounds",
    "Characters",
    "Customs",
    "Endpoint",
    "Envelope",
    "Finding",
    "Identity",
    "Missing",
    "Party",
    "Trading",
    "check",
    "describe",
    "duration",
    "load",
    "mistakes",
    "reference",
]
