"""The bytes of an XML file as UTF-8: decoded strictly by what its first bytes and its declaration say (XML 1.0 §4.3.3).

Only character sets in this list are read: what Python calls an encoding may also be a compression or an escape.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from gateway.core.issues import Issue, Location

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_UNMARKED = ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"))
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_PLAIN = ("utf-8", "ascii")
_READ = frozenset(
    {"utf-8", "ascii", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "gb2312", "big5", "euc_jp", "shift_jis"}
    | {"euc_kr", "koi8-r", "koi8-u"}
    | {f"iso8859-{part}" for part in range(1, 17)}
    | {f"cp125{page}" for page in range(9)}
)


class XmlText(NamedTuple):
    """``data`` is UTF-8 without a byte order mark, ``charset`` what it was read as. With an ``issue`` there is none."""

    data: bytes
    charset: str
    marked: int = 0  # bytes of the byte order mark
    issue: Issue | None = None

    def offset(self, place: int) -> int:
        """Bytes from the start of the file to a place in ``data``."""
        if self.charset in _PLAIN:
            return place + self.marked
        return len(self.data[:place].decode("utf-8", "ignore").encode(self.charset)) + self.marked


def decoded(body: bytes) -> XmlText:
    """The text of a file. Never raises: what cannot be decoded is an issue that says where."""
    marked, charset = next(((mark, name) for mark, name in _MARKS if body.startswith(mark)), (b"", ""))
    charset = charset or next((name for start, name in _UNMARKED if body.startswith(start)), "")
    if not charset:
        found = _DECLARED.match(body)
        declared = found[1].decode("ascii") if found else "utf-8"
        charset = _name(declared)
        if charset not in _READ:
            issue = Issue("XML-D03", Location(line=1, offset=0), declared, {"reason": "it is not read here"})
            return XmlText(b"", charset, issue=issue)
    try:
        text = body[len(marked) :].decode(charset)
    except UnicodeDecodeError as error:
        place = error.start + len(marked)
        where = Location(line=body.count(b"\n", 0, place) + 1, offset=place)
        shown = body[place : place + 4].hex(" ")
        issue = Issue("XML-D03", where, charset, {"reason": f"bytes {shown} at byte {place} are no text in it"})
        return XmlText(b"", charset, len(marked), issue)
    data = body[len(marked) :] if charset in _PLAIN else text.encode()
    return XmlText(data, charset, len(marked))


def _name(declared: str) -> str:
    """Python's name of a character set, or the name as it is."""
    try:
        return codecs.lookup(declared).name
    except LookupError:
        return declared
