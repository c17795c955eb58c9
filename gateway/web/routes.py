"""All routes of the web, a row each: every part brings its own table."""

from __future__ import annotations

from gateway.web import api, health, shops
from gateway.web.api.pages import pages
from gateway.web.route import Route

#: Further doors that are called append their rows here.
_ALL: tuple[Route, ...] = (*api.ROUTES, *health.ROUTES, *shops.ROUTES)

ROUTES: tuple[Route, ...] = (*_ALL, *pages(_ALL))
