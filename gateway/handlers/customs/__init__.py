"""Customs: what was declared, what the authority answered, and whether the documents of a parcel agree.

Messages are those of China's cross-border e-commerce system (CEB, unified version, edition 2022-05).
"""

from __future__ import annotations

from gateway.handlers.customs.handler import CustomsHandler
from gateway.handlers.customs.message import CUSTOMS, Kept, decoded_message, messages_of
from gateway.handlers.customs.receipts import FOLLOWS, Receipt, receipts_of
from gateway.handlers.customs.states import FINAL, Standing, Submission, fold

__all__ = [
    "CUSTOMS",
    "FINAL",
    "FOLLOWS",
    "CustomsHandler",
    "Kept",
    "Receipt",
    "Standing",
    "Submission",
    "decoded_message",
    "fold",
    "messages_of",
    "receipts_of",
]
