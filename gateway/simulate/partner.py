"""A partner on demand: what it is sent goes in, what it answers comes out. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, Protocol

import msgspec

from gateway.acknowledgments import DocumentVerdict, InterchangeVerdict
from gateway.agreements import Agreement
from gateway.canonical import Document
from gateway.core.errors import NotFoundError, UnreadableError, UnwritableError, UsageError
from gateway.core.issues import Issue, Location
from gateway.pipeline.context import World
from gateway.pipeline.destination import ways_to
from gateway.pipeline.interpret import Interpretation
from gateway.simulate.behaviour import BEHAVIOURS, BUYER, CARRIER, SELLER, Behaviour, Dice, of_role
from gateway.simulate.buyer import Buyer
from gateway.simulate.carrier import Carrier
from gateway.simulate.hearing import Heard, hear
from gateway.simulate.mirror import mirrored
from gateway.simulate.seller import Seller
from gateway.simulate.selling import adapted
from gateway.simulate.voice import Spoken, acknowledge, say

STANDARDS = frozenset({"x12", "edifact", "ubl"})

#: What a partner complains of that refuses without a reason.
_COMPLAINTS = {"x12": "X12-E07", "edifact": "EDF-E12"}


class Turn(NamedTuple):
    """What became of one file: what was in it, what is answered, and in words what could not be."""

    heard: tuple[str, ...]
    files: tuple[Spoken, ...] = ()
    remarks: tuple[str, ...] = ()


class _To(NamedTuple):
    """Whom a document is for."""

    party: str
    lane: str


class _Role(Protocol):
    def answer(self, document: Any) -> list[Any]: ...


_ROLES: dict[str, Callable[[Behaviour, Dice], _Role]] = {SELLER: Seller, BUYER: Buyer, CARRIER: Carrier}


class Partner:
    """The party of an agreement, as it was agreed with. ``control`` is the last control number that it used.

    Raises UsageError for a behaviour that the role does not have, for an agreement of one of our own, and for one on
    JSON, which partners do not speak.
    """

    def __init__(
        self, world: World, agreement: str, *, role: str, behaviour: str = "confirm", seed: str = "1", control: int = 0
    ) -> None:
        if behaviour not in of_role(role):
            raise UsageError(f"A {role} has no behaviour {behaviour}.", hint=f"It has: {', '.join(of_role(role))}.")
        try:
            self.agreement = world.agreements.agreement(agreement)
        except NotFoundError as error:
            raise UsageError(error.detail, hint=error.hint) from None
        self.party = world.agreements.party(self.agreement.party)
        if self.party.own:
            raise UsageError(f"{agreement} is with {self.party.id}, which is one of our own.", hint="Name a partner's.")
        if self.agreement.standard not in STANDARDS:
            raise UsageError(f"{agreement} is on {self.agreement.standard}.", hint="X12, EDIFACT and UBL are spoken.")
        self.how = BEHAVIOURS[behaviour]
        self.control = control
        self._world = World(
            agreements=mirrored(world.agreements, self.party, world.mappings),
            schemas=world.schemas,
            mappings=world.mappings,
            limits=world.limits,
        )
        self._role: _Role = _ROLES[role](self.how, Dice(seed))

    def order(self, count: int, at: int) -> Turn:
        """A buyer's order of this count; ``at`` is the time in microseconds. Raises UsageError for another role."""
        if not isinstance(self._role, Buyer):
            raise UsageError("Only a buyer orders.")
        return self.send(self._role.order(count, _day(at)), at)

    def send(self, document: Document, at: int) -> Turn:
        """A document that answers nothing."""
        return self._spoken([(document, self._mine)], at)

    def hears(self, body: bytes) -> list[str]:
        """The canonical kinds of what a file says that is in order; ``Receipt`` for one of those.

        Raises UnreadableError for a file that it can make nothing of.
        """
        read = (each.meaning for one in hear(body, self._world) for each in one.documents)
        return [meaning.canonical for meaning in read if meaning.accepted and meaning.canonical is not None]

    def answer(self, body: bytes, at: int) -> Turn:
        """What the partner sends because of a file that it got."""
        try:
            interchanges = list(hear(body, self._world))
        except UnreadableError as error:
            return Turn((), remarks=(str(error),))
        receipts = [receipt for one in interchanges if (receipt := self._receipt(one, at)) is not None]
        turn = self._spoken(self._answers(interchanges) if self.how.speaks else [], at)
        read = [each for one in interchanges for each in one.documents]
        wrong = [text for each in read for text in _wrong(each.meaning)]
        heard = tuple(_called(each.raw.type, each.raw.control_number) for each in read)
        return Turn(heard, (*receipts, *turn.files), (*turn.remarks, *wrong))

    def _answers(self, interchanges: list[Heard]) -> list[tuple[Any, _To]]:
        """What the role says to all that is in order, each for whom it came from."""
        return [
            (answer, _To(one.plan.partner.id, one.plan.lane))
            for one in interchanges
            for each in one.documents
            if each.meaning.accepted and each.meaning.document is not None
            for answer in self._role.answer(each.meaning.document)
        ]

    def _receipt(self, heard: Heard, at: int) -> Spoken | None:
        if self.how.receipts == "no":
            return None
        if self.how.receipts == "refuse":
            heard = heard._replace(verdict=_refused(heard))
        spoken = acknowledge(heard, self.control + 1, at)
        if spoken is not None:
            self.control += 1
        return spoken

    @property
    def _mine(self) -> _To:
        return _To(self.agreement.with_, self.agreement.lane)

    def _spoken(self, documents: list[tuple[Any, _To]], at: int) -> Turn:
        files: list[Spoken] = []
        remarks: list[str] = []
        for document, to in documents:
            way = self._way(document, to)
            if isinstance(way, Issue):
                remarks.append(f"No {type(document).__name__}: {self.party.id} has no agreement to send one.")
                continue
            try:
                files.append(say(adapted(document, way.standard), way, self._world, self.control + 1, at))
                self.control += 1
            except UnwritableError as error:
                remarks.append(str(error))
        return Turn((), tuple(files), tuple(remarks))

    def _way(self, document: Document, to: _To) -> Agreement | Issue:
        """By which it leaves: in the standard of the agreement that was named, where there are several."""
        ways = ways_to(self._world, self.party.id, document, to.party, to.lane)
        if isinstance(ways, Issue):
            return ways
        return min(ways, key=lambda way: way.standard != self.agreement.standard)


