"""``crossdock mappings lint``: what an author may want to know of a mapping that works."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.output import Column, Output, results
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from gateway.mapping import Mapping, XmlMapping
    from gateway.mapping.lint import Advice

_COLUMNS = (
    Column("", "severity", styled=True),
    Column("kind", "kind"),
    Column("at", "where"),
    Column("what", "text"),
)

_COUNTS = (Column("mapping", "mapping"), Column("information", "count", right=True))


@click.command()
@click.argument("names", nargs=-1, metavar="[MAPPING]…", help="Left out: all.")
@click.option("--only", "kinds", multiple=True, metavar="KIND", help="Only of this kind: unfilled, untied …")
@click.option(
    "--all", "inherited", is_flag=True, help="Of a mapping that extends another, also what it has from there."
)
@results
@pass_session
@click.pass_context
def lint(
    context: click.Context,
    session: Session,
    names: tuple[str, ...],
    kinds: tuple[str, ...],
    inherited: bool,
    out: Output,
) -> None:
    """Say what mappings leave empty, lose, write otherwise than they read, and never tried.

    Warnings are likely mistakes; information is what a mapping cannot carry or normalises: of all mappings together,
    it is only counted. Exit code 1 when there are warnings, or a mapping does not work at all.

    Example:

    \b
        crossdock mappings lint x12/850
        crossdock mappings lint --only unfilled --only twice
    """
    from gateway.core.errors import UsageError
    from gateway.mapping.lint import KINDS

    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise UsageError(f"There is no kind {unknown[0]}.", hint=f"There are: {', '.join(KINDS)}.")
    asked = names or tuple(session.knowledge.mappings.names())
    found = [
        advice for name in asked for advice in _advice(session, name, inherited) if not kinds or advice["kind"] in kinds
    ]
    if names or kinds or inherited or out.as_json:
        out.table(found, _COLUMNS, "There is nothing to say.")
    else:
        _in_short(found, out)
    context.exit(int(any(advice["severity"] != "information" for advice in found)))


def _in_short(found: list[dict[str, Any]], out: Output) -> None:
    """Warnings in full, information by the number for each mapping."""
    from gateway.cli.output import plain, table

    serious = [advice for advice in found if advice["severity"] != "information"]
    if serious:
        out.show(table(serious, _COLUMNS))
    counts = Counter(advice["mapping"] for advice in found if advice["severity"] == "information")
    if counts:
        out.show(table([{"mapping": name, "count": count} for name, count in counts.items()], _COUNTS))
        out.show(plain(f"crossdock mappings lint {next(iter(counts))} shows what it is."))
    if not found:
        out.show(plain("There is nothing to say."))


def _advice(session: Session, name: str, inherited: bool) -> Iterator[dict[str, Any]]:
    from gateway.core.errors import ConfigurationError
    from gateway.mapping.xml_lint import lint as lint_mapping

    try:
        mapping = session.knowledge.mappings.find(name)
    except ConfigurationError as error:
        yield {"mapping": name, "severity": "error", "kind": "wrong", "where": "", "text": str(error)}
        return
    for advice in lint_mapping(mapping):
        if mapping.extends and not inherited and _is_of_another(advice, mapping):
            continue
        yield {"mapping": name, "severity": advice.severity, **advice._asdict()}


def _is_of_another(advice: Advice, mapping: Mapping | XmlMapping) -> bool:
    """Information about what a mapping only takes over."""
    return advice.severity == "information" and not advice.where.startswith(mapping.file)
