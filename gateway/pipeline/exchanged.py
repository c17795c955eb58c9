"""What is written when an AS2 message came in: the exchange, its documents and attachments, its MDN, the work. Pure."""

from __future__ import annotations

import secrets
from json import dumps
from typing import Any

import msgspec

from gateway.core.exchanges import Incoming, Pairs, Reply
from gateway.core.issues import Issue
from gateway.core.lifecycle import TRANSMISSION, decide
from gateway.core.ports import Arrival
from gateway.core.spooled import sha256_of, size_of
from gateway.pipeline.receive import arrived
from gateway.store import Changes, Step
from gateway.store.statements import both

#: The door of those that nobody is agreed on with.
STRANGERS = "as2"

#: What an MDN of ours is called among formats: it is delivered to a URL of its own.
MDN = "MDN"

_AGAIN = both(
    "UPDATE transmissions SET headers = :told, updated_at = :at WHERE id = :id AND status IN ('composed', 'stopped')"
)


def take(changes: Changes, message: Incoming) -> int:
    """A message that is taken: returns the transmission of its first document."""
    request = _request(changes, message)
    first = arrived(changes, message.documents[0], changes.at)
    for other in message.documents[1:]:
        arrived(changes, other, changes.at, first)
    for attachment in message.attachments:
        keep(changes, attachment, first)
    _exchange(changes, message, first, request, "processed")
    return first


def refuse(changes: Changes, message: Incoming, issue: Issue) -> int:
    """A message that is not taken: kept as it came, as evidence. Returns its transmission."""
    now = changes.at
    endpoint, request = message.endpoint or STRANGERS, _request(changes, message)
    digest, count = sha256_of(message.request), size_of(message.request)
    transmission = changes.new(
        "transmissions",
        direction="in",
        endpoint=endpoint,
        transport_id=f"{message.message_id}#{now}-{secrets.token_hex(4)}",
        party=message.party,
        status=decide(TRANSMISSION, "received", "refuse"),
        reason=issue.code,
        payload_id=request,
        size=count,
        sha256=digest,
        file_name="",
        headers=_told(message.headers),
    )
    about = {"transmission_id": transmission}
    log = {"party": message.party, "endpoint": endpoint, "size": count, "reason": issue.code}
    changes.event("transmission.received", data={"size": count}, log=log, **about)
    changes.event("transmission.refused", data={"disposition": message.disposition or ""}, log=log, **about)
    changes.issue(issue, **about)
    _exchange(changes, message, transmission, request, "refused")
    return transmission


def repeat(changes: Changes, message: Incoming, row: Any, reply: Reply | None) -> None:
    """A message that came before: its MDN once more. ``row`` is the exchange as it was, ``reply`` the stored MDN."""
    about = {"transmission_id": row.transmission_id}
    data = {"message_id": message.message_id, "mdn": message.mdn_mode}
    log = {"party": message.party, "endpoint": message.endpoint}
    changes.event("mdn.repeated", data=data, log=log, **about)
    if message.mdn_mode != "async" or reply is None:
        return
    told = _told_of_mdn(message, reply)
    if row.mdn_transmission_id is None:
        mdn = _owe(changes, message, reply, row.transmission_id, told)
        changes.update("exchanges", row.id, mdn_transmission_id=mdn)
    elif row.mdn_status == "composed":
        changes.execute(_AGAIN, {"id": row.mdn_transmission_id}, told=told, at=changes.at)  # it is on its way
    else:
        mdn = row.mdn_transmission_id
        after = decide(TRANSMISSION, row.mdn_status, "resend")
        before = {"status": row.mdn_status}
        changes.update("transmissions", mdn, expected=before, status=after, headers=told, reason=None)
        changes.work(Step.DELIVER, mdn, str(message.endpoint), turn=(mdn, 0), size=row.mdn_size or 0)


