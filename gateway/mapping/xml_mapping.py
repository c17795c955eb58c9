"""Mappings for XML, bound: each reads a file into a canonical document and writes it back."""

from __future__ import annotations

import json
from functools import cached_property

import msgspec

from gateway.canonical import Document, canonical_form, from_json, levelled
from gateway.codecs.model import LIMITS, Limits
from gateway.codecs.ubl import PREFIXES
from gateway.codecs.xml_read import parse
from gateway.codecs.xml_text import XmlText, decoded
from gateway.codecs.xml_write import document as written_document
from gateway.core.errors import UnreadableError
from gateway.grammar.xml_schema import XmlTable
from gateway.mapping.definition import Definition, Example, Texts
from gateway.mapping.described import Described, Written
from gateway.mapping.examples import compared, unexpected
from gateway.mapping.mapping import CarefulReading, Reading
from gateway.mapping.xml_bind import Row, bind_xml, tied
from gateway.mapping.xml_reader import XmlReading
from gateway.mapping.xml_writer import XmlWriting


class WrittenXml(Written, frozen=True, kw_only=True):
    """The whole file."""

    body: bytes


class XmlMapping(Described):
    """One mapping of an XML document. Immutable and safe to share between threads.

    ``texts`` are the files that it was made of, by name: what an archive keeps beside the ``digest``.
    """

    def __init__(self, definition: Definition, table: XmlTable, texts: Texts) -> None:
        """Raises MappingDefinitionError naming file and line of the first mistake."""
        super().__init__(definition, texts)
        self.table = table
        self.root: Row = bind_xml(definition, table, self._tables)
        self._consists_of(definition, table.digest)

    def read(self, text: XmlText, limits: Limits = LIMITS) -> Reading:
        """The document that a file says. What no line takes is in its ``extensions``. Never raises for what it says."""
        found = self._read(text, limits, explain=False)
        return Reading(found.document, found.issues)

    def read_careful(self, text: XmlText, limits: Limits = LIMITS) -> CarefulReading:
        """The same document with everything explained: MAP-UNMAPPED for what no line takes, and the lineage."""
        return self._read(text, limits, explain=True)

    def write(self, document: Document) -> WrittenXml:
        """The file that says the document, in the order of its table, in UTF-8."""
        run = XmlWriting(levelled(document, self.format.standard))
        root = run.root(self.root, self._tied)
        body = written_document(root, self.table.namespace, PREFIXES)
        return WrittenXml(body=body, issues=(*self.refused(document), *self.told(run.issues)))

    def check_examples(self) -> list[str]:
        """What is wrong with the examples of the file; empty: they hold in both directions."""
        return [failure for example in self.examples for failure in self._check(example)]

    def _read(self, text: XmlText, limits: Limits, *, explain: bool) -> CarefulReading:
        run = XmlReading(self.root, text, self.ignored, explain)
        broken = parse(text, run, PREFIXES, limits)
        if broken is not None:
            return CarefulReading(None, (broken,), ())
        document = run.finish()
        document = self.said(canonical_form(document)) if document is not None else None
        return CarefulReading(document, tuple(run.issues), tuple(run.lineage))

    @cached_property
    def _tied(self) -> dict[str, object]:
        return tied(self.root)

    def _check(self, example: Example) -> list[str]:
        title = f"{example.where}: example {example.name}"
        try:
            expected = from_json(self.document, example.document)
        except UnreadableError as error:
            return [f"{title}: {error}"]
        reading = self.read(self.text_of(example.input))
        failures = compared(f"{title}: read", reading.document, expected)
        failures += unexpected(f"{title}: read", reading.issues, example.issues)
        bare = msgspec.structs.replace(expected, extensions=())
        writing = self.write(bare)
        failures += unexpected(f"{title}: written", writing.issues, ())
        text = writing.body.decode()
        if example.written is not None and _lines(text) != _lines(self.text_of(example.written).data.decode()):
            failures.append(f"{title}: it is written as {json.dumps(text)}")
        again = self.read(decoded(writing.body))
        return failures + compared(f"{title}: written and read again", again.document, bare)

    def text_of(self, body: str) -> XmlText:
        """What stands in an example: the inside of the document, whose root and namespaces go without saying."""
        spaces = "".join(f' xmlns:{prefix}="{uri}"' for uri, prefix in PREFIXES.items())
        kind = self.table.type
        return decoded(f'<{kind} xmlns="{self.table.namespace}"{spaces}>{body}</{kind}>'.encode())


def _lines(text: str) -> list[str]:
    """The lines in the root."""
    inside = text[text.index(">", text.index(" xmlns=")) + 1 : text.rindex("</")]
    return [line.strip() for line in inside.splitlines() if line.strip()]
