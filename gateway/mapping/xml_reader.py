"""XML read into a canonical document by the rows of a mapping: child by child of the root, as the file is read.

An element is claimed once, by the first line that fits; what nobody claims is carried in ``extensions``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from gateway.canonical import Document, Extension, Part
from gateway.codecs.xml_read import Element, is_blank
from gateway.codecs.xml_text import XmlText
from gateway.codecs.xml_write import fragment
from gateway.core.issues import Issue, Location
from gateway.mapping.conversions import EDIFACT_NUMBER, ConversionError
from gateway.mapping.fields import fields_of
from gateway.mapping.lines import ONLY, Computed, Path, dotted
from gateway.mapping.runtime import MOST_EXPLAINED, REASONS, Lineage
from gateway.mapping.totals import computed
from gateway.mapping.xml_bind import Row, Value

_BLANKS = " \t\r\n"


class _Draft:
    """An object being filled: values by path, and the element that each came from."""

    def __init__(self, part: type[Part], path: str) -> None:
        self.part = part
        self.path = path  # in the document, with a dot behind it
        self.values: dict[Path, Any] = {}
        self.origins: dict[Path, tuple[Element, str]] = {}


class XmlReading:
    """One reading: a sink of the codec. ``explain``: MAP-UNMAPPED issues and lineage are wanted."""

    def __init__(self, root: Row, text: XmlText, ignored: frozenset[str], explain: bool) -> None:
        self.issues: list[Issue] = []
        self.lineage: list[Lineage] = []
        self.extensions: list[Extension] = []
        self._row, self._text, self._ignored, self._explain = root, text, ignored, explain
        assert root.part is not None
        self._draft = _Draft(root.part, "")
        self._roots: dict[str, Any] = {}
        self._totals: list[tuple[Value, Element, str]] = []
        self._used: set[Row] = set()
        self._seen: dict[str, int] = {}
        self._lacking: set[Path] = set()  # parts of the document that it must have, and that are not whole

    # What is read

    def root(self, element: Element, namespace: str) -> None:
        return None

    def child(self, element: Element) -> None:
        number = self._seen[element.tag] = self._seen.get(element.tag, 0) + 1
        structure = self._row.structure
        place = structure.index.get(element.tag) if structure is not None else None
        address = element.tag if place is not None and place.most == 1 else f"{element.tag}[{number}]"
        self._claim(self._row, element, self._draft, (), self._used, address)

    def finish(self) -> Document | None:
        """The document, None where it lacks what makes it one."""
        draft = self._draft
        for name, value in self._roots.items():
            own = draft.values.setdefault((name,), value)
            if own != value:
                self.issues.append(
                    Issue("MAP-DISAGREE", Location(field=name), str(value), {"field": name, "expected": str(own)})
                )
        made = self._built(draft, draft.part, (), _prefixes(draft.values))
        if made is None:
            self._tell_missing(draft)
            return None
        for value, element, address in self._totals:
            self._check_total(value, element, address, made)
        document: Document = msgspec.structs.replace(made, extensions=tuple(self.extensions))
        return document

    # Elements

    def _claim(self, row: Row, element: Element, draft: _Draft, prefix: Path, used: set[Row], address: str) -> None:
        """Gives a child of ``row`` to the first of its rows that fits."""
        fitting = False
        for each in row.by.get(element.tag, ()):
            if fits(each, element):
                fitting = True
                if each not in used or each.many:
                    used.add(each)
                    self._take(each, element, draft, prefix, address)
                    return
        self._pass(element, address, "second" if fitting else "element")

    def _take(self, row: Row, element: Element, draft: _Draft, prefix: Path, address: str) -> None:
        if row.content is not None:
            self._leaf(row, row.content, element, draft, address)
            return
        if row.part is None:
            self._children(row, element, draft, prefix + row.path, address)
            return
        path = prefix + row.path
        items = draft.values.setdefault(path, [])
        inner = _Draft(row.part, f"{draft.path}{dotted(path)}[{len(items)}].")
        self._children(row, element, inner, (), address)
        says = bool(inner.values)
        if row.line.having is not None:
            inner.values[row.line.having[0]] = row.line.having[1]
        made = self._built(inner, inner.part, (), _prefixes(inner.values))
        if made is not None and says:
            items.append(made)
        else:
            self._incomplete(inner, ())

    def _children(self, row: Row, element: Element, draft: _Draft, prefix: Path, address: str) -> None:
        used: set[Row] = set()
        tags = [child.tag for child in element.children]
        counts: dict[str, int] = {}
        ranks = row.ranks
        for child in sorted(element.children, key=lambda each: ranks.get(each.tag, len(ranks))):
            number = counts[child.tag] = counts.get(child.tag, 0) + 1
            several = tags.count(child.tag) > 1 if len(tags) < 100 else True
            inner = f"{address}/{child.tag}[{number}]" if several else f"{address}/{child.tag}"
            self._claim(row, child, draft, prefix, used, inner)

    def _leaf(self, row: Row, content: Value, element: Element, draft: _Draft, address: str) -> None:
        if not self._value(row, content, element, element.text, draft, address):
            return
        for name, text in element.attributes.items():
            value = row.attributes.get(name)
            if value is not None:
                self._value(row, value, element, text, draft, f"{address}/@{name}")
            elif not name.startswith("http://www.w3.org/2001/XMLSchema-instance "):
                self._carry(f"{address}/@{name}", f"@{name}", text, "element", element)

    # Values

    def _value(self, row: Row, value: Value, element: Element, text: str, draft: _Draft, address: str) -> bool:
        """One place; False where it says something else than what its field holds already."""
        text = text.strip(_BLANKS) if value.trimmed else text
        if is_blank(text):
            return True
        if isinstance(value.place, Computed):
            self._totals.append((value, element, text))
            return True
        hole = value.hole
        if hole is None:
            if text not in value.place.words:  # type: ignore[union-attr]  # a constant
                self._carry(address, element.tag, text, "other", element)
            return True
        try:
            found = text if value.conversion.table is None else value.conversion.table[text]
        except ConversionError as error:
            params = {"field": draft.path + value.name, "value": text, **error.params}
            self._issue(error.code, element, address, text, **params)
            self._carry(address, element.tag, text, "unread", element)
            return True
        if hole.from_root:
            return self._of_root(value, found, element, address)
        if hole.many:
            items = draft.values.setdefault(value.path, [])
            items.append(found)
            if self._explain:
                self._note(draft, f"{value.name}[{len(items) - 1}]", row, element, address)
            return True
        old = draft.values.setdefault(value.path, found)
        if old != found:
            self._issue("MAP-SECOND", element, address, text, field=draft.path + value.name)
            self._carry(address, element.tag, text, "second", element)
            return False
        draft.origins.setdefault(value.path, (element, address))
        if self._explain:
            self._note(draft, value.name, row, element, address)
        return True

    def _of_root(self, value: Value, found: Any, element: Element, address: str) -> bool:
        first = self._roots.setdefault(value.name, found)
        if first != found:
            self._issue("MAP-DISAGREE", element, address, str(found), field=value.name, expected=str(first))
        return True

    def _check_total(self, value: Value, element: Element, text: str, document: Part) -> None:
        assert isinstance(value.place, Computed)
        assert EDIFACT_NUMBER.table is not None
        found = computed(value.place, document)
        try:
            said = EDIFACT_NUMBER.table[text]
        except ConversionError:
            said = None
        if said != found:
            self._issue("MAP-TOTAL", element, element.tag, text, name=str(value.place), found=format(found, "f"))

    # Objects

    def _built(self, draft: _Draft, part: type[Part], prefix: Path, filled: set[Path]) -> Any:
        """The object at a path, None where it lacks a field that makes it one. ``filled``: paths with values below."""
        found: dict[str, Any] = {}
        values = draft.values
        for name, info in fields_of(part).items():
            here = (*prefix, name)
            if here in values:
                value = values[here]
                if info.many and not value:
                    continue
                found[name] = tuple(value) if info.many else value
            elif here in filled and info.is_part:
                inner = (*here, ONLY) if info.many else here
                made = self._built(draft, info.type, inner, filled)
                if made is None:
                    self._incomplete(draft, inner)
                    if info.required:
                        self._lacking.add(here)
                        return None
                else:
                    found[name] = (made,) if info.many else made
            elif info.required:
                return None
        return part(**found)

    def _incomplete(self, draft: _Draft, prefix: Path) -> None:
        """Values that belong to an object which lacks what makes it one: they are carried."""
        for path, (element, address) in draft.origins.items():
            if path[: len(prefix)] == prefix:
                self._carry(address, element.tag, element.text.strip(), "incomplete", element)

    def _tell_missing(self, draft: _Draft) -> None:
        for name, info in fields_of(draft.part).items():
            absent = (name,) not in draft.values and not any(path[0] == name for path in draft.values)
            if info.required and (absent or (name,) in self._lacking):
                params = {"field": name, "hint": f"Every {draft.part.__name__} has one."}
                self.issues.append(Issue("MAP-REQUIRED", Location(field=name), None, params))

    # What is told

    def _pass(self, element: Element, address: str, reason: str) -> None:
        """An element that no line takes; one that says nothing is not told of."""
        if not element.children and is_blank(element.text):
            return
        if reason == "second":
            self._issue("MAP-SECOND", element, address, fragment(element), field=address)
        text = fragment(element) if element.children else element.text.strip(_BLANKS)
        self._carry(address, element.tag, text, reason, element)

    def _carry(self, address: str, tag: str, text: str, reason: str, element: Element) -> None:
        if reason in ("element", "other") and not self._ignored.isdisjoint((tag, element.tag)):
            return
        words = REASONS[reason].replace("this segment", "this element")
        self.extensions.append(Extension(address=address, tag=tag, text=text, reason=words))
        if self._explain and len(self.extensions) <= MOST_EXPLAINED:
            self._issue("MAP-UNMAPPED", element, address, text, address=address, reason=words)

    def _issue(self, code: str, element: Element, at: str, value: str, **params: str) -> None:
        offset = self._text.offset(element.offset)
        place = Location(tag=element.tag, loop=at, line=element.line, offset=offset, field=params.get("field"))
        self.issues.append(Issue(code, place, value, params))

    def _note(self, draft: _Draft, field: str, row: Row, element: Element, address: str) -> None:
        offset = self._text.offset(element.offset)
        self.lineage.append(
            Lineage(draft.path + field, element.line, address, 0, 0, row.where, offset, len(element.text.encode()))
        )


def _prefixes(values: Iterable[Path]) -> set[Path]:
    """All that the paths begin with."""
    return {path[:count] for path in values for count in range(1, len(path))}


def fits(row: Row, element: Element) -> bool:
    """Whether the constants of a line stand in an element, and what it is to be without does not."""
    if row.content is not None:
        return not row.content.words or element.text.strip(_BLANKS) in row.content.words
    if row.line.without and any(child.tag == row.line.without for child in element.children):
        return False
    for path, words in row.selects:
        found: Element | None = element
        for tag in path:
            found = next((child for child in found.children if child.tag == tag), None) if found is not None else None
        if found is None or found.text.strip(_BLANKS) not in words:
            return False
    return True
