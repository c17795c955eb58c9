"""The content type of what leaves, by the end of its file name. Pure."""

from __future__ import annotations

from email.utils import quote

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


def content_type(name: str, body: bytes) -> str:
    """A file of one line of JSON is plain JSON."""
    suffix = next((suffix for suffix in TYPES if name.lower().endswith(suffix)), "")
    if suffix == ".jsonl" and body.count(b"\n", 0, len(body) - 1) == 0:
        suffix = ".json"
    return TYPES.get(suffix, OTHERS)


def disposition(name: str) -> str:
    """``Content-Disposition`` (RFC 6266): the file name; what is no ASCII in it becomes ``_``."""
    plain = "".join(c if c.isascii() and c.isprintable() else "_" for c in name)
    return f'attachment; filename="{quote(plain)}"'
