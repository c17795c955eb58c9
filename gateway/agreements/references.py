"""What must fit together across files: names are unique, references lead somewhere, keys fit standard and direction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

import msgspec

from gateway.agreements.as2 import wrong
from gateway.agreements.model import RECEIPTS_OF, Agreement, Endpoint, Party, Told, duration
from gateway.agreements.schedule import next_time
from gateway.canonical import DOCUMENTS
from gateway.codecs.ceb import CEB, EDITION, is_message
from gateway.core.catalogue import KINDS
from gateway.core.errors import ConfigurationError
from gateway.core.events import EVENTS, matching
from gateway.core.secrets import is_reference
from gateway.core.shops import TOPICS
from gateway.grammar.versions import base_version, is_name


class Fault(NamedTuple):
    """``key`` within its table."""

    key: str
    text: str
    hint: str = ""


class Names(NamedTuple):
    """Everything that can be referred to."""

    parties: dict[str, Party]
    endpoints: dict[str, Endpoint]
    agreements: dict[str, Agreement]


def conflicts(parties: list[Party]) -> Iterator[ConfigurationError]:
    """Each thing that is wrong between the parties, in the order of the files."""
    yield from _repeated(parties)
    names = Names(
        {party.id: party for party in parties},
        {endpoint.name: endpoint for party in parties for endpoint in party.endpoints},
        {agreement.name: agreement for party in parties for agreement in party.agreements},
    )
    for party in parties:
        if party.as2 is not None:
            yield from _errors(party, "as2", (Fault(*each) for each in wrong(party.as2, own=party.own)))
        for number, endpoint in enumerate(party.endpoints):
            yield from _errors(party, f"endpoint[{number}]", _carries(endpoint, names))
            yield from _errors(party, f"endpoint[{number}]", _events(endpoint, names))
            yield from _errors(party, f"endpoint[{number}]", _looks(endpoint))
        for number, agreement in enumerate(party.agreements):
            for rule in _RULES:
                yield from _errors(party, f"agreement[{number}]", rule(agreement, names))


def _errors(party: Party, table: str, faults: Iterable[Fault]) -> Iterator[ConfigurationError]:
    for fault in faults:
        key = f"{table}.{fault.key}" if fault.key else table
        yield ConfigurationError(fault.text, file=party.file, key=key, hint=fault.hint or None)


def _repeated(parties: list[Party]) -> Iterator[ConfigurationError]:
    """Ids, names and identities that two have, and two agreements that admit the same document."""
    seen: dict[object, str] = {}
    for party in parties:
        for key, what, claim in _claims(party):
            if claim in seen:
                yield ConfigurationError(f"{what} is given twice: also {seen[claim]}.", file=party.file, key=key)
            seen.setdefault(claim, f"{party.file}: {key}")


def _claims(party: Party) -> Iterator[tuple[str, str, object]]:
    """(key, what it is, what nobody else may have)."""
    yield "id", f'The party "{party.id}"', ("party", party.id)
    for n, identity in enumerate(party.identities):
        yield f"identity[{n}]", f"The identity {identity.address}", (identity.standard, identity.address)
    for name in dict.fromkeys(party.as2.names) if party.as2 is not None else ():
        yield "as2", f'The name "{name}" in AS2', ("as2", name)
    for n, endpoint in enumerate(party.endpoints):
        yield f"endpoint[{n}].name", f'The endpoint "{endpoint.name}"', ("endpoint", endpoint.name)
    for n, agreement in enumerate(party.agreements):
        yield f"agreement[{n}].name", f'The agreement "{agreement.name}"', ("agreement", agreement.name)
        if agreement.direction == "in":
            scope = (party.id, agreement.with_, agreement.lane, agreement.standard, agreement.message)
            version = agreement.version or "any version"
            what = f"{agreement.message} {version} ({agreement.lane}) from {party.id} to {agreement.with_}"
            yield f"agreement[{n}]", f"The way of {what}", ("in", *scope, agreement.version)


def _carries(endpoint: Endpoint, names: Names) -> Iterator[Fault]:
    for other in endpoint.carries:
        if other != "*" and other not in names.parties:
            yield _nothing("carries", "party", other, names.parties)


def _events(endpoint: Endpoint, names: Names) -> Iterator[Fault]:
    """What an endpoint is told of."""
    told = endpoint.events_of
    if endpoint.direction == "in" and endpoint.events:
        yield Fault("events", "events leave the gateway.", 'direction = "out" is needed.')
    if told != Told() and not endpoint.events:
        yield Fault("events_of", "it narrows events, which is missing.")
    for pattern in endpoint.events:
        if not matching(pattern):
            yield _nothing("events", "event", pattern, EVENTS)
    for other in told.parties:
        if other not in names.parties:
            yield _nothing("events_of.parties", "party", other, names.parties)


def _looks(endpoint: Endpoint) -> Iterator[Fault]:
    """When an endpoint is looked into, and how long it may be silent."""
    if endpoint.direction == "out":
        words = {"poll": endpoint.poll, "every": endpoint.every, "expect_every": endpoint.expect_every}
        for word in (word for word, value in words.items() if value):
            yield Fault(word, "this key has no meaning for what leaves.", 'direction = "in" is needed.')
    if endpoint.poll:
        if endpoint.every is not None:
            yield Fault("every", "the times are in poll already.", "Leave one of the two out.")
        yield from _told_by("poll", lambda: next_time(endpoint.poll, endpoint.time_zone, 0))
    if endpoint.expect_every:
        yield from _told_by("expect_every", lambda: duration(endpoint.expect_every))


def _told_by(word: str, ask: Callable[[], object]) -> Iterator[Fault]:
    try:
        ask()
    except ValueError as error:
        yield Fault(word, f"{error}.")


def _with(agreement: Agreement, names: Names) -> Iterator[Fault]:
    other = names.parties.get(agreement.with_)
    if other is None:
        yield _nothing("with", "party", agreement.with_, names.parties)
    elif not other.own or other.id == agreement.party:
        yield Fault("with", f'"{other.id}" is not an own party on the other side.', 'One with kind = "own" is needed.')


def _shape(agreement: Agreement, names: Names) -> Iterator[Fault]:
    """The keys that a standard and a direction need, and those that they do not have."""
    kind = agreement.standard if agreement.standard in ("json", CEB) else ""
    needed, excluded = _KEYS_OF[kind, agreement.direction]
    if agreement.type in RECEIPTS_OF[agreement.standard] and agreement.direction == "in":
        needed = tuple(word for word in needed if word != "mapping")  # it is read for what it says of ours
    missing = [word for word in needed if not getattr(agreement, word)]
    if missing:
        yield Fault("", f"{missing[0]} is missing: {agreement.standard} {agreement.direction} needs it.")
    for word in excluded:
        if getattr(agreement, word) != _DEFAULTS[word]:
            yield Fault(word, f"this key has no meaning for {agreement.standard} {agreement.direction}.")


def _shop(agreement: Agreement, names: Names) -> Iterator[Fault]:
    """JSON has a type where it comes from a web shop."""
    if agreement.standard == "json" and agreement.direction == "in" and agreement.type:
        form, _, topic = agreement.type.partition(".")
        if topic not in TOPICS.get(form, {}):
            there = [f"{name}.{topic}" for name, topics in TOPICS.items() for topic in topics]
            yield _nothing("type", "topic of a web shop", agreement.type, there)
        elif agreement.document != "Order":
            yield Fault("document", f"{agreement.type} is an order.", 'Write document = "Order".')


def _receipts(agreement: Agreement, names: Names) -> Iterator[Fault]:
    known = RECEIPTS_OF[agreement.standard]
    for receipt in agreement.acknowledgments:
        if receipt not in known:
            yield Fault("acknowledgments", f"{receipt} does not answer {agreement.standard}.", _there_are(known))
    if agreement.acknowledgments and not agreement.acknowledge_through:
        yield Fault("acknowledge_through", "is missing: receipts need an endpoint to leave by.")
    if "999" in agreement.acknowledgments and "997" in agreement.acknowledgments:
        yield Fault("acknowledgments", "999 takes the place of 997: one of the two.")
    if "999" in agreement.acknowledgments and "" < agreement.version < "005010":
        yield Fault("acknowledgments", f"there is no 999 in version {agreement.version}: it begins with 005010.")
    if agreement.duplicate == "ta1" and agreement.standard != "x12":
        yield Fault("duplicate", f"there is no TA1 in {agreement.standard}.")


def _doors(agreement: Agreement, names: Names) -> Iterator[Fault]:
    for word in ("endpoint", "acknowledge_through"):
        name = getattr(agreement, word)
        endpoint = names.endpoints.get(name)
        if name and endpoint is None:
            yield _nothing(word, "endpoint", name, names.endpoints)
        elif endpoint is not None and endpoint.direction != "out":
            yield Fault(word, f'"{name}" is an endpoint for what comes in.', 'One with direction = "out" is needed.')
        elif endpoint is not None and not endpoint.admits(agreement.party):
            hint = f'It belongs to {endpoint.party}; carries = ["{agreement.party}"] there would admit it.'
            yield Fault(word, f'"{name}" does not carry documents of {agreement.party}.', hint)


def _route(agreement: Agreement, names: Names) -> Iterator[Fault]:
    target = names.agreements.get(agreement.route)
    if agreement.route and target is None:
        yield _nothing("route", "agreement", agreement.route, names.agreements)
    elif target is not None and target.direction != "out":
        yield Fault("route", f'"{target.name}" is for documents that come in.', 'direction = "out" is needed.')
    elif target is not None and target.lane != agreement.lane:
        yield Fault("route", f'"{target.name}" is in the {target.lane} lane, this one in {agreement.lane}.')
    if agreement.route and agreement.handlers:
        yield Fault("route", "a routed document is not handled: either route or handlers.")


def _severities(agreement: Agreement, names: Names) -> Iterator[Fault]:
    for code in agreement.severities:
        if code not in KINDS:
            yield _nothing(f"severities.{code}", "issue", code, KINDS)


def _deadlines(agreement: Agreement, names: Names) -> Iterator[Fault]:
    known = RECEIPTS_OF[agreement.standard]
    for answer, text in agreement.deadlines.items():
        if answer not in known:
            yield Fault(f"deadlines.{answer}", "this answer is not awaited.", _there_are(known))
        try:
            duration(text)
        except ValueError as error:
            yield Fault(f"deadlines.{answer}", f"{error}.")


def _version(agreement: Agreement, names: Names) -> Iterator[Fault]:
    """The plain name of a version, or a longer one that begins with it: other spellings would match no document."""
    standard = agreement.standard
    for word in ("version", "base") if standard != "json" else ():
        text = getattr(agreement, word)
        base = base_version(standard, text, agreement.type)
        if text and not (text.startswith(base) and _PLAIN[standard](base)):
            yield Fault(word, f'"{text}" is no version of {standard}.', 'Write "004010", "D.96A" or "2.1".')


def _guide(agreement: Agreement, names: Names) -> Iterator[Fault]:
    """Guides narrow segments; what has none would leave one unread, and its documents unchecked by it."""
    if agreement.guide and agreement.standard == "ubl":
        text = "a guide narrows segments of X12 and EDIFACT; a document of UBL is checked by the tables of UBL alone."
        hint = (
            f'Leave guide out. version = "{agreement.version}:CUSTOMIZATION-ID" is for documents of one profile alone.'
        )
        yield Fault("guide", text, hint)


def _times(agreement: Agreement, names: Names) -> Iterator[Fault]:
    """When documents leave."""
    if agreement.send:
        try:
            agreement.next_time(0)
        except ValueError as error:
            yield Fault("send", f"{error}.")
    elif agreement.batch == "window":
        yield Fault("batch", "a window needs times.", 'send = "*/15 * * * *" would be each quarter of an hour.')
    elif agreement.time_zone != _DEFAULTS["time_zone"]:
        yield Fault("time_zone", "it is the time zone of send, which is missing.")


def _customs(agreement: Agreement, names: Names) -> Iterator[Fault]:
    """Customs messages: what they are called, and that keys are named and never written here."""
    if agreement.standard != CEB:
        return
    every = agreement.type == "*" and agreement.direction == "in"
    if agreement.type and not every and not is_message(agreement.type):
        yield Fault("type", f'"{agreement.type}" is no customs message.', 'Write "CEB621Message".')
    if agreement.direction == "out" and agreement.document not in ("", "Declaration"):
        yield Fault("document", f"{agreement.document} does not leave as a customs message.", "It is Declaration.")
    customs = agreement.customs
    for word, value in (("private_key", customs.private_key), ("certificate", customs.certificate)):
        if value and not is_reference(value):
            yield Fault(f"customs.{word}", "it is named and never written here.", 'Write "file:PATH" or "env:NAME".')
    if bool(customs.private_key) != bool(customs.certificate):
        yield Fault("customs.certificate", "who signs has a private_key and its certificate.", "Write both or neither.")


def _having(agreement: Agreement, names: Names) -> Iterator[Fault]:
    """Fields of the canonical document."""
    kind = DOCUMENTS.get(agreement.document)
    fields = [field.name for field in msgspec.structs.fields(kind)] if kind else []
    for name in agreement.having:
        if fields and name not in fields:
            yield _nothing("having", f"field of {agreement.document}", name, fields)


def _nothing(key: str, kind: str, name: str, known: Iterable[str]) -> Fault:
    near = get_close_matches(name, list(known), 1)
    return Fault(key, f'there is no {kind} "{name}".', f"Did you mean {near[0]}?" if near else "")


def _there_are(words: Iterable[str]) -> str:
    text = ", ".join(words)
    return f"There are: {text}." if text else "There are none."


_RULES: tuple[Callable[[Agreement, Names], Iterator[Fault]], ...] = (
    _with,
    _shape,
    _shop,
    _receipts,
    _doors,
    _route,
    _severities,
    _deadlines,
    _version,
    _guide,
    _times,
    _having,
    _customs,
)

_INBOUND = (
    "acknowledgments",
    "acknowledge_through",
    "duplicate",
    "reject",
    "handlers",
    "route",
    "order",
    "number_gaps",
)
_OUTBOUND = ("endpoint", "having", "batch", "batch_documents", "send", "time_zone", "deadlines")
_SEGMENTED = ("type", "mapping", "version")
_UNKNOWN_TO_JSON = ("mapping", "version", "guide", "base", "envelope")
_UNKNOWN_TO_CEB = ("mapping", "guide", "base", "envelope", "unmapped", "charset")

#: (kind of standard, direction) → keys that are needed, keys that must be left out.
_KEYS_OF: dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {
    ("", "in"): (_SEGMENTED, (*_OUTBOUND, "customs")),
    ("", "out"): ((*_SEGMENTED, "document", "endpoint"), (*_INBOUND, "customs")),
    ("json", "in"): (
        ("document",),
        (*_UNKNOWN_TO_JSON, *_OUTBOUND, "acknowledgments", "number_gaps", "customs"),
    ),
    ("json", "out"): (("document", "endpoint"), ("type", *_UNKNOWN_TO_JSON, *_INBOUND, "deadlines", "customs")),
    (CEB, "in"): (("type", "version"), (*_UNKNOWN_TO_CEB, *_OUTBOUND, "customs", "number_gaps", "acknowledgments")),
    (CEB, "out"): (("type", "version", "document", "endpoint"), (*_UNKNOWN_TO_CEB, *_INBOUND, "deadlines")),
}

_DEFAULTS = {
    field.name: field.default
    if field.default is not msgspec.NODEFAULT
    else (field.default_factory() if field.default_factory is not msgspec.NODEFAULT else None)
    for field in msgspec.structs.fields(Agreement)
}

#: Whether a text is the plain name of a version, as opposed to something that names none.
_PLAIN: dict[str, Callable[[str], bool]] = {
    "x12": lambda text: len(text) == 6 and text.isdecimal(),
    "edifact": lambda text: "." in text,
    "ubl": lambda text: text.startswith("2."),
    CEB: lambda text: text == EDITION,
    "csv": is_name,
    "idoc": is_name,
}
