"""The validator of a message: a document goes in, all issues come out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from gateway.codecs.model import Delimiters, Limits, RawDocument
from gateway.codecs.split import blanks_of
from gateway.core.issues import Issue, Location
from gateway.grammar.explain import explain
from gateway.grammar.findings import Kind
from gateway.grammar.locate import Locator
from gateway.grammar.model import MessageTable
from gateway.grammar.repertoire import repertoire_of
from gateway.grammar.segment_patterns import Matchers
from gateway.grammar.transitions import Machine, State
from gateway.grammar.walk import walk
from gateway.grammar.whole import Whole

_DIALECTS = 32  # sets of delimiters kept compiled: a sender chooses them
_RELEASED = "\ufffd"  # stands for a released service character: data like any other, and no digit


class Validator:
    """Checks documents against one message table. Compiled on first use; one object serves all threads."""

    def __init__(self, table: MessageTable) -> None:
        self.table = table
        self._machine: Machine | None = None
        self._compiled: dict[Delimiters, _Compiled] = {}

    def validate(self, document: RawDocument, limits: Limits = Limits()) -> list[Issue]:  # noqa: B008 - immutable
        """Every issue of the segments between the header and the trailer: those of structure and content in the order
        of the segments, then those of the repertoire (UNOA, UNOB).

        At most ``limits.issues_per_document``, and then one more that says so. The envelope (ST and SE, UNH and UNT,
        counts, references) is the codec's to judge. Never raises, whatever the text.
        """
        most = limits.issues_per_document
        found = list(islice(self._issues(document), most + 1))
        if len(found) <= most:
            return found
        place = Location(segment=1, offset=document.offset)
        return [*found[:most], Issue(Kind.MORE.code(document.standard), place, None, {"found": str(most)})]

    def _issues(self, document: RawDocument) -> Iterator[Issue]:
        yield from self._of_group(document)
        compiled = self._for(document.delimiters)
        text = masked(document.text, document.delimiters)
        if not compiled.whole.matches(text):
            yield from self._walked(document, text, compiled)
        yield from _beyond_repertoire(document)

    def _of_group(self, document: RawDocument) -> Iterator[Issue]:
        """Each transaction set belongs to one functional group (X12.22, data element 479)."""
        stands, belongs = document.functional_id, self.table.functional_group
        if stands and belongs and stands != belongs:
            place = Location(segment=1, tag="ST", element=1, offset=document.offset)
            yield Issue("X12-T06B", place, document.type, {"group": stands, "expected": belongs})

    def _walked(self, document: RawDocument, text: str, compiled: _Compiled) -> Iterator[Issue]:
        """The issues of structure and content."""
        delimiters, standard = document.delimiters, self.table.standard
        machine = self._machine = self._machine or Machine(self.table)
        raws = raw_segments(text, delimiters)
        locator: Locator | None = None
        trail: list[State] = []
        for place, finding in walk(self.table, machine, compiled.matchers, raws, delimiters, trail):
            locator = locator or Locator(document)
            if finding is not None:
                yield locator.issue(finding, place.number, place.node)
                continue
            segment = locator.segments[place.number - 1]
            own = place.node.segment if place.node is not None and not place.astray else None
            for inside in explain(own or self.table.segments[segment[0]], segment, delimiters, standard):
                if not place.astray or inside.element != place.astray:
                    yield locator.issue(inside, place.number, place.node)
        if locator is None:
            compiled.whole.learn({state.node.place for state in trail}, len(text))

    def _for(self, delimiters: Delimiters) -> _Compiled:
        found = self._compiled.get(delimiters)
        if found is None:
            if len(self._compiled) >= _DIALECTS:
                self._compiled.clear()
            matchers, whole = Matchers(self.table.segments, delimiters), Whole(self.table, delimiters)
            found = self._compiled[delimiters] = _Compiled(matchers, whole)
        return found


class _Compiled(NamedTuple):
    """What is compiled for one set of delimiters."""

    matchers: Matchers
    whole: Whole


def raw_segments(text: str, delimiters: Delimiters) -> list[str]:
    """The segments as texts, numbered as the codec numbers them."""
    blanks = blanks_of(delimiters)
    raws = [raw.lstrip(blanks) for raw in text.split(delimiters.terminator)]
    if not raws[-1]:
        del raws[-1]
    return raws


def masked(text: str, delimiters: Delimiters) -> str:
    """A released service character becomes one character that is none; any other only loses its release."""
    release = delimiters.release
    if release is None or release not in text:
        return text
    marks = (release, delimiters.element, delimiters.component, delimiters.terminator, delimiters.repetition)
    for mark in marks:
        if mark is not None:
            text = text.replace(release + mark, _RELEASED)
    return text.replace(release, "")


def _beyond_repertoire(document: RawDocument) -> Iterator[Issue]:
    """One look at the whole text decides the usual case."""
    repertoire = repertoire_of(document)
    if repertoire is None or not repertoire.outside.search(document.text):
        return
    locator = Locator(document)
    for number, finding in repertoire.strays(locator.segments, document.delimiters):
        yield locator.issue(finding, number, None)
