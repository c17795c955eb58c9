"""Finding and fetching: transmissions, documents, their bytes, their story, what is awaited."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.responses import Response, StreamingResponse

from gateway.connectors.http.content import disposition, has_lines
from gateway.core.errors import NotFoundError, RequestError
from gateway.core.lifecycle import BEGINNINGS, TABLES, states
from gateway.core.moment import FORMS, moment
from gateway.core.spooled import pieces_of, size_of
from gateway.store import bodies
from gateway.store.answers import answers_to
from gateway.store.ids import Reference, parse
from gateway.store.queries import rows
from gateway.store.search import Awaited, Filter, find_documents, find_expectations, find_transmissions
from gateway.store.timeline import timeline
from gateway.web.api import views
from gateway.web.api.paging import CURSOR, LIMIT, Page, before, page
from gateway.web.api.scope import visible
from gateway.web.api.stories import Story, story
from gateway.web.route import Answer, Call, Route, reply

#: Of what we keep by its format. X12 and EDIFACT: RFC 1767.
_TYPES = {
    "x12": "application/EDI-X12",
    "edifact": "application/EDIFACT",
    "ubl": "application/xml",
    "ceb": "application/xml",
    "xml": "application/xml",
    "json": "application/json",
}
_UNKNOWN = "application/octet-stream"


_WHEN = Meta(description=f"{FORMS}.", max_length=40)


def _states(lifecycle: str) -> list[str]:
    return sorted({*BEGINNINGS[lifecycle], *states(TABLES[lifecycle])})


class _Query(msgspec.Struct, frozen=True, kw_only=True):
    party: Annotated[str, Meta(description="Of this party, either end.")] = ""
    type: Annotated[str, Meta(description="Of this document type: 850, ORDERS.")] = ""
    direction: Annotated[Literal["in", "out"] | UnsetType, Meta(description="What came in, or what went out.")] = UNSET
    key: Annotated[str, Meta(description="With this business key: order:4711.")] = ""
    control_number: Annotated[str, Meta(description="Of the document or its interchange.")] = ""
    since: Annotated[str, _WHEN] = ""
    until: Annotated[str, _WHEN] = ""
    transmission: Annotated[
        str, Meta(description="That came of this transmission.", pattern=r"^(tx_[1-9]\d{0,18})?$")
    ] = ""
    limit: LIMIT = 50
    cursor: CURSOR = ""


class Transmissions(_Query, frozen=True, kw_only=True):
    """Filters of transmissions."""

    status: Annotated[str, Meta(description="In this state.", extra_json_schema={"enum": _states("transmission")})] = ""


class Documents(_Query, frozen=True, kw_only=True):
    """Filters of documents."""

    status: Annotated[str, Meta(description="In this state.", extra_json_schema={"enum": _states("document")})] = ""


class Expectations(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of expectations."""

    state: Literal["open", "overdue", "resolved", "resolved late", "waived"] | UnsetType = UNSET
    party: Annotated[str, Meta(description="The party that shall answer.")] = ""
    kind: Annotated[str, Meta(description="997, CONTRL, interchange …")] = ""
    limit: LIMIT = 50


class TransmissionPage(Page[views.Transmission], frozen=True, kw_only=True, omit_defaults=True):
    """Transmissions, the latest first."""


class DocumentPage(Page[views.Document], frozen=True, kw_only=True, omit_defaults=True):
    """Documents, the latest first."""


class ExpectationList(msgspec.Struct, frozen=True, kw_only=True):
    """What is awaited, what is due first at the top."""

    items: list[views.Expectation]


class TransmissionStory(views.Transmission, frozen=True, kw_only=True, omit_defaults=True):
    """A transmission, with everything about it."""

    timeline: Story


class DocumentStory(views.Document, frozen=True, kw_only=True, omit_defaults=True):
    """A document, with everything about it."""

    timeline: Story


def transmissions(call: Call) -> Response:
    wanted, limit = _filter(call, "transmission"), call.query.limit
    with call.web.gateway.database.read() as connection:
        found = find_transmissions(connection, wanted)
    return page(call.request, found, limit, partial(views.transmission, ours=call.trusted), TransmissionPage)


