"""A customs case: everything about one order, folded from its facts. Pure.

Each document has its versions and stands where its receipts say. What is a draft has not left yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from gateway.handlers.customs import progress
from gateway.handlers.customs.facts import DOCUMENT, DRAFT, OWN, RECEIPT, TAX, Fact
from gateway.handlers.customs.matching import EVERY_SLOT, EXPORT_SLOTS, LIST, Difference, Paper, differences
from gateway.handlers.customs.message import Said
from gateway.handlers.customs.states import (
    APPROVED,
    ERROR,
    REJECTED,
    SEND_FAILED,
    Answer,
    Standing,
    Submission,
    fold,
)

_DELETED = "3"
_FORMAT_RECEIPT = "900"
_VOID = "3"
_CANCELLATIONS = frozenset({"623", "605"})
WITHDRAWN = "withdrawn"


class Document(NamedTuple):
    """One document with all its versions. ``draft``: a version that has not left yet."""

    number: str
    key: tuple[str, ...]
    versions: tuple[Fact, ...]
    draft: Fact | None
    standing: Standing
    numbers: dict[str, str]
    receipts: tuple[Fact, ...]

    @property
    def slot(self) -> str:
        return EVERY_SLOT.get(self.number, "")

    @property
    def current(self) -> Fact | None:
        """What it says now; None where it is deleted."""
        found = self.draft or (self.versions[-1] if self.versions else None)
        return None if found is None or found.head["appType"] == _DELETED or found.status == WITHDRAWN else found

    @property
    def good(self) -> bool:
        """Whether it counts: the port has not refused it."""
        return self.draft is not None or self.standing.state not in (ERROR, REJECTED, SEND_FAILED)

    @property
    def evidence(self) -> str:
        return self.current.evidence if self.current is not None else ""

    @property
    def ours(self) -> bool:
        """Whether a version of it left here, or is to."""
        return self.draft is not None or any(each.evidence == OWN for each in self.versions)


class Case(NamedTuple):
    """``state`` is that of the declaration, in the words of :mod:`gateway.handlers.customs.progress`."""

    documents: tuple[Document, ...]
    taxes: tuple[Fact, ...]
    state: str

    def of_slot(self, slot: str) -> Document | None:
        """The document that fills a slot: of several the one that was changed last, and one that counts first."""
        found = [each for each in self.documents if each.slot == slot and each.current is not None]
        ranked = sorted(found, key=lambda each: (each.good, each.current.at if each.current else "", each.key))
        return ranked[-1] if ranked else None

    @property
    def lists(self) -> list[Document]:
        """Each declaration in it."""
        return [each for each in self.documents if each.slot == LIST]

    def filled(self, slot: str) -> str:
        """The kind of evidence in a slot; empty where it has none that counts."""
        found = self.of_slot(slot)
        return found.evidence if found is not None and found.good else ""

    def agrees(self, declared: Document | None) -> tuple[Difference, ...]:
        """What does not agree among all slots and this list."""
        chosen = {slot: self.of_slot(slot) for slot in dict.fromkeys(EVERY_SLOT.values()) if slot != LIST}
        chosen[LIST] = declared
        papers = {
            slot: Paper(each.current.head, each.current.lines, each.current.evidence in ("confirmed", "filed"))
            for slot, each in chosen.items()
            if each is not None and each.current is not None
        }
        return differences(papers, export=any(each.number in EXPORT_SLOTS for each in self.documents))


def case_of(facts: Sequence[Fact]) -> Case:
    """The case that these facts make. Of drafts and versions of the same time the one that was kept later counts."""
    keyed: dict[tuple[str, tuple[str, ...]], list[Fact]] = {}
    for fact in facts:
        if fact.kind in (DOCUMENT, DRAFT, RECEIPT) and fact.number != _FORMAT_RECEIPT:
            keyed.setdefault((fact.number, fact.key), []).append(fact)
    refusals = [fact for fact in facts if fact.kind == RECEIPT and fact.number == _FORMAT_RECEIPT]
    documents = tuple(_document(*place, found, refusals) for place, found in sorted(keyed.items()))
    taxes = tuple(_latest(fact for fact in facts if fact.kind == TAX))
    return Case(documents, taxes, _state(documents, taxes))


def _document(number: str, key: tuple[str, ...], facts: list[Fact], refusals: list[Fact]) -> Document:
    versions = sorted((each for each in facts if each.kind == DOCUMENT), key=lambda each: each.at)
    drafts = [each for each in facts if each.kind == DRAFT]
    last = drafts[-1] if drafts else None
    left = {each.of for each in versions}
    receipts = [each for each in facts if each.kind == RECEIPT]
    ids = {each.id for each in versions if each.id}
    receipts += [each for each in refusals if each.of in ids]
    receipts.sort(key=_time)
    numbers: dict[str, str] = {}
    for each in receipts:
        for name, value in each.numbers.items():
            numbers.setdefault(name, value)
    standing = fold(
        [Submission(each.at, each.head["appType"] or "1") for each in versions],
        [Answer(each.id, each.at, each.status, each.text) for each in receipts],
    )
    draft = last if last is not None and last.id not in left else None
    return Document(number, key, tuple(versions), draft, standing, numbers, tuple(receipts))


def _time(fact: Fact) -> tuple[str, str]:
    return fact.at, fact.id


def _latest(taxes: Iterable[Fact]) -> list[Fact]:
    """Of each tax bill what was said last (818 tells a later status of one that 816 made)."""
    bills: dict[str, Fact] = {}
    for fact in sorted(taxes, key=lambda each: (each.at, each.number)):
        known = bills.get(fact.key[-1])
        if known is None or fact.head.values.get("customsTax"):
            bills[fact.key[-1]] = fact
        else:
            values = known.head.values | {"status": fact.head["status"], "returnTime": fact.at}
            bills[fact.key[-1]] = msgspec.structs.replace(known, head=Said(values=values), at=fact.at)
    return [bills[number] for number in sorted(bills)]


def _state(documents: Sequence[Document], taxes: Sequence[Fact]) -> str:
    """That of the list that was declared last; without one, of what is there."""
    lists = [each for each in documents if each.slot == LIST]
    submitted = [each for each in lists if each.versions or each.receipts]
    if not submitted:
        return progress.DRAFT if any(each.current is not None for each in lists) or not lists else progress.CANCELLED
    last = max(submitted, key=lambda each: (each.versions[-1].at if each.versions else "", each.key))
    cancelled = any(each.number in _CANCELLATIONS and each.standing.state == APPROVED for each in documents)
    state = progress.OF_CEB[last.standing.state]
    if cancelled and state not in progress.BEYOND:
        return progress.CANCELLED
    taxed = any(each.head["status"] != _VOID for each in taxes)
    return progress.TAX_ASSESSED if taxed and state == progress.ACCEPTED else state
