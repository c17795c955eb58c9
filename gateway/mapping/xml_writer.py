"""A canonical document written as XML by the rows of a mapping, in the order of its table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Any

from gateway.canonical import Document, Part
from gateway.codecs.xml_read import Element, is_blank
from gateway.codecs.xml_write import UNWRITABLE
from gateway.core.issues import Issue, Location
from gateway.mapping.conversions import ConversionError, plain
from gateway.mapping.lines import ONLY, Computed, Constant, Path, dotted
from gateway.mapping.totals import computed
from gateway.mapping.xml_bind import Row, Tied, Value
from gateway.mapping.xml_reader import fits

#: A field that has no value, or a list without items.
_NONE: tuple[object, ...] = (None, ())


class XmlWriting:
    """One writing. A value that cannot be written leaves its place empty and an issue."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.issues: list[Issue] = []
        self._written: set[int] = set()  # items of lists that a row is for

    def root(self, row: Row, tied: Tied) -> Element:
        """The document's element."""
        element = Element(row.tag, {}, 0, 0)
        self._children(row, element, self.document, (), "")
        self._unwritten(self.document, tied, "")
        return element

    def _children(self, row: Row, element: Element, part: Any, prefix: Path, path: str) -> bool:
        """Whether any of the elements says something of the document; constants alone do not."""
        alive = False
        for inner in sorted(row.rows, key=lambda each: each.position):
            for made, says in self._elements(inner, part, prefix, path):
                alive |= says
                element.children.append(made)
                self._shadow(row, inner, made, path)
        return alive

    def _elements(self, row: Row, part: Any, prefix: Path, path: str) -> list[tuple[Element, bool]]:
        if row.line.when is not None and _get(part, prefix + row.line.when) in _NONE:
            return []
        if row.line.unless is not None and _get(part, prefix + row.line.unless) not in _NONE:
            return []
        if row.content is not None:
            return self._leaves(row, row.content, part, path)
        if row.part is not None:
            found = _get(part, prefix + row.path) or ()
            name = f"{path}{dotted(prefix + row.path)}"
            made = [self._one(row, item, (), f"{name}[{at}].") for at, item in self._chosen(row, found, name)]
        else:
            made = [self._one(row, part, prefix + row.path, path)]
        return [(element, alive) for element, alive in made if element.children and (alive or not row.has_data)]

    def _chosen(self, row: Row, found: Any, name: str) -> Iterator[tuple[int, Any]]:
        """The items of a list that a row is for, with their places."""
        having, first = row.line.having, True
        for at, item in enumerate(found):
            if having is not None and _get(item, having[0]) != having[1]:
                continue
            self._written.add(id(item))
            if row.single and not first:
                field = f"{name}[{at}]"
                self.issues.append(Issue("MAP-FULL", Location(field=field), None, {"field": field, "tag": row.tag}))
                continue
            first = False
            yield at, item

    def _one(self, row: Row, part: Any, prefix: Path, path: str) -> tuple[Element, bool]:
        element = Element(row.tag, {}, 0, 0)
        return element, self._children(row, element, part, prefix, path)

    def _leaves(self, row: Row, content: Value, part: Any, path: str) -> list[tuple[Element, bool]]:
        hole = content.hole
        found = self._of(content, part)
        made = []
        for at, value in enumerate((found or ()) if hole is not None and hole.many else (found,)):
            text = self._text(content, value, f"{path}{content.name}" + (f"[{at}]" if hole and hole.many else ""))
            if not text:
                continue
            element = Element(row.tag, {}, 0, 0)
            element.text = text
            for name, attribute in row.attributes.items():
                said = self._text(attribute, self._of(attribute, part), path + attribute.name)
                if said:
                    element.attributes[name] = said
            made.append((element, hole is not None))
        return made

    def _of(self, value: Value, part: Any) -> Any:
        """What stands at a place, before it is a text."""
        if isinstance(value.place, Constant):
            return value.place.words[0]
        if isinstance(value.place, Computed):
            return computed(value.place, self.document)
        return _get(self.document if value.place.from_root else part, value.path)

    def _text(self, value: Value, found: Any, field: str) -> str:
        if found is None or found == "":
            return ""
        if value.hole is None:
            return plain(found) if isinstance(value.place, Computed) else str(found)
        try:
            text = value.conversion.write(found)
        except ConversionError as error:
            self._issue(error.code, field, _shown(found), **error.params)
            return ""
        if value.conversion.coarse and found in value.conversion.coarse and value.conversion.table is not None:
            self._issue("MAP-COARSE", field, _shown(found), written=text, read=str(value.conversion.table[text]))
        if UNWRITABLE.search(text):
            self._issue("MAP-VALUE", field, text, reason="it has a character that XML cannot carry")
        elif is_blank(text) or (value.trimmed and text.strip(" \t\r\n") != text):
            self._issue("MAP-VALUE", field, text, reason="blanks at its ends would not be read back")
        else:
            return text
        return ""

    def _shadow(self, row: Row, inner: Row, made: Element, path: str) -> None:
        """What is written here would be read by a line before it, into another field."""
        rivals = row.by[inner.tag]
        for other in rivals[: rivals.index(inner)]:
            if other.chooses and fits(other, made):
                field = f"{path}{dotted(inner.path)}"
                self._issue("MAP-SHADOW", field, made.tag, line=inner.where, other=other.where)

    def _unwritten(self, part: Part, tied: Tied, path: str) -> None:
        """Fields with a value that no line carries."""
        defaults = dict(zip(part.__struct_fields__[::-1], part.__struct_defaults__[::-1]))
        for name in part.__struct_fields__:
            value = getattr(part, name)
            if value is None or value == () or value == defaults.get(name):
                continue
            inner = tied.get(name, False)
            if inner is False:
                self.issues.append(Issue("MAP-UNWRITTEN", Location(field=path + name), None, {"field": path + name}))
            elif isinstance(value, Part):
                self._unwritten(value, inner, f"{path}{name}.")
            elif inner is not None and isinstance(value, tuple):
                only = inner.get(ONLY)
                for at, item in enumerate(value):
                    here = f"{path}{name}[{at}]"
                    unwanted = only is None and isinstance(item, Part) and id(item) not in self._written
                    if (only is not None and at) or unwanted:
                        self.issues.append(Issue("MAP-UNWRITTEN", Location(field=here), None, {"field": here}))
                    else:
                        self._unwritten(item, inner if only is None else only, f"{here}.")

    def _issue(self, code: str, field: str, value: str, **params: str) -> None:
        self.issues.append(Issue(code, Location(field=field), value, {"field": field, "value": value, **params}))


def _get(part: Any, path: Path) -> Any:
    """The value at a path, None where something on the way is absent."""
    for name in path:
        if part is None:
            return None
        part = (part[0] if part else None) if name == ONLY else getattr(part, name)
    return part


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, date | time) else str(value)
