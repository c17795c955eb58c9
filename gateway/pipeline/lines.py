"""Canonical documents that come in as JSON: as we write them out, each by itself or on a line.

A document may stand in an envelope of its own, which says whom it is for and in which lane:
``{"to": "globex", "lane": "test", "content": {"document": "OrderResponse", …}}``. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from gateway.canonical import DOCUMENTS, Document, from_json
from gateway.codecs import RawDocument
from gateway.codecs.bare import NO_DELIMITERS
from gateway.codecs.jsonl import Piece, pieces
from gateway.core.errors import UnreadableError
from gateway.core.issues import Issue, Location

JSON = "json"

#: What a line is called whose kind cannot be read.
UNKNOWN = "?"


_PATH = re.compile(r" - at `\$\.?(.*?)`")
_NO_KIND = 'it is no object with a key "document"'


class Addressed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The envelope of one document."""

    content: msgspec.Raw
    to: str | None = None
    lane: Literal["production", "test"] | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One document of a file: typed, or with the issue that says why not."""

    kind: str
    document: Document | None = None
    issue: Issue | None = None
    to: str | None = None
    lane: str | None = None


def read_line(piece: Piece, usual: str | None = None) -> Line:
    """What stands there; ``usual`` is the kind of a document that does not say it."""
    place = Location(tag=f"line {piece.line}", offset=piece.offset)
    if piece.error is not None:
        return Line(kind=UNKNOWN, issue=Issue("CAN-JSON", place, params={"reason": piece.error}))
    content, addressed = piece.text, None
    if isinstance(piece.value, dict) and "content" in piece.value and "document" not in piece.value:
        try:
            addressed = msgspec.json.decode(piece.text, type=Addressed)
        except msgspec.DecodeError as error:
            return Line(kind=UNKNOWN, issue=_misfit("envelope", str(error), place))
        content = bytes(addressed.content).decode()
    to, lane = (addressed.to, addressed.lane) if addressed else (None, None)
    value = piece.value["content"] if addressed else piece.value
    kind = value.get("document", usual) if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in DOCUMENTS:
        named = f'"{kind}" is none of {", ".join(sorted(DOCUMENTS))}' if isinstance(kind, str) else _NO_KIND
        return Line(kind=UNKNOWN, issue=Issue("CAN-KIND", place, params={"reason": named}), to=to, lane=lane)
    try:
        return Line(kind=kind, document=from_json(kind, content), to=to, lane=lane)
    except UnreadableError as error:
        reason = error.detail.removeprefix(f"This is not a canonical {kind}: ")
        return Line(kind=kind, issue=_misfit(kind, reason, place), to=to, lane=lane)


def _misfit(what: str, text: str, place: Location) -> Issue:
    found = _PATH.search(text)
    field = found[1] if found else None
    place = msgspec.structs.replace(place, field=field or None)
    reason = _PATH.sub("", text).rstrip(".")
    return Issue("CAN-FIELD", place, what, {"reason": f"{field}: {reason}" if field else reason})


def line_documents(body: bytes) -> Iterator[RawDocument]:
    """The documents of a file, raw."""
    for position, piece in enumerate(pieces(body), 1):
        line = read_line(piece)
        yield RawDocument(
            standard=JSON,
            type=line.kind,
            version="",
            association="",
            control_number=str(position),
            position=position,
            text=piece.text,
            offset=piece.offset,
            length=piece.length,
            delimiters=NO_DELIMITERS,
            charset="utf-8",
            issues=(line.issue,) if line.issue else (),
        )
