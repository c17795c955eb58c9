"""What an author may want to know of a mapping for XML that works."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.canonical import DOCUMENTS
from gateway.mapping import lint as segments
from gateway.mapping.fields import fields_of
from gateway.mapping.lines import Constant
from gateway.mapping.lint import INFORMATION, Advice
from gateway.mapping.mapping import Mapping
from gateway.mapping.xml_bind import Row, Tied, tied
from gateway.mapping.xml_mapping import XmlMapping


def lint(mapping: Mapping | XmlMapping) -> list[Advice]:
    """Everything there is to say about a mapping, of whatever format, by file and line."""
    if isinstance(mapping, Mapping):
        return segments.lint(mapping)
    found = [*_untried(mapping), *segments.ignored(mapping), *segments.codes(mapping), *_rows(mapping.root)]
    loose = [field for field in untied(mapping) if not mapping.implies(field)]
    found += [Advice("untied", mapping.file, f"No line fills {field}.", field) for field in loose]
    return sorted(dict.fromkeys(found), key=lambda advice: (advice.severity == INFORMATION, advice.where, advice.kind))


def untied(mapping: XmlMapping) -> Iterator[str]:
    """The fields of the document that no line ties."""
    form = mapping.root.part
    assert form is not None
    for field in _missing(form, tied(mapping.root), ""):
        if form is DOCUMENTS[mapping.document] or field not in ("packing", "inventory_report_lines"):
            yield field


def _missing(part: type, there: Tied, path: str) -> Iterator[str]:
    for name, info in fields_of(part).items():
        inner = there.get(name, False)
        if inner is False and name != "extensions":
            yield path + name
        elif inner:
            yield from _missing(info.type, inner.get("0", inner), f"{path}{name}{'[]' if info.many else ''}.")


def _untried(mapping: XmlMapping) -> Iterator[Advice]:
    """Lines that stand in the mapping's own file and that no example reads."""
    if not mapping.examples:
        yield Advice("no-example", mapping.file, "It has no [[example]]: nothing shows that it does what is meant.")
        return
    readings = [mapping.read_careful(mapping.text_of(example.input)) for example in mapping.examples]
    seen = {entry.line for reading in readings for entry in reading.lineage}
    for row in every(mapping.root):
        value = row.content
        new = row.where not in seen and row.where.startswith(f"{mapping.file}:")
        if new and value is not None and value.hole is not None and not value.hole.from_root:
            yield Advice("untried", row.where, f"No example has a value for {value.name} ({row.tag}).")


def _rows(root: Row) -> Iterator[Advice]:
    for row in every(root):
        for value in (row.content, *row.attributes.values()):
            if value is None or not isinstance(value.place, Constant):
                continue
            words = value.place.words
            if value.place.written_only:
                yield Advice("overwritten", row.where, f"{row.tag}: anything is read, {words[0]} is written.")
            elif len(words) > 1:
                yield Advice("synonyms", row.where, f"{row.tag}: {', '.join(words)} are read alike.")
    yield from _unfilled(root)


def _unfilled(row: Row) -> Iterator[Advice]:
    """What the table requires in an element that is tied, and no line writes."""
    for child in row.structure.children if row.structure is not None else ():
        if child.mandatory and child.tag not in row.by:
            text = f"{row.tag} requires {child.tag}, and no line writes it."
            yield Advice("unfilled", row.where, text)
    for inner in row.rows:
        if not inner.line.only_read:
            yield from _unfilled(inner)


def every(row: Row) -> Iterator[Row]:
    """The rows in an element, and in those."""
    for inner in row.rows:
        yield inner
        yield from every(inner)