def documents(call: Call) -> Response:
    wanted, limit = _filter(call, "document"), call.query.limit
    with call.web.gateway.database.read() as connection:
        found = find_documents(connection, wanted)
    return page(call.request, found, limit, partial(views.document, ours=call.trusted), DocumentPage)


def expectations(call: Call) -> Response:
    wanted, seen = call.query, visible(call)
    if seen is not None and wanted.party not in {"", seen.party}:
        return reply(ExpectationList(items=[]))
    states_ = (wanted.state,) if wanted.state else ("open", "overdue")
    party = seen.party if seen is not None else wanted.party or None
    asked = Awaited(states=states_, party=party, kind=wanted.kind or None, limit=wanted.limit)
    with call.web.gateway.database.read() as connection:
        found = find_expectations(connection, asked)
    return reply(ExpectationList(items=[views.expectation(row._asdict(), ours=call.trusted) for row in found]))


def transmission(call: Call) -> Response:
    reference, row = seen_row(call, "transmission")
    shown = views.transmission(row, ours=call.trusted)
    return _with_story(call, reference, shown, TransmissionStory)


def document(call: Call) -> Response:
    reference, row = seen_row(call, "document")
    return _with_story(call, reference, views.document(row, ours=call.trusted), DocumentStory)


def transmission_body(call: Call) -> Response:
    reference, row = seen_row(call, "transmission")
    return _bytes(call, reference, row["format"], row["file_name"])


def document_body(call: Call) -> Response:
    reference, row = seen_row(call, "document")
    return _bytes(call, reference, row["standard"], "")


def canonical(call: Call) -> Response:
    """A partner gets that of what it sent: what we send it may hold more than leaves."""
    reference, row = seen_row(call, "document")
    if not call.trusted and row["direction"] == "out":
        raise _missing(reference)
    with call.web.gateway.database.read() as connection:
        found = bodies.canonical(connection, reference)
    return _attached(found, "application/json", f"{reference}.json", len(found))


def acknowledgments(call: Call) -> Response:
    """The transmissions that answered this one."""
    reference, _ = seen_row(call, "transmission")
    seen = visible(call)
    with call.web.gateway.database.read() as connection:
        found = [row._asdict() for row in answers_to(connection, reference.id)]
    items = [views.transmission(row, ours=call.trusted) for row in found if seen is None or seen.transmission(row)]
    return reply(TransmissionPage(items=items))


def seen_row(call: Call, kind: str) -> tuple[Reference, dict[str, Any]]:
    """What the path names. Raises NotFoundError for what is not there or is not for this caller's eyes."""
    reference = call.reference(kind)
    if reference is None:
        raise NotFoundError(f"There is no {kind} of this id.")
    with call.web.gateway.database.read() as connection:
        row = rows(connection, reference.table, [reference.id]).get(reference.id)
    if row is None:
        raise _missing(reference)
    found: dict[str, Any] = row._asdict()
    seen = visible(call)
    if seen is not None and not (seen.transmission(found) if kind == "transmission" else seen.between(found)):
        raise _missing(reference)
    return reference, found


def _missing(reference: Reference) -> NotFoundError:
    return NotFoundError(f"There is no {reference.kind} {reference}.")


def _with_story(call: Call, reference: Reference, shown: Any, kind: Any) -> Response:
    told = story(timeline(call.web.gateway.database, reference), visible(call))
    return reply(kind(**msgspec.structs.asdict(shown), timeline=told))


def _bytes(call: Call, reference: Reference, format: str | None, name: str) -> Response:
    with call.web.gateway.database.read() as connection:
        body = bodies.kept(connection, reference)
    media = _TYPES.get(format or "", _UNKNOWN)
    if media == "application/json" and has_lines(body):
        media = "application/x-ndjson" if reference.kind == "transmission" else media
    return _attached(body if isinstance(body, bytes) else pieces_of(body), media, name or str(reference), size_of(body))


