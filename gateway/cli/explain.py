"""``crossdock explain``: a document as a page that a person can read who does not read EDI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.inputs import FILE, opened, shown, watched
from gateway.cli.output import Output, Record, results
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from gateway.cli.explained import Explainer


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE…", help="- is standard input.")
@click.option("--partner", metavar="PARTY", help="As agreed with this party: mapping, severities.")
@click.option("--mapping", metavar="MAPPING", help="Read by this mapping. Left out: the one that fits the document.")
@click.option("--brief", is_flag=True, help="Without the segments.")
@click.option("--html", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write one page of HTML.")
@click.option("--most", type=click.IntRange(1), default=100, help="Documents of a file that are shown [100].")
@results
@pass_session
@click.pass_context
def explain(
    context: click.Context, session: Session, /, files: tuple[str, ...], html: Path | None, out: Output, **given: Any
) -> None:
    """Say what a document says: who, what, when, how much; then each segment with names, codes and dates in words,
    and what is wrong with it in its place.

    Reads X12, EDIFACT, UBL, CSV, IDoc and canonical JSON. Exit code 1 when something is invalid.

    Example:

    \b
        crossdock explain order.edi
        crossdock explain order.edi --html order.html
    """
    from gateway.cli.checks import Checker
    from gateway.cli.explained import Explainer

    checker = Checker.of(session.knowledge, given["partner"])
    found = _Found(Explainer(checker, given["mapping"], brief=given["brief"]), files, given["most"])
    if html is not None:
        _write(html, files, found, out)
    else:
        for record in found:
            out.record(record, _human)
    context.exit(int(not found.valid))


class _Found:
    """The records of all files, as they come."""

    def __init__(self, explainer: Explainer, files: tuple[str, ...], most: int) -> None:
        self._explainer = explainer
        self._files = files
        self._most = most
        self.valid = True

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for path in self._files:
            with opened(path) as stream, watched(stream, f"Explaining {shown(path)}") as source:
                for number, record in enumerate(self._explainer.records(source, shown(path)), 1):
                    if number > self._most and "type" in record:
                        click.echo(f"{shown(path)} has more: only the first {self._most} are shown (--most).", err=True)
                        break
                    self.valid &= record["valid"]
                    yield record


def _write(html: Path, files: tuple[str, ...], found: _Found, out: Output) -> None:
    from gateway.cli.output import plain
    from gateway.explain.page import write_page

    with html.open("w", encoding="utf-8", errors="backslashreplace") as stream:
        write_page(stream, ", ".join(Path(shown(path)).name for path in files), found)
    out.record({"page": str(html), "valid": found.valid}, lambda record: plain(f"{record['page']} is written."))


def _human(record: Record) -> Any:
    from gateway.cli.explain_view import show_document, show_file

    return show_document(record) if "type" in record else show_file(record)
