"""Who talks to whom in AS2: the two parties of each endpoint, found by their names, and what does not fit together.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import urlsplit

from gateway.agreements import Agreements, As2, Endpoint, Party
from gateway.connectors.as2.options import InboxOptions, OutboxOptions
from gateway.core.errors import ConfigurationError
from gateway.core.strict import convert

NAME = "as2"

Options = TypeVar("Options", InboxOptions, OutboxOptions)


class Relation(NamedTuple, Generic[Options]):
    """One endpoint with its two sides. ``ours`` and ``theirs`` are the parties' tables ``[as2]``."""

    endpoint: Endpoint
    options: Options
    own: Party
    partner: Party
    ours: As2
    theirs: As2

    @property
    def own_id(self) -> str:
        """Our name, in what leaves."""
        return self.options.own_id or self.ours.id

    @property
    def partner_id(self) -> str:
        """The partner's name, in what leaves."""
        return self.options.partner_id or self.theirs.id


class Relations:
    """Those of all agreements that are right; what is wrong :func:`mistakes` says."""

    def __init__(self, agreements: Agreements) -> None:
        self.agreements = agreements
        self._in: dict[tuple[str, str], Relation[InboxOptions]] = {}
        self._out: dict[str, Relation[OutboxOptions]] = {}
        for endpoint in agreements.endpoints():
            if endpoint.connector != NAME or list(_wrong(agreements, endpoint)):
                continue
            if endpoint.direction == "in":
                found = _relation(agreements, endpoint, InboxOptions)
                for pair in _pairs(found):
                    self._in.setdefault(pair, found)
            else:
                self._out[endpoint.name] = _relation(agreements, endpoint, OutboxOptions)

    def inbound(self, as2_from: str, as2_to: str) -> Relation[InboxOptions] | None:
        """The door of what ``as2_from`` sends to ``as2_to``; None where there is none."""
        return self._in.get((as2_from, as2_to))

    def at(self, endpoint: str) -> Relation[InboxOptions] | None:
        """The door of that name, for what comes in."""
        return next((each for each in self._in.values() if each.endpoint.name == endpoint), None)

    def outbound(self, endpoint: str) -> Relation[OutboxOptions] | None:
        """The way out of that name."""
        return self._out.get(endpoint)

    def answering(self, as2_from: str, as2_to: str) -> Relation[OutboxOptions] | None:
        """The way out whose messages ``as2_from`` answers to ``as2_to`` with MDNs; None where there is none."""
        for each in self._out.values():
            if as2_from in each.theirs.names and as2_to in each.ours.names:
                return each
        return None

    def own(self, name: str) -> Party | None:
        """Our own party of that name in AS2."""
        found = self.agreements.party_by_as2(name)
        return found if found is not None and found.own else None

    def hosts(self, partner: Party) -> frozenset[str]:
        """The hosts that we send to when we send to the partner."""
        urls = [each.options.url for each in self._out.values() if each.partner.id == partner.id]
        return frozenset((urlsplit(url).hostname or "").lower() for url in urls)


@lru_cache(maxsize=4)
def relations_of(agreements: Agreements) -> Relations:
    """Made once for each version of the agreements."""
    return Relations(agreements)


def mistakes(agreements: Agreements) -> list[ConfigurationError]:
    """What no single endpoint can know: parties without a name in AS2, two doors for the same messages."""
    found: list[ConfigurationError] = []
    taken: dict[tuple[str, str], str] = {}
    for endpoint in agreements.endpoints():
        if endpoint.connector != NAME:
            continue
        file, where = agreements.party(endpoint.party).file, f"endpoint {endpoint.name}"
        wrong = list(_wrong(agreements, endpoint))
        found += [
            ConfigurationError(each.text, file=file, key=f"{where}.{each.key}" if each.key else where, hint=each.hint)
            for each in wrong
        ]
        if not wrong and endpoint.direction == "in":
            for pair in _pairs(_relation(agreements, endpoint, InboxOptions)):
                other = taken.setdefault(pair, endpoint.name)
                if other != endpoint.name:
                    text = f'messages from "{pair[0]}" to "{pair[1]}" come in by {other} already.'
                    hint = "partner_id and own_id tell which names an endpoint is for."
                    found.append(ConfigurationError(text, file=file, key=where, hint=hint))
                    break
    return found


