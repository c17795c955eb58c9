"""The validator of XML documents: one pass over a document as it is read, all issues of its structure and values."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise

from gateway.codecs.model import LIMITS, Limits
from gateway.codecs.xml_read import Element, Enough, is_blank, parse
from gateway.codecs.xml_text import XmlText
from gateway.core.issues import Issue, Location
from gateway.grammar.schemas import Schemas
from gateway.grammar.xml_schema import Child, Structure, ValueType, XmlTable
from gateway.grammar.xml_values import BLANKS, Primitive

_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance "
_ALWAYS = frozenset({f"{_INSTANCE}schemaLocation", f"{_INSTANCE}noNamespaceSchemaLocation"})
_LISTED = 6  # places that a hint names


def xml_validator(schemas: Schemas, version: str, type: str, base: str = "") -> XmlValidator:
    """The validator of a kind of document. Raises SchemaError as :meth:`XmlSchemas.table` does."""
    return XmlValidator(schemas.xml.table(version, type, base))


class XmlValidator:
    """Checks documents against one table. One object serves all threads."""

    def __init__(self, table: XmlTable) -> None:
        self.table = table

    def validate(
        self, text: XmlText, limits: Limits = LIMITS, beside: Callable[[Element], None] | None = None
    ) -> list[Issue]:
        """Every issue in the order of the document, at most ``limits.issues_per_document`` and one more that says so.
        ``beside`` gets the root, as it begins, and each of its children.

        Never raises, whatever the text.
        """
        check = _Check(self.table, text, limits.issues_per_document, beside)
        broken = parse(text, check, self.table.prefixes, limits)
        if broken is not None:
            return [*check.issues, broken]
        with suppress(Enough):
            check.close()
        return check.issues


class _Frame:
    """How far the children of one element are read."""

    __slots__ = ("count", "missing", "position", "structure")

    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self.position = -1
        self.count = 0
        self.missing: list[Child] = []


class _Check:
    """One document being judged."""

    def __init__(
        self, table: XmlTable, text: XmlText, most: int, beside: Callable[[Element], None] | None = None
    ) -> None:
        self.issues: list[Issue] = []
        self._beside = beside
        self._table, self._text, self._most = table, text, most
        self._trail: list[Element] = []  # the elements around what is judged, the root first
        self._seen: dict[str, int] = {}  # children of the root by tag
        self._frame = _Frame(table.root)

    # What is read

    def root(self, element: Element, namespace: str) -> None:
        self._trail.append(element)
        if (namespace, element.tag) != (self._table.namespace, self._table.type):
            self._issue("XML-S01", element, tag=element.tag, parent="the file", expected=f"{self._table.type} has.")
            raise Enough
        if self._beside is not None:
            self._beside(element)
        if self._table.attributes is None:
            self._no_attributes(element)
        else:
            self._attributes(self._table.attributes, element)

    def child(self, element: Element) -> None:
        if self._beside is not None:
            self._beside(element)
        self._seen[element.tag] = self._seen.get(element.tag, 0) + 1
        self._take(self._frame, element)

    def close(self) -> None:
        if self._trail:
            self._close(self._frame, self._trail[0])

    # Structure

    def _take(self, frame: _Frame, element: Element) -> None:
        """One child of an element that is open."""
        found = frame.structure.index.get(element.tag)
        if found is None:
            self._unknown(frame, element)
            return
        at = found.position
        if at > frame.position:
            expected = frame.structure.next_mandatory[frame.position + 1]
            while expected < at:
                frame.missing.append(frame.structure.children[expected])
                expected = frame.structure.next_mandatory[expected + 1]
            frame.position, frame.count = at, 1
        elif at == frame.position:
            frame.count += 1
            if frame.count > found.most:
                parent, most = self._trail[-1].tag, str(found.most)
                params = {"tag": found.tag, "found": str(frame.count), "most": most, "parent": parent}
                self._issue("XML-S05", element, **params)
        else:
            other = frame.structure.children[frame.position].tag
            frame.missing = [child for child in frame.missing if child is not found]
            self._issue("XML-S02", element, tag=element.tag, other=other)
        self._content(found.of, element)

    def _content(self, of: str, element: Element) -> None:
        kind = self._table.values.get(of)
        if kind is not None:
            self._value(kind, element)
            return
        if of in self._table.free:
            return
        structure = self._table.structures[of]
        if not structure.children:
            self._anything(element)
            return
        self._no_attributes(element)
        if element.text and not is_blank(element.text):
            self._issue("XML-S06", element, element.text.strip(), tag=element.tag)
        frame = _Frame(structure)
        self._trail.append(element)
        for child in element.children:
            self._take(frame, child)
        self._close(frame, element)
        self._trail.pop()

    def _close(self, frame: _Frame, element: Element) -> None:
        structure = frame.structure
        at = structure.next_mandatory[frame.position + 1]
        while at < len(structure.children):
            frame.missing.append(structure.children[at])
            at = structure.next_mandatory[at + 1]
        if self._trail and self._trail[0] is element and element.text and not is_blank(element.text):
            self._issue("XML-S06", element, element.text.strip(), tag=element.tag)
        for child in frame.missing:
            self._issue("XML-S03", element, tag=child.tag, parent=element.tag)

    def _anything(self, element: Element) -> None:
        """Content of extensions: one element of another namespace, judged where there is a table for it."""
        inside = element.children
        self._trail.append(element)
        if len(inside) != 1 or not inside[0].tag.startswith(("{", "cac:", "cbc:")):
            wrong = inside[1] if len(inside) > 1 else inside[0] if inside else None
            if wrong is None:
                self._issue("XML-S03", element, tag="its one element", parent=element.tag)
            else:
                expected = "It holds one element of another namespace."
                self._issue("XML-S01", wrong, tag=wrong.tag, parent=element.tag, expected=expected)
        elif inside[0].tag in self._table.elements:
            self._content(self._table.elements[inside[0].tag], inside[0])
        self._trail.pop()

    def _unknown(self, frame: _Frame, element: Element) -> None:
        children = frame.structure.children
        if element.tag in self._table.elements:
            near = [child.tag for child in children[max(0, frame.position) :][:_LISTED]]
            expected = f"Here may stand: {', '.join(near)}."
        else:
            own = element.tag.rpartition("}")[2].rpartition(":")[2]
            alike = [child.tag for child in children if child.tag.partition(":")[2].lower() == own.lower()]
            expected = f"Is {alike[0]} meant?" if alike else "No table of this version has such an element."
        self._issue("XML-S01", element, tag=element.tag, parent=self._trail[-1].tag, expected=expected)

    # Values

    def _value(self, kind: ValueType, element: Element) -> None:
        self._attributes(kind, element)
        text = element.text
        if element.children:
            self._issue("XML-S07", element, element.children[0].tag, tag=element.tag)
        if kind.type.check is not None:
            self._of_type(kind.type, element, text, element.tag)
        if not text or is_blank(text):
            self._issue("XML-E10", element, tag=element.tag)

    def _of_type(self, type: Primitive, element: Element, value: str, name: str) -> None:
        if type.check is not None and not type.check(value.strip(BLANKS)):
            self._issue("XML-E06", element, value.strip(), name=name, type=type.name, explained=type.explained)

    def _attributes(self, kind: ValueType, element: Element) -> None:
        attributes = element.attributes
        if attributes:
            for name, value in attributes.items():
                known = kind.attributes.get(name)
                if known is not None:
                    if known.type.check is not None:
                        self._of_type(known.type, element, value, f"@{name} of {element.tag}")
                elif name not in _ALWAYS:
                    there = ", ".join(f"@{each}" for each in kind.attributes) or "none"
                    shown = f"@{name.rpartition(' ')[2]}"
                    expected = f"It can have: {there}."
                    self._issue("XML-E03", element, value, tag=element.tag, name=shown, expected=expected)
        for name in kind.required:
            if name not in attributes:
                self._issue("XML-E01", element, tag=element.tag, name=f"@{name}")

    def _no_attributes(self, element: Element) -> None:
        for name, value in element.attributes.items():
            if name not in _ALWAYS:
                shown = f"@{name.rpartition(' ')[2]}"
                expected = "Aggregates have no attributes."
                self._issue("XML-E03", element, value, tag=element.tag, name=shown, expected=expected)

    # Issues

    def _issue(self, code: str, element: Element, value: str | None = None, **params: str) -> None:
        if len(self.issues) >= self._most:
            self.issues.append(Issue("XML-T05", Location(line=1), None, {"found": str(self._most)}))
            raise Enough
        offset = self._text.offset(element.offset)
        place = Location(tag=element.tag, loop=self._path(element), line=element.line, offset=offset)
        self.issues.append(Issue(code, place, value, params))

    def _path(self, element: Element) -> str:
        """``/Order/cac:OrderLine[3]/cac:LineItem``: numbers where there are several."""
        trail = [*self._trail, element] if self._trail[-1] is not element else self._trail
        names = [trail[0].tag]
        for parent, child in pairwise(trail):
            same = [each for each in parent.children if each.tag == child.tag]
            if parent is trail[0]:
                number = self._seen[child.tag]
                place = self._table.root.index.get(child.tag)
                names.append(f"{child.tag}[{number}]" if place is None or place.most > 1 else child.tag)
            else:
                number = next(at for at, each in enumerate(same, 1) if each is child)
                names.append(f"{child.tag}[{number}]" if len(same) > 1 else child.tag)
        return "/" + "/".join(names)
