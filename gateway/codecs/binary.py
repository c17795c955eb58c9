"""Binary data inside of a segment: X12's BIN and BDS, whose last element is so many bytes, whatever they look like.

Framing does not see them (:meth:`gateway.codecs.stream.Window.hide`), so that no terminator or tag in them counts.
"""

from __future__ import annotations

from typing import NamedTuple

from gateway.codecs.framing import Framing
from gateway.codecs.stream import Window

_HEAD = 128  # bytes of a segment before its data


class Misfit(NamedTuple):
    """A segment whose binary data does not end where its length says: its number in the document, the offset of its
    tag, what stands before the data, and both lengths."""

    number: int
    offset: int
    head: bytes
    declared: int
    found: int


def hide_binary(window: Window, framing: Framing, place: int, most: int) -> tuple[int, int] | None:
    """The bounds of the binary data of the segment at ``place``, which is hidden from framing.

    A length is believed when the terminator stands behind so many bytes, or when that is farther away than anybody
    looks (the document is too large then). None: there is no such length.
    """
    window.hold(place + _HEAD)
    head = framing.binary.match(window.data, place)
    if head is None:
        return None
    start = head.end()
    end = start + int(head[head.lastindex or 0])
    if end <= most:
        window.hold(end + 8)  # a mask holds back three bytes
        if not window.stands(framing.terminator, end):
            return None
    window.hide(start, end - start)
    return start, end


def misfit(window: Window, framing: Framing, place: int) -> list[Misfit]:
    """What is to be said of binary data that does not end where its length says; nothing where there is no length."""
    head = framing.binary.match(window.data, place)
    if head is None:
        return []
    start = head.end()
    end = framing.end(window.data, start, start) or len(window.data) + 1
    number = framing.terminators(window.data, place) + 1
    return [Misfit(number, window.offset + place, head[0], int(head[head.lastindex or 0]), end - 1 - start)]
