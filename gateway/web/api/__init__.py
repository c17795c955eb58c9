"""The API: documents in, and everything that the command line shows and decides."""

from __future__ import annotations

from gateway.web.api.routes import ROUTES

__all__ = ["ROUTES"]
