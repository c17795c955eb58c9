"""What people send by hand: canonical documents to a party, or an interchange as it is. Pure but for one look-up."""

from __future__ import annotations

import mimetypes
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import PurePath
from typing import NamedTuple

from sqlalchemy import Connection

from gateway.acknowledgments import plain, spellings
from gateway.agreements import Agreement, Endpoint
from gateway.canonical import Document, business_key, to_json
from gateway.codecs import InterchangeSummary, scan
from gateway.codecs.model import InterchangeHeader
from gateway.core.errors import NotFoundError, UsageError
from gateway.core.ports import Arrival
from gateway.expectations import expect
from gateway.pipeline.compose import MICROSECONDS
from gateway.pipeline.context import Known
from gateway.pipeline.exchanged import keep
from gateway.pipeline.send import SUFFIXES, Outgoing, Sent, Written, send
from gateway.store import Changes, Step
from gateway.store.numbers import TAKEN
from gateway.store.statements import both, run

_USED = both(
    "SELECT id FROM interchanges WHERE control_number {names} AND direction = 'out' AND standard = :standard "
    "AND sender = :sender AND receiver = :receiver"
)


class HandedIn(NamedTuple):
    """The file: where it is said to come from, and a name that makes each time a time of its own."""

    source: str
    unit: str
    name: str
    body: bytes


def hand_out(
    changes: Changes, file: HandedIn, documents: Sequence[Document], ways: Sequence[Sequence[Agreement]]
) -> int:
    """Documents to one party, each by its agreements; returns the transmission that they came in."""
    first = ways[0][0]
    digest = sha256(file.body).hexdigest()
    transmission = changes.new(
        "transmissions",
        direction="in",
        endpoint=file.source,
        transport_id=file.unit,
        party=first.with_,
        status="translated",
        lane=first.lane,
        format="json",
        payload_id=changes.payload(file.body),
        size=len(file.body),
        sha256=digest,
        file_name=file.name,
    )
    interchange = changes.new(
        "interchanges",
        transmission_id=transmission,
        direction="in",
        standard="json",
        version="",
        sender=first.with_,
        receiver=first.party,
        from_party=first.with_,
        to_party=first.party,
        control_number=f"#{digest[:16]}",
        lane=first.lane,
        length=len(file.body),
        sha256=digest,
        status="accepted",
        documents=len(documents),
    )
    log = {"party": first.party, "file_name": file.name}
    changes.event("transmission.sent_by_hand", data={"to": first.party}, log=log, transmission_id=transmission)
    for position, (document, agreed) in enumerate(zip(documents, ways, strict=True), 1):
        payload = changes.payload(to_json(document) + b"\n")
        for way in agreed:
            _emit(changes, way, document, payload, interchange, (transmission, position))
    changes.work(Step.COMPOSE, interchange, file.source, turn=(transmission, 0))
    return transmission


def _emit(
    changes: Changes, way: Agreement, document: Document, payload: int, interchange: int, place: tuple[int, int]
) -> None:
    row = changes.new(
        "documents",
        direction="out",
        source_interchange_id=interchange,
        position=place[1],
        standard=way.standard,
        version=way.version,
        type=way.message,
        canonical=type(document).__name__,
        business_key=business_key(document),
        from_party=way.with_,
        to_party=way.party,
        lane=way.lane,
        agreement=way.name,
        agreement_digest=way.digest,
        mapping=way.mapping or None,
        status="emitted",
        payload_id=payload,
        turn=place,
    )
    changes.event("document.emitted", data={"to": way.party}, document_id=row)


def enclose(changes: Changes, file: HandedIn, party: str, transmission: int) -> None:
    """A file that goes with what a transmission sends."""
    type, _ = mimetypes.guess_type(file.name)
    told = {"content-type": type} if type else {}
    arrival = Arrival(
        source=file.source,
        transport_id=file.unit,
        body=file.body,
        file_name=file.name,
        headers=told,
        party=party,
    )
    keep(changes, arrival, transmission)


# An interchange as it is


def pass_through(
    connection: Connection, changes: Changes, known: Known, file: HandedIn, party: str, own: str | None
) -> list[Sent]:
    """Interchanges that are ready, to the party that they are addressed to, byte for byte.

    Their control numbers must not have been used; ours go on behind them. ``connection`` is that of the transaction
    that writes the changes: nobody else is given their numbers meanwhile. Raises UsageError for what is not from us to
    the party or could not be told from others by its receipt, and NotFoundError where there is no door to it.
    """
    summaries = list(scan(file.body))
    if not summaries:
        raise UsageError(f"{file.name} has no interchange.")
    alone = len(summaries) == 1
    sent = []
    for summary in summaries:
        _check(known, summary, party, own)
        named = file if alone and file.name != "-" else file._replace(name=_name(file.name, summary.header))
        sent.append(_pass(connection, changes, known, named, summary, party))
    return sent


def _name(name: str, header: InterchangeHeader) -> str:
    """A name that no other interchange has: with its control number, where the file has several or no name."""
    path = PurePath(f"{header.standard}.{SUFFIXES[header.standard]}" if name == "-" else name)
    return f"{path.stem}-{header.control_number}{path.suffix}"


