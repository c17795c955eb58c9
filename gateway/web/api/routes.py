"""The table of the API's routes."""

from __future__ import annotations

from gateway.web.route import Route

ROUTES: tuple[Route, ...] = ()
