"""A customs message as its rules see it: nodes with a head and lines, values by name, and the place of each."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, localcontext

from gateway.codecs.ceb import PREFIXES
from gateway.codecs.xml_read import Element
from gateway.codecs.xml_text import XmlText
from gateway.core.issues import Issue, Location
from gateway.grammar.ceb_values import is_number

_DIGITS = 40  # more than two numbers of 19 digits make when they are multiplied
_PREFIX = f"{PREFIXES['http://www.chinaport.gov.cn/ceb']}:"


class Part:
    """A head or a line. ``path`` is that of its element."""

    def __init__(self, element: Element, path: str) -> None:
        self.element, self.path = element, path
        self._values: dict[str, Element] = {}
        for child in element.children:
            self._values.setdefault(child.tag.removeprefix(_PREFIX), child)

    def __getitem__(self, name: str) -> str:
        """The text of an element; empty where it is missing or says nothing."""
        found = self._values.get(name)
        return found.text.strip() if found is not None else ""

    def number(self, name: str) -> Decimal | None:
        """None where there is no number."""
        text = self[name]
        return Decimal(text) if is_number(text) else None

    def issue(self, code: str, name: str, text: XmlText, *, value: str | None = None, **params: str) -> Issue:
        """About the element of that name, or about the part where it has none."""
        at = self._values.get(name)
        path = f"{self.path}/{_PREFIX}{name}" if at is not None else self.path
        at = at or self.element
        place = Location(tag=at.tag, loop=path, line=at.line, offset=text.offset(at.offset))
        return Issue(code, place, value, {"name": name, **params})


class Node:
    """One business node: an order, a payment, a list, a receipt. Flat ones are their own head."""

    def __init__(self, element: Element, path: str) -> None:
        heads: list[Part] = []
        self.lines: list[Part] = []
        seen: dict[str, int] = {}
        for child in element.children:
            seen[child.tag] = seen.get(child.tag, 0) + 1
            inner = f"{path}/{child.tag}"
            if "List" in child.tag:
                self.lines.append(Part(child, f"{inner}[{seen[child.tag]}]"))
            elif child.children:
                heads.append(Part(child, inner))
        self.head = heads[0] if heads else Part(element, path)


def nodes(root: Element, children: list[Element]) -> Iterator[Node]:
    """The business nodes of a message, in order."""
    count: dict[str, int] = {}
    for child in children:
        if child.tag.startswith(_PREFIX) and child.tag.removeprefix(_PREFIX) not in _ENVELOPE:
            count[child.tag] = count.get(child.tag, 0) + 1
            yield Node(child, f"/{root.tag}/{child.tag}[{count[child.tag]}]")


def exact(left: Decimal, right: Decimal) -> Decimal:
    """Their product, with all digits."""
    with localcontext() as context:
        context.prec = _DIGITS
        return left * right


_ENVELOPE = frozenset({"BaseTransfer", "BaseSubscribe", "ExtendMessage"})
