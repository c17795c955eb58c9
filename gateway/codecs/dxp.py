"""The terminal message of China's exchange system (``DxpMsg``, 终端节点报文): a business message in base64, with who it
is from and for. Specification of 2022-05, section 4.

What the port calls ``CreatTime`` is spelled so.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import NamedTuple

from gateway.codecs.ceb import SIGNATURES
from gateway.codecs.model import LIMITS, Limits
from gateway.codecs.xml_read import Element, Enough, parse
from gateway.codecs.xml_text import XmlText
from gateway.codecs.xml_write import document
from gateway.core.issues import Issue, Location

DXP_NAMESPACE = "http://www.chinaport.gov.cn/dxp"
DXP = "DxpMsg"

_PREFIXES = {DXP_NAMESPACE: "dxp", SIGNATURES: "ds"}
_VERSION = "1.0"
_MOST_RECEIVERS = 5


class DxpMessage(NamedTuple):
    """``message_id`` is what the format receipt (CEB900) names. ``created``: a time in China, 2026-01-31T13:20:00.
    ``data``: the business message, as it is."""

    message_id: str
    sender: str
    receivers: tuple[str, ...]
    created: str
    type: str
    data: bytes
    file_name: str = ""


def dxp_name(namespace: str) -> bool:
    """Whether a root of this namespace belongs to the exchange system."""
    return namespace == DXP_NAMESPACE


def read_dxp(text: XmlText, limits: Limits = LIMITS) -> DxpMessage | Issue:
    """A terminal message, or what is wrong with it. Never raises."""
    found = _Message()
    issue = parse(text, found, _PREFIXES, limits)
    if issue is not None:
        return issue
    if found.type != DXP:
        return Issue("CEB-OPEN", Location(line=1), found.type, {"reason": f"it is no {DXP}"})
    if found.data is None:
        return Issue("CEB-OPEN", Location(line=1), None, {"reason": "it has no Data"})
    try:
        data = base64.b64decode("".join(found.data.text.split()), validate=True)
    except (binascii.Error, ValueError):
        place = Location(tag=found.data.tag, line=found.data.line, offset=text.offset(found.data.offset))
        return Issue("CEB-OPEN", place, None, {"reason": "its Data is no base64"})
    return DxpMessage(
        message_id=found.values.get("dxp:CopMsgId", ""),
        sender=found.values.get("dxp:SenderId", ""),
        receivers=tuple(found.receivers),
        created=found.values.get("dxp:CreatTime", ""),
        type=found.values.get("dxp:MsgType", ""),
        data=data,
        file_name=found.values.get("dxp:FileName", ""),
    )


def write_dxp(message: DxpMessage) -> bytes:
    """The file. ``message`` has one to five receivers."""
    if not 1 <= len(message.receivers) <= _MOST_RECEIVERS:
        raise ValueError(f"{len(message.receivers)} receivers")
    about = _group(
        "TransInfo",
        [
            _value("CopMsgId", message.message_id),
            _value("SenderId", message.sender),
            _group("ReceiverIds", [_value("ReceiverId", each) for each in message.receivers]),
            _value("CreatTime", message.created),
            _value("MsgType", message.type),
        ],
    )
    parts = [about, _value("Data", base64.b64encode(message.data).decode("ascii"))]
    if message.file_name:
        parts.append(_group("AddInfo", [_value("FileName", message.file_name)]))
    root = _group(DXP, parts)
    root.attributes = {"ver": _VERSION}
    root.tag = f"dxp:{DXP}"
    return document(root, "", {DXP_NAMESPACE: "dxp"})


def _value(name: str, text: str) -> Element:
    found = Element(f"dxp:{name}", {}, 0, 0)
    found.text = text
    return found


def _group(name: str, children: Sequence[Element]) -> Element:
    found = Element(f"dxp:{name}", {}, 0, 0)
    found.children = list(children)
    return found


class _Message:
    """Takes what a terminal message says."""

    def __init__(self) -> None:
        self.type = ""
        self.values: dict[str, str] = {}
        self.receivers: list[str] = []
        self.data: Element | None = None

    def root(self, element: Element, namespace: str) -> None:
        self.type = element.tag
        if not dxp_name(namespace) or element.tag != DXP:
            raise Enough

    def child(self, element: Element) -> None:
        if element.tag == "dxp:Data":
            self.data = self.data or element
        for child in element.children:
            if child.tag == "dxp:ReceiverIds":
                self.receivers += [each.text.strip() for each in child.children if each.tag == "dxp:ReceiverId"]
            elif not child.children:
                self.values.setdefault(child.tag, child.text.strip())
