"""What the gateway answers by HTTP: the API, doors that are called, health and metrics."""

from __future__ import annotations

from gateway.web.app import create_app
from gateway.web.server import WebServer

__all__ = ["WebServer", "create_app"]
