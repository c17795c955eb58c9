"""The content type of what leaves, by the end of its file name. Pure."""

from __future__ import annotations

from email.utils import quote

from gateway.core.spooled import Body, pieces_of, size_of

OTHERS = "application/octet-stream"

#: RFC 1767 for EDI, CloudEvents JSON format 1.0 for events.
TYPES: dict[str, str] = {
    ".event.json": "application/cloudevents+json",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".x12": "application/EDI-X12",
    ".edi": "application/EDIFACT",
    ".xml": "application/xml",
    ".csv": "text/csv",
    ".txt": "text/plain",
}


def content_type(name: str, body: Body) -> str:
    """A file of one line of JSON is plain JSON."""
    suffix = next((suffix for suffix in TYPES if name.lower().endswith(suffix)), "")
    if suffix == ".jsonl" and not has_lines(body):
        suffix = ".json"
    return TYPES.get(suffix, OTHERS)


def has_lines(body: Body) -> bool:
    """Whether there is a line behind the first."""
    before = 0
    for piece in pieces_of(body):
        found = piece.find(b"\n")
        if found >= 0 and before + found + 1 < size_of(body):
            return True
        before += len(piece)
    return False


def disposition(name: str) -> str:
    """``Content-Disposition`` (RFC 6266): the file name; what is no ASCII in it becomes ``_``."""
    plain = "".join(c if c.isascii() and c.isprintable() else "_" for c in name)
    return f'attachment; filename="{quote(plain)}"'
