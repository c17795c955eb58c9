"""``crossdock partners``: who there is, what was agreed, whether it is right, and whether the doors open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.output import Column, Output, Record, facts, plain, results, visible
from gateway.cli.root import Commands
from gateway.cli.session import Session, pass_session
from gateway.core.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from gateway.agreements import Party
    from gateway.core.errors import ConfigurationError

_LIST = (
    Column("party", "id"),
    Column("name", "name"),
    Column("kind", "kind"),
    Column("in envelopes", "identities"),
    Column("endpoints", "endpoints"),
    Column("agreements", "agreements"),
    Column("file", "file"),
)
_CHECK = (
    Column("", "severity", styled=True),
    Column("file", "file"),
    Column("key", "key"),
    Column("what, and what to do", "text"),
)
_NUMBERS = (
    Column("standard", "standard"),
    Column("from", "from"),
    Column("to", "to"),
    Column("last number", "last"),
    Column("void", "void"),
)
_TEST = (
    Column("endpoint", "endpoint"),
    Column("", "mark", styled=True),
    Column("step", "step"),
    Column("found", "detail"),
    Column("what to do", "hint"),
)


@click.group(cls=Commands)
def partners() -> None:
    """Parties, their doors, and what was agreed with them."""


@partners.command("list")
@results
@pass_session
def list_(session: Session, out: Output) -> None:
    """List all parties.

    Example:

    \b
        crossdock partners list
    """
    parties = [_listed(party) for party in session.knowledge.agreements.parties.values()]
    if not out.as_json:
        words = ("identities", "endpoints", "agreements")
        parties = [party | {word: "\n".join(party[word]) for word in words} for party in parties]
    out.table(parties, _LIST, "There are no parties: partners/*.toml in the home has none.")


@partners.command()
@click.argument("party", help="Its id, as crossdock partners list says it.")
@results
@pass_session
def show(session: Session, party: str, out: Output) -> None:
    """Show a party with everything that holds for it, defaults included.

    Example:

    \b
        crossdock partners show globex
    """
    from gateway.agreements import describe

    out.record(describe(session.knowledge.agreements.party(party)), _human)


@partners.command()
@results
@pass_session
@click.pass_context
def check(context: click.Context, session: Session, out: Output) -> None:
    """List what is wrong with partners/*.toml and the mappings named there, with file and key.

    Exit code 1 when something would stop documents.

    Example:

    \b
        crossdock partners check
    """
    findings = list(findings_of(session))
    out.table(findings, _CHECK, "Nothing is wrong.")
    context.exit(int(any(finding["severity"] == "error" for finding in findings)))


@partners.command()
@click.argument("parties", nargs=-1, metavar="[PARTY]…", help="Left out: all.")
@click.option("--endpoint", "endpoints", multiple=True, metavar="NAME", help="Only this door. May be repeated.")
@results
@pass_session
@click.pass_context
def test(
    context: click.Context, session: Session, parties: tuple[str, ...], endpoints: tuple[str, ...], out: Output
) -> None:
    """Walk to the doors of parties (all, when none is named), and say step by step what works.

    Documents that lie there are not touched; what is made for the test is removed. An endpoint that serve left alone is
    tried by it at once when it works here. Exit code 1 when a door does not work.

    Example:

    \b
        crossdock partners test globex
        crossdock partners test globex --endpoint globex-out
    """
    from gateway.cli.as2_expiry import validity_of
    from gateway.cli.endpoints import steps_of
    from gateway.doors import is_remote
    from gateway.service import SystemClock
    from gateway.work.standings import heard

    known = session.knowledge.agreements
    wanted = [known.party(id) for id in parties] or list(known.parties.values())
    doors = [door for party in wanted for door in party.endpoints if not endpoints or door.name in endpoints]
    if missing := sorted(set(endpoints) - {door.name for door in doors}):
        raise UsageError(f"There is no endpoint {missing[0]}.", hint="crossdock partners list")
    working = dict.fromkeys((door.name for door in doors), True)

    def steps() -> Iterator[Record]:
        for door in doors:
            for step in chain(steps_of(door, session.config), validity_of(session, door)):
                working[door.name] &= step["works"]
                yield step if out.as_json else {**step, "mark": "✓" if step["works"] else "✗"}

    out.table(steps(), _TEST, "There are no endpoints.")
    if reached := [door.name for door in doors if working[door.name] and is_remote(door)]:
        with session.database() as database:
            heard(database, reached, SystemClock().now())
    context.exit(int(not all(working.values())))


@partners.command()
@click.argument("party", required=False, metavar="[PARTY]", help="Left out: all.")
@results
@pass_session
def numbers(session: Session, party: str | None, out: Output) -> None:
    """List the control numbers that were given: the last one to each partner, and those that are void.

    Numbers are counted for each pair of names in envelopes; documents and receipts draw from one counter. A number is
    void when its interchange was cancelled before it left: it is not given again.

    Example:

    \b
        crossdock partners numbers
        crossdock partners numbers globex --json
    """
    from gateway.store.given import given
    from gateway.store.ids import show as id_of

    names = None
    if party is not None:
        names = {(each.standard, str(each.address)) for each in session.knowledge.agreements.party(party).identities}
    with session.database() as database, database.read() as connection:
        found = given(connection)
    rows: list[dict[str, Any]] = [
        {
            "standard": each.counter.standard,
            "from": each.counter.own,
            "to": each.counter.partner,
            "last": each.last,
            "void": [f"{number} ({id_of('transmission', id)})" for number, id in each.void],
        }
        for each in found
        if names is None or any((each.counter.standard, side) in names for side in each.counter[1:])
    ]
    if not out.as_json:
        rows = [row | {"void": "\n".join(row["void"])} for row in rows]
    out.table(rows, _NUMBERS, "No control number was given yet.")


def findings_of(session: Session) -> Iterator[dict[str, Any]]:
    """What keeps the files from being loaded; else what looks wrong in them."""
    from gateway.agreements import check, mistakes
    from gateway.doors import mistakes as mistakes_of_doors
    from gateway.service import HANDLERS

    wrong = mistakes(session.knowledge.resources.partners.texts())
    yield from map(_mistake, wrong)
    if wrong:
        return
    known = session.knowledge.agreements
    yield from map(_mistake, mistakes_of_doors(known))
    for found in check(known, mappings=session.knowledge.mappings.names(), handlers=HANDLERS):
        yield {"severity": str(found.severity), "file": found.file, "key": found.key, "text": found.text}
    yield from map(_mistake, _mappings_of(session))
    yield from map(_mistake, _guides_of(session))
    yield from map(_mistake, _unwritable(session))
    yield from map(_mistake, _unusable(session))
    yield from _doors_of(session)


def _doors_of(session: Session) -> Iterator[dict[str, Any]]:
    """Servers that nothing could be trusted at, and secrets that are not on this machine."""
    from gateway import config
    from gateway.cli.examination_doors import references
    from gateway.core.errors import ConfigurationError

    for party in session.knowledge.agreements.parties.values():
        for endpoint in party.endpoints:
            if endpoint.connector == "sftp" and not endpoint.options.get("host_key"):
                text = "No key of the server is trusted: every connection is refused. crossdock partners test shows it."
                key = f"endpoint {endpoint.name}.host_key"
                yield {"severity": "error", "file": party.file, "key": key, "text": text}
    for file, key, reference in references(session):
        try:
            config.resolve_secret(reference, session.config.home)
        except ConfigurationError:
            text = f"{reference} leads nowhere on this machine."
            yield {"severity": "warning", "file": file, "key": key, "text": text}


def _guides_of(session: Session) -> Iterator[ConfigurationError]:
    """Guides that agreements name: those that there are not, and the first line that is wrong of the others."""
    from gateway.core.errors import ConfigurationError, SchemaError

    for party in session.knowledge.agreements.parties.values():
        for number, agreement in enumerate(party.agreements):
            version, _, association = agreement.version.partition(":")
            named = (agreement.standard, version, agreement.type, association, agreement.guide)
            try:
                if agreement.guide:
                    session.knowledge.schemas.message(*named)
            except SchemaError as error:
                text = str(error).removeprefix("schemas: ")
                yield ConfigurationError(text, file=party.file, key=f"agreement[{number}].guide")


def _unusable(session: Session) -> Iterator[ConfigurationError]:
    """Keys and certificates that cannot be read, or are over with nothing after them."""
    from gateway.cli import as2_home
    from gateway.core.errors import ConfigurationError
    from gateway.core.validity import ends

    found = as2_home.credentials(session).all()
    for each in found:
        if each.error:
            file, _, rest = each.error.partition(": ")
            yield ConfigurationError(rest, file=file)
    for end in ends(found):
        if not end.error and end.step(as2_home.now()) == 0:
            text = f"the {end.name} is over since {as2_home.day(end.until)}."
            yield ConfigurationError(text, file="partners", hint="crossdock as2 expiry lists them all.")


def _unwritable(session: Session) -> Iterator[ConfigurationError]:
    """Agreements whose documents would be withheld when they are to leave, whatever is in them."""
    from gateway.core.errors import ConfigurationError, MappingDefinitionError, UnwritableError
    from gateway.pipeline.paper import Press

    known = session.knowledge
    for party in known.agreements.parties.values():
        for number, agreement in enumerate(party.agreements):
            if agreement.direction == "in" or agreement.standard == "json":
                continue
            with suppress(MappingDefinitionError):
                known.mappings.find(agreement.mapping)
                try:
                    Press(agreement, known).attempt()
                except UnwritableError as error:
                    if error.issue.code == "GTW-ENVELOPE":
                        continue  # a side without identity is told above
                    key = f"agreement[{number}]"
                    yield ConfigurationError(error.issue.text, file=party.file, key=key, hint=error.issue.hint or None)


def _mappings_of(session: Session) -> Iterator[ConfigurationError]:
    """The first mistake of each mapping that an agreement names."""
    from gateway.core.errors import ConfigurationError

    known = session.knowledge.mappings
    named = {agreement.mapping for agreement in session.knowledge.agreements.agreements()}
    for name in sorted(named.intersection(known.names())):
        try:
            known.get(name)
        except ConfigurationError as error:
            yield error


def _mistake(error: ConfigurationError) -> dict[str, Any]:
    text = error.detail.removeprefix(f"{error.file}: ").removeprefix(f"{error.key}: ")
    text = " ".join(filter(None, (text, error.hint)))
    return {"severity": "error", "file": error.file, "key": error.key or "", "text": text}


def _listed(party: Party) -> dict[str, Any]:
    return {
        "id": party.id,
        "name": party.name,
        "kind": party.kind,
        "identities": [f"{identity.standard} {identity.address}" for identity in party.identities],
        "endpoints": [f"{endpoint.name} ({endpoint.direction})" for endpoint in party.endpoints],
        "agreements": [agreement.name for agreement in party.agreements],
        "file": party.file,
    }


def _human(party: Record) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding

    parts: list[RenderableType] = [facts({name: party[name] for name in ("id", "name", "kind", "file")})]
    for identity in party["identities"]:
        parts += ["", plain("identity", "bold"), Padding(facts(identity), (0, 0, 0, 2), expand=False)]
    for kind in ("endpoint", "agreement"):
        for one in party[f"{kind}s"]:
            words = {name: _flat(value) for name, value in one.items() if name != "name"}
            parts += ["", plain(f"{kind} {one['name']}", "bold"), Padding(facts(words), (0, 0, 0, 2), expand=False)]
    return Group(*parts)


def _flat(value: object) -> object:
    """Lists and tables as one reads them in a line."""
    if isinstance(value, dict):
        return ", ".join(f"{name} = {_flat(part)}" for name, part in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else visible(value)
