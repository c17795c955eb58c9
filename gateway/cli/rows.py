"""Times as tables show them."""

from __future__ import annotations


def short(text: str | None) -> str:
    """A time to the second."""
    return (text or "")[:19].replace("T", " ")
