"""What is awaited and what waits: expectations with their deadlines, holds with their release."""

from __future__ import annotations

from gateway.expectations.expect import Overdue, expect, overdue, resolve, settle, waive
from gateway.expectations.holds import (
    CONFIGURATION,
    OPERATOR,
    VERDICT,
    awaited_document,
    cancel,
    fulfil,
    hold,
    release,
    release_due,
    release_matching,
    until,
)
from gateway.expectations.repeat import give_up, reprocess, resend

__all__ = [
    "CONFIGURATION",
    "OPERATOR",
    "VERDICT",
    "Overdue",
    "awaited_document",
    "cancel",
    "expect",
    "fulfil",
    "give_up",
    "hold",
    "overdue",
    "release",
    "release_due",
    "release_matching",
    "reprocess",
    "resend",
    "resolve",
    "settle",
    "until",
    "waive",
]
