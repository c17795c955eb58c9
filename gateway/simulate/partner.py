"""A partner on demand: what it is sent goes in, what it answers comes out. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, Protocol

import msgspec

from gateway.acknowledgments import ANSWER, DocumentVerdict, InterchangeVerdict
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

#: What a partner complains of that refuses without a reason.
_COMPLAINTS = {"x12": "X12-E07", "edifact": "EDF-E12"}


class Remark(NamedTuple):
    """What a partner could not do, in words."""

    text: str


class Turn(NamedTuple):
    """What became of one file: what was in it, and what is answered."""

    heard: tuple[str, ...]
    files: tuple[Spoken, ...] = ()
    remarks: tuple[Remark, ...] = ()


class _Role(Protocol):
    def answer(self, document: Any) -> list[Any]: ...


_ROLES: dict[str, Callable[[Behaviour, Dice], _Role]] = {SELLER: Seller, BUYER: Buyer, CARRIER: Carrier}


class Partner:
    """The party of an agreement, as it was agreed with. ``control`` is the last control number that it used.

    Raises UsageError for a behaviour that the role does not have, and for an agreement of one of our own.
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
        return self._spoken((), [document], at)

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
            return Turn((), remarks=(Remark(str(error)),))
        heard = tuple(_called(each.raw.type, each.raw.control_number) for one in interchanges for each in one.documents)
        receipts = [receipt for one in interchanges if (receipt := self._receipt(one, at)) is not None]
        found = [each.meaning for one in interchanges for each in one.documents]
        documents = [each.document for each in found if each.accepted and each.canonical not in (None, ANSWER)]
        answers = [answer for each in documents if each is not None for answer in self._role.answer(each)]
        turn = self._spoken(heard, answers if self.how.speaks else [], at)
        remarks = [Remark(text) for each in found for text in _wrong(each)]
        return Turn(heard, (*receipts, *turn.files), (*turn.remarks, *remarks))

    def _receipt(self, heard: Heard, at: int) -> Spoken | None:
        if self.how.receipts == "no":
            return None
        if self.how.receipts == "refuse":
            heard = heard._replace(verdict=_refused(heard))
        spoken = acknowledge(heard, self.control + 1, at)
        if spoken is not None:
            self.control += 1
        return spoken

    def _spoken(self, heard: tuple[str, ...], documents: list[Any], at: int) -> Turn:
        files: list[Spoken] = []
        remarks: list[Remark] = []
        for document in documents:
            way = self._way(document)
            if isinstance(way, Issue):
                remarks.append(Remark(f"No {type(document).__name__}: {self.party.id} has no agreement to send one."))
                continue
            try:
                files.append(say(adapted(document, way.standard), way, self._world, self.control + 1, at))
                self.control += 1
            except UnwritableError as error:
                remarks.append(Remark(str(error)))
        return Turn(heard, tuple(files), tuple(remarks))

    def _way(self, document: Document) -> Agreement | Issue:
        """By which it leaves: in the standard of the agreement that was named, where there are several."""
        mine = self.agreement
        ways = ways_to(self._world, self.party.id, document, mine.with_, mine.lane)
        if isinstance(ways, Issue):
            return ways
        return min(ways, key=lambda way: way.standard != mine.standard)


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
