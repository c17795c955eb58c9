"""Business: each handler applies canonical documents to its records and may emit canonical documents for any party."""

from __future__ import annotations

from gateway.handlers.model import Emission, Handler, Inbound, Outcome, Watching

__all__ = ["Emission", "Handler", "Inbound", "Outcome", "Watching"]
