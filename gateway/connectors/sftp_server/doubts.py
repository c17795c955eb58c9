"""Uploads that look as if their user had interrupted them.

A client whose user presses Ctrl-C closes what it has written so far, and nothing in the protocol tells that from the
end of a file. Its trace is that the last piece is as long as the others: a client reads and writes pieces of one
length, and only the end of a file makes a shorter one. One whole file in some ten thousand ends like that, too. So such
a file is refused the first time, and received when it comes again just so: nobody is interrupted twice at one byte.

A format that says itself where it ends needs none of this: what lacks its end is refused when it is read.
"""

from __future__ import annotations

from threading import Lock

from gateway.connectors.sftp_server.wire import PIECE

#: Pieces that clients write when they may choose: 32 KiB, and what we tell those that ask (``limits@openssh.com``).
_USUAL = (32 * 1024, PIECE)

#: Shorter pieces are a client's way to write, not its way to read.
_LEAST = 4096

#: How X12, EDIFACT, XML and JSON begin, all of which have an end of their own; before it: marks of Unicode, and space.
_ENDED = (b"ISA", b"UNA", b"UNB", b"<", b"{", b"[")
_BEFORE = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"

#: Bytes of the beginning that are looked at.
_HEAD = 64

#: Uploads that are kept in mind until they come again.
_REMEMBERED = 1000


class Pieces:
    """The lengths of the pieces that a client wrote."""

    def __init__(self) -> None:
        self._number, self._length, self._alike = 0, 0, True

    def add(self, length: int) -> None:
        if self._number == 0:
            self._length = length
        self._alike = self._alike and length == self._length
        self._number += 1

    @property
    def all_alike(self) -> bool:
        """Whether the last one was as long as the others. Of a single one: whether it has a usual length."""
        if self._number == 1:
            return self._length in _USUAL
        return self._number > 1 and self._alike and self._length >= _LEAST


def has_end(body: bytes) -> bool:
    """Whether the beginning of a file says that it will say itself where it ends."""
    return body[:_HEAD].lstrip(_BEFORE).startswith(_ENDED)


class Doubts:
    """What was refused once, by endpoint and name. Threads share it."""

    def __init__(self) -> None:
        self._digests: dict[tuple[str, str], str] = {}
        self._lock = Lock()

    def again(self, endpoint: str, name: str, digest: str) -> bool:
        """Whether just this was refused before, which is forgotten then. Otherwise it is kept in mind."""
        with self._lock:
            if self._digests.pop((endpoint, name), None) == digest:
                return True
            self._digests[endpoint, name] = digest
            while len(self._digests) > _REMEMBERED:
                del self._digests[next(iter(self._digests))]
            return False
