"""The cases that a batch of documents is about: found by their numbers, joined, and written. One book for one batch,
own party and lane, so that documents of a batch see what those before them said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from gateway.handlers.customs import records
from gateway.handlers.customs.case import Case, case_of
from gateway.handlers.customs.facts import NUMBER, STRONG, Fact, Name, stored
from gateway.handlers.customs.naming import contradicts, strong
from gateway.handlers.customs.quota import Quota
from gateway.handlers.named import name_row
from gateway.store import Changes


class Entry(msgspec.Struct, kw_only=True, eq=False):
    """A case while a batch is applied. ``row``: its row where it is new; ``version`` is the one that stands there;
    ``swallowed``: cases that turned out to be this one."""

    id: int
    version: int = 0
    row: dict[str, Any] | None = None
    names: set[Name] = msgspec.field(default_factory=set)
    doubted: set[Name] = msgspec.field(default_factory=set)
    digests: set[str] = msgspec.field(default_factory=set)
    facts: list[Fact] = msgspec.field(default_factory=list)
    fresh: list[tuple[Fact, str, str, int, int]] = msgspec.field(default_factory=list)
    fresh_names: list[Name] = msgspec.field(default_factory=list)
    swallowed: list[int] = msgspec.field(default_factory=list)
    folded: Case | None = None

    @property
    def case(self) -> Case:
        if self.folded is None:
            self.folded = case_of(self.facts)
        return self.folded

    def add(self, fact: Fact, document_id: int, at: int) -> bool:
        """Whether it says something that was not known."""
        body, digest = stored(fact)
        if digest in self.digests:
            return False
        self.digests.add(digest)
        self.facts.append(fact)
        self.fresh.append((fact, body, digest, document_id, at))
        self.folded = None
        return True


class Book:
    """``known``: the cases that the numbers of the batch find; ``quota``: what their buyers bought."""

    def __init__(self, own: str, lane: str, known: Iterable[records.Known], quota: Quota) -> None:
        self.own, self.lane, self.quota = own, lane, quota
        self._entries: list[Entry] = []
        self._by_name: dict[Name, list[Entry]] = {}
        self._gone: list[tuple[Entry, Entry]] = []
        for one in known:
            entry = Entry(
                id=one.id,
                version=one.version,
                doubted=set(one.doubted),
                digests={each.digest for each in one.facts},
                facts=[each.fact for each in one.facts],
            )
            self._entries.append(entry)
            for name in one.names:
                self._index(entry, name)

    def _index(self, entry: Entry, name: Name) -> None:
        entry.names.add(name)
        self._by_name.setdefault(name, []).append(entry)

    def _drop(self, entry: Entry) -> None:
        self._entries.remove(entry)
        for name in entry.names:
            self._by_name[name].remove(entry)

    def find(self, names: frozenset[Name]) -> tuple[list[Entry], list[Name]]:
        """The cases of these numbers, which are one, and the numbers that another one has already."""
        found: list[Entry] = []
        for name in sorted(strong(names)):
            found += [each for each in self._by_name.get(name, ()) if each not in found]
        same = [each for each in found if not contradicts(names, each.names)]
        if len({name.value for each in same for name in each.names if name.kind == "order"}) > 1:
            same = same[:1]  # two orders never become one, whatever they share
        if not same:
            same = self._by_order_number(names)
        wanted = sorted(strong(names))
        taken = [name for name in wanted if any(each not in same for each in self._by_name.get(name, ()))]
        return sorted(same, key=lambda each: (each.id < 0, abs(each.id))), taken

    def entry(self, names: frozenset[Name]) -> tuple[Entry, list[Name]]:
        """The case of these numbers, made where there is none; and the numbers that turn out to be another's too."""
        same, taken = self.find(names)
        entry = same[0] if same else Entry(id=0)
        if not same:
            self._entries.append(entry)
        for other in same[1:]:
            self._merge(entry, other)
        for name in sorted(names - set(taken) - entry.names - entry.doubted):
            self._index(entry, name)
            entry.fresh_names.append(name)
        doubted = [name for name in taken if name not in entry.doubted]
        entry.doubted.update(doubted)
        entry.fresh_names += doubted
        return entry, doubted

    def _by_order_number(self, names: frozenset[Name]) -> list[Entry]:
        """A waybill does not name the platform: it is of the only order with its number."""
        for name in names:
            if name.kind == NUMBER:
                near = [each for each in self._by_name.get(name, ()) if not contradicts(names, each.names)]
                ordered = [each for each in near if any(one.kind == "order" for one in each.names)]
                wanted = ordered if not any(one.kind == "order" for one in names) else near
                if len(wanted or near) == 1:
                    return list(wanted or near)
        return []

    def _merge(self, entry: Entry, other: Entry) -> None:
        self._drop(other)
        for name in other.names - entry.names:
            self._index(entry, name)
        entry.doubted |= other.doubted
        fresh = {digest for _, _, digest, _, _ in other.fresh}
        for fact in other.facts:
            _, digest = stored(fact)
            if digest not in entry.digests:
                entry.digests.add(digest)
                entry.facts.append(fact)
                if digest in fresh:
                    entry.fresh += [each for each in other.fresh if each[2] == digest]
        entry.fresh_names += other.fresh_names
        entry.folded = None
        if other.id:
            self._gone.append((other, entry))

    def write(self, entry: Entry, changes: Changes, at: int, waits: str) -> int:
        """Writes what is new of a case; returns its id. Two batches may have met the same version: one looks again."""
        values = {"state": entry.case.state, "waits": waits, "updated_at": at}
        if entry.id == 0:
            place = {"own_party": self.own, "lane": self.lane, "created_at": at}
            entry.id = changes.new("customs_cases", version=1, **place, **values)
            entry.row = changes.rows["customs_cases"][-1]
        elif entry.row is not None:
            entry.row.update(values)
        else:
            expected = {"version": entry.version}
            entry.version += 1
            changes.update("customs_cases", entry.id, expected=expected, version=entry.version, **values)
        self._leave(changes, entry)
        about = {"case_id": entry.id, "own_party": self.own, "lane": self.lane}
        for name in entry.fresh_names:
            sure = name.kind in STRONG and name not in entry.doubted
            changes.new("customs_names", **about, **name_row(name.kind, name.value, strong=sure))
        for fact, body, digest, document_id, seen in entry.fresh:
            changes.new(
                "customs_facts",
                case_id=entry.id,
                document_id=document_id,
                kind=fact.kind,
                number=fact.number,
                digest=digest,
                said=body,
                at=seen,
            )
        entry.fresh, entry.fresh_names = [], []
        return entry.id

    def _leave(self, changes: Changes, entry: Entry) -> None:
        """Cases that turned out to be this one."""
        for other, into in [each for each in self._gone if each[1] is entry]:
            self._gone.remove((other, into))
            if other.row is not None:
                other.row["merged_into"] = entry.id
            else:
                expected = {"version": other.version}
                values = {"version": other.version + 1, "merged_into": entry.id}
                changes.update("customs_cases", other.id, expected=expected, **values)
            records.NAMED.move(changes, other.id, entry.id)
            entry.swallowed.append(other.id)
