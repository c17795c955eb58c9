"""``crossdock guide``: the few lines by which a partner narrows the standard, proposed from samples and checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.inputs import FILE, opened
from gateway.cli.output import Column, Output, Record, results
from gateway.cli.root import Commands
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from rich.console import RenderableType

    from gateway.codecs import RawDocument
    from gateway.grammar.learning import Learner

_CHECK = (Column("guide", "guide"), Column("message", "type"), Column("", "fine"), Column("finding", "text"))


@click.group(cls=Commands)
def guide() -> None:
    """Guides: how a partner narrows the messages of a standard."""


@guide.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE…", help="Documents of the partner.")
@click.option("--standard", type=click.Choice(("x12", "edifact")), help="Only of this standard.")
@click.option("--version", help="Only of this version: 004010, D.96A.")
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Only of this type: 850, ORDERS.")
@click.option("--least", type=click.IntRange(1), default=10, show_default=True, help="Documents that support a line.")
@click.option("--tight", is_flag=True, help="Limit lengths and counts to the greatest that was seen, too.")
@click.option("--title", default="Learned from samples", show_default=True, help="The first line of the guide.")
@results
@pass_session
@click.pass_context
def learn(
    context: click.Context,
    session: Session,
    files: tuple[str, ...],
    standard: str | None,
    version: str | None,
    types: tuple[str, ...],
    least: int,
    tight: bool,
    title: str,
    out: Output,
) -> None:
    """Propose a guide from samples: what is always there, what never, which codes tell places apart.

    The guide accepts all valid samples. It limits nothing that fewer than --least documents have shown; look it over,
    and save it in schemas/STANDARD/VERSION/guides/NAME.txt of your home. Exit code 1 when nothing could be learned.

    Example:

    \b
        crossdock guide learn samples/*.edi > schemas/x12/004010/guides/acme.txt
        crossdock guide learn --type 850 --least 5 --tight in/*.edi
    """
    from gateway.core.errors import UsageError
    from gateway.grammar.proposal import Proposal

    school = _School(session, standard, version, types)
    for path in files:
        with opened(path) as stream:
            school.read(stream)
    versions = sorted({place for place, _ in school.learners})
    if len(versions) > 1:
        raise UsageError(
            "The files have several versions, and a guide is for one.", hint=f"There are: {_listed(versions)}."
        )
    learned = [learner for _, learner in sorted(school.learners.items()) if learner.documents]
    record = {
        "version": versions[0] if versions else None,
        "types": [learner.table.type for learner in learned],
        "documents": sum(learner.documents for learner in learned),
        "invalid": school.invalid,
        "without_table": school.without_table,
        "least": least,
        "guide": Proposal(least, tight).guide(title, learned) if learned else None,
    }
    out.record(record, _proposed)
    if not out.as_json:
        click.echo(_told(record), err=True)
    context.exit(int(not learned))


class _School:
    """Learners by directory of the version and type."""

    def __init__(self, session: Session, standard: str | None, version: str | None, types: tuple[str, ...]) -> None:
        self.learners: dict[tuple[str, str], Learner] = {}
        self.invalid = self.without_table = 0
        self._schemas = session.knowledge.schemas
        self._limits = session.knowledge.limits
        self._standard, self._version, self._types = standard, version, types

    def read(self, stream: Any) -> None:
        """All documents of a file that are wanted."""
        from gateway.codecs import RawDocument, read

        for event in read(stream, limits=self._limits):
            if isinstance(event, RawDocument) and self._is_wanted(event):
                self._learn(event)

    def _is_wanted(self, document: RawDocument) -> bool:
        from gateway.grammar.versions import base_version

        bases = [
            base_version(document.standard, name) for name in (document.version, self._version or document.version)
        ]
        mine = bases[0] == bases[1] and self._standard in (None, document.standard)
        return mine and (not self._types or document.type in self._types) and bool(document.text)

    def _learn(self, document: RawDocument) -> None:
        from gateway.core.errors import SchemaError
        from gateway.core.issues import has_errors
        from gateway.grammar.learning import Learner
        from gateway.grammar.versions import base_version, of_guide

        base = base_version(document.standard, document.version, document.type)
        version = document.version if of_guide(document.standard, document.version) else base
        kind = document.standard, version, document.type
        try:
            table = self._schemas.message(*kind)
        except SchemaError:
            self.without_table += 1
            return
        key = f"{document.standard}/{base}", document.type
        learner = self.learners.get(key)
        if learner is None:
            learner = self.learners[key] = Learner(table)
        found = [*document.issues, *self._schemas.validator(*kind).validate(document)]
        self.invalid += has_errors(found) or not learner.add(document)


def _listed(versions: list[str]) -> str:
    return ", ".join(f"--standard {one.split('/')[0]} --version {one.split('/')[1]}" for one in versions)


def _proposed(record: Record) -> RenderableType | None:
    if record["guide"]:
        click.echo(record["guide"], nl=False)  # as it is: it is a file
    return None


def _told(record: Record) -> str:
    """For the person, beside the guide."""
    said = f"Learned from {record['documents']} documents."
    if record["invalid"]:
        said += f" {record['invalid']} are invalid, and left out: crossdock validate says why."
    if record["without_table"]:
        said += f" {record['without_table']} have no table."
    if record["guide"] and record["documents"] < record["least"]:
        said += f" They are too few to limit anything: more samples, or --least {record['documents']}."
    return said + (f" It belongs into schemas/{record['version']}/guides/NAME.txt." if record["guide"] else "")


@guide.command()
@click.argument("names", nargs=-1, metavar="[NAME]…", help="Left out: all.")
@results
@pass_session
@click.pass_context
def check(context: click.Context, session: Session, names: tuple[str, ...], out: Output) -> None:
    """Check guides: that each line fits its message, and widens nothing. Exit code 1 when one is wrong.

    Example:

    \b
        crossdock guide check acme
    """
    from gateway.core.errors import NotFoundError

    known = session.knowledge.schemas.guide_names()
    missing = [name for name in names if name not in {found for _, found in known}]
    if missing:
        there = ", ".join(sorted({name for _, name in known})) or "none"
        raise NotFoundError(f'There is no guide "{missing[0]}".', hint=f"There are: {there}.")
    wanted = [(directory, name) for directory, name in known if not names or name in names]
    found = [row for directory, name in wanted for row in _judged(session, directory, name)]
    out.table(found, _CHECK, "There are no guides: crossdock guide learn proposes one.")
    context.exit(int(not all(row["fine"] for row in found)))


def _judged(session: Session, directory: str, name: str) -> Iterator[dict[str, Any]]:
    """A row for each message of a guide, which narrows the table of the version or those of guides that build on it."""
    from gateway.core.errors import SchemaError
    from gateway.grammar.versions import base_version

    schemas, (standard, version) = session.knowledge.schemas, directory.split("/")
    about = {"guide": f"{directory}/guides/{name}.txt"}
    try:
        types = schemas.guide(directory, name).types
    except SchemaError as error:
        yield about | {"type": "", "fine": False, "text": str(error)}
        return
    for type in types:
        there = {one.version for one in schemas.available(standard, type=type)}
        versions = sorted(one for one in there if base_version(standard, one) == version) or [version]
        wrong = []
        for one in versions:
            try:
                schemas.message(standard, one, type, guide=name)
            except SchemaError as error:
                wrong.append(str(error))
        fine = len(wrong) < len(versions)
        yield about | {"type": type, "fine": fine, "text": "" if fine else wrong[0]}
