"""Elements as text, in UTF-8."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gateway.codecs.xml_read import Element

#: What no XML 1.0 document can hold (§2.2), however it is written.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_IN_TEXT = str.maketrans(_TEXT)
_IN_ATTRIBUTES = str.maketrans({**_TEXT, '"': "&quot;", "\t": "&#9;", "\n": "&#10;"})


def document(root: Element, namespace: str, prefixes: Mapping[str, str]) -> bytes:
    """A whole file. ``namespace`` is the root's, empty where its tag has a prefix; ``prefixes`` (namespace → prefix)
    are those of all below it."""
    spaces = ({"xmlns": namespace} if namespace else {}) | {f"xmlns:{prefix}": uri for uri, prefix in prefixes.items()}
    root.attributes = {**spaces, **root.attributes}
    lines = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    _write(root, lines, "")
    return "".join(lines).encode()


def fragment(element: Element) -> str:
    """One element on one line, without its namespaces."""
    pieces: list[str] = []
    _write(element, pieces, None)
    return "".join(pieces)


def _write(element: Element, pieces: list[str], indent: str | None) -> None:
    """``indent`` None: all on one line."""
    before, after = ("", "") if indent is None else (indent, "\n")
    attributes = "".join(
        f' {name.rpartition(" ")[2]}="{value.translate(_IN_ATTRIBUTES)}"' for name, value in element.attributes.items()
    )
    if not element.children:
        text = element.text.translate(_IN_TEXT)
        pieces.append(f"{before}<{element.tag}{attributes}>{text}</{element.tag}>{after}")
        return
    pieces.append(f"{before}<{element.tag}{attributes}>{after}")
    for child in element.children:
        _write(child, pieces, None if indent is None else indent + "  ")
    pieces.append(f"{before}</{element.tag}>{after}")
