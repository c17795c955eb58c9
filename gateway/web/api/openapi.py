"""The OpenAPI 3.1 description, written from the table of routes and from the structs that the handlers use."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from typing import Any

import msgspec

from gateway.web.problems import KINDS, MEDIA_TYPE, Problem
from gateway.web.route import ACCESS, Answer, Route

Json = dict[str, Any]

_ID = {"tx": r"^tx_[1-9][0-9]{0,18}$", "doc": r"^doc_[1-9][0-9]{0,18}$"}

_ABOUT = """\
Documents in, and everything that is known of them. Errors are problems (RFC 9457); each type is explained at
`/api/problems`. Lists come a page at a time: follow `next`."""

#: Problems of all routes, and of those that ask for a token.
_ALWAYS = ("bad-request", "too-many", "internal", "unavailable")
_WITH_TOKEN = ("unauthorized", "forbidden", "throttled")


def describe(routes: Iterable[Route]) -> Json:
    """The description of those routes."""
    routes = list(routes)
    kinds = [kind for route in routes for kind in _kinds(route)]
    _, components = msgspec.json.schema_components([Problem, *kinds], ref_template="#/components/schemas/{name}")
    paths: Json = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Crossdock", "version": version("crossdock"), "description": _ABOUT},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "cd_…"}},
        },
    }


def _kinds(route: Route) -> list[Any]:
    found = [answer.kind for answer in route.answers.values() if answer.kind is not None]
    return found + ([route.body.kind] if route.body is not None and route.body.kind is not None else [])


def _operation(route: Route) -> Json:
    answers = {str(status): _answer(answer) for status, answer in route.answers.items()}
    operation: Json = {
        "operationId": route.name,
        "tags": [route.tag],
        "summary": route.summary,
        "description": _description(route),
        "parameters": [*_path(route), *_query(route), *_headers(route)],
        "responses": answers | _problems(route),
        "security": [{"token": []}] if route.access is not None else [],
    }
    if route.body is not None:
        operation["requestBody"] = {
            "required": True,
            "description": route.body.text,
            "content": {media: _media(media, route.body.kind, example) for media, example in route.body.media.items()},
        }
    return operation


def _description(route: Route) -> str:
    roles = f"Roles: {', '.join(sorted(ACCESS[route.access]))}." if route.access is not None else "No token is needed."
    return f"{route.about} {roles}".strip()


def _path(route: Route) -> list[Json]:
    kind = "tx" if "/transmissions/" in route.path else "doc"
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", **({"pattern": _ID[kind]} if name == "id" else {"pattern": "^[^/]+$"})},
            **({"example": f"{kind}_42"} if name == "id" else {}),
        }
        for name in re.findall(r"\{(\w+)\}", route.path)
    ]


def _query(route: Route) -> list[Json]:
    if route.query is None:
        return []
    schema = msgspec.json.schema_components([route.query])[1][route.query.__name__]
    return [_parameter(name, dict(of)) for name, of in schema["properties"].items()]


def _parameter(name: str, schema: Json) -> Json:
    """A value that may be left out is no null in an address."""
    text = schema.pop("description", "")
    schema.pop("default", None) if schema.get("default") in (None, "") else None
    if "anyOf" in schema:
        (schema,) = [one for one in schema["anyOf"] if one.get("type") != "null"]
        text = text or schema.pop("description", "")
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema}


def _headers(route: Route) -> list[Json]:
    schema = {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,255}$"}
    return [
        {"name": name, "in": "header", "required": False, "description": text, "schema": schema}
        for name, text in route.headers.items()
    ]


def _answer(answer: Answer) -> Json:
    content: Json = {media: {} for media in answer.media}
    if answer.kind is not None:
        content["application/json"] = _media("application/json", answer.kind, answer.example)
    return {"description": answer.text, **({"content": content} if content else {})}


def _media(media: str, kind: Any, example: Any) -> Json:
    schema: Json = {}
    if kind is not None:
        schema = {"schema": {"$ref": f"#/components/schemas/{_name(kind)}"}}
    elif media != "application/json":
        schema = {"schema": {"type": "string"}}
    return schema | ({"example": example} if example is not None else {})


@cache
def _name(kind: Any) -> str:
    (reference,), _ = msgspec.json.schema_components([kind], ref_template="{name}")
    return str(reference["$ref"])


def _problems(route: Route) -> Json:
    """By their status: several kinds may share one."""
    kinds = dict.fromkeys((*_ALWAYS, *(_WITH_TOKEN if route.access is not None else ()), *route.problems))
    by_status: dict[int, list[str]] = {}
    for kind in kinds:
        by_status.setdefault(KINDS[kind].status, []).append(KINDS[kind].title)
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        str(status): {"description": "; ".join(titles) + ".", "content": {MEDIA_TYPE: schema}}
        for status, titles in sorted(by_status.items())
        if status not in route.answers
    }
