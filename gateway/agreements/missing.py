"""What is missing when no agreement admits a document, and the lines of configuration that would admit it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from gateway.agreements.model import RECEIPTS_OF, Agreement, Party
from gateway.codecs.model import Address
from gateway.core.issues import Issue
from gateway.grammar.versions import base_version

if TYPE_CHECKING:
    from gateway.agreements.resolve import Agreements


class Wanted(NamedTuple):
    """A document, as its envelope shows it."""

    sender: Address
    receiver: Address | None
    standard: str
    version: str
    type: str
    lane: str
    association: str
    endpoint: str


class Missing(NamedTuple):
    """Why a document is not admitted. ``configuration`` is ready to be appended to ``file`` below ``partners/``."""

    issue: Issue
    configuration: str
    file: str


def explain(agreements: Agreements, wanted: Wanted, what: str) -> Missing:
    """``what``: sender, receiver, endpoint, agreement, version or lane."""
    return _REASONS[what](agreements, wanted)


def _sender(agreements: Agreements, wanted: Wanted) -> Missing:
    name = _fresh(_slug(wanted.sender.identifier), agreements.parties)
    party = Party(id=name, name=wanted.sender.identifier or name)
    lines = [
        _line("id", name),
        _line("name", party.name),
        _line("kind", "external"),
        *_identity(wanted.standard, wanted.sender),
        *_agreement(agreements, wanted, party),
    ]
    return _missing("GTW-SENDER", str(wanted.sender), lines, _file(agreements, name))


def _receiver(agreements: Agreements, wanted: Wanted) -> Missing:
    own = _likely_own(agreements, wanted)
    address = wanted.receiver or Address("")
    lines = _identity(wanted.standard, address)
    if own is None:
        name = _fresh(_slug(address.identifier), agreements.parties)
        lines = [_line("id", name), _line("name", address.identifier or name), _line("kind", "own"), *lines]
        return _missing("GTW-RECEIVER", str(address), lines, _file(agreements, name))
    return _missing("GTW-RECEIVER", str(address), lines, own.file)


def _endpoint(agreements: Agreements, wanted: Wanted) -> Missing:
    """The one case where a line is changed, not added."""
    door = agreements.endpoint(wanted.endpoint)
    sender = _party(agreements, wanted)
    carries = [*door.carries, sender.id]
    lines = [f"# in [[endpoint]] {door.name}", f"carries = {json.dumps(carries)}"]
    owner = agreements.party(door.party)
    return _missing("GTW-ENDPOINT", door.name, lines, owner.file, sender=sender.id, party=owner.id)


def _no_agreement(agreements: Agreements, wanted: Wanted) -> Missing:
    party = _party(agreements, wanted)
    own = _likely_own(agreements, wanted)
    what = " ".join(word for word in (wanted.type, wanted.version) if word)
    lines = _agreement(agreements, wanted, party)
    sides = {"sender": party.id, "receiver": own.id if own else "nobody"}
    return _missing("GTW-AGREEMENT", what, lines, party.file, **sides)


def _version(agreements: Agreements, wanted: Wanted) -> Missing:
    party = _party(agreements, wanted)
    agreed = [a.version for a in _similar(agreements, wanted, party) if a.lane == wanted.lane]
    lines = _agreement(agreements, wanted, party)
    text = f"agreed is {', '.join(agreed)}"
    return _missing("GTW-VERSION", wanted.version, lines, party.file, sender=party.id, type=wanted.type, agreed=text)


def _lane(agreements: Agreements, wanted: Wanted) -> Missing:
    party = _party(agreements, wanted)
    lines = _agreement(agreements, wanted, party)
    return _missing("GTW-LANE", wanted.lane, lines, party.file, sender=party.id, type=wanted.type)


_REASONS: dict[str, Callable[[Agreements, Wanted], Missing]] = {
    "sender": _sender,
    "receiver": _receiver,
    "endpoint": _endpoint,
    "agreement": _no_agreement,
    "version": _version,
    "lane": _lane,
}


def _file(agreements: Agreements, name: str) -> str:
    """The file of a party to be: beside the others."""
    folders = [party.file.rpartition("/")[0] for party in agreements.parties.values()]
    return "/".join(filter(None, (next(iter(folders), "partners"), f"{name}.toml")))


def _missing(code: str, value: str, lines: list[str], file: str, **params: str) -> Missing:
    text = "\n".join(lines).strip("\n") + "\n"
    words = {"configuration": f"In {file}:\n{text}", **params}
    return Missing(Issue(code, value=value, params=words), text, file)


def _agreement(agreements: Agreements, wanted: Wanted, party: Party) -> list[str]:
    """An agreement that admits the document: like the one there is for another lane or version, else a plain one."""
    own = _likely_own(agreements, wanted)
    like = next(iter(_similar(agreements, wanted, party)), None)
    name = _fresh("-".join(filter(None, (party.id, _slug(wanted.type), _suffix(wanted, like)))), _names(agreements))
    other = own.id if own else _slug(wanted.receiver.identifier if wanted.receiver else "")
    lines = ["", "[[agreement]]", _line("name", name), _line("with", other)]
    lines += [_line("direction", "in"), _line("lane", wanted.lane), _line("standard", wanted.standard)]
    if wanted.standard == "json":
        shop = [_line("type", wanted.type), _line("document", "Order")] if "." in wanted.type else []
        return [*lines, *(shop or [_line("document", wanted.type)])]
    version = base_version(wanted.standard, wanted.version, wanted.type)
    lines += [_line("version", version), _line("type", wanted.type)]
    if wanted.type not in RECEIPTS_OF[wanted.standard]:  # these are read without one
        lines.append(_line("mapping", like.mapping) if like else _mapping(agreements, wanted))
    if like and like.acknowledgments:
        lines.append(f"acknowledgments = {json.dumps(list(like.acknowledgments))}")
        lines.append(_line("acknowledge_through", like.acknowledge_through))
    return lines


def _suffix(wanted: Wanted, like: Agreement | None) -> str:
    if like is None:
        return ""
    return wanted.lane if like.lane != wanted.lane else _slug(base_version(wanted.standard, wanted.version))


def _mapping(agreements: Agreements, wanted: Wanted) -> str:
    """The mapping that others use for the same message, else the name that it would have if there were one."""
    others = (a.mapping for a in agreements.agreements() if (a.standard, a.type) == (wanted.standard, wanted.type))
    version = base_version(wanted.standard, wanted.version, wanted.type).replace(".", "")
    usual = _slug(f"{wanted.type}-{version}" if wanted.standard == "edifact" else wanted.type)
    if known := next(others, None):
        return _line("mapping", known)
    return _line("mapping", f"{wanted.standard}/{usual}") + "  # to be written, unless crossdock mappings list has it"


def _similar(agreements: Agreements, wanted: Wanted, party: Party) -> list[Agreement]:
    """Inbound agreements of the party on the same message with the same own party."""
    own = _likely_own(agreements, wanted)
    return [
        a
        for a in party.agreements
        if a.direction == "in"
        and (a.standard, a.message) == (wanted.standard, wanted.type)
        and (own is None or a.with_ == own.id)
    ]


def _likely_own(agreements: Agreements, wanted: Wanted) -> Party | None:
    """The receiver, or the own party that most agreements with the sender name, or the first there is."""
    if wanted.receiver is not None:
        receiver = agreements.party_by_identity(wanted.standard, wanted.receiver)
        if receiver is not None and receiver.own:
            return receiver
    sender = agreements.party_by_identity(wanted.standard, wanted.sender)
    agreed = [a.with_ for a in sender.agreements] if sender else []
    agreed += [a.with_ for a in agreements.agreements()]
    named = [agreements.party(id) for id in agreed]
    return next(iter([*named, *agreements.own()]), None)


def _party(agreements: Agreements, wanted: Wanted) -> Party:
    party = agreements.party_by_identity(wanted.standard, wanted.sender)
    assert party is not None
    return party


def _identity(standard: str, address: Address) -> list[str]:
    lines = ["", "[[identity]]", _line("standard", standard)]
    if address.qualifier.strip():
        lines.append(_line("qualifier", address.qualifier.strip()))
    return [*lines, _line("identifier", address.identifier.strip())]


def _line(word: str, value: str) -> str:
    """A TOML line: a JSON string is a TOML basic string, and cannot be broken out of. Undecodable bytes are ``?``."""
    text = json.dumps(value.encode("utf-8", "replace").decode("utf-8"))
    return f"{word} = {text}".replace("\x7f", "\\u007f")


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "party"


def _fresh(name: str, taken: dict[str, Party] | set[str]) -> str:
    """A name that nobody has: ``globex``, ``globex-2`` …"""
    number, found = 2, name
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found


def _names(agreements: Agreements) -> set[str]:
    return {agreement.name for agreement in agreements.agreements()}
