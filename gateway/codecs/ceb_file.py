"""A file of customs messages: the business message, out of the terminal message that it may be in."""

from __future__ import annotations

from typing import NamedTuple

from gateway.codecs.bare import NO_DELIMITERS
from gateway.codecs.ceb import CEB, EDITION, PREFIXES, CebHead, ceb_head
from gateway.codecs.dxp import DxpMessage, dxp_name, read_dxp
from gateway.codecs.model import LIMITS, Limits, RawDocument
from gateway.codecs.xml_read import Element, Enough, parse
from gateway.codecs.xml_text import XmlText, decoded
from gateway.core.issues import Issue


class CustomsFile(NamedTuple):
    """``text`` is the business message. ``envelope``: the terminal message around it, None where it stands by itself;
    ``issue``: why that cannot be opened."""

    text: XmlText
    envelope: DxpMessage | None = None
    issue: Issue | None = None


def opened_message(body: bytes, limits: Limits = LIMITS) -> CustomsFile:
    """Never raises, whatever the bytes."""
    text = decoded(body)
    if not _in_envelope(text):
        return CustomsFile(text)
    found = read_dxp(text, limits)
    if isinstance(found, Issue):
        return CustomsFile(XmlText(b"", text.charset), None, found)
    return CustomsFile(decoded(found.data), found)


def ceb_document(body: bytes, limits: Limits = LIMITS) -> tuple[RawDocument, CebHead, DxpMessage | None]:
    """The one business message of a file, raw, its head, and the envelope. What cannot be read has no text, and an
    issue that says why. Its bytes are those of the whole file."""
    file = opened_message(body, limits)
    head = ceb_head(file.text)
    issue = file.issue or file.text.issue or (head.issue if not head.type else None)
    return (
        RawDocument(
            standard=CEB,
            type=head.type,
            version=EDITION,
            association="",
            control_number=head.guid,
            position=1,
            text="" if issue is not None else file.text.data.decode(),
            offset=0,
            length=len(body),
            delimiters=NO_DELIMITERS,
            charset=file.text.charset,
            issues=() if issue is None else (issue,),
        ),
        head,
        file.envelope,
    )


def _in_envelope(text: XmlText) -> bool:
    seen = _Root()
    parse(text, seen, PREFIXES)
    return dxp_name(seen.namespace)


class _Root:
    """Only looks at the namespace of the root."""

    namespace = ""

    def root(self, element: Element, namespace: str) -> None:
        self.namespace = namespace
        raise Enough

    def child(self, element: Element) -> None:
        """It is never reached."""
