"""The XML of pyx12's maps: parsed without entities, network or DTD, and what its two spellings have in common.

A property is an attribute in the newer maps and a child of that name in the others: ``<loop usage="R">`` and
``<loop><usage>R</usage>``.
"""

from __future__ import annotations

from lxml import etree

from gateway.core.errors import SchemaError
from gateway.grammar.model import UNBOUNDED

Element = etree._Element

_DIGITS = 6


def parsed(file: str, data: bytes) -> Element:
    """The root. Raises SchemaError on what is no XML."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser, base_url=file)
    except etree.XMLSyntaxError as error:
        raise SchemaError(f"This is no XML: {error}.", file=file) from None


def text(element: Element, name: str) -> str:
    """A property, empty where there is none."""
    return element.get(name) or (element.findtext(name) or "").strip()


def number(element: Element, name: str) -> int:
    """A property that is a number. Raises SchemaError."""
    found = text(element, name)
    if not (found.isascii() and found.isdigit() and len(found) <= _DIGITS):
        raise SchemaError(f'{element.get("xid")}: {name} "{found}" is not a number.', file=_file(element))
    return int(found)


def _file(element: Element) -> str:
    return str(element.getroottree().docinfo.URL)


def count(element: Element, name: str) -> int:
    """How often: ``>1`` is any number, as is nothing at all."""
    found = text(element, name)
    return UNBOUNDED if found in ("", ">1") else number(element, name)
