"""Whom a document is for that nobody handles: whom its sender or its agreement names, or whom it answers. Pure.

Where nothing decides, the document is held with the line of configuration that would.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from itertools import chain, count

from gateway.agreements import Agreement, Party
from gateway.canonical import Document
from gateway.core.errors import MappingDefinitionError, NotFoundError
from gateway.core.issues import Issue
from gateway.mapping import Mapping, XmlMapping
from gateway.pipeline.context import Known

#: The handler of what is passed on; behind a colon whom the sender of the document names.
ROUTE = "route"


def is_route(handler: str | None) -> bool:
    return handler is not None and handler.partition(":")[0] == ROUTE


def routed(to: str | None) -> str:
    """The handler's name for a document that its sender wants to go to a party."""
    return f"{ROUTE}:{to}" if to else ROUTE


def destination(
    known: Known, handler: str, agreed: Agreement, document: Document, answers: Collection[str]
) -> list[Agreement] | Issue:
    """The agreements by which a document leaves that came in by ``agreed``.

    ``handler`` may name a party; ``answers`` are the parties whose documents of the same business key came before.
    """
    own, lane, canonical = agreed.with_, agreed.lane, type(document).__name__
    to = handler.partition(":")[2]
    if to:
        return ways_to(known, own, document, to, lane)
    if agreed.route:
        return [known.agreements.agreement(agreed.route)]
    every = known.agreements.outbound(own, canonical, lane=lane)
    ways = [way for way in fitting(known, every, document) if way.party != agreed.party]
    parties = {way.party for way in ways}
    if len(parties) > 1:
        parties &= set(answers)
    if len(parties) == 1:
        return [way for way in ways if way.party in parties]
    if not ways:
        reason = f"nobody has agreed to get it from {own} in the {lane} lane"
        other = next(iter(answers), None)
        return _undecided(canonical, reason, _lines(known, own, canonical, other, lane))
    names = ", ".join(sorted({way.party for way in ways}))
    line = f'route = "{ways[0].name}" in agreement {agreed.name}; or "to" beside the document: {_envelope(ways[0])}'
    return _undecided(canonical, f"{names} get it from {own}, and it answers none of them alone", line)


def fitting(known: Known, ways: Iterable[Agreement], document: Document) -> list[Agreement]:
    """The agreements that ask for nothing which the document does not have, and neither do their mappings: one for
    credit notes is not for other invoices.

    Of those with one party in one standard, the ones that ask for something go before the others.
    """
    able = [
        (way, bool(way.having or (mapping and mapping.only)))
        for way in ways
        for mapping in (_mapping(known, way),)
        if all(getattr(document, field, None) for field in way.having) and (mapping is None or mapping.admits(document))
    ]
    asking = {(way.party, way.standard) for way, asks in able if asks}
    return [way for way, asks in able if asks or (way.party, way.standard) not in asking]


def _mapping(known: Known, way: Agreement) -> Mapping | XmlMapping | None:
    """The mapping of an agreement; None where it has none, or one that is wrong, which is told when it is used."""
    try:
        return known.mappings.find(way.mapping) if way.mapping else None
    except MappingDefinitionError:
        return None


def ways_to(known: Known, own: str, document: Document, to: str, lane: str) -> list[Agreement] | Issue:
    """The agreements by which a document of our party ``own`` leaves to ``to``, or what is missing."""
    canonical = type(document).__name__
    try:
        known.agreements.party(to)
    except NotFoundError as error:
        return _undecided(canonical, error.detail.rstrip("."), error.hint or "")
    ways = fitting(known, known.agreements.outbound(own, canonical, to=to, lane=lane), document)
    if ways:
        return ways
    reason = f"{to} has not agreed to get it from {own} in the {lane} lane"
    return _undecided(canonical, reason, _lines(known, own, canonical, to, lane))


def _undecided(canonical: str, reason: str, configuration: str) -> Issue:
    return Issue("GTW-ROUTE", value=canonical, params={"reason": reason, "configuration": configuration})


def _envelope(way: Agreement) -> str:
    return f'{{"to": "{way.party}", "content": …}}'


def _lines(known: Known, own: str, canonical: str, to: str | None, lane: str) -> str:
    """The agreement that would let it go: in a format that the party has a name in and there is a mapping for."""
    if to is None:
        return 'An agreement with direction = "out" says who gets it.'
    party = known.agreements.party(to)
    door = next((endpoint.name for endpoint in party.endpoints if endpoint.direction == "out"), f"{to}-out")
    taken = {agreement.name for agreement in known.agreements.agreements()}
    names = (f"{to}-{canonical.lower()}-out{suffix}" for suffix in chain([""], (f"-{n}" for n in count(2))))
    values = {"name": next(name for name in names if name not in taken), "with": own, "direction": "out", "lane": lane}
    values |= _format(known, party, canonical)
    values |= {"document": canonical, "endpoint": door}
    lines = [f"{word} = {json.dumps(value)}" for word, value in values.items()]
    return "\n".join([f"In {party.file}:", "", "[[agreement]]", *lines])


def _format(known: Known, party: Party, canonical: str) -> dict[str, str]:
    general = sorted(known.mappings.names(), key=lambda name: name.startswith("partners/"))
    for name in general:
        try:
            mapping = known.mappings.find(name)
        except MappingDefinitionError:
            continue
        standard, version, message = mapping.format
        if mapping.document == canonical and party.identity(standard) is not None:
            return {"standard": standard, "version": version, "type": message, "mapping": name}
    return {"standard": "json"}
