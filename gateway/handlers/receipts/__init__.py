"""Receipts: what partners say of what we sent, brought together with the documents that they speak of."""

from __future__ import annotations

from gateway.handlers.receipts.handler import ReceiptsHandler

__all__ = ["ReceiptsHandler"]
