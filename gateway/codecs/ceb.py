"""Messages of China's cross-border e-commerce customs system ("CEB", the unified version, edition 2022-05): what a file
is before it is read.

A file is one business message of up to a hundred nodes, or a terminal message (``DxpMsg``) that has one inside.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gateway.codecs.model import Limits
from gateway.codecs.xml_read import Element, Enough, parse
from gateway.codecs.xml_text import XmlText
from gateway.core.issues import Issue

CEB = "ceb"
NAMESPACE = "http://www.chinaport.gov.cn/ceb"
SIGNATURES = "http://www.w3.org/2000/09/xmldsig#"

PREFIXES = {NAMESPACE: "ceb", SIGNATURES: "ds"}
"""Namespace → prefix, as tables and rules write it."""

EDITION = "202205"
"""The edition of the tables. Messages do not say which one they are of."""

is_message = re.compile(r"CEB(\d{3})Message", re.ASCII).fullmatch
"""Whether the name of a root is that of a business message; its group 1 is the number."""


class CebHead(NamedTuple):
    """What a message says of itself: its type (``CEB621Message``), its guid and version, how many nodes it has, and
    from whom it comes: the customs registration and the address in the exchange system. ``issue``: what ended the
    reading."""

    type: str
    guid: str
    version: str
    nodes: int
    cop_code: str
    dxp_id: str
    issue: Issue | None = None


def ceb_name(namespace: str) -> bool:
    """Whether a root of this namespace is a message of CEB."""
    return namespace == NAMESPACE


def ceb_head(text: XmlText) -> CebHead:
    """The head of a message. Never raises."""
    found = _Head()
    issue = parse(text, found, PREFIXES, Limits(document_bytes=len(text.data)))
    return CebHead(
        type=found.type,
        guid=found.attributes.get("guid", ""),
        version=found.attributes.get("version", ""),
        nodes=found.nodes,
        cop_code=found.transfer.get("ceb:copCode", ""),
        dxp_id=found.transfer.get("ceb:dxpId", ""),
        issue=issue,
    )


class _Head:
    """Counts nodes and keeps what tells the sender."""

    def __init__(self) -> None:
        self.type, self.nodes = "", 0
        self.attributes: dict[str, str] = {}
        self.transfer: dict[str, str] = {}

    def root(self, element: Element, namespace: str) -> None:
        if not ceb_name(namespace):
            raise Enough
        self.type, self.attributes = element.tag, element.attributes

    def child(self, element: Element) -> None:
        if element.tag == "ceb:BaseTransfer":
            self.transfer = {child.tag: child.text.strip() for child in element.children}
        elif element.tag not in _AROUND:
            self.nodes += 1


_AROUND = frozenset({"ceb:BaseSubscribe", "ceb:ExtendMessage", "ds:Signature"})
