"""Lists, a page at a time, the latest first: the next page begins behind the last row, however many come meanwhile."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from gateway.core.errors import RequestError
from gateway.web.route import reply

T = TypeVar("T")

LIMIT = Annotated[int, Meta(ge=1, le=200, description="Rows of a page.")]
CURSOR = Annotated[str, Meta(description="`next` of the page before.", max_length=100)]

_FORM = b"before:"


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True, omit_defaults=True):
    """``next``: the cursor of the next page, where there is one. The header ``Link`` has its whole address."""

    items: list[T]
    next: str = ""


def before(cursor: str | None) -> int | None:
    """The row that a page begins behind. Raises RequestError for a cursor that none of our pages gave."""
    if not cursor:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        number = int(text.removeprefix(_FORM)) if text.startswith(_FORM) else 0
    except (ValueError, binascii.Error):
        number = 0
    if not 0 < number < 2**63:
        raise RequestError("bad-request", "This is no cursor.", hint="Give the `next` of a page, and all its filters.")
    return number


def page(
    request: Request, rows: list[Any], limit: int, show: Callable[[Mapping[str, Any]], T], kind: type[Page[T]]
) -> Response:
    """``rows``: one more than the page has, where there are more."""
    items = [show(row._asdict()) for row in rows[:limit]]
    if len(rows) <= limit:
        return reply(kind(items=items))
    text = _FORM + str(rows[limit - 1].id).encode()
    cursor = base64.urlsafe_b64encode(text).decode().rstrip("=")
    again = {name: value for name, value in request.query_params.items() if name != "cursor"} | {"cursor": cursor}
    link = f'<{request.url.path}?{urlencode(again)}>; rel="next"'
    return reply(kind(items=items, next=cursor), headers={"Link": link})
