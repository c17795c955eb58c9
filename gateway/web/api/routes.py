"""The table of the API's routes: every part brings its rows."""

from __future__ import annotations

from gateway.web.api import administering, consignments, deciding, orders, reading, receiving
from gateway.web.route import Route

ROUTES: tuple[Route, ...] = (
    *receiving.ROUTES,
    *reading.ROUTES,
    *consignments.ROUTES,
    *orders.ROUTES,
    *deciding.ROUTES,
    *administering.ROUTES,
)