def _check(known: Known, summary: InterchangeSummary, party: str, own: str | None) -> None:
    header = summary.header
    if summary.issues or any(group.issues for group in summary.groups):
        issue = next(i for issues in (summary.issues, *(g.issues for g in summary.groups)) for i in issues)
        raise UsageError(f"Its envelope is wrong: {issue.text}", hint="crossdock validate says where.")
    _check_numbers(summary)
    sender = known.agreements.party_by_identity(header.standard, header.sender)
    receiver = known.agreements.party_by_identity(header.standard, header.receiver)
    if sender is None or not sender.own or own not in (None, sender.id):
        raise UsageError(f"It is from {header.sender}, which is not {own or 'one of our own parties'}.")
    if receiver is None or receiver.id != party:
        raise UsageError(f"It is addressed to {header.receiver}, which is not {party}.")


def _check_numbers(summary: InterchangeSummary) -> None:
    """A 997 names a document by the numbers of its group and its own: nothing else that left may have the same."""
    number, x12 = summary.header.control_number, summary.header.standard == "x12"
    for group in summary.groups if x12 else ():
        if group.header is not None and plain(group.header.control_number) != plain(number):
            reason = (
                f"Group {group.header.control_number} is in interchange {number}: its 997 would seem to be another's."
            )
            raise UsageError(reason, hint="Give the group (GS06, GE02) the number of its interchange (ISA13).")
    counted = Counter(plain(head.control_number) for group in summary.groups for head in group.documents)
    if twice := next((each for each, times in counted.items() if times > 1), None):
        raise UsageError(f"Two documents of interchange {number} have number {twice}: a receipt could not tell them.")


def _pass(
    connection: Connection, changes: Changes, known: Known, file: HandedIn, summary: InterchangeSummary, party: str
) -> Sent:
    header = summary.header
    sender = known.agreements.party_by_identity(header.standard, header.sender)
    assert sender is not None  # it was checked
    lane = "test" if header.test else "production"
    names = {"standard": header.standard, "sender": str(header.sender), "receiver": str(header.receiver)}
    if header.control_number.isdecimal():  # before the look, and nobody else's until the commit
        number = int(header.control_number)
        run(connection, TAKEN, standard=header.standard, own=names["sender"], partner=names["receiver"], number=number)
    used = run(connection, _USED, names=sorted(spellings(header.control_number)), **names).first()
    if used is not None:
        raise UsageError(f"Control number {header.control_number} was used before, by ic_{used.id}.")
    ways = _ways(known, summary, sender.id, party, lane)
    body = file.body[summary.offset : summary.offset + summary.length]
    written = Written(
        version=header.version,
        control_number=header.control_number,
        documents=summary.documents,
        body=body,
        file=file.name,
        transport_id=f"{header.standard}|{header.sender}>{header.receiver}|{header.control_number}|{file.unit}",
        standard=header.standard,
        sender=names["sender"],
        receiver=names["receiver"],
    )
    endpoint = next(iter(ways.values())).endpoint if ways else _door(known, party).name
    outgoing = Outgoing(endpoint=endpoint, own=sender.id, party=party, lane=lane, name="", order="*")
    sent = send(changes, outgoing, written)
    for group in summary.groups:
        for head in group.documents:
            document = changes.new(
                "documents",
                direction="out",
                transmission_id=sent.transmission,
                interchange_id=sent.interchange,
                position=head.position,
                standard=header.standard,
                version=head.version,
                type=head.type,
                control_number=head.control_number,
                from_party=sender.id,
                to_party=party,
                lane=lane,
                status="composed",
                offset=head.offset - summary.offset,
                length=head.length,
                turn=(sent.transmission, head.position),
            )
            _expect(changes, ways.get(head.type), document, sent)
    return sent


def _ways(known: Known, summary: InterchangeSummary, own: str, party: str, lane: str) -> dict[str, Agreement]:
    """The agreements on what is in it, by type."""
    types = {head.type for group in summary.groups for head in group.documents}
    return {
        way.type: way
        for way in known.agreements.party(party).agreements
        if (way.direction, way.with_, way.lane, way.standard) == ("out", own, lane, summary.header.standard)
        and way.type in types
    }


def _door(known: Known, party: str) -> Endpoint:
    doors = [endpoint for endpoint in known.agreements.endpoints("out") if endpoint.admits(party)]
    if len(doors) == 1:
        return doors[0]
    names = ", ".join(door.name for door in doors) or "none"
    hint = 'An agreement with direction = "out" on this type of document names the endpoint.'
    raise NotFoundError(f"Nothing says by which door it leaves to {party}: there are {names}.", hint=hint)


def _expect(changes: Changes, way: Agreement | None, document: int, sent: Sent) -> None:
    if way is None:
        return
    for answer in way.deadlines:
        due = changes.at + (way.deadline(answer) or 0) * MICROSECONDS
        about = {"document_id": document, "transmission_id": sent.transmission}
        expect(changes, answer, party=way.party, due=due, **about)
