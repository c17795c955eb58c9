"""Business nodes of customs messages, kept by what they are and by what they are known by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from gateway.codecs.ceb import PREFIXES
from gateway.codecs.model import LIMITS, Limits
from gateway.codecs.xml_read import Element, parse
from gateway.codecs.xml_text import XmlText
from gateway.grammar.ceb_schema import CebTable
from gateway.grammar.ceb_tree import Node, Part, nodes
from gateway.grammar.ceb_values import is_number

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


CUSTOMS = "CustomsMessage"
"""What a stored customs message is called beside the canonical documents. It is one of the gateway's own: what it says
is passed on as Declaration and DeclarationResponse."""


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A head or a line by the names of its elements; what is empty is left out."""

    values: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def number(self, name: str) -> Decimal | None:
        """None where there is no number."""
        text = self[name]
        return Decimal(text) if is_number(text) else None


class CustomsNode(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One business node."""

    head: Said = Said()
    lines: tuple[Said, ...] = ()


class CustomsMessage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A business message. ``id`` is what the exchange system knows it by: CopMsgId of its envelope, else its guid."""

    type: str
    guid: str = ""
    id: str = ""
    nodes: tuple[CustomsNode, ...] = ()

    @property
    def number(self) -> str:
        """``621``."""
        return self.type[3:6]


_ENCODE = msgspec.json.Encoder().encode
_DECODE = msgspec.json.Decoder(CustomsMessage).decode


def encoded(message: CustomsMessage) -> bytes:
    """As it is stored."""
    return _ENCODE(message) + b"\n"


def decoded_message(body: bytes) -> CustomsMessage:
    """As it was."""
    return _DECODE(body)


def key_of(number: str, head: Said | Part) -> tuple[str, ...]:
    """What a node of this message is known by."""
    return tuple(head[name] for name in KEYS.get(number, ()))


def read_message(text: XmlText, id: str = "", limits: Limits = LIMITS) -> CustomsMessage:
    """A message that is in order, by the names of its elements."""
    seen = _Tree()
    parse(text, seen, PREFIXES, limits)
    if seen.top is None:
        return CustomsMessage(type="")
    found = tuple(
        CustomsNode(head=_said(node.head), lines=tuple(map(_said, node.lines)))
        for node in nodes(seen.top, seen.children)
    )
    guid = seen.top.attributes.get("guid", "")
    return CustomsMessage(type=seen.top.tag, guid=guid, id=id or guid, nodes=found)


def _said(part: Part) -> Said:
    values = ((child.tag.rpartition(":")[2], child.text.strip()) for child in part.element.children)
    return Said(values={name: text for name, text in values if text})


def values_of(table: CebTable, node: CustomsNode) -> Mapping[str, Any]:
    """A node as the writer of messages takes it: head and lines where the message has both."""
    place = table.write.root.children[0]
    inner = [child for child in table.write.structures[place.of].children if child.of in table.write.structures]
    heads = [child.tag.rpartition(":")[2] for child in inner if "List" not in child.tag]
    lists = [child.tag.rpartition(":")[2] for child in inner if "List" in child.tag]
    if not heads:
        return node.head.values
    found: dict[str, Any] = {heads[0]: node.head.values}
    if lists:
        found[lists[0]] = [line.values for line in node.lines]
    return found


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
