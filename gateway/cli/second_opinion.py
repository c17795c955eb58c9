"""``crossdock validate --second-opinion``: what pyx12 says of the same documents, and where it differs from us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple

from gateway.cli.checks import ABOUT_TABLES
from gateway.cli.output import Column, Record, plain, table
from gateway.codecs import RawDocument
from gateway.core.issues import Issue
from gateway.grammar import MessageTable
from gateway.opinion import Judge, Opinion, compared
from gateway.resources import map_file, map_source

if TYPE_CHECKING:
    from rich.console import RenderableType

#: Documents and characters that wait to be judged in one run of pyx12, which takes long to begin.
_TOGETHER, _CHARACTERS = 100, 500_000

#: What we have, and what stands in the envelope: pyx12 is given the documents alone.
_NOT_ASKED = ABOUT_TABLES | {"X12-T06B"}

_COLUMNS = (
    Column("said by", "by"),
    Column("code", "code"),
    Column("segment", "segment", right=True),
    Column("tag", "tag"),
    Column("element", "element", right=True),
    Column("component", "component", right=True),
    Column("what", "text"),
)


class _Waiting(NamedTuple):
    """A document that is to be judged."""

    record: dict[str, Any]
    document: RawDocument
    issues: list[Issue]
    table: MessageTable | None

    @property
    def kind(self) -> tuple[object, ...]:
        """What documents have in common that are judged together."""
        sent = self.document
        named = sent.standard, sent.version, sent.type, sent.association
        return (*named, sent.syntax, sent.delimiters, bool(sent.text), id(self.table))


class SecondOpinions:
    """Documents go in with their records, and come out in the same order with pyx12's opinion."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._judge = Judge(map_file)
        self._source = map_source()
        self._waiting: list[_Waiting] = []

    def __enter__(self) -> SecondOpinions:
        self._open.enter_context(self._judge)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def take(
        self, record: dict[str, Any], document: RawDocument, issues: list[Issue], table: MessageTable | None
    ) -> Iterator[dict[str, Any]]:
        """Takes a document with what we say of it by that table; gives back those that were judged meanwhile."""
        size = sum(len(waiting.document.text) for waiting in self._waiting)
        taken = _Waiting(record, document, issues, table)
        full = len(self._waiting) >= _TOGETHER or size + len(document.text) > _CHARACTERS
        if self._waiting and (full or self._waiting[-1].kind != taken.kind):
            yield from self.rest()
        self._waiting.append(taken)

    def rest(self) -> Iterator[dict[str, Any]]:
        """Those that still wait."""
        waiting, self._waiting = self._waiting, []
        for one, opinion in zip(waiting, self._opinions(waiting)):
            yield one.record | {"second_opinion": {"by": self._source, **_opinion_record(opinion, one.issues)}}

    def _opinions(self, waiting: list[_Waiting]) -> list[Opinion]:
        if not waiting:
            return []
        first = waiting[0]
        if first.document.standard != "x12":
            return [Opinion("", none="pyx12 reads X12 only: there is no second opinion on EDIFACT.")] * len(waiting)
        if not first.document.text:
            return [Opinion("", none="The document is too long to be kept.")] * len(waiting)
        return self._judge.judge([one.document for one in waiting], first.table)


def _opinion_record(opinion: Opinion, issues: list[Issue]) -> dict[str, Any]:
    """``agrees`` is None where pyx12 has no verdict, and ``none`` says why."""
    if opinion.none:
        return {"map": opinion.map, "agrees": None, "none": opinion.none}
    found = compared([issue for issue in issues if issue.code not in _NOT_ASKED], opinion.said)
    return {
        "map": opinion.map,
        "valid": not opinion.said,
        "agrees": found.agrees,
        "both": found.both,
        "only_ours": [issue.as_json() for issue in found.ours],
        "only_theirs": [one._asdict() for one in found.theirs],
    }


def show_opinion(opinion: Record) -> RenderableType:
    """The opinion for people."""
    from rich.console import Group

    by = opinion["by"]
    if opinion["agrees"] is None:
        return plain(f"second opinion: none. {opinion['none']}", "yellow")
    by_map = f"{by} ({'by our table' if opinion['map'] == 'ours' else opinion['map']})"
    if opinion["agrees"]:
        return plain(f"second opinion: {by_map} agrees, {opinion['both']} findings in common", "green")
    rows = [{"by": "us", **_place(issue), "text": issue["text"]} for issue in opinion["only_ours"]]
    rows += [{"by": "pyx12", **_filled(one)} for one in opinion["only_theirs"]]
    head = plain(f"second opinion: {by_map} differs, {opinion['both']} findings in common", "yellow")
    return Group(head, table(rows, _COLUMNS))


def _place(issue: Record) -> dict[str, Any]:
    location = issue.get("location") or {}
    return {"code": issue["code"], **{key: location.get(key) for key in ("segment", "tag", "element", "component")}}


def _filled(one: Record) -> dict[str, Any]:
    return {key: value or None for key, value in one.items()}
