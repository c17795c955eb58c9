"""Mappings compiled: each reads segments into a canonical document and writes it back, and says what is in the way."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from gateway.canonical import Document, canonical_form, levelled
from gateway.codecs.charset import undecodable
from gateway.codecs.model import Delimiters, RawDocument, Segment
from gateway.core.issues import Issue
from gateway.grammar.model import MessageTable
from gateway.mapping import generate_read
from gateway.mapping.bind import Bound, bind
from gateway.mapping.conversions import USUAL, ConversionError
from gateway.mapping.definition import Definition, Texts
from gateway.mapping.described import Described, Written
from gateway.mapping.dtm import MOMENTS
from gateway.mapping.examples import check
from gateway.mapping.generate_read import Generated
from gateway.mapping.generate_write import generate_writer
from gateway.mapping.lines import mistake
from gateway.mapping.offsets import Offsets
from gateway.mapping.read_lines import Style
from gateway.mapping.runtime import BLANK, CarefulRun, FastRun, Lineage, Surprise
from gateway.mapping.runtime_write import WriteRun

_ENVELOPES = {"ST": "SE", "UNH": "UNT"}
_FAST, _ESCAPED, _CAREFUL = Style(False, False), Style(False, True), Style(True, True)


class Reading(NamedTuple):
    """What was read. Without a document the issues say why; with errors among them it must not be used."""

    document: Document | None
    issues: tuple[Issue, ...] = ()


class CarefulReading(NamedTuple):
    """What was read, everything that is to be said about it, and where each value came from."""

    document: Document | None
    issues: tuple[Issue, ...]
    lineage: tuple[Lineage, ...]


class Writing(Written, frozen=True, kw_only=True):
    """The body of the message, without ST/SE or UNH/UNT."""

    segments: list[Segment]


class Mapping(Described):
    """One mapping, compiled. Immutable and safe to share between threads; sources are generated on first use.

    ``texts`` are the files that it was made of, by name: what an archive keeps beside the ``digest``.
    """

    def __init__(self, definition: Definition, message: MessageTable, texts: Texts) -> None:
        """Raises MappingDefinitionError naming file and line of the first mistake."""
        super().__init__(definition, texts)
        self.message = message
        _check_ignored(definition, message)
        self.bound: Bound = bind(definition, message, self._tables)
        self._consists_of(definition, message.digest)
        self._reader(_FAST)
        self._writer  # noqa: B018  generated now, so that every mistake shows

    def read(self, segments: list[Segment], delimiters: Delimiters, text: str | None = None) -> Reading:
        """The document that the segments say, from ST or UNH to the trailer, or without them.

        What no line of the mapping takes is in its ``extensions``. Never raises for what a document says. ``text``:
        what the segments were cut from, where it is at hand; it saves to put them together.
        """
        start, end = _body(segments)
        text = _joined(segments) if text is None else text
        released = delimiters.release is not None and delimiters.release in text
        style = _ESCAPED if released else _FAST
        run = FastRun(segments, delimiters, self.ignored)
        try:
            if undecodable(text):
                raise Surprise
            document: Document = self._reader(style)(run.first_repetitions(text), start, end, run)
            run.check_totals(document)
        except (Surprise, ConversionError):
            careful, document_or_none = self._careful(segments, delimiters)
            return Reading(document_or_none, tuple(careful.issues))
        return Reading(self.said(canonical_form(document)))

    def read_careful(
        self, segments: list[Segment], delimiters: Delimiters, source: RawDocument | None = None
    ) -> CarefulReading:
        """The same document with everything explained: MAP-UNMAPPED for what no line takes, and the lineage.

        With ``source``, the document that the segments come from, issues and lineage have byte offsets too.
        """
        run, document = self._careful(segments, delimiters)
        run.explain_flags()
        issues, lineage = run.issues, run.lineage
        if source is not None:
            offsets = Offsets(source)
            issues = [offsets.of_issue(issue) for issue in issues]
            lineage = [offsets.of_lineage(entry) for entry in lineage]
        return CarefulReading(document, tuple(issues), tuple(lineage))

    def write(self, document: Document, delimiters: Delimiters) -> Writing:
        """The body of the message that says the document, in the grammar's order."""
        document = levelled(document, self.format.standard)
        run = WriteRun(document, delimiters)
        segments: list[Segment] = self._writer(document, [], run, "")
        return Writing(segments=segments, issues=(*self.refused(document), *self.told(run.issues)))

    def check_examples(self) -> list[str]:
        """What is wrong with the examples of the file; empty: they hold in both directions."""
        return [failure for example in self.examples for failure in check(self, example)]

    @property
    def source(self) -> str:
        """The generated Python: the reader, then the writer."""
        return self._generated(_FAST).source + "\n" + self._generated_writer.source

    @property
    def careful_source(self) -> str:
        """The generated Python of the careful reader."""
        return self._generated(_CAREFUL).source

    def _careful(self, segments: list[Segment], delimiters: Delimiters) -> tuple[CarefulRun, Document | None]:
        start, end = _body(segments)
        run = CarefulRun(segments, delimiters, self.ignored)
        document: Document | None = self._reader(_CAREFUL)(run.first_repetitions(_joined(segments)), start, end, run)
        if document is not None:
            run.check_totals(document)
            document = msgspec.structs.replace(document, extensions=run.extensions())
            document = self.said(canonical_form(document))
        return run, document

    def _generated(self, style: Style) -> Generated:
        return generate_read.generate(self.bound, style)

    def _reader(self, style: Style) -> Callable[..., Any]:
        readers: dict[Style, Callable[..., Any]] = self.__dict__.setdefault("_readers", {})
        if style not in readers:
            readers[style] = _function(self._generated(style), "read", self.name)
        return readers[style]

    @cached_property
    def _generated_writer(self) -> Generated:
        return generate_writer(self.bound)

    @cached_property
    def _writer(self) -> Callable[..., Any]:
        return _function(self._generated_writer, "write", self.name)


def _function(generated: Generated, name: str, mapping: str) -> Callable[..., Any]:
    """The entry point of a generated module."""
    module = {
        **generated.constants,
        "Surprise": Surprise,
        "MOMENTS": MOMENTS,
        "BLANK": BLANK,
        "USUAL": USUAL,
        "Decimal": Decimal,
    }
    exec(compile(generated.source, f"<mapping {mapping}: {name}>", "exec"), module)  # noqa: S102  our own source
    function: Callable[..., Any] = module[name]
    return function


def _check_ignored(definition: Definition, message: MessageTable) -> None:
    for place in definition.ignore:
        tag = place.partition("-")[0]
        if tag not in message.segments:
            raise mistake(definition.file, f"{tag} is ignored, and it is no segment of {message.version}.")


def _joined(segments: list[Segment]) -> str:
    return "".join(map("".join, segments))


def _body(segments: list[Segment]) -> tuple[int, int]:
    """The bounds of the segments between the header and the trailer of the message."""
    trailer = _ENVELOPES.get(segments[0][0]) if segments else None
    end = len(segments)
    if trailer is not None and segments[-1][0] == trailer:
        end -= 1
    return (1 if trailer is not None else 0), end
