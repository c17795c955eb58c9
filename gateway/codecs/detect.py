"""What is this? Told from the first bytes alone."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from gateway.codecs.ceb import ceb_name
from gateway.codecs.dxp import dxp_name
from gateway.codecs.ubl import ubl_name
from gateway.codecs.x12_read import discover

HEAD = 8192
"""So many bytes are enough, and no more are looked at."""

Format = Literal["x12", "edifact", "ubl", "ceb", "xml", "json", "csv", "idoc", "unknown"]


class Detected(NamedTuple):
    """The format, and a few words for a person: versions, root element, delimiter."""

    format: Format
    detail: str


_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_EDIFACT = re.compile(rb"(?:UNA.{6}[\r\n\t ]{0,4})?(UNB|UIB|UNH)[^A-Za-z0-9]", re.DOTALL)
_SYNTAX = re.compile(rb"U[NI]B[^A-Za-z0-9](\w{4})[^A-Za-z0-9](\d)")
_JSON = re.compile(r"\{\s*(?:\"|\}|$)|\[\s*(?:[\[\]{\"\d-]|true|false|null|$)")
_FOREIGN = (
    (b"STX=", "TRADACOMS"),
    (b"PK\x03\x04", "ZIP archive"),
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "gzip"),
)


def detect(head: bytes) -> Detected:
    """The format of a transmission that begins with ``head``. A byte order mark and blanks before it do not matter."""
    data, encoding = bytes(head[:HEAD]), ""
    for mark, name in _BOMS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], name
            break
    if encoding.startswith("utf-16"):
        return _xml(head[:HEAD], b"<") or Detected("unknown", f"text in {encoding[:6]}")
    body = data.lstrip(b"\r\n\t \x00\x1a")
    if not body:
        return Detected("unknown", "empty")
    tests: tuple[Callable[[], Detected | None], ...] = (
        lambda: _x12(body),
        lambda: _edifact(body),
        lambda: _xml(body, body[:1]),
        lambda: _foreign(body),
        lambda: _text(body, truncated=len(head) >= HEAD),
    )
    return next((found for test in tests if (found := test())), Detected("unknown", "binary data"))


def _x12(body: bytes) -> Detected | None:
    if not body.startswith(b"ISA") or body[3:4].isalnum() or not body[3:4]:
        return None
    found = discover(body)
    if found is None:
        return Detected("x12", "ISA without sixteen elements")
    version = body.split(found.element, 13)[12].decode("ascii", "replace")
    return Detected("x12", f"interchange version {version}")


def _edifact(body: bytes) -> Detected | None:
    found = _EDIFACT.match(body)
    if not found:
        return Detected("edifact", "UNA without UNB") if re.match(rb"UNA[^A-Za-z0-9]", body) else None
    if found[1] == b"UNH":
        return Detected("edifact", "message without interchange (UNB)")
    syntax = _SYNTAX.search(body)
    named = f"syntax {syntax[1].decode()}:{syntax[2].decode()}" if syntax else "syntax unknown"
    return Detected("edifact", f"interactive, {named}" if found[1] == b"UIB" else named)


def _xml(data: bytes, first: bytes) -> Detected | None:
    """The root element, by a parser that loads no DTD, resolves no entity and reaches no network."""
    if first != b"<":
        return None
    from lxml import etree  # a seventh of what it takes to tell anything else

    parser = etree.XMLPullParser(
        events=("start",), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_pis=True
    )
    try:
        parser.feed(data)
        root = next((element for _, element in parser.read_events()), None)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        root = None
    if root is None:
        return Detected("xml", "") if data[:5] in (b"<?xml", b"\xff\xfe<\x00?") else None
    name = etree.QName(root)
    if ubl_name(name.namespace or ""):
        return Detected("ubl", name.localname)
    if ceb_name(name.namespace or "") or dxp_name(name.namespace or ""):
        return Detected("ceb", name.localname)
    if not name.namespace and re.search(rb"<IDOC[ >].*<EDI_DC40[ >]", data, re.DOTALL):
        return Detected("idoc", f"{name.localname}, XML")
    return Detected("xml", f"{name.localname} ({name.namespace})" if name.namespace else name.localname)


def _foreign(body: bytes) -> Detected | None:
    if body.startswith(b"EDI_DC40"):
        kind = body[39:69].decode("ascii", "replace").strip()
        return Detected("idoc", f"{kind}, flat" if kind else "flat")
    return next((Detected("unknown", name) for mark, name in _FOREIGN if body.startswith(mark)), None)


def _text(body: bytes, truncated: bool) -> Detected | None:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        text = body[: error.start].decode("utf-8") if error.start > len(body) - 4 else body.decode("latin-1")
    if any(character < " " and character not in "\t\r\n\f" for character in text):
        return None
    if _JSON.match(text):
        return Detected("json", "object" if text[0] == "{" else "array")
    return _csv(text, truncated) or Detected("unknown", "text")


def _csv(text: str, truncated: bool) -> Detected | None:
    """Two lines or more with the same number of fields, at least two."""
    lines = text.splitlines()
    lines = [line for line in (lines[:-1] if truncated else lines)[:20] if line.strip()]
    for separator, name in ((",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")):
        try:
            widths = {len(row) for row in csv.reader(lines, delimiter=separator) if row}
        except csv.Error:
            continue
        if len(lines) > 1 and len(widths) == 1 and max(widths) > 1:
            return Detected("csv", f"{max(widths)} fields, {name} between")
    return None
