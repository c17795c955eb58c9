"""BER read from a stream, DER written with lengths that are known before (ITU-T X.690).

Senders use indefinite lengths and strings in pieces (BouncyCastle does nothing else), so both are read everywhere.
Small structures become :class:`Element` trees; large octet strings pass by in pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from typing import BinaryIO, NamedTuple, Protocol

from gateway.as2.cms.errors import CmsError

SEQUENCE, SET, INTEGER, OCTETS, OID, NULL = 0x30, 0x31, 0x02, 0x04, 0x06, 0x05
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18

_CONSTRUCTED, _LONG_TAG = 0x20, 0x1F
_INDEFINITE = 0x80

#: Structures nest a dozen deep; what nests deeper was made to hurt.
_DEPTH = 24

#: Bytes of one structure that is read as a whole: recipients, certificates, attributes.
STRUCTURE_BYTES = 1024 * 1024

#: Structures directly within one.
_CHILDREN = 10_000

#: Strings come in pieces of a thousand bytes and more; this many may be smaller than so many bytes.
_CUTS, _CUT_BYTES = 10_000, 32

#: Bytes that are read at a time of what passes by.
PIECE = 256 * 1024


class Sink(Protocol):
    def write(self, data: bytes, /) -> object: ...


class Header(NamedTuple):
    """``length`` None: indefinite."""

    tag: int
    length: int | None

    @property
    def constructed(self) -> bool:
        return bool(self.tag & _CONSTRUCTED)


class Element:
    """One structure. ``content``: its bytes without the header, of definite and indefinite ones alike."""

    __slots__ = ("_children", "_depth", "content", "tag")

    def __init__(self, tag: int, content: bytes, children: tuple[Element, ...] | None = None, depth: int = 0) -> None:
        self.tag, self.content, self._children, self._depth = tag, content, children, depth

    @property
    def children(self) -> tuple[Element, ...]:
        """Read when they are asked for. Raises CmsError for what is none."""
        if self._children is None:
            self._children = self._read() if self.tag & _CONSTRUCTED else ()
        return self._children

    def _read(self) -> tuple[Element, ...]:
        source = BytesIO(self.content)
        reader, found, length = Ber(source), [], len(self.content)
        while reader.at < length:
            found.append(reader.element(length, self._depth + 1))
            _count(found)
        return tuple(found)

    def child(self, place: int, *tags: int) -> Element:
        """Raises CmsError where there is none of these tags."""
        if place >= len(self.children) or (tags and self.children[place].tag not in tags):
            raise CmsError("The structure lacks what has to be in it.")
        return self.children[place]

    @property
    def octets(self) -> bytes:
        """Of a string, in one piece or in many."""
        return b"".join(each.octets for each in self.children) if self.tag & _CONSTRUCTED else self.content

    @property
    def number(self) -> int:
        """Of an INTEGER; they are bounded by their structure, so nothing here is slow."""
        return int.from_bytes(self.content, "big", signed=True)

    @property
    def oid(self) -> str:
        """Of an OBJECT IDENTIFIER, with dots."""
        if self.tag != OID:
            raise CmsError("An algorithm is not named by an object identifier.")
        return _dotted(self.content)

    def encoded(self, tag: int | None = None) -> bytes:
        """With its length as DER has it, under another tag where one is given; nothing is sorted."""
        return tlv(self.tag if tag is None else tag, self.content)


class Ber:
    """Reads forward. ``at`` counts the bytes that were read."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.at = self._cuts = 0

    def header(self) -> Header:
        """The next one. Raises CmsError at the end of the source."""
        tag, first = self._take(2)
        if tag & _LONG_TAG == _LONG_TAG:
            raise CmsError("A tag is longer than any of this standard.")
        if first < _INDEFINITE:
            return Header(tag, first)
        if first == _INDEFINITE:
            if not tag & _CONSTRUCTED:
                raise CmsError("A length is missing.")
            return Header(tag, None)
        count = first & 0x7F
        if count > 8:
            raise CmsError("A length is longer than any that there is.")
        return Header(tag, int.from_bytes(self._take(count), "big"))

    def enter(self, *tags: int) -> Header:
        """The header of one of these. Raises CmsError for another."""
        header = self.header()
        if header.tag not in tags:
            raise CmsError("This is not what has to stand here.")
        return header

    def element(self, most: int = STRUCTURE_BYTES, depth: int = 0) -> Element:
        """The next structure as a whole, of at most ``most`` bytes."""
        return self._element(self.header(), self.at + most, depth)

    def pieces(self, header: Header, depth: int = 0) -> Iterator[bytes]:
        """The bytes of a string whose header was read, however it is cut."""
        if depth > _DEPTH:
            raise CmsError("Strings nest deeper than is read.")
        if not header.constructed:
            left = header.length or 0
            while left:
                piece = self._some(min(left, PIECE))
                left -= len(piece)
                yield piece
            return
        begun, end = self.at, None if header.length is None else self.at + header.length
        while end is None or self.at < end:
            inner = self.header()
            self._cuts += 1
            if self._cuts > _CUTS and self._cuts * _CUT_BYTES > self.at - begun:
                raise CmsError("A string is cut into more pieces than are read.")
            if inner == _END:
                if end is not None:
                    raise CmsError("A string ends before its length says so.")
                return
            yield from self.pieces(inner, depth + 1)
        if self.at != end:
            raise CmsError("A string is longer than its length says.")

    def is_at_end(self) -> bool:
        """Whether only zeros and line ends follow: the ends of indefinite lengths, and what senders fill up with."""
        while piece := self._source.read(PIECE):
            if piece.strip(b"\0\r\n "):
                return False
        return True

    def _element(self, header: Header, limit: int, depth: int) -> Element:
        if depth > _DEPTH:
            raise CmsError("Structures nest deeper than is read.")
        if header.length is not None:
            if self.at + header.length > limit:
                raise CmsError("A structure is larger than is read.")
            return Element(header.tag, self._take(header.length), depth=depth)
        children: list[Element] = []
        while (inner := self.header()) != _END:
            children.append(self._element(inner, limit, depth + 1))
            _count(children)
            if self.at > limit:
                raise CmsError("A structure is larger than is read.")
        return Element(header.tag, b"".join(each.encoded() for each in children), tuple(children), depth)

    def _take(self, count: int) -> bytes:
        found = self._source.read(count)
        if len(found) != count:
            raise CmsError("It ends in the middle of a structure.")
        self.at += count
        return found

    def _some(self, most: int) -> bytes:
        found = self._source.read(most)
        if not found:
            raise CmsError("It ends in the middle of a string.")
        self.at += len(found)
        return found


_END = Header(0, 0)


def _count(found: Sequence[Element]) -> None:
    if len(found) > _CHILDREN:
        raise CmsError("A structure has more parts than are read.")


def tlv(tag: int, *parts: bytes) -> bytes:
    """One structure of these parts."""
    content = b"".join(parts)
    return head(tag, len(content)) + content


def head(tag: int, length: int) -> bytes:
    """The header of what is so long."""
    if length < _INDEFINITE:
        return bytes((tag, length))
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, _INDEFINITE | len(octets))) + octets


def integer(value: int) -> bytes:
    """An INTEGER that is not negative."""
    return tlv(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


@lru_cache(maxsize=256)
def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    return tlv(OID, b"".join(map(_base128, (first * 40 + second, *rest))))


def _base128(value: int) -> bytes:
    octets = [value & 0x7F]
    while value := value >> 7:
        octets.append(value & 0x7F | 0x80)
    return bytes(reversed(octets))


@lru_cache(maxsize=256)
def _dotted(content: bytes) -> str:
    numbers: list[int] = []
    value = 0
    for octet in content[:64]:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            numbers.append(value)
            value = 0
    if not numbers or len(content) > 64:
        raise CmsError("An object identifier cannot be read.")
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))
