"""``crossdock translate``: from a format to canonical documents, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.inputs import FILE, opened, shown, watched
from gateway.cli.output import Column, Output, results, table, visible
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from gateway.cli.checks import Checker

_LINEAGE = (
    Column("field", "field"),
    Column("segment", "segment", right=True),
    Column("", "tag"),
    Column("element", "element", right=True),
    Column("component", "component", right=True),
    Column("byte", "offset", right=True),
    Column("bytes", "length", right=True),
    Column("mapping line", "line"),
)


@click.command()
@click.argument("file", type=FILE, help="An interchange, or canonical JSON; - is standard input.")
@click.option(
    "--to",
    "target",
    type=click.Choice(("canonical", "x12", "edifact", "ubl", "csv", "idoc")),
    required=True,
    help="What to make.",
)
@click.option("--mapping", metavar="MAPPING", help="By this mapping. Left out: the one that fits the document.")
@click.option("--partner", metavar="PARTY", help="To canonical: as agreed with the party that sends it.")
@click.option("--lineage", is_flag=True, help="To canonical: say where each field came from.")
@click.option("--from-party", metavar="PARTY", help="To a format: the sender, with its identity.")
@click.option("--to-party", metavar="PARTY", help="To a format: the receiver, with its identity.")
@click.option("--sender", metavar="[QUALIFIER:]ID", help="To a format: the sender as it shall stand there [SENDER].")
@click.option("--receiver", metavar="[QUALIFIER:]ID", help="To a format: the receiver likewise [RECEIVER].")
@click.option("--control-number", type=click.IntRange(1, 999_999_999), default=1, help="To a format: its number [1].")
@click.option("--test", is_flag=True, help="To a format: mark the interchange as a test.")
@click.option("--flat", is_flag=True, help="To idoc: flat records, not XML.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@results
@pass_session
@click.pass_context
def translate(
    context: click.Context, session: Session, /, file: str, target: str, output: Path | None, out: Output, **given: Any
) -> None:
    """Make canonical JSON of documents in X12, EDIFACT, UBL, CSV and IDoc, a line each, or one of these of canonical
    JSON.

    The mapping is the only one for the document in that format; where several fit it is named by --mapping. CSV is
    written by the description that its mapping is for, an IDoc as XML.

    Nothing is stored or sent. What is wrong, and what the mapping does not carry, is told on stderr (with --json: in
    the result). Exit code 1 when a document could not be translated or is invalid.

    Example:

    \b
        crossdock translate order.edi --to canonical
        crossdock translate order.edi --to canonical --mapping x12/850 --lineage
        crossdock translate order.json --to ubl
        crossdock translate order.json --to csv --mapping csv/order
        crossdock translate order.json --to idoc --flat
        crossdock translate order.json --to x12 --sender ZZ:ME --receiver ZZ:YOU
    """
    make = _to_canonical if target == "canonical" else _to_format
    context.exit(int(not make(session, file, target, output, out, given)))


def _to_canonical(
    session: Session, file: str, target: str, output: Path | None, out: Output, given: dict[str, Any]
) -> bool:
    from gateway.cli.checks import Checker
    from gateway.cli.to_canonical import canonical_of

    checker: Checker = Checker.of(session.knowledge, given["partner"])
    well = True
    with opened(file) as stream, watched(stream, f"Translating {shown(file)}", quiet=output is not None) as source:
        lines = _Lines(output, out)
        for found in canonical_of(source, shown(file), checker, given["mapping"]):
            well &= found["document"] is not None and not any(i["severity"] == "error" for i in found["issues"])
            if not given["lineage"]:
                del found["lineage"]
            lines.write(found)
        lines.close()
    return well


class _Lines:
    """Canonical documents, a line each, to a file or to stdout; and what there is to say about them."""

    def __init__(self, output: Path | None, out: Output) -> None:
        self.out = out
        self.file = output.open("w", encoding="utf-8") if output is not None else None

    def write(self, found: dict[str, Any]) -> None:
        import json

        text = json.dumps(found["document"], ensure_ascii=False, separators=(",", ":"))
        if self.file is not None and found["document"] is not None:
            self.file.write(text + "\n")
        if self.out.as_json:
            self.out.record(found, lambda _: None)
            return
        if self.file is None and found["document"] is not None:
            click.echo(text)
        if "lineage" in found:
            self.out.show(table(found["lineage"], _LINEAGE))
        _tell(f"{found['type']} {found['reference']}", found["issues"])

    def close(self) -> None:
        if self.file is not None:
            self.file.close()


def _to_format(
    session: Session, file: str, target: str, output: Path | None, out: Output, given: dict[str, Any]
) -> bool:
    from gateway.cli.to_format import Wishes, interchange_of

    with opened(file) as stream:
        text = stream.read()
    wishes = Wishes(**{name: given[name] for name in Wishes.__struct_fields__})
    body, issues = interchange_of(text, shown(file), target, session.knowledge, wishes)
    if output is not None:
        output.write_bytes(body)
    if out.as_json:
        written = body.decode("utf-8", "surrogateescape")
        out.record({"file": shown(file), "standard": target, "interchange": written, "issues": issues}, lambda _: None)
    else:
        if output is None:
            with click.open_file("-", "wb") as stdout:
                stdout.write(body)
        _tell(shown(file), issues)
    return not any(issue["severity"] == "error" for issue in issues)


def _tell(about: str, issues: Sequence[Mapping[str, Any]]) -> None:
    """One line on stderr for each issue."""
    from gateway.cli.issue_table import place_of

    for issue in issues:
        place = place_of(issue.get("location") or {})
        text = " ".join(filter(None, (issue["text"], issue.get("hint"))))
        what = " at ".join(filter(None, (f"{issue['severity']} {issue['code']}", place)))
        click.echo(visible(f"{about}: {what}: {text}"), err=True)
