"""The table of the API's routes: every part brings its rows."""

from __future__ import annotations

from gateway.web.api import administering, consignments, deciding, declarations, orders, reading, receiving
from gateway.web.route import Route

ROUTES: tuple[Route, ...] = (
    *receiving.ROUTES,
    *reading.ROUTES,
    *consignments.ROUTES,
    *declarations.ROUTES,
    *orders.ROUTES,
    *deciding.ROUTES,
    *administering.ROUTES,
)
