"""Entities within seekable sources, by their offsets: a header block and what follows it (RFC 2045, 2046)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from gateway.as2 import headers
from gateway.as2.headers import Media
from gateway.as2.problem import MimeError
from gateway.core.exchanges import Pairs

PIECE = 256 * 1024
_END = re.compile(rb"\r?\n\r?\n")
_FIRST = re.compile(rb"\r?\n")
_TOKEN_END = re.compile(r"[\s;(]")

#: Parts of one multipart, and lines that only begin like a delimiter.
_PARTS, _ALIKE = 100, 10_000
_LINE = 200
_TEXT = bytes(range(32, 127)) + b"\0\t\r\n"


class Region(NamedTuple):
    """Bytes of a source, from ``start`` to before ``stop``."""

    source: BinaryIO
    start: int
    stop: int

    @property
    def size(self) -> int:
        return self.stop - self.start

    def pieces(self, size: int = PIECE) -> Iterator[bytes]:
        at = self.start
        while at < self.stop:
            self.source.seek(at)
            piece = self.source.read(min(size, self.stop - at))
            if not piece:
                raise MimeError("The content ends before its end.")
            at += len(piece)
            yield piece

    def head(self, most: int) -> bytes:
        """The first bytes, at most so many."""
        self.source.seek(self.start)
        return self.source.read(min(most, self.size))


class Entity(NamedTuple):
    """``whole`` are header block and body, as they came; digests are taken of it."""

    headers: Pairs
    whole: Region
    body: Region

    def media(self) -> Media:
        """Its content type."""
        return headers.media(headers.value(self.headers, "content-type"))

    def encoding(self) -> str:
        """Its transfer encoding in small letters; none is binary, as AS2 has it (RFC 4130, 5.2)."""
        told = headers.value(self.headers, "content-transfer-encoding").lower()
        return _TOKEN_END.split(told, maxsplit=1)[0].strip('"') or "binary"


def whole(source: BinaryIO) -> Region:
    """All of a source."""
    return Region(source, 0, source.seek(0, 2))


def posted(fields: Pairs, body: BinaryIO) -> Entity:
    """The content of a request by its headers; some senders have those of MIME in the body alone. Raises MimeError."""
    region = whole(body)
    inner = None if headers.value(fields, "content-type") else entity(region)
    return inner if inner is not None and inner.headers else Entity(fields, region, region)


def entity(region: Region) -> Entity:
    """What stands there. Without a header it is all body: some products encrypt bare content.

    Raises MimeError for a header block beyond the bounds.
    """
    begin = region.head(headers.BLOCK_BYTES)
    if blank := _FIRST.match(begin):  # an empty header block
        return Entity((), region, Region(region.source, region.start + blank.end(), region.stop))
    end = _END.search(begin)
    if not headers.is_header(begin[: end.start()] if end else begin):
        return Entity((), region, region)
    if end is None:
        if len(begin) < region.size:
            raise MimeError("There are more headers than are read.")
        return Entity(headers.parse(begin), region, Region(region.source, region.stop, region.stop))
    fields = headers.parse(begin[: end.start()])
    return Entity(fields, region, Region(region.source, region.start + end.end(), region.stop))


def parts(region: Region, boundary: str) -> list[Region]:
    """The parts of a multipart, without the line ends that belong to its delimiters. What stands before the first and
    behind the last is passed by; the last delimiter may be missing, and line ends may be bare.

    Raises MimeError for one without a boundary or without parts.
    """
    found: list[Region] = []
    begun: int | None = None
    for at, behind in _delimiters(region, boundary):
        if begun is not None:
            found.append(Region(region.source, begun, max(begun, _before(region, at))))
        begun = behind
        if behind is None or len(found) > _PARTS:
            break
    if begun is not None:
        found.append(Region(region.source, begun, region.stop))
    if not found or len(found) > _PARTS:
        raise MimeError("The multipart has no parts." if not found else "The multipart has more parts than are read.")
    return found


def first_part(region: Region, boundary: str) -> Region:
    """Where the first part begins, up to the end of all: its header is what is looked for. Raises as :func:`parts`."""
    begun = next((behind for _, behind in _delimiters(region, boundary)), None)
    if begun is None:
        raise MimeError("The multipart has no parts.")
    return Region(region.source, begun, region.stop)


def _delimiters(region: Region, boundary: str) -> Iterator[tuple[int, int | None]]:
    """Where each delimiter begins, and where the part behind it does; None: it is the last one."""
    if not boundary or len(boundary) > _LINE:
        raise MimeError("The multipart has no boundary.")
    delimiter = b"--" + boundary.encode("utf-8", "surrogateescape")
    alike = 0
    for at in _places(region, delimiter):
        line = Region(region.source, at + len(delimiter), region.stop).head(_LINE)
        closing = line.startswith(b"--")
        end = _FIRST.search(line)
        rest = line[2 if closing else 0 : end.start() if end else len(line)]
        if rest.strip(b" \t") or (end is None and not closing and len(line) == _LINE):
            alike += 1
            if alike > _ALIKE:
                raise MimeError("Its boundary begins too many lines.")
            continue  # a longer line that only begins alike
        yield at, None if closing else at + len(delimiter) + (end.end() if end else len(line))


def is_text(region: Region) -> bool:
    """Whether all of it is printable ASCII, line ends, and zeros that fill up."""
    return not any(piece.translate(None, _TEXT) for piece in region.pieces())


def _before(region: Region, at: int) -> int:
    """Where the line end before a delimiter begins: it belongs to the delimiter."""
    two = Region(region.source, max(region.start, at - 2), at).head(2)
    return at - (2 if two == b"\r\n" else 1)


def _places(region: Region, delimiter: bytes) -> Iterator[int]:
    """Where the delimiter stands at the beginning of a line."""
    kept, at = b"\n", region.start - 1  # the beginning of the region is that of a line
    needle = b"\n" + delimiter
    for piece in region.pieces():
        window = kept + piece
        place = window.find(needle)
        while place >= 0:
            yield at + place + 1
            place = window.find(needle, place + 1)
        keep = min(len(window), len(needle) - 1)
        at += len(window) - keep
        kept = window[-keep:] if keep else b""