def _exchange(changes: Changes, message: Incoming, transmission: int, request: int, status: str) -> None:
    """The row of the exchange, and its MDN where one is owed."""
    reply = message.reply
    mdn = payload = None
    if reply is not None:
        payload = changes.made(reply.body)
        if message.mdn_mode == "async" and message.endpoint is not None:
            told = _told_of_mdn(message, reply)
            mdn = _owe(changes, message, reply, transmission, told, payload)
        log = {"disposition": reply.disposition, "endpoint": message.endpoint or STRANGERS, "mode": message.mdn_mode}
        changes.event("mdn.sent", data=log, log=log, transmission_id=transmission)
    changes.new(
        "exchanges",
        direction="in",
        endpoint=message.endpoint or STRANGERS,
        party=message.party,
        as2_from=message.as2_from,
        as2_to=message.as2_to,
        message_id=message.message_id,
        transmission_id=transmission,
        request_id=request,
        headers=_told(message.headers),
        size=size_of(message.request),
        mic=message.mic,
        mic_algorithm=message.mic_algorithm,
        content=message.content,
        facts=msgspec.json.encode(message.facts).decode(),
        status=status,
        disposition=message.disposition,
        mdn_mode=message.mdn_mode,
        mdn_url=message.mdn_url,
        mdn_headers=_told(reply.headers) if reply is not None else None,
        mdn_id=payload,
        mdn_transmission_id=mdn,
    )


def _request(changes: Changes, message: Incoming) -> int:
    """The payload of the request. What is few is never equal to another: it is not looked for."""
    body = message.request
    return changes.made(body) if isinstance(body, bytes) else changes.payload(body)


def keep(changes: Changes, attachment: Arrival, document: int) -> None:
    """It stays with the document, and is not read. ``document``: its transmission."""
    digest, count = sha256_of(attachment.body), size_of(attachment.body)
    kept = changes.new(
        "transmissions",
        direction="in",
        endpoint=attachment.source,
        transport_id=attachment.transport_id,
        party=attachment.party,
        status=decide(TRANSMISSION, "received", "keep"),
        parent_id=document,
        format="attachment",
        payload_id=changes.payload(attachment.body, digest),
        size=count,
        sha256=digest,
        file_name=attachment.file_name,
        headers=dumps(attachment.headers, ensure_ascii=False),
    )
    data = {"size": count, "name": attachment.file_name, "type": attachment.headers.get("content-type", "")}
    log = {"party": attachment.party, "endpoint": attachment.source, "size": count}
    changes.event("transmission.attached", data=data, log=log, transmission_id=kept)


def _owe(
    changes: Changes, message: Incoming, reply: Reply, transmission: int, told: str, payload: int | None = None
) -> int:
    """An asynchronous MDN is a transmission of its own, delivered until it is there."""
    endpoint, size = str(message.endpoint), len(reply.body)
    mdn = changes.new(
        "transmissions",
        direction="out",
        endpoint=endpoint,
        transport_id=f"mdn:{message.as2_from}>{message.as2_to}:{message.message_id}:{secrets.token_hex(4)}",
        party=message.party,
        status="composed",
        parent_id=transmission,
        format=MDN,
        payload_id=payload if payload is not None else changes.made(reply.body),
        size=size,
        sha256=sha256_of(reply.body),
        file_name="mdn.txt",
        headers=told,
    )
    log = {"party": message.party, "type": MDN, "endpoint": endpoint}
    changes.event("transmission.composed", data={"of": "MDN"}, log=log, transmission_id=mdn)
    changes.work(Step.DELIVER, mdn, endpoint, turn=(mdn, 0), size=size)
    return mdn


def _told_of_mdn(message: Incoming, reply: Reply) -> str:
    told = {"url": message.mdn_url or "", "headers": _told(reply.headers), "answers": message.message_id}
    return dumps(told, ensure_ascii=False)


def _told(headers: Pairs) -> str:
    return dumps([list(pair) for pair in headers], ensure_ascii=False)
