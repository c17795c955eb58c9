"""What leaves: the transmission, its interchange, and the work of delivering it. Pure.

An interchange gets its control number within the commit. Whoever asks for one writes the interchange: a number that is
given is on record, as sent or as void.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

import msgspec

from gateway.core.issues import Issue
from gateway.pipeline.envelope import LAST_NUMBER, Sheet, write
from gateway.store import Changes, Step
from gateway.store.numbers import Counter

SUFFIXES = {"x12": "x12", "edifact": "edi"}
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """Where something goes. ``name``: how its file's name begins.

    ``order``: transmissions of one endpoint with equal orders leave one after the other; None: as they come.
    """

    endpoint: str
    own: str
    party: str
    lane: str
    name: str
    parent_id: int | None = None
    order: str | None = None


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """One interchange in bytes. ``transport_id`` names it for ever, ``file`` at the endpoint, whenever and however
    often it is delivered; ``version`` is ISA12, the syntax, or empty; ``payload_id`` where the bytes are stored."""

    standard: str
    version: str
    sender: str
    receiver: str
    control_number: str
    documents: int
    body: bytes
    file: str
    transport_id: str
    payload_id: int | None = None


class Sent(NamedTuple):
    """Ids, which may be local."""

    transmission: int
    interchange: int


def counter_of(sheet: Sheet) -> Counter:
    """What its control number is counted for."""
    return Counter(sheet.standard, str(sheet.sender), str(sheet.receiver))


def number(changes: Changes, sheet: Sheet, build: Callable[[int], None], exhausted: Callable[[Issue], None]) -> None:
    """Asks for a control number for the sheet. ``exhausted`` is told when there is none left: none is given twice."""
    counter = counter_of(sheet)

    def given(control: int) -> None:
        if control <= LAST_NUMBER[sheet.standard]:
            build(control)
        else:
            exhausted(Issue("GTW-NUMBERS", value=counter.partner, params={"own": counter.own}))

    changes.numbered(counter, given, sheet.agreed.control_number_start)


def send_sheet(changes: Changes, sheet: Sheet, outgoing: Outgoing, control: int) -> Sent:
    """The sheet as an interchange with this control number, on its way."""
    sides = f"{sheet.sender.identifier}-{sheet.receiver.identifier}"
    written = Written(
        standard=sheet.standard,
        version=sheet.syntax,
        sender=str(sheet.sender),
        receiver=str(sheet.receiver),
        control_number=sheet.number(control),
        documents=len(sheet.bodies),
        body=write(sheet, control, changes.at),
        file=_UNSAFE.sub("_", f"{outgoing.name.lower()}-{sides}-{control:09d}.{SUFFIXES[sheet.standard]}"),
        # Names of files may be alike where identities differ in what no file name holds.
        transport_id=f"{sheet.standard}|{sheet.sender}>{sheet.receiver}|{control}",
    )
    return send(changes, outgoing, written)


def send(changes: Changes, outgoing: Outgoing, written: Written) -> Sent:
    """Writes the transmission, its interchange and its work."""
    digest = sha256(written.body).hexdigest()
    transmission = changes.new(
        "transmissions",
        direction="out",
        endpoint=outgoing.endpoint,
        transport_id=written.transport_id,
        party=outgoing.party,
        status="composed",
        parent_id=outgoing.parent_id,
        lane=outgoing.lane,
        format=written.standard,
        payload_id=written.payload_id or changes.made(written.body),
        size=len(written.body),
        sha256=digest,
        file_name=written.file,
    )
    interchange = changes.new(
        "interchanges",
        transmission_id=transmission,
        direction="out",
        standard=written.standard,
        version=written.version,
        sender=written.sender,
        receiver=written.receiver,
        from_party=outgoing.own,
        to_party=outgoing.party,
        control_number=written.control_number,
        lane=outgoing.lane,
        length=len(written.body),
        sha256=digest,
        status="composed",
        documents=written.documents,
    )
    lane = f"{outgoing.endpoint}|{outgoing.order}" if outgoing.order else None
    changes.event("transmission.composed", transmission_id=transmission)
    turn = (transmission, 0)
    changes.work(Step.DELIVER, transmission, outgoing.endpoint, turn=turn, lane=lane, size=len(written.body))
    return Sent(transmission, interchange)
