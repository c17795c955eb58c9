"""``crossdock validate``: is it right, and if not, what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from gateway.cli.inputs import FILE, opened, shown, watched
from gateway.cli.issue_table import issue_table
from gateway.cli.output import Output, Record, plain, results
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from rich.console import RenderableType

    from gateway.cli.checks import Checker
    from gateway.cli.content import Contents
    from gateway.cli.second_opinion import SecondOpinions
    from gateway.codecs import Event, InterchangeHeader, RawDocument
    from gateway.core.issues import Issue

#: Issues of the envelopes of one file that are listed: a file may have any number of interchanges.
_MOST = 1000

#: What is not searched for interchanges.
_FOREIGN = frozenset({"ubl", "ceb", "xml", "json", "csv", "idoc"})


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE…", help="- is standard input.")
@click.option("--partner", metavar="PARTY", help="By what was agreed with this party: severities, versions, limits.")
@click.option("--guide", metavar="NAME", help="By this guide of a partner (crossdock schemas guides).")
@click.option("--second-opinion", is_flag=True, help="pyx12 judges X12 documents too; shows where the two differ.")
@results
@pass_session
@click.pass_context
def validate(
    context: click.Context,
    session: Session,
    files: tuple[str, ...],
    partner: str | None,
    guide: str | None,
    second_opinion: bool,
    out: Output,
) -> None:
    """Check files against their standard: envelopes, counts, structure, elements, codes; and the sums of orders and
    invoices. Messages of China's customs (CEB) too, alone or in a DxpMsg.

    With --json a line for each document, and a last line for each file with the issues of its envelopes. Documents
    without a table (crossdock schemas list) are checked for their envelope only, with a warning. Exit code 1 when
    something is invalid.

    Example:

    \b
        crossdock validate order.edi
        crossdock validate --json --partner globex in/*.edi
        crossdock validate --guide acme order.edi
        crossdock validate --second-opinion claims.837
    """
    from gateway.cli.checks import Checker

    checker = Checker.of(session.knowledge, partner, guide)
    valid = True
    with ExitStack() as stack:
        opinions = stack.enter_context(_opinions()) if second_opinion else None
        for path in files:
            with opened(path) as stream, watched(stream, f"Validating {shown(path)}") as source:
                if len(files) > 1:
                    out.show(plain(f"{shown(path)}:", "bold"))
                for record in _File(shown(path), checker, opinions).records(source):
                    valid &= record["valid"]
                    out.record(record, _human)
    context.exit(int(not valid))


def _opinions() -> SecondOpinions:
    from gateway.cli.second_opinion import SecondOpinions

    return SecondOpinions()


class _File:
    """One file: its documents as they come, and what there is to say about its envelopes."""

    def __init__(self, name: str, checker: Checker, opinions: SecondOpinions | None = None) -> None:
        self.name = name
        self.checker = checker
        self.opinions = opinions
        self.contents: Contents | None = None
        self.documents = 0
        self.valid = True
        self.issues: list[Issue] = []
        self.more = 0
        self.of_records = False

    def records(self, stream: BinaryIO) -> Iterator[dict[str, Any]]:
        """A record for each document, and one for the file."""
        from gateway.codecs import InterchangeStart, RawDocument, read

        header = None
        kind = self._kind(stream)
        if kind in ("csv", "idoc", "unknown"):
            yield from self._of_records(stream, kind)
        if kind == "ubl":
            yield self._of_ubl(stream)
        if kind == "ceb":
            yield self._of_ceb(stream)
        events = iter(()) if kind in _FOREIGN or self.of_records else read(
            stream, charset=self.checker.charset, limits=self.checker.knowledge.limits
        )  # fmt: skip
        for event in events:
            if isinstance(event, InterchangeStart):
                header = event.header
            if isinstance(event, RawDocument) and header is not None:
                yield from self._judged(event, header)
            else:
                self._envelope(event)
        if self.opinions is not None:
            yield from self.opinions.rest()
        yield self._summary()

    def _judged(self, document: RawDocument, header: InterchangeHeader) -> Iterator[dict[str, Any]]:
        """Its record; with second opinions, those that are complete by now."""
        issues = self.checker.issues(document, header)
        record = self._document(document, [*issues, *self._content(document, header, issues)])
        if self.opinions is None:
            yield record
        else:
            yield from self.opinions.take(record, document, issues, self.checker.table(document, header))

    def _content(self, document: RawDocument, header: InterchangeHeader, issues: list[Issue]) -> list[Issue]:
        """What does not add up in it, once its form is right."""
        from gateway.cli.content import Contents
        from gateway.core.issues import has_errors

        if has_errors(issues):
            return []
        self.contents = self.contents or Contents(self.checker)
        return self.contents.issues(document, header)

    def _of_records(self, stream: BinaryIO, kind: str) -> Iterator[dict[str, Any]]:
        """The documents of a file of columns; of what follows no description, that it does not."""
        from gateway.cli.record_file import record_file
        from gateway.core.issues import Issue

        found = record_file(stream.read(), self.checker.knowledge, self.checker.partner)
        stream.seek(0)
        if found is None:
            if kind == "csv":
                self._add([Issue("GTW-FORMAT", value=kind)])
            return
        self.of_records = True
        for document in found.documents:
            yield from self._judged(document, found.header)

    def _of_ubl(self, stream: BinaryIO) -> dict[str, Any]:
        """A file of UBL is one document."""
        from gateway.codecs.ubl import ubl_document, ubl_header

        limits = self.checker.knowledge.limits
        document, head = ubl_document(stream.read(), limits)
        header = ubl_header(head)
        issues = self.checker.issues(document, header)
        return self._document(document, [*issues, *self._content(document, header, issues)])

    def _of_ceb(self, stream: BinaryIO) -> dict[str, Any]:
        """A file of customs is one message, of up to a hundred nodes."""
        from gateway.codecs.ceb import CEB, EDITION, ceb_head
        from gateway.codecs.ceb_file import opened_message
        from gateway.core.errors import SchemaError
        from gateway.core.issues import Issue
        from gateway.grammar.ceb_validator import CebValidator

        knowledge = self.checker.knowledge
        file = opened_message(stream.read(), knowledge.limits)
        head = ceb_head(file.text)
        issues = [each for each in (file.issue, file.text.issue or head.issue) if each is not None][:1]
        if not issues:
            try:
                table = knowledge.schemas.ceb.table(head.type)
                issues = CebValidator(table).validate(file.text, knowledge.limits)
            except SchemaError:
                issues = [Issue("CEB-TABLE", value=head.type)]
        return self._record(CEB, EDITION, head.type, head.guid, issues)

    def _kind(self, stream: BinaryIO) -> str:
        """XML, JSON and CSV are not searched for interchanges; something unknown may have one after some rubbish."""
        from gateway.codecs import detect
        from gateway.core.issues import Issue

        found = detect(stream.read(8192))
        stream.seek(0)
        if found.format in ("xml", "json"):
            self._add([Issue("GTW-FORMAT", value=f"{found.format} {found.detail}".strip())])
        return found.format

    def _document(self, document: RawDocument, issues: list[Issue]) -> dict[str, Any]:
        return self._record(document.standard, document.version, document.type, document.control_number, issues)

    def _record(self, standard: str, version: str, type: str, reference: str, issues: list[Issue]) -> dict[str, Any]:
        valid = not any(issue.severity == "error" for issue in issues)
        self.documents += 1
        self.valid &= valid
        return {
            "file": self.name,
            "standard": standard,
            "version": version,
            "type": type,
            "reference": reference,
            "valid": valid,
            "issues": [issue.as_json() for issue in issues],
        }

    def _envelope(self, event: Event) -> None:
        self._add(list(getattr(event, "issues", ())))

    def _add(self, issues: list[Issue]) -> None:
        self.valid &= not any(issue.severity == "error" for issue in issues)
        room = _MOST - len(self.issues)
        self.issues += issues[:room]
        self.more += max(0, len(issues) - room)

    def _summary(self) -> dict[str, Any]:
        found: dict[str, Any] = {"file": self.name, "valid": self.valid, "documents": self.documents}
        found["issues"] = [issue.as_json() for issue in self.issues]
        return found | ({"more_issues": self.more} if self.more else {})


def _human(record: Record) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding

    what = f"{record['type']} {record['reference']} ({record['version']})" if "type" in record else record["file"]
    verdict = "valid" if record["valid"] else "invalid"
    line = plain(what, "" if "type" in record else "bold").append(f": {verdict}", "green" if record["valid"] else "red")
    if "type" not in record:
        line.append(f", {record['documents']} document{'' if record['documents'] == 1 else 's'}")
    parts: list[RenderableType] = []
    if record["issues"]:
        parts.append(issue_table(record["issues"]))
    if "second_opinion" in record:
        from gateway.cli.second_opinion import show_opinion

        parts.append(show_opinion(record["second_opinion"]))
    return Group(line, *(Padding(part, (0, 0, 0, 2), expand=False) for part in parts)) if parts else line
