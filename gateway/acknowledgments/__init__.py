"""TA1, 997, 999, CONTRL, 824, APERAK and ApplicationResponse: built from issues, read back into outcomes.

Building: ``interchange_ta1`` (one segment), ``functional_997``, ``contrl`` and ``contrl_receipt`` (bodies without
ST/SE and UNH/UNT), each from a verdict and a :class:`Carrier` (delimiters and character set of the answering
interchange). ``acknowledgeable`` says whether a receipt may be sent at all. Reading: ``read_ta1``, ``read_997`` (also
999) and ``read_contrl``. Everything is pure.
"""

from __future__ import annotations

from gateway.acknowledgments.answer import (
    ANSWER,
    DEPTH,
    Answer,
    Statement,
    from_stored,
    read_receipt,
    read_reply,
    stored,
)
from gateway.acknowledgments.application import Finding, Subject, aperak, application_824
from gateway.acknowledgments.application_response import (
    APPLICATION_RESPONSE,
    Sides,
    application_response,
    read_application_response,
)
from gateway.acknowledgments.carrier import EDIFACT, X12, Carrier
from gateway.acknowledgments.edifact import contrl, contrl_receipt
from gateway.acknowledgments.model import (
    APPLICATION,
    RECEIPT_GROUP,
    RECEIPTS,
    DocumentVerdict,
    GroupVerdict,
    InterchangeVerdict,
    acknowledgeable,
    reportable,
)
from gateway.acknowledgments.outcome import (
    ApplicationOutcome,
    DocumentOutcome,
    GroupOutcome,
    InterchangeOutcome,
    Remark,
    Status,
    plain,
    spellings,
)
from gateway.acknowledgments.read_application import read_824, read_aperak
from gateway.acknowledgments.read_edifact import read_contrl
from gateway.acknowledgments.read_x12 import read_997, read_ta1
from gateway.acknowledgments.words import meaning, meaning_of
from gateway.acknowledgments.x12 import functional_997, functional_999, interchange_ta1

__all__ = [
    "ANSWER",
    "APPLICATION",
    "APPLICATION_RESPONSE",
    "DEPTH",
    "EDIFACT",
    "RECEIPTS",
    "RECEIPT_GROUP",
    "X12",
    "Answer",
    "ApplicationOutcome",
    "Carrier",
    "DocumentOutcome",
    "DocumentVerdict",
    "Finding",
    "GroupOutcome",
    "GroupVerdict",
    "InterchangeOutcome",
    "InterchangeVerdict",
    "Remark",
    "Sides",
    "Statement",
    "Status",
    "Subject",
    "acknowledgeable",
    "aperak",
    "application_824",
    "application_response",
    "contrl",
    "contrl_receipt",
    "from_stored",
    "functional_997",
    "functional_999",
    "interchange_ta1",
    "meaning",
    "meaning_of",
    "plain",
    "read_824",
    "read_997",
    "read_aperak",
    "read_application_response",
    "read_contrl",
    "read_receipt",
    "read_reply",
    "read_ta1",
    "reportable",
    "spellings",
    "stored",
]
