"""All routes of the web, a row each: every part brings its own table."""

from __future__ import annotations

from gateway.web import api, health
from gateway.web.route import Route

ROUTES: tuple[Route, ...] = (*api.ROUTES, *health.ROUTES)
