"""What is done with a request of a partner: opened, judged, put on record, and only then answered.

Transport faults have HTTP statuses; whatever is wrong with a message is said by an MDN, with 200.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256
from typing import NamedTuple

import structlog

from gateway.agreements import Agreements, Party
from gateway.connectors.as2.conclusions import conclude, spellings
from gateway.connectors.as2.names import header, unquoted
from gateway.connectors.as2.options import InboxOptions
from gateway.connectors.as2.parts import sorted_parts
from gateway.connectors.as2.relations import Relation, Relations, relations_of
from gateway.connectors.as2.speech import Failure, Opened, Part, Report, Speaker, Verdict
from gateway.core.errors import ConfigurationError
from gateway.core.exchanges import Accepted, Exchanges, Incoming, MdnMode, Pairs, Reply
from gateway.core.issues import Issue
from gateway.core.ports import Arrival
from gateway.core.spooled import Body, discard, in_memory, sha256_of
from gateway.observe import metrics

log = structlog.get_logger(__name__)

#: What stands in the MDN for a message whose own keys we cannot read: it is our trouble, and worth another try.
_OURS = "unexpected-processing-error"
_STRANGER = "unknown-trading-relationship"


class Request(NamedTuple):
    """A POST as it came: headers in their order, names as they were written, values unfolded."""

    headers: Pairs
    body: Body


class Parties(NamedTuple):
    """Whom the headers name, by the agreements of the moment in which they came. ``most``: bytes that are taken of the
    sender; None: nobody is agreed on under these names."""

    as2_from: str
    as2_to: str
    known: Relations
    most: int | None


class Answer(NamedTuple):
    """The HTTP answer."""

    status: int
    headers: Pairs = ()
    body: bytes = b""


class Prepared(NamedTuple):
    """A message that is opened, and what is answered once it is on record."""

    incoming: Incoming
    answer: Callable[[Accepted], Answer]


class Reception:
    """Threads may share it. ``agreements``: those of each moment."""

    def __init__(self, agreements: Callable[[], Agreements], speaker: Speaker, exchanges: Exchanges) -> None:
        self._agreements, self._speaker, self._exchanges = agreements, speaker, exchanges

    def parties(self, headers: Pairs) -> Parties:
        """Before the body is read."""
        as2_from, as2_to = _names(headers)
        known = relations_of(self._agreements())
        relation = known.inbound(as2_from, as2_to)
        if relation is not None:
            return Parties(as2_from, as2_to, known, relation.options.max_bytes)
        expected = known.answering(as2_from, as2_to) is not None
        return Parties(as2_from, as2_to, known, _MDN_BYTES if expected else None)

    def prepare(self, request: Request, parties: Parties) -> Prepared | Answer:
        """Everything but the record; an answer where there is nothing to be put on record with others.

        Raises :class:`~gateway.core.errors.StoreError`.
        """
        if self._speaker.is_mdn(request.headers, request.body):
            return self._mdn(request, parties)
        as2_from, as2_to, known, _ = parties
        relation = known.inbound(as2_from, as2_to)
        if relation is None:
            return self._stranger(request, as2_from, as2_to, known.own(as2_to))
        begun = time.perf_counter()
        try:
            opened = self._speaker.open(relation, request.headers, request.body)
        except ConfigurationError as error:
            log.error("as2.keys_unusable", endpoint=relation.endpoint.name, error=str(error))
            opened = Opened(failure=Failure(_OURS, str(error)))
        metrics.as2_seconds.labels("open").observe(time.perf_counter() - begun)
        return self._message(request, relation, opened, (as2_from, as2_to))

    def accept(self, prepared: Sequence[Prepared]) -> list[Answer]:
        """Puts them on record in one commit. Raises :class:`~gateway.core.errors.StoreError`."""
        accepted = self._exchanges.accept([each.incoming for each in prepared])
        for each, found in zip(prepared, accepted, strict=True):
            said = (found.reply or each.incoming.reply or _NOTHING).disposition
            metrics.as2_messages.labels(each.incoming.endpoint or "", "in", found.what).inc()
            if said:
                metrics.as2_mdns.labels("out", metrics.bounded("disposition", said[:80])).inc()
        return [each.answer(found) for each, found in zip(prepared, accepted, strict=True)]

    # A message

    def _message(
        self, request: Request, relation: Relation[InboxOptions], opened: Opened, names: tuple[str, str]
    ) -> Prepared:
        wish, message_id = self._speaker.wish(request.headers), message_id_of(request)
        failure = opened.failure
        verdict = Verdict(
            failure=failure.modifier if failure else None, mic=opened.mic, mic_algorithm=opened.mic_algorithm
        )
        speak = partial(self._speaker.mdn, request.headers, relation.own)
        reply = speak(verdict) if wish.mode != "no" else None

        def answering(what: str) -> Reply | None:
            if wish.mode == "no":
                return None
            said = {"repeated": {"warning": "duplicate-document"}, "conflict": {"failure": _OURS}}[what]
            return speak(Verdict(mic=opened.mic, mic_algorithm=opened.mic_algorithm, **said))

        documents, attachments = sorted_parts(opened.parts)
        arrivals = [
            _arrival(relation, message_id, number, part) for number, part in enumerate([*documents, *attachments], 1)
        ]
        incoming = Incoming(
            endpoint=relation.endpoint.name,
            party=relation.partner.id,
            as2_from=names[0],
            as2_to=names[1],
            message_id=message_id,
            headers=request.headers,
            request=request.body,
            documents=tuple(arrivals[: len(documents)]),
            attachments=tuple(arrivals[len(documents) :]),
            mic=opened.mic,
            mic_algorithm=opened.mic_algorithm,
            content=_content(opened) if failure is None else None,
            facts=opened.facts,
            refused=_refusal(message_id, failure) if failure else None,
            disposition=reply.disposition if reply else (failure.modifier if failure else "processed"),
            reply=reply,
            mdn_mode=wish.mode,
            mdn_url=wish.url,
            answering=answering,
        )
        modern = relation.options.profile == "modern"
        return Prepared(incoming, partial(_answer, mode=wish.mode, modern=modern))

    def _stranger(self, request: Request, as2_from: str, as2_to: str, own: Party | None) -> Prepared:
        """Nobody is called because a stranger wishes it: what is said, is said in the answer."""
        wish, message_id = self._speaker.wish(request.headers), message_id_of(request)
        reply = self._speaker.mdn(request.headers, own, Verdict(failure=_STRANGER)) if wish.mode != "no" else None
        log.warning("as2.stranger", as2_from=as2_from[:128], as2_to=as2_to[:128])
        incoming = Incoming(
            endpoint=None,
            party=None,
            as2_from=as2_from,
            as2_to=as2_to,
            message_id=message_id,
            headers=request.headers,
            request=request.body,
            refused=Issue("AS2-STRANGER", value=f'"{as2_from}" to "{as2_to}"'),
            disposition=_STRANGER,
            reply=reply,
            mdn_mode="no" if wish.mode == "no" else "sync",
        )
        return Prepared(incoming, partial(_answer, mode=incoming.mdn_mode, modern=False))

    # An MDN that comes by itself

    def _mdn(self, request: Request, parties: Parties) -> Answer:
        as2_from, as2_to, known, _ = parties
        way = known.answering(as2_from, as2_to)
        if way is None:
            log.warning("as2.stranger", as2_from=as2_from[:128], as2_to=as2_to[:128], what="MDN")
            discard(request.body)
            return Answer(200)
        read = partial(self._speaker.report, request.headers, request.body, way.partner, way.own)
        report = read(signed=way.options.mdn_signed)
        sent = self._exchanges.sent(way.partner.id, spellings(report.original_message_id))
        by = known.outbound(sent.endpoint) if sent is not None else None
        if by is not None and by.options.mdn_signed != way.options.mdn_signed:
            report = read(signed=by.options.mdn_signed)  # as the endpoint asked that it was sent by
        conclusion = None
        if sent is not None and report.doubt is None:
            reply = Reply(request.headers, in_memory(request.body), report.disposition)
            conclusion = conclude(self._speaker, sent, report, reply)
        incoming = Incoming(
            endpoint=sent.endpoint if sent is not None else way.endpoint.name,
            party=way.partner.id,
            as2_from=as2_from,
            as2_to=as2_to,
            message_id=message_id_of(request),
            headers=request.headers,
            request=request.body,
            disposition=report.disposition,
            refused=_doubted(way.partner.id, report),
        )
        self._exchanges.receive_mdn(incoming, conclusion)
        metrics.as2_mdns.labels("in", metrics.bounded("disposition", report.disposition[:80])).inc()
        return Answer(200)


#: The longest MDN.
_MDN_BYTES = 16 * 1024 * 1024
_NOTHING = Reply((), b"")


def message_id_of(request: Request) -> str:
    """Byte for byte as it came. A message without one is known by what it is: two of them are not the same."""
    return header(request.headers, "message-id") or f"sha256:{sha256_of(request.body)}"


def _names(headers: Pairs) -> tuple[str, str]:
    return unquoted(header(headers, "as2-from")), unquoted(header(headers, "as2-to"))


def _answer(found: Accepted, *, mode: MdnMode, modern: bool) -> Answer:
    if found.reply is not None:
        return Answer(200, found.reply.headers, found.reply.body)
    return Answer(204 if mode == "async" and modern else 200)


def _doubted(partner: str, report: Report) -> Issue | None:
    """One that cannot be believed changes nothing: anybody may have sent it. What it is about stays awaited."""
    if report.doubt is None:
        return None
    params = {"partner": partner, "reason": report.doubt.rstrip(".")}
    return Issue("AS2-UNVERIFIED", value=report.original_message_id, params=params)


def _refusal(message_id: str, failure: Failure) -> Issue:
    params = {"disposition": failure.modifier, "reason": failure.detail.rstrip(".")}
    return Issue("AS2-REFUSED", value=message_id, params=params)


def _arrival(relation: Relation[InboxOptions], message_id: str, number: int, part: Part) -> Arrival:
    return Arrival(
        source=relation.endpoint.name,
        transport_id=message_id if number == 1 else f"{message_id}#{number}",
        body=part.content,
        file_name=part.file_name,
        headers={"message-id": message_id, "content-type": part.content_type},
        party=relation.partner.id,
    )


def _content(opened: Opened) -> str:
    """A hash of all parts, however they were packed."""
    found = sha256()
    for part in opened.parts:
        found.update(f"{part.content_type}\0{sha256_of(part.content)}\0".encode())
    return found.hexdigest()
