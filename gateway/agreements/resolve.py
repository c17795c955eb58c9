"""Which agreement admits a document, which ones a document leaves by, and whose door is whose."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple, TypeVar

import msgspec

from gateway.agreements.missing import Missing, Wanted, explain
from gateway.agreements.model import NAMELESS, Agreement, Endpoint, Party
from gateway.codecs.model import Address
from gateway.core.errors import NotFoundError
from gateway.grammar.versions import base_version

T = TypeVar("T")

#: The qualifier of an address that is the id of a party: it sent something that does not say who it is from.
BY_DOOR = "door"

#: What a party is taken to number one by one.
_COUNTED = "interchange"


class _Way(NamedTuple):
    """The key that inbound agreements are found by."""

    party: str
    standard: str
    message: str


class Agreements:
    """All parties and what was agreed with them. Immutable once made; build it with :func:`gateway.agreements.load`."""

    def __init__(self, parties: Iterable[Party] = ()) -> None:
        self.parties: dict[str, Party] = {party.id: party for party in sorted(parties, key=lambda p: p.id)}
        everyone = list(self.parties.values())
        self._agreements = {a.name: a for party in everyone for a in party.agreements}
        self._endpoints = {e.name: e for party in everyone for e in party.endpoints}
        self._identities: dict[tuple[str, Address], Party] = {
            (i.standard, i.address): party for party in everyone for i in party.identities
        }
        self._as2 = {name: party for party in everyone if party.as2 is not None for name in party.as2.names}
        #: Whether anything waits for another document by agreement.
        self.awaiting = any(agreement.trading.await_ for agreement in self._agreements.values())
        self._ways: dict[_Way, list[Agreement]] = {}
        self._gaps: dict[tuple[str, str, str, str], str] = {}
        self._charsets: dict[tuple[str, str], str] = {}
        for agreement in self._agreements.values():
            if agreement.direction == "in":
                if agreement.charset:
                    self._charsets.setdefault((agreement.party, agreement.standard), agreement.charset)
                if agreement.number_gaps != _COUNTED:
                    pair = (agreement.party, agreement.with_, agreement.standard, agreement.lane)
                    self._gaps[pair] = agreement.number_gaps
                way = _Way(agreement.party, agreement.standard, agreement.message)
                self._ways.setdefault(way, []).append(agreement)

    def party(self, id: str) -> Party:
        """Raises :class:`NotFoundError`."""
        return _found(self.parties, id, "party")

    def agreement(self, name: str) -> Agreement:
        """Raises :class:`NotFoundError`."""
        return _found(self._agreements, name, "agreement")

    def endpoint(self, name: str) -> Endpoint:
        """Raises :class:`NotFoundError`."""
        return _found(self._endpoints, name, "endpoint")

    def agreements(self) -> list[Agreement]:
        return list(self._agreements.values())

    def endpoints(self, direction: str | None = None) -> list[Endpoint]:
        return [e for e in self._endpoints.values() if direction in (None, e.direction)]

    def own(self) -> list[Party]:
        return [party for party in self.parties.values() if party.own]

    def admits(self, endpoint: str, party: str) -> bool:
        """Whether documents of the party may come through the door. No door, or one that is gone, is not judged."""
        door = self._endpoints.get(endpoint)
        return door is None or door.admits(party)

    def charset(self, standard: str, sender: Address) -> str | None:
        """The character set of what comes from an address, where one of its agreements names it."""
        party = self.party_by_identity(standard, sender) if self._charsets else None
        return None if party is None else self._charsets.get((party.id, standard))

    def number_gaps(self, party: str, own: str, standard: str, lane: str) -> str:
        """What a party numbers one by one, whatever it sends us: one inbound agreement that says so holds for all."""
        return self._gaps.get((party, own, standard, lane), _COUNTED)

    def party_by_identity(self, standard: str, address: Address) -> Party | None:
        """Who an address is. Formats without envelopes (json) are addressed by party id.

        Blanks around identifier and qualifier do not count; an identity without routing matches any.
        """
        name = Address(address.identifier.strip(), address.qualifier.strip(), address.routing.strip())
        if standard in NAMELESS or name.qualifier == BY_DOOR:
            return self.parties.get(name.identifier)
        exact = self._identities.get((standard, name))
        return exact or self._identities.get((standard, name._replace(routing="")))

    def addressed(self, standard: str, identifier: str) -> Party | None:
        """Who has an identifier in a standard, whatever its qualifier: a partner number in the record of an IDoc."""
        return next(
            (
                each
                for (one, name), each in self._identities.items()
                if (one, name.identifier) == (standard, identifier)
            ),
            None,
        )

    def party_by_as2(self, name: str) -> Party | None:
        """Whose name in AS2 it is; capitals matter."""
        return self._as2.get(name)

    def inbound(
        self,
        sender: Address,
        receiver: Address | None,
        standard: str,
        version: str,
        type: str,
        lane: str = "production",
        *,
        association: str = "",
        endpoint: str = "",
    ) -> Agreement | Missing:
        """The agreement that admits a document, or what is missing and the lines of configuration that would admit it.

        ``receiver`` None: the format does not say. ``association`` is UNH 0057. ``endpoint``: the door that it came
        by; left out, the door is not judged.
        """
        wanted = Wanted(sender, receiver, standard, version, type, lane, association, endpoint)
        party = self.party_by_identity(standard, sender)
        if party is None:
            return explain(self, wanted, "sender")
        if not self.admits(endpoint, party.id):
            return explain(self, wanted, "endpoint")
        own = None if receiver is None else self.party_by_identity(standard, receiver)
        if receiver is not None and (own is None or not own.own):
            return explain(self, wanted, "receiver")
        ways = [each for name in ("*", type) for each in self._ways.get(_Way(party.id, standard, name), ())]
        agreed = [a for a in ways if own is None or a.with_ == own.id]
        in_lane = [a for a in agreed if a.lane == lane]
        found = _by_version(in_lane, wanted)
        return found or explain(self, wanted, "version" if in_lane else "lane" if agreed else "agreement")

    def outbound(self, own: str, document: str, *, to: str | None = None, lane: str = "production") -> list[Agreement]:
        """The agreements by which a canonical document (``Order``) of own party ``own`` leaves, to ``to`` or anybody.

        The lane is that of the document which caused it: a test order finds no production ERP.
        """
        return [
            agreement
            for agreement in self._agreements.values()
            if agreement.direction == "out"
            and (agreement.with_, agreement.document, agreement.lane) == (own, document, lane)
            and to in (None, agreement.party)
        ]

    @property
    def digest(self) -> str:
        """A hash of everything, to notice a machine that has other agreements."""
        parties = sorted(self.parties.values(), key=lambda party: party.id)
        return sha256(msgspec.json.encode(parties, order="deterministic")).hexdigest()


def _by_version(agreed: list[Agreement], wanted: Wanted) -> Agreement | None:
    """The agreement with the longest name of the version: association, the version as it is, its base."""
    versions = {agreement.version: agreement for agreement in agreed}
    names = [wanted.version, base_version(wanted.standard, wanted.version, wanted.type), ""]
    if wanted.association:
        names.insert(0, f"{wanted.version}:{wanted.association}")
    return next((versions[name] for name in names if name in versions), None)


def _found(names: dict[str, T], name: str, kind: str) -> T:
    if name not in names:
        raise NotFoundError(f'There is no {kind} "{name}".', hint=f"There are: {', '.join(sorted(names)) or 'none'}.")
    return names[name]