class _Fault(NamedTuple):
    key: str
    text: str
    hint: str | None = None


def _wrong(agreements: Agreements, endpoint: Endpoint) -> Iterator[_Fault]:
    partner = agreements.party(endpoint.party)
    own = agreements.parties.get(str(endpoint.options.get("own")))
    if partner.as2 is None:
        yield _Fault("", f"{partner.id} has no name in AS2.", f'Write [as2] and id = "…" in {partner.file}.')
    elif partner.own:
        yield _Fault("", f"{partner.id} is our own party: partners have endpoints of AS2.", None)
    elif endpoint.options.get("partner_id") and endpoint.options["partner_id"] not in partner.as2.names:
        yield _Fault("partner_id", f"this is no name of {partner.id}.", f"There are: {', '.join(partner.as2.names)}.")
    if own is None:
        yield _Fault("own", "there is no such party.", _there_are(agreements))
    elif not own.own:
        yield _Fault("own", f'"{own.id}" is no own party.', 'One with kind = "own" is needed.')
    elif own.as2 is None:
        yield _Fault("own", f"{own.id} has no name in AS2.", f'Write [as2] and id = "…" in {own.file}.')
    elif endpoint.options.get("own_id") and endpoint.options["own_id"] not in own.as2.names:
        yield _Fault("own_id", f"this is no name of {own.id}.", f"There are: {', '.join(own.as2.names)}.")
    else:
        yield from _lacking(endpoint, own.as2, partner.as2)


def _lacking(endpoint: Endpoint, ours: As2, theirs: As2 | None) -> Iterator[_Fault]:
    """Certificates and keys that the options ask for."""
    options = endpoint.options
    if endpoint.direction == "in":
        least = options.get("least", ("signed", "encrypted"))
        if "encrypted" in least and not ours.keys:
            yield _Fault("own", "it has no keys: nothing can be encrypted for it.", "crossdock as2 keygen makes one.")
        if "signed" in least and theirs is not None and not theirs.certificates:
            yield _Fault("", "the partner has no certificates: what it signs cannot be verified.")
        return
    if options.get("sign", "sha256") != "no" and not ours.keys:
        yield _Fault("own", "it has no keys to sign with.", 'crossdock as2 keygen makes one, or write sign = "no".')
    if theirs is not None:
        encrypts = options.get("encrypt", "aes256-cbc") != "no"
        if encrypts and not (theirs.certificates or theirs.encryption_certificates):
            yield _Fault("encrypt", "the partner has no certificates to encrypt for.")
        verified = options.get("mdn", "sync") != "no" and options.get("mdn_signed", True)
        if verified and not theirs.certificates:
            yield _Fault("mdn_signed", "the partner has no certificates: its MDNs cannot be verified.")


def _there_are(agreements: Agreements) -> str:
    return f"There are: {', '.join(party.id for party in agreements.own()) or 'none'}."


def _relation(agreements: Agreements, endpoint: Endpoint, kind: type[Options]) -> Relation[Options]:
    options = convert(endpoint.options, kind, endpoint.name)
    own, partner = agreements.party(options.own), agreements.party(endpoint.party)
    assert own.as2 is not None
    assert partner.as2 is not None
    return Relation(endpoint, options, own, partner, own.as2, partner.as2)


def _pairs(relation: Relation[InboxOptions]) -> Iterator[tuple[str, str]]:
    o = relation.options
    for theirs in (o.partner_id,) if o.partner_id else relation.theirs.names:
        for ours in (o.own_id,) if o.own_id else relation.ours.names:
            yield theirs, ours
