"""``POST /api/documents``: a document is handed in, committed, and only then answered."""

from __future__ import annotations

import re
import secrets
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from starlette.datastructures import Headers
from starlette.responses import Response

from gateway.connectors.http.inbound import CONTENT_TYPES
from gateway.core import spooled
from gateway.core.errors import RequestError
from gateway.core.ports import Arrival, Receipt
from gateway.core.spooled import size_of
from gateway.store.ids import Reference
from gateway.store.timeline import timeline
from gateway.web.api import examples, views
from gateway.web.api.scope import Door, door, visible
from gateway.web.api.stories import story
from gateway.web.bodies import Body
from gateway.web.route import Answer, Call, Route, reply
from gateway.web.route import Body as Taken

#: Seconds that a caller may wait for a verdict.
_LONGEST_WAIT = 60

#: Visible ASCII; RFC 8941 writes it in quotes.
_KEY = re.compile(r'"?([!#-\[\]-~ ]{1,255})"?')

#: Of a request, what is kept with the transmission as evidence.
_KEPT = ("content-type", "user-agent", "x-request-id")
_LONGEST_HEADER = 300

#: Content types of forms: what curl -d and browsers send without being told.
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

Outcome = Literal["pending", "accepted", "refused", "held", "failed", "mixed", "duplicate", "cancelled"]


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """How a document is handed in."""

    party: Annotated[str, Meta(description="Whose document it is, where the token does not say it.")] = ""
    endpoint: Annotated[str, Meta(description="The door, where the party has several.")] = ""
    name: Annotated[str, Meta(description="The file name that it is listed under.", max_length=200)] = ""
    wait: Annotated[
        int,
        Meta(ge=0, le=_LONGEST_WAIT, description="Seconds to wait for the verdict, at most."),
    ] = 0


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it so far: documents that were read from it, what is wrong with them, what answers it."""

    outcome: Outcome
    documents: list[views.Document]
    issues: list[views.Issue]
    acknowledgments: list[views.Transmission]


class Received(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """It is received: durable, and ours to work on."""

    transmission: views.Id
    status: Literal["received"]
    verdict: Verdict | None = None
    links: dict[str, str] = {}


async def submit(call: Call) -> Response:
    """Answers after the commit; with ``wait`` when there is a verdict, or the time is over."""
    headers, web = call.request.headers, call.web
    through = await web.in_thread(door, call, call.query.party or None, call.query.endpoint or None)
    _check_type(headers, through)
    key = _key(headers)
    spool, most = web.gateway.database.payloads, through.options.max_bytes
    async with Body(call.request, web.budget, most, web.settings.seconds, spool) as body:
        if not size_of(body):
            raise RequestError("bad-request", "The body is empty.", hint="curl --data-binary @order.edi …")
        receipt = await web.accepting.accept(_arrival(call, through, key, body))
    if not receipt.same_body:
        text = (
            f"{Reference('transmission', receipt.transmission)} was handed in with this key, and its body is another."
        )
        raise RequestError("key-reused", text)
    if not call.query.wait:
        return _answer(receipt, None)
    await web.verdicts.wait(receipt.transmission, call.query.wait)
    return await web.in_thread(_answer_with_verdict, call, receipt)


def _answer_with_verdict(call: Call, receipt: Receipt) -> Response:
    return _answer(receipt, _verdict(call, Reference("transmission", receipt.transmission)))


def _answer(receipt: Receipt, verdict: Verdict | None) -> Response:
    reference = Reference("transmission", receipt.transmission)
    here = f"/api/transmissions/{reference}"
    links = {"self": here, "body": f"{here}/body", "documents": f"/api/documents?transmission={reference}"}
    links["acknowledgments"] = f"{here}/acknowledgments"
    answer = Received(transmission=str(reference), status="received", verdict=verdict, links=links)
    headers = {"Location": here} | ({"Idempotency-Replayed": "true"} if receipt.repeated else {})
    there = verdict is not None and verdict.outcome != "pending"
    return reply(answer, 200 if receipt.repeated or there else 202, headers)


def _verdict(call: Call, reference: Reference) -> Verdict:
    seen = visible(call)
    told = story(timeline(call.web.gateway.database, reference), seen)
    mine = [each for each in told.documents if each.transmission == str(reference)]
    status = next((each.status for each in told.transmissions if each.id == str(reference)), "received")
    return Verdict(
        outcome=_outcome(status, [each.status for each in mine]),
        documents=mine,
        issues=told.issues,
        acknowledgments=[each for each in told.transmissions if each.parent == str(reference)],
    )


def _outcome(transmission: str, documents: list[str]) -> Outcome:
    if transmission == "received" or "ready" in documents:
        return "pending"
    found = {_OF_STATUS.get(status, "accepted") for status in documents or [transmission]}
    return found.pop() if len(found) == 1 else "mixed"


_OF_STATUS: dict[str, Outcome] = {
    "refused": "refused",
    "rejected": "refused",
    "held": "held",
    "failed": "failed",
    "duplicate": "duplicate",
    "cancelled": "cancelled",
}


def _arrival(call: Call, through: Door, key: str | None, body: spooled.Body) -> Arrival:
    headers = call.request.headers
    kept = {name: headers[name][:_LONGEST_HEADER] for name in _KEPT if name in headers}
    client = call.request.client
    about = {"token": call.token.name, "address": client.host if client else ""}
    return Arrival(
        source=through.endpoint,
        transport_id=f"key:{key}" if key is not None else f"request:{secrets.token_hex(16)}",
        body=body,
        file_name=call.query.name.replace("/", "_"),
        headers=kept | ({"idempotency-key": key} if key is not None else {}) | about,
        party=through.party,
    )


def _key(headers: Headers) -> str | None:
    text = headers.get("idempotency-key")
    if text is None:
        return None
    found = _KEY.fullmatch(text.strip())
    if found is None or len(headers.getlist("idempotency-key")) > 1:
        hint = "One key, of 1 to 255 visible ASCII characters."
        raise RequestError("bad-request", "This Idempotency-Key cannot be used.", hint=hint)
    return found[1]


def _check_type(headers: Headers, through: Door) -> None:
    given = headers.get("content-type", "application/octet-stream").partition(";")[0].strip().lower()
    if given in through.options.content_types:
        return
    hint = f"There are: {', '.join(through.options.content_types)}."
    if given in _FORMS:
        hint = "This is a form. With curl: --data-binary @order.edi -H 'Content-Type: application/edi-x12'."
    raise RequestError("media-type", f'Bodies of the content type "{given[:80]}" are not accepted here.', hint=hint)


ROUTES = (
    Route(
        *("POST", "/api/documents", "submit_document", submit, "submit", "documents"),
        summary="Hand in documents: an interchange, or canonical JSON",
        about="202 means that it is received and durable. Any other answer, or none, means: not known to be received, "
        "so send it again, with the same Idempotency-Key. Whose it is, the token says, where it is bound to a party.",
        query=Submission,
        headers={
            "Idempotency-Key": "The sender's own id of this document. A repeated request with it is received once."
        },
        body=Taken("What came from your system, byte for byte.", examples.bodies(CONTENT_TYPES)),
        answers={
            202: Answer("Received. The verdict is not there yet.", Received, example=examples.RECEIVED),
            200: Answer("Received; with its verdict, or by an earlier request with this key.", Received),
        },
        problems=("bad-request", "timeout", "too-large", "media-type", "key-reused", "invalid", "unavailable"),
    ),
)
