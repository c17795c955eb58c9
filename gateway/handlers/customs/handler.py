"""The customs handler: what is declared, the documents that prove it, and what the authority answers, as cases."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

import msgspec
from sqlalchemy import Connection

from gateway.agreements import Agreement, Agreements
from gateway.canonical import Declaration, DeclarationResponse, to_json
from gateway.canonical import business_key as key_of_document
from gateway.codecs.ceb import CEB
from gateway.core.issues import Issue
from gateway.grammar import Schemas
from gateway.grammar.ceb_policy import Policy
from gateway.handlers.customs import progress, records
from gateway.handlers.customs.answering import response
from gateway.handlers.customs.assembling import Assembled, assemble
from gateway.handlers.customs.book import Book, Entry
from gateway.handlers.customs.case import Case, Document, case_of
from gateway.handlers.customs.facts import COPY, DOCUMENT, DRAFT, OWN, RECEIPT, TAX, Fact, Name
from gateway.handlers.customs.leaving import agreement_of, drafts, gone, leaving, waiting
from gateway.handlers.customs.limits import beyond, by_list, day_in_china, purchase_of
from gateway.handlers.customs.matching import LIST, Difference
from gateway.handlers.customs.message import CUSTOMS, CustomsMessage, encoded
from gateway.handlers.customs.quota import Quota, person_of
from gateway.handlers.customs.reading import Told, told_by
from gateway.handlers.customs.receipts import FOLLOWS
from gateway.handlers.customs.remarks import findings
from gateway.handlers.customs.states import ERROR, REJECTED, SEND_FAILED
from gateway.handlers.model import Emission, Inbound, Outcome
from gateway.store import Changes

_INBOUND_ONLY = frozenset({*FOLLOWS, "816", "818", "900", "792"})
_DELETION = "3"
_HIDDEN = "not shown"
DECLARATION, _RESPONSE = Declaration.__name__, DeclarationResponse.__name__
_FUNCTIONS = ("original", "replace", "cancellation")


class CustomsHandler:
    """Subscribes to customs messages. ``agreements`` say what leaves, and when."""

    name = "customs"
    documents = frozenset({CUSTOMS, DECLARATION})

    def __init__(self, agreements: Agreements, schemas: Schemas) -> None:
        self._agreements, self._schemas = agreements, schemas
        self._read: dict[int, Assembled] = {}  # of the batch at hand: what is assembled once is not assembled again

    def load(self, connection: Connection, batch: Sequence[Inbound]) -> Mapping[int, Book]:
        values: dict[tuple[str, str], set[str]] = {}
        self._read = {
            inbound.document_id: self._assembled(inbound) for inbound in batch if inbound.canonical == DECLARATION
        }
        for inbound in batch:
            wanted = values.setdefault((inbound.own, inbound.lane), set())
            for told in self._told(inbound):
                wanted.update(name.value for name in told.names)
        books = {place: self._book(connection, *place, wanted, batch) for place, wanted in values.items()}
        return {inbound.document_id: books[inbound.own, inbound.lane] for inbound in batch}

    def _book(self, connection: Connection, own: str, lane: str, wanted: set[str], batch: Sequence[Inbound]) -> Book:
        known = records.find(connection, own, lane, wanted) if wanted else []
        here = [inbound for inbound in batch if (inbound.own, inbound.lane) == (own, lane)]
        said = [told.fact for inbound in here for told in self._told(inbound)]
        said += [kept.fact for each in known for kept in each.facts]
        persons = {person_of(own, fact.head["buyerIdNumber"]) for fact in said if fact.head["buyerIdNumber"]}
        return Book(own, lane, known, Quota(own, lane, connection, persons, [each.id for each in known]))

    def handle(self, inbound: Inbound, record: Book, changes: Changes) -> Outcome:
        remarks: tuple[Issue, ...] = ()
        if inbound.canonical == DECLARATION:
            assembled = self._read.get(inbound.document_id) or self._assembled(inbound)
            policy = self._schemas.ceb_policies.on(day_in_china(inbound.received_at))
            hold = _unready(inbound, assembled, record) or by_list(inbound.document, policy)
            if hold is not None:
                return Outcome(hold=hold, waits_for_key=True)
            remarks = assembled.remarks
        told = list(self._told(inbound))
        if not told:
            return Outcome(hold=Issue("CUS-NOTHING", value=inbound.partner))
        policy = self._schemas.ceb_policies.on(day_in_china(inbound.received_at))
        return _Handling(inbound, record, changes, self._agreements, policy).run(told, remarks)

    def _told(self, inbound: Inbound) -> Iterator[Told]:
        if inbound.canonical == DECLARATION:
            yield from (self._read.get(inbound.document_id) or self._assembled(inbound)).told
            return
        message: CustomsMessage = inbound.document
        inside = self._agreements.party(inbound.partner).own
        way = self._way(message.type, inbound) if inside and message.number not in _INBOUND_ONLY else None
        for told in told_by(message, OWN if inside else COPY):
            yield told if way is None or told.fact.kind != DOCUMENT else _as_draft(told, way)

    def _assembled(self, inbound: Inbound) -> Assembled:
        ways = self._agreements.outbound(inbound.own, DECLARATION, lane=inbound.lane)
        day = day_in_china(inbound.received_at)
        return assemble(inbound.document, [way for way in ways if way.standard == CEB], self._schemas, day)

    def _way(self, type: str, inbound: Inbound) -> Agreement | None:
        """By which a message leaves that one of our own wrote."""
        ways = self._agreements.outbound(inbound.own, DECLARATION, lane=inbound.lane)
        return next((way for way in ways if (way.standard, way.type) == (CEB, type)), None)


def _unready(inbound: Inbound, assembled: Assembled, book: Book) -> Issue | None:
    """Why a declaration cannot be taken on as it is."""
    declaration: Declaration = inbound.document
    drafts = [each for each in assembled.told if each.fact.kind == DRAFT]
    declared = [each for each in drafts if _is_list(each.fact)]
    if not declared:
        params = {"direction": declaration.direction_code, "own": inbound.own}
        return Issue("CUS-NOBODY", value=declaration.id, params=params)
    if declaration.function_code not in _FUNCTIONS:
        return Issue("CUS-FUNCTION", value=declaration.function_code)
    if assembled.missing and declaration.function_code != "cancellation":
        return Issue("CUS-MISSING", value=declaration.id, params={"fields": assembled.words})
    same, _ = book.find(declared[0].names)
    found = _document(same[0].case, declared[0].fact) if same else None
    if found is None:
        return None
    if declaration.function_code == "cancellation" and found.versions:
        return Issue("CUS-CANCEL", value=declaration.id, params={"state": found.standing.state})
    again = declaration.function_code == "original" and _draft(declared[0].fact, same[0].case) is not None
    if again and found.current is not None and found.standing.state not in (ERROR, REJECTED, SEND_FAILED):
        return Issue("CUS-CONFLICT", value=declaration.id)
    return None


def _as_draft(told: Told, way: Agreement) -> Told:
    """What one of our own wrote is sent by us: with our guid and time, whatever it says there."""
    kept = {name: value for name, value in told.fact.head.values.items() if name not in ("guid", "appTime")}
    head = type(told.fact.head)(values=kept)
    return told._replace(
        fact=msgspec.structs.replace(told.fact, kind=DRAFT, at="", evidence=OWN, agreement=way.name, head=head)
    )


class _Handling:
    """One document being applied."""

    def __init__(self, inbound: Inbound, book: Book, changes: Changes, agreements: Agreements, policy: Policy) -> None:
        self.inbound, self.book, self.changes = inbound, book, changes
        self.agreements, self.policy = agreements, policy
        self.issues: list[Issue] = []
        self.emissions: list[Emission] = []
        self.events: list[str] = []

    def run(self, told: list[Told], remarks: tuple[Issue, ...]) -> Outcome:
        for each in told:
            if each.fact.kind == DRAFT and (hold := self._refusal(each)) is not None:
                return Outcome(hold=hold)
        self.issues += remarks
        for each in told:
            self._take(each)
        event = next((each for each in _EVENTS if each in self.events), "declaration.repeated")
        return Outcome(emissions=tuple(self.emissions), issues=tuple(self.issues), event=event)

    def _refusal(self, told: Told) -> Issue | None:
        """What cannot be declared any more."""
        same, _ = self.book.find(told.names)
        case = same[0].case if same else case_of(())
        found, state = _document(case, told.fact), case.state
        declared = found is not None and found.slot == LIST and found.versions
        deletes = told.fact.head["appType"] == _DELETION and any(each.versions for each in case.lists)
        if (declared or deletes) and state in progress.BEYOND:
            params = {"number": told.fact.number, "state": state}
            return Issue("CUS-STATE", value=" ".join(told.fact.key), params=params)
        if deletes and (found is None or found.slot != LIST):
            params = {"number": told.fact.number, "state": state}
            return Issue("CUS-DELETE", value=" ".join(told.fact.key), params=params)
        return None

    def _take(self, told: Told) -> None:
        entry, taken = self.book.entry(told.names)
        self.issues += [Issue("CUS-SEVERAL", value=name.value, params={"kind": name.kind}) for name in taken]
        before, differed = entry.case, _differences(entry.case)
        fact = told.fact if told.fact.kind != DRAFT else _draft(told.fact, before)
        if fact is None or not entry.add(fact, self.inbound.document_id, self.inbound.received_at):
            self.events.append("declaration.repeated")
        else:
            self.events.append(_event(fact))
            self.issues += findings(fact, before, entry.case)
            self._answer(fact, entry.case)
        self._numbers(entry, fact)
        self._submit(entry)
        self._differing(entry, before, differed)
        words = [gate.words for _, gate in waiting(entry.case, self.agreements) if gate.words]
        id = self.book.write(entry, self.changes, self.inbound.received_at, words[0] if words else "")
        self._count(entry, id)

    def _count(self, entry: Entry, id: int) -> None:
        """What its buyer bought with it, and whether that is too much."""
        quota = self.book.quota
        for other in entry.swallowed:
            quota.drop(other, self.changes)
        entry.swallowed.clear()
        found = purchase_of(entry.case)
        if found is not None:
            year = str(day_in_china(self.inbound.received_at).year)
            person = person_of(self.inbound.own, found.identity_number)
            before, after = quota.count(id, person, year, found.amount, self.changes)
            self.issues += beyond(found, before, after, self.policy)

    def _answer(self, fact: Fact, case: Case) -> None:
        """Our own parties that have agreed to it are told what customs says."""
        found = response(fact, case)
        if found is None or not self.agreements.outbound(self.inbound.own, _RESPONSE, lane=self.inbound.lane):
            return
        self.emissions.append(
            Emission(
                canonical=_RESPONSE,
                from_party=self.inbound.own,
                business_key=key_of_document(found),
                body=to_json(found) + b"\n",
            )
        )

    def _numbers(self, entry: Entry, fact: Fact | None) -> None:
        """Numbers that customs gives become names of the case."""
        if fact is not None and fact.numbers:
            given = frozenset(
                Name(kind, fact.numbers[element])
                for kind, element in (("entry", "invtNo"), ("pre", "preNo"))
                if element in fact.numbers and fact.number in ("621", "603")
            )
            if given - entry.names:
                known = frozenset(entry.names) | given
                self.book.entry(known)

    def _submit(self, entry: Entry) -> None:
        """What may leave leaves; a list may follow what it waited for at once."""
        for _ in range(2):
            ready = list(leaving(entry.case, self.agreements, self.changes.at, _guids()))
            for each in ready:
                entry.add(each.version, self.inbound.document_id, self.inbound.received_at)
                self.book.entry(frozenset({*entry.names, Name("message", each.message.id)}))
                self.emissions.append(
                    Emission(
                        canonical=CUSTOMS,
                        from_party=self.inbound.own,
                        business_key=business_key(each.message),
                        body=encoded(each.message),
                        agreement=each.agreement,
                    )
                )
                self.events.append("declaration.submitted" if _is_list(each.version) else "declaration.proved")
            if not ready:
                break
        for draft in drafts(entry.case):
            if agreement_of(draft, self.agreements) is None:
                self.issues.append(gone(draft))

    def _differing(self, entry: Entry, before: Case, differed: frozenset[Difference]) -> None:
        """What does not agree since now; after the list has left, that the match is open again."""
        new = sorted(_differences(entry.case) - differed)
        for each in new:
            values = f"{each.left_value} / {each.right_value}" if each.left_value or each.right_value else _HIDDEN
            params = {"left": each.left, "right": each.right}
            code = "CUS-DIFFERS" if each.severity == "error" else "CUS-DIFFERS-SLIGHTLY"
            self.issues.append(Issue(code, value=values, params=params))
        left = any(each.versions for each in before.lists)
        if left and before.state not in progress.BEYOND and any(each.severity == "error" for each in new):
            self.issues.append(Issue("CUS-REOPENED", params={"state": entry.case.state}))
            self.events.append("declaration.reopened")


#: The most that somebody wants to know of what a document did comes first.
_EVENTS = (
    "declaration.released",
    "declaration.rejected",
    "declaration.reopened",
    "declaration.submitted",
    "declaration.taxed",
    "declaration.answered",
    "declaration.received",
    "declaration.proved",
    "declaration.repeated",
)


def _event(fact: Fact) -> str:
    if fact.kind == TAX:
        return "declaration.taxed"
    if fact.kind != RECEIPT:
        return "declaration.received" if _is_list(fact) else "declaration.proved"
    if _is_list(fact) and fact.status in ("800", "899"):
        return "declaration.released"
    if fact.status == "100" or fact.status.startswith("-"):
        return "declaration.rejected"
    return "declaration.answered"


def _is_list(fact: Fact) -> bool:
    return fact.number in ("621", "603")


def _draft(fact: Fact, case: Case) -> Fact | None:
    """With an id of its own; None where it says what was said last and nobody refused."""
    found = _document(case, fact)
    content = sha256(msgspec.json.encode((fact.head, fact.lines, fact.status, fact.evidence))).hexdigest()[:16]
    last = found.draft if found is not None else None
    said_last = found.versions[-1].of if found is not None and found.versions and last is None else ""
    refused = found is not None and found.standing.state in (ERROR, REJECTED, SEND_FAILED)
    if said_last.startswith(f"{content}-") and not refused:
        return None
    if last is not None and last.id.startswith(f"{content}-"):
        return None
    count = (len(found.versions) if found is not None else 0) + (1 if last is not None else 0)
    return msgspec.structs.replace(fact, id=f"{content}-{count + 1}")


def _document(case: Case, fact: Fact) -> Document | None:
    return next((each for each in case.documents if (each.number, each.key) == (fact.number, fact.key)), None)


def _differences(case: Case) -> frozenset[Difference]:
    """Of the list that counts, or of what is there without one."""
    return frozenset(case.agrees(case.of_slot(LIST)))


def business_key(message: CustomsMessage) -> str:
    """What messages about one order share, as far as they name it."""
    if len(message.nodes) != 1:
        return f"customs:{message.guid}"
    head = message.nodes[0].head
    names = ("orderNo", "copNo", "coElNo", "invtNo", "logisticsNo", "oriCopMsgId", "guid")
    return f"declaration:{next((head[name] for name in names if head[name]), message.guid)}"


def _guids() -> Iterator[str]:
    while True:
        yield str(uuid.uuid4()).upper()
