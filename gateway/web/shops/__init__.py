"""The doors of web shops: ``POST /shops/ENDPOINT``."""

from __future__ import annotations

from gateway.web.shops.routes import ROUTES

__all__ = ["ROUTES"]
