"""Headers by name, and names in AS2 as they stand in headers (RFC 4130, 6.2). Pure."""

from __future__ import annotations

import re

from gateway.core.exchanges import Pairs

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")


def header(headers: Pairs, name: str) -> str:
    """The first value of a header, empty where there is none. ``name`` in small letters."""
    return next((value.strip() for known, value in headers if known.lower() == name), "")


def unquoted(text: str) -> str:
    """A name without its quotes and escapes; it is written with them where it has blanks."""
    found = _QUOTED.fullmatch(text.strip())
    return _ESCAPED.sub(r"\1", found[1]) if found else text.strip()
