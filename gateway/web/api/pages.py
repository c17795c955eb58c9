"""``/api`` for people, ``/api/problems`` with what each type of problem means, and the OpenAPI description."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import msgspec
from starlette.responses import Response

from gateway.web.api.openapi import describe
from gateway.web.problems import KINDS
from gateway.web.route import Answer, Call, Route

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "body{color:#222;background:#fff}"
    "code,pre{font:14px/1.5 ui-monospace,monospace;background:#f4f4f4}pre{padding:1rem;overflow-x:auto}"
    "table{border-collapse:collapse}td,th{text-align:left;padding:.25rem 1rem .25rem 0;vertical-align:top}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}code,pre{background:#262626}a{color:#8bf}}"
)

_FIRST = """\
curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/edi-x12" \\
     -H "Idempotency-Key: order-4711" --data-binary @order.x12 \\
     "$URL/api/documents?wait=10\""""


def pages(routes: Iterable[Route]) -> tuple[Route, ...]:
    """The pages about ``routes``, which are made once: nothing of them changes."""
    routes = tuple(routes)
    description = msgspec.json.encode(describe(routes))
    front, kinds = _front(routes).encode(), _problems().encode()

    def openapi(call: Call) -> Response:
        return Response(description, media_type="application/json", headers={"Cache-Control": "max-age=300"})

    def about(call: Call) -> Response:
        return Response(front, media_type="text/html")

    def problems(call: Call) -> Response:
        return Response(kinds, media_type="text/html")

    page = ("text/html; charset=utf-8",)
    return (
        Route(
            *("GET", "/api/openapi.json", "openapi", openapi, None, "about"),
            summary="This description",
            answers={200: Answer("OpenAPI 3.1.", media=("application/json",))},
        ),
        Route(
            *("GET", "/api", "about", about, None, "about"),
            summary="The API for people who open it in a browser",
            answers={200: Answer("A page.", media=page)},
        ),
        Route(
            *("GET", "/api/problems", "problems", problems, None, "about"),
            summary="What each type of problem means",
            answers={200: Answer("A page.", media=page)},
        ),
    )


def _front(routes: Iterable[Route]) -> str:
    rows = "".join(
        f"<tr><td><code>{route.method}&nbsp;{escape(route.path)}</code></td><td>{escape(route.summary)}</td></tr>"
        for route in routes
    )
    return _page(
        "Crossdock: HTTP API",
        "<p>Documents in, and everything that is known of them. Each request carries a bearer token: "
        "<code>crossdock tokens add</code> makes one.</p>"
        f"<pre>{escape(_FIRST)}</pre>"
        '<p><a href="/api/openapi.json">OpenAPI 3.1</a> · <a href="/api/problems">Problems</a> · '
        "<code>docs/how-to/http-api.md</code></p>"
        f"<table><tr><th>Request</th><th></th></tr>{rows}</table>",
    )


def _problems() -> str:
    parts = "".join(
        f'<h2 id="{name}">{kind.status} {escape(kind.title)}</h2><p>{escape(kind.about)}</p>'
        for name, kind in KINDS.items()
    )
    return _page("Crossdock: problems", f"<p>The types of problems that the HTTP API answers with.</p>{parts}")


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
        f"<h1>{escape(title)}</h1>{body}</html>"
    )
