"""What is to be done with a file of canonical documents: JSON, or JSON Lines. Pure.

It is an interchange without an envelope: its sender is the party whose door it came through, its number a hash of its
content.
"""

from __future__ import annotations

from hashlib import sha256

from gateway.agreements import Agreement, Missing
from gateway.codecs.bare import bare_header
from gateway.codecs.jsonl import Piece, pieces
from gateway.codecs.model import Address
from gateway.codecs.summary import DocumentHead
from gateway.core.errors import NotFoundError
from gateway.core.issues import Issue
from gateway.pipeline.bare import bare_interchange
from gateway.pipeline.context import World
from gateway.pipeline.lines import JSON, UNKNOWN, Line, read_line
from gateway.pipeline.plan import InterchangePlan, Plan


def plan_lines(body: bytes, endpoint: str, context: World) -> Plan:
    """What the file holds, and whether all of it is agreed."""
    found = list(pieces(body))
    lines = [read_line(piece) for piece in found]
    try:
        sender = context.agreements.endpoint(endpoint).party
    except NotFoundError:
        hint = {"configuration": "JSON does not say it: hand the file in with --from, or through the party's door."}
        return Plan(format=JSON, hold=Issue("GTW-SENDER", value="of this file", params=hint))
    lanes = {line.lane for line in lines if line.lane}
    if len(lanes) > 1:
        return Plan(format=JSON, hold=Issue("GTW-LANE", value="test and production", params={"sender": sender}))
    admitted = _admit(lines, sender, lanes.pop() if lanes else None, endpoint, context)
    if admitted is None:
        wrong = next((line.issue for line in lines if line.issue is not None and line.issue.code == "CAN-JSON"), None)
        return Plan(format=JSON, hold=wrong or Issue("GTW-FORMAT", value=""))
    if isinstance(admitted, Missing):
        return Plan(format=JSON, hold=admitted.issue, missing=admitted)
    if len({agreement.with_ for agreement in admitted.values()}) > 1:
        hint = {"configuration": "A file has documents of one of our own parties: put the others into another one."}
        return Plan(format=JSON, hold=Issue("GTW-RECEIVER", value="of this file", params=hint))
    return Plan(format=JSON, interchanges=(_interchange(body, found, lines, admitted, context),))


def _admit(
    lines: list[Line], sender: str, lane: str | None, endpoint: str, context: World
) -> dict[str, Agreement] | Missing | None:
    """The agreement of each kind; None where nothing can be said. What cannot be read goes by any of them."""
    kinds = [kind for kind in dict.fromkeys(line.kind for line in lines) if kind != UNKNOWN]
    missing = None
    for each in (lane,) if lane else ("production", "test"):
        answers = {kind: _agreement(context, sender, kind, each, endpoint) for kind in kinds}
        agreed = {kind: answer for kind, answer in answers.items() if isinstance(answer, Agreement)}
        some = next(iter(agreed.values()), None) or (_any_agreement(context, sender, each) if not kinds else None)
        if len(agreed) == len(kinds) and some is not None:
            return {**agreed, UNKNOWN: some}
        missing = missing or next((answer for answer in answers.values() if isinstance(answer, Missing)), None)
    return missing


def _agreement(context: World, sender: str, kind: str, lane: str, endpoint: str) -> Agreement | Missing:
    return context.agreements.inbound(Address(sender), None, JSON, "", kind, lane, endpoint=endpoint)


def _any_agreement(context: World, sender: str, lane: str) -> Agreement | None:
    agreed = context.agreements.party(sender).agreements
    return next((a for a in agreed if (a.standard, a.direction, a.lane) == (JSON, "in", lane)), None)


def _interchange(
    body: bytes, found: list[Piece], lines: list[Line], agreed: dict[str, Agreement], context: World
) -> InterchangePlan:
    digest = sha256(body)
    fallback = agreed[UNKNOWN]
    sides = Address(fallback.party), Address(fallback.with_)
    header = bare_header(JSON, *sides, f"#{digest.hexdigest()[:16]}", test=fallback.lane == "test")
    heads = [
        DocumentHead(
            type=line.kind,
            version="",
            association="",
            control_number=str(position),
            position=position,
            offset=piece.offset,
            length=piece.length,
        )
        for position, (piece, line) in enumerate(zip(found, lines, strict=True), 1)
    ]
    return bare_interchange(
        header,
        heads,
        fallback,
        context,
        length=len(body),
        digest=digest.digest(),
        others={(kind, "", ""): agreement for kind, agreement in agreed.items()},
    )