def _refused(heard: Heard) -> InterchangeVerdict:
    """The verdict with a complaint about the first segment of each document."""
    code = _COMPLAINTS.get(heard.plan.summary.header.standard)
    if code is None:
        return heard.verdict
    tags = {each.raw.control_number: each.raw.segments()[1][0] for each in heard.documents}

    def complain(document: DocumentVerdict) -> DocumentVerdict:
        tag = str(tags.get(document.control_number, ""))
        params = {"name": f"{tag}01", "tag": tag, "explained": ""}
        issue = Issue(code, Location(segment=2, tag=tag, element=1), params=params)
        return msgspec.structs.replace(document, issues=(*document.issues, issue))

    groups = tuple(
        msgspec.structs.replace(group, documents=tuple(complain(document) for document in group.documents))
        for group in heard.verdict.groups
    )
    return msgspec.structs.replace(heard.verdict, groups=groups)


def _wrong(meaning: Interpretation) -> list[str]:
    """Why a document that came is not answered."""
    found = [issue.text for issue in meaning.issues if issue.severity == "error"]
    return [*found, *([meaning.hold.text] if meaning.hold is not None else [])]


def _called(type: str, control_number: str) -> str:
    return f"{type} {control_number}"


def _day(at: int) -> date:
    return datetime.fromtimestamp(at / 1_000_000, UTC).date()
