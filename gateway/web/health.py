"""``/health/live`` and ``/health/ready`` for what starts and stops the gateway, ``/metrics`` for Prometheus."""

from __future__ import annotations

from typing import Literal

import msgspec
import structlog
from starlette.responses import Response

from gateway.core.errors import StoreError
from gateway.store import migrations
from gateway.web.route import Answer, Call, Route, reply
from gateway.work.exposition import CONTENT_TYPE, exposition

log = structlog.get_logger(__name__)

State = Literal["ok", "failed"]


class Live(msgspec.Struct, frozen=True):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """Whether requests can be served; ``database`` is reachable, ``schema`` is the one that this program needs."""

    status: State
    database: State
    schema: State


def live(call: Call) -> Response:
    return reply(Live())


def ready(call: Call) -> Response:
    """What is wrong is in the log: anybody may ask this."""
    database = schema = False
    try:
        found = migrations.current(call.web.gateway.database)
        database, schema = True, found == migrations.head()
    except StoreError as error:
        log.warning("http.not_ready", error=str(error))
    states: list[State] = ["ok" if good else "failed" for good in (database and schema, database, schema)]
    answer = Ready(status=states[0], database=states[1], schema=states[2])
    return reply(answer, 200 if database and schema else 503)


def metrics(call: Call) -> Response:
    gateway = call.web.gateway
    return Response(exposition(gateway.database, gateway.clock, ends=gateway.ends), media_type=CONTENT_TYPE)


ROUTES = (
    Route(
        *("GET", "/health/live", "live", live, None, "health"),
        summary="Whether the process answers",
        answers={200: Answer("It does.", Live)},
    ),
    Route(
        *("GET", "/health/ready", "ready", ready, None, "health"),
        summary="Whether the gateway can serve requests",
        answers={200: Answer("It can.", Ready), 503: Answer("It cannot at the moment.", Ready)},
    ),
    Route(
        *("GET", "/metrics", "metrics", metrics, "measure", "health"),
        summary="Counters and gauges in the text format of Prometheus",
        answers={200: Answer("The metrics.", media=(CONTENT_TYPE,))},
    ),
)
