"""TA1, 997 and CONTRL: built from issues, read back into outcomes.

Building: ``interchange_ta1`` (one segment), ``functional_997``, ``contrl`` and ``contrl_receipt`` (bodies without
ST/SE and UNH/UNT), each from a verdict and a :class:`Carrier` (delimiters and character set of the answering
interchange). ``acknowledgeable`` says whether a receipt may be sent at all. Reading: ``read_ta1``, ``read_997`` (also
999) and ``read_contrl``. Everything is pure.
"""

from __future__ import annotations

from gateway.acknowledgments.carrier import EDIFACT, X12, Carrier
from gateway.acknowledgments.edifact import contrl, contrl_receipt
from gateway.acknowledgments.model import (
    RECEIPT_GROUP,
    RECEIPTS,
    DocumentVerdict,
    GroupVerdict,
    InterchangeVerdict,
    acknowledgeable,
    reportable,
)
from gateway.acknowledgments.outcome import DocumentOutcome, GroupOutcome, InterchangeOutcome, Remark, Status
from gateway.acknowledgments.read_edifact import read_contrl
from gateway.acknowledgments.read_x12 import read_997, read_ta1
from gateway.acknowledgments.x12 import functional_997, interchange_ta1

__all__ = [
    "EDIFACT",
    "RECEIPTS",
    "RECEIPT_GROUP",
    "X12",
    "Carrier",
    "DocumentOutcome",
    "DocumentVerdict",
    "GroupOutcome",
    "GroupVerdict",
    "InterchangeOutcome",
    "InterchangeVerdict",
    "Remark",
    "Status",
    "acknowledgeable",
    "contrl",
    "contrl_receipt",
    "functional_997",
    "interchange_ta1",
    "read_997",
    "read_contrl",
    "read_ta1",
    "reportable",
]
