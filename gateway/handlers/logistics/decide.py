"""Which consignments a document is about: found by its strong numbers, else by those that several may share. Pure.

Strong numbers of two known consignments in one document make them one, which keeps the older record. A weak number
finds those that do not contradict: a document that names nothing strong tells of all of them (a container's event is
one of everything in it), another takes the only one as its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec

from gateway.core.issues import Issue
from gateway.handlers.logistics.facts import SINGLE, STRONG, WEAK, Fact, Name
from gateway.handlers.logistics.fold import KNOWN, State
from gateway.handlers.logistics.freight import figures_of


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A consignment as the records have it."""

    id: int
    version: int
    names: frozenset[Name]
    facts: tuple[Fact, ...]


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """``same``: the records that are about this one consignment; empty: it is new. ``shared``: the document tells of
    each of these, which stay apart. ``doubt``: several that a weak number finds."""

    same: tuple[Known, ...] = ()
    shared: tuple[Known, ...] = ()
    doubt: bool = False


def match(names: Collection[Name], known: Iterable[Known]) -> Match:
    """The known consignments that a document with these names is about."""
    everyone = sorted(known, key=lambda one: one.id)
    strong = {name for name in names if name.kind in STRONG}
    same = [one for one in everyone if strong & one.names]
    if same:
        return Match(same=tuple(same))
    weak = {name for name in names if name.kind in WEAK}
    near = [one for one in everyone if weak & one.names and not contradicts(names, one.names)]
    if not strong:
        return Match(same=tuple(near)) if len(near) == 1 else Match(shared=tuple(near))
    return Match(same=tuple(near)) if len(near) == 1 else Match(doubt=bool(near))


def contradicts(names: Iterable[Name], others: Iterable[Name]) -> bool:
    """Whether both have a number of which a consignment has one only, and not the same."""
    theirs: dict[tuple[str, str], set[str]] = {}
    for name in others:
        theirs.setdefault(_issuer(name), set()).add(name.value)
    return any(
        name.kind in SINGLE and (found := theirs.get(_issuer(name))) is not None and name.value not in found
        for name in names
    )


def _issuer(name: Name) -> tuple[str, str]:
    """Beside which it is the only one. A shipment is one, whoever numbered it."""
    return name.kind, "" if name.kind == "shipment" else name.value.rpartition("/")[0]


def nameless(names: Iterable[Name]) -> bool:
    """Whether nothing in it tells which consignment is meant."""
    return not any(name.kind in STRONG or name.kind in WEAK for name in names)


def findings(fresh: Iterable[Fact], before: State | None, after: State) -> list[Issue]:
    """What an operator should know of these facts and of what they changed, each of it once."""
    found: dict[tuple[str, str], Issue] = {}
    latest = max((fact.happened_at for fact in before.history if fact.happened_at), default=None) if before else None
    for fact in fresh:
        for issue in _of_fact(fact, latest) if figures_of(fact) is None else ():
            found.setdefault((issue.code, str(issue.value)), issue)
    issues = list(found.values())
    new = set(after.conditions) - {"delayed"} - set(before.conditions if before else ())
    issues += [Issue("LOG-CONDITION", value=condition, params={"state": after.state}) for condition in sorted(new)]
    if after.delay_days > (before.delay_days if before else 0):
        issues.append(Issue("LOG-DELAY", value=str(after.delay_days)))
    return issues + list(_of_freight(before, after))


def _of_freight(before: State | None, after: State) -> Iterable[Issue]:
    """What is wrong with freight invoices and was not before: with one that comes, or since its tender is there."""
    known = {one.digest: set(one.differences) for one in before.freight} if before else {}
    for one in after.freight:
        for each in one.differences:
            if each not in known.get(one.digest, ()):
                params = {"found": each.found, "tendered": each.tendered, "carrier": one.carrier}
                yield Issue(each.code, value=one.number, params=params)


def _of_fact(fact: Fact, latest: int | None) -> Iterable[Issue]:
    if fact.own_code or fact.kind not in KNOWN:
        yield Issue("LOG-EVENT", value=fact.kind)
    elif fact.happened_at is None and fact.kind not in {"withdrawn", "advised"}:
        yield Issue("LOG-TIME", value=fact.kind)
    elif fact.kind in KNOWN and latest is not None and fact.happened_at is not None and fact.happened_at < latest:
        yield Issue("LOG-LATE", value=fact.kind, params={"told": fact.told})
