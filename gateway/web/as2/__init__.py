"""The door of AS2: partners post messages and MDNs to it."""

from __future__ import annotations

from gateway.web.as2.app import create_as2_app

__all__ = ["create_as2_app"]
