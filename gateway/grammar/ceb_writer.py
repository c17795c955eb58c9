"""Customs messages written by their tables: values by name, put into the order that the schema fixes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gateway.codecs.ceb import NAMESPACE, PREFIXES
from gateway.codecs.xml_read import Element
from gateway.codecs.xml_write import UNWRITABLE, document
from gateway.core.errors import UnwritableError
from gateway.core.issues import Issue
from gateway.grammar.ceb_schema import CebTable
from gateway.grammar.xml_schema import Structure

#: A group by the names of its elements, without prefix: texts, groups, several of one name. What is empty is left out.
Values = Mapping[str, "str | Values | Sequence[Values]"]

_VERSION = "1.0"
_PREFIX = f"{PREFIXES[NAMESPACE]}:"


class Transfer(NamedTuple):
    """Who sends (``BaseTransfer``): customs registration and name, and the address in the exchange system."""

    cop_code: str
    cop_name: str
    dxp_id: str


def written(table: CebTable, guid: str, nodes: Sequence[Values], transfer: Transfer | None = None) -> bytes:
    """The message, without a signature. It is not judged: :class:`~gateway.grammar.ceb_validator.CebValidator` does.

    Raises UnwritableError for a name that the message does not have, and for a character that no XML can hold.
    """
    place = table.write.root.children[0]
    content: dict[str, str | Values | Sequence[Values]] = {place.tag.removeprefix(_PREFIX): list(nodes)}
    if transfer is not None:
        about = {"copCode": transfer.cop_code, "copName": transfer.cop_name, "dxpMode": "DXP", "dxpId": transfer.dxp_id}
        content["BaseTransfer"] = about
    root = _group(table, f"{_PREFIX}{table.type}", table.write.root, content)
    root.attributes = {"guid": guid, "version": _VERSION}
    return document(root, "", {NAMESPACE: PREFIXES[NAMESPACE]})


def _group(table: CebTable, tag: str, structure: Structure, values: Values) -> Element:
    found = Element(tag, {}, 0, 0)
    places = {child.tag.removeprefix(_PREFIX): child for child in structure.children}
    strange = [name for name in values if name not in places]
    if strange:
        params = {"parent": tag.removeprefix(_PREFIX), "expected": ", ".join(places)}
        raise UnwritableError(Issue("CEB-NAME", value=strange[0], params=params))
    for name, place in places.items():
        value = values.get(name, "")
        if isinstance(value, str):
            found.children += [_value(place.tag, value)] if value else []
            continue
        inner = table.write.structures[place.of]
        several = [value] if isinstance(value, Mapping) else value
        found.children += [_group(table, place.tag, inner, each) for each in several]
    return found


def _value(tag: str, text: str) -> Element:
    if UNWRITABLE.search(text):
        raise UnwritableError(Issue("CEB-CHARACTER", params={"name": tag.removeprefix(_PREFIX)}))
    found = Element(tag, {}, 0, 0)
    found.text = text
    return found
