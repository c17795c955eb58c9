"""A speaker without cryptography: the doors and the record are tried with it, whatever layers a message has."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from hashlib import sha256

from gateway.agreements import Party
from gateway.connectors.as2.names import header
from gateway.connectors.as2.options import InboxOptions, OutboxOptions
from gateway.connectors.as2.relations import Relation
from gateway.connectors.as2.speech import Failure, Opened, Packed, Part, Report, Verdict, Wish
from gateway.core.exchanges import Pairs, Reply, Sent
from gateway.core.ports import Departure
from gateway.core.spooled import Body, in_memory, pieces_of, size_of

REPORT = "multipart/report; report-type=disposition-notification; boundary=b"


def mic_of(body: Body) -> str:
    found = sha256()
    for piece in pieces_of(body):
        found.update(piece)
    return base64.b64encode(found.digest()).decode()


class PlainSpeaker:
    """A message is its body. ``X-Broken`` says as which it cannot be opened; ``X-Parts`` splits the body at ``|``."""

    def __init__(self, **told: str) -> None:
        self.told = told  # what its MDNs say instead: mic, disposition

    def open(self, relation: Relation[InboxOptions], headers: Pairs, body: Body) -> Opened:
        broken = header(headers, "x-broken")
        if broken:
            return Opened(failure=Failure(broken, "It was broken for a test."))
        if header(headers, "x-parts"):
            types = header(headers, "x-parts").split(",")
            parts = [
                Part(type, f"part{n}", one) for n, (type, one) in enumerate(zip(types, in_memory(body).split(b"|")))
            ]
        else:
            parts = [Part("application/edi-x12", "order.x12", body)]
        return Opened(parts=tuple(parts), mic=mic_of(body), mic_algorithm="sha-256")

    def wish(self, headers: Pairs) -> Wish:
        if not header(headers, "disposition-notification-to"):
            return Wish("no")
        url = header(headers, "receipt-delivery-option")
        return Wish("async", url) if url else Wish("sync")

    def mdn(self, headers: Pairs, own: Party | None, verdict: Verdict) -> Reply:
        said = f"processed/error: {verdict.failure}" if verdict.failure else "processed"
        said = f"processed/warning: {verdict.warning}" if verdict.warning else said
        told = {"id": header(headers, "message-id"), "disposition": said, "mic": verdict.mic or ""} | self.told
        names = (("AS2-From", header(headers, "as2-to")), ("AS2-To", header(headers, "as2-from")))
        body = "\n".join(f"{name}={value}" for name, value in told.items())
        return Reply((*names, ("Content-Type", REPORT)), body.encode(), told["disposition"])

    def is_mdn(self, headers: Pairs, body: Body) -> bool:
        return header(headers, "content-type").startswith("multipart/report")

    def report(self, headers: Pairs, body: Body, partner: Party, own: Party, *, signed: bool) -> Report:
        told: Mapping[str, str] = dict(
            line.split("=", 1) for line in in_memory(body).decode().splitlines() if "=" in line
        )
        said = told.get("disposition", "")
        return Report(
            original_message_id=told.get("id", ""),
            disposition=said,
            failure=said.partition("error: ")[2] or None,
            mic=told.get("mic") or None,
            mic_algorithm="sha-256",
            doubt=told.get("doubt"),
        )

    def fits(self, sent: Sent, report: Report) -> bool:
        return sent.mic == report.mic

    def pack(self, relation: Relation[OutboxOptions], departure: Departure, message_id: str) -> Packed:
        pairs = [("AS2-From", f'"{relation.own_id}"'), ("AS2-To", relation.partner_id), ("Message-ID", message_id)]
        pairs.append(("Content-Type", "application/edi-x12"))
        if relation.options.mdn != "no":
            pairs.append(("Disposition-Notification-To", "x"))
        if relation.options.mdn == "async":
            pairs.append(("Receipt-Delivery-Option", relation.options.headers.get("Receipt-Delivery-Option", "")))
        mic = None if relation.options.mdn == "no" else mic_of(departure.body)
        return Packed(
            headers=tuple(pairs), body=departure.body, size=size_of(departure.body), mic=mic, mic_algorithm="sha-256"
        )
