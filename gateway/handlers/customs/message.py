"""Business nodes of customs messages, kept by what they are and by what they are known by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gateway.codecs.ceb import PREFIXES
from gateway.codecs.model import LIMITS, Limits
from gateway.codecs.xml_read import Element, parse
from gateway.codecs.xml_text import XmlText
from gateway.grammar.ceb_tree import Node, Part, nodes

#: What a document is known by: the names of its elements, by the number of its message (section 2 of each message).
KEYS: dict[str, tuple[str, ...]] = {
    "311": ("ebpCode", "ebcCode", "orderNo"),
    "303": ("ebpCode", "ebcCode", "orderNo"),
    "411": ("payCode", "payTransactionId"),
    "403": ("ebcCode", "orderNo"),
    "511": ("logisticsCode", "logisticsNo"),
    "505": ("logisticsCode", "logisticsNo"),
    "513": ("logisticsCode", "logisticsNo"),
    "507": ("copNo", "billNo", "msgSeqNo"),
    "509": ("copNo", "msgSeqNo"),
    "603": ("copNo",),
    "605": ("copNo",),
    "607": ("copNo", "billNo", "msgSeqNo"),
    "621": ("copNo",),
    "623": ("copNo",),
    "625": ("copNo",),
    "701": ("copNo", "msgSeqNo"),
    "711": ("copNo",),
    "213": ("coElNo",),
    "215": ("coElNo",),
}


class Kept(NamedTuple):
    """A node of a message of this number (``621``), with what it is known by."""

    number: str
    key: tuple[str, ...]
    node: Node

    @property
    def head(self) -> Part:
        return self.node.head


def messages_of(text: XmlText, limits: Limits = LIMITS) -> Iterator[Kept]:
    """The nodes of a message; of what cannot be read, those before. Never raises."""
    seen = _Tree()
    parse(text, seen, PREFIXES, limits)
    if seen.top is None:
        return
    number = seen.top.tag[3:6]
    for node in nodes(seen.top, seen.children):
        names = KEYS.get(number, ())
        yield Kept(number, tuple(node.head[name] for name in names), node)


class _Tree:
    """Keeps all of a document."""

    def __init__(self) -> None:
        self.top: Element | None = None
        self.children: list[Element] = []

    def root(self, element: Element, namespace: str) -> None:
        self.top = element

    def child(self, element: Element) -> None:
        self.children.append(element)