def _attached(body: bytes | Iterator[bytes], media: str, name: str, size: int) -> Response:
    """For saving, never for showing: what partners sent may be a page with scripts."""
    headers = {"Content-Disposition": disposition(name), "Content-Type": media}
    if isinstance(body, bytes):
        return Response(body, headers=headers)
    return StreamingResponse(body, headers=headers | {"Content-Length": str(size)})


def _filter(call: Call, lifecycle: str) -> Filter:
    query = call.query
    known = _states(lifecycle)
    if query.status and query.status not in known:
        hint = f"There are: {', '.join(known)}."
        raise RequestError("bad-request", f'"{query.status[:40]}" is no state.', hint=hint)
    return Filter(
        party=query.party or None,
        type=query.type or None,
        status=query.status or None,
        direction=query.direction or None,
        key=query.key or None,
        control=query.control_number or None,
        since=_moment(call, query.since),
        until=_moment(call, query.until),
        transmission=_id(query.transmission),
        before=before(query.cursor),
        visible=visible(call),
        limit=query.limit + 1,
    )


def _moment(call: Call, text: str) -> int | None:
    try:
        return None if not text else moment(text, call.web.gateway.clock.now())
    except (ValueError, OverflowError):
        raise RequestError("bad-request", f'"{text}" is no time.', hint=f"Write {FORMS}.") from None


def _id(text: str) -> int | None:
    return parse(text).id if text else None


_OWN = "A partner's token sees what passed through its own endpoints, and the documents of its party."

ROUTES = (
    Route(
        *("GET", "/api/transmissions", "list_transmissions", transmissions, "read", "transmissions"),
        summary="Find transmissions, the latest first",
        about=_OWN,
        query=Transmissions,
        answers={200: Answer("A page of them.", TransmissionPage)},
        problems=("invalid",),
    ),
    Route(
        *("GET", "/api/transmissions/{id}", "get_transmission", transmission, "read", "transmissions"),
        summary="A transmission with everything about it: documents, answers, issues, history",
        answers={200: Answer("It, with its timeline.", TransmissionStory)},
        problems=("not-found",),
    ),
    Route(
        *("GET", "/api/transmissions/{id}/body", "get_transmission_body", transmission_body, "read", "transmissions"),
        summary="Its bytes, as they came or went",
        answers={200: Answer("The bytes.", media=(*_TYPES.values(), "application/x-ndjson", _UNKNOWN))},
        problems=("not-found",),
    ),
    Route(
        *("GET", "/api/transmissions/{id}/acknowledgments", "list_acknowledgments", acknowledgments),
        access="read",
        tag="transmissions",
        summary="The transmissions that answer it: TA1, 997, CONTRL …",
        answers={200: Answer("All of them.", TransmissionPage)},
        problems=("not-found",),
    ),
    Route(
        *("GET", "/api/documents", "list_documents", documents, "read", "documents"),
        summary="Find documents, the latest first",
        about=_OWN,
        query=Documents,
        answers={200: Answer("A page of them.", DocumentPage)},
        problems=("invalid",),
    ),
    Route(
        *("GET", "/api/documents/{id}", "get_document", document, "read", "documents"),
        summary="A document with everything about it: where it came from, what it led to, issues, history",
        answers={200: Answer("It, with its timeline.", DocumentStory)},
        problems=("not-found",),
    ),
    Route(
        *("GET", "/api/documents/{id}/body", "get_document_body", document_body, "read", "documents"),
        summary="Its bytes, cut from the file that it came or went in",
        answers={200: Answer("The bytes.", media=(*_TYPES.values(), _UNKNOWN))},
        problems=("not-found",),
    ),
    Route(
        *("GET", "/api/documents/{id}/canonical", "get_canonical", canonical, "read", "documents"),
        summary="The canonical document as JSON",
        about="docs/reference/canonical.md has its fields.",
        answers={200: Answer("The canonical document.", media=("application/json",))},
        problems=("not-found",),
    ),
    Route(
        *("GET", "/api/expectations", "list_expectations", expectations, "read", "expectations"),
        summary="Answers that must come, what is due first at the top",
        query=Expectations,
        answers={200: Answer("What is awaited.", ExpectationList)},
    ),
)
