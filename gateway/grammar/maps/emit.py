"""A message table as a map of pyx12, so that pyx12 can judge documents for which it has none.

What pyx12 makes of a map is not what the words in it say, so it is written around that: every place has a position of
its own in the whole map (pyx12 takes what is missing for found where positions happen to be equal), places that share
one share it here; a tag that a loop has twice gets a loop of its own (they would be counted together); codes stand in
outside lists, because codes of its own make the first element of a segment a qualifier, and a wrong one another
segment.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from lxml import etree

from gateway.core.errors import SchemaError
from gateway.grammar.maps import xml
from gateway.grammar.maps.xml import Element
from gateway.grammar.model import UNBOUNDED, Composite, ElementType, ElementUse, MessageTable, Node, SegmentTable

#: What a document calls itself that is judged by an emitted map: GS01 and GS08.
GROUP, VERSION = "ZZ", "000000"

_MAP = "map.xml"
_TYPES = {"an": "AN", "a": "AN", "n": "R"}
_STEP = 10


def emitted(table: MessageTable, icvn: str, control: bytes, elements: bytes) -> dict[str, bytes]:
    """File name → content of a folder that pyx12 takes for ``map_path``, for interchanges of version ``icvn`` (00401,
    00501). ``control`` is pyx12's map of the envelope of that version, ``elements`` its dataele.xml. Raises
    SchemaError."""
    made = _Emitter(table)
    return {
        "maps.xml": _text(_index(icvn, table.type)),
        f"x12.control.{icvn}.xml": control,
        _MAP: _text(made.transaction(xml.parsed("control", control))),
        "dataele.xml": _text(made.elements(xml.parsed("dataele.xml", elements))),
        "codes.xml": _text(made.codes()),
    }


class _Emitter:
    def __init__(self, table: MessageTable) -> None:
        self._table = table
        self._positions = count(_STEP, _STEP)
        self._elements: dict[tuple[str, str, int, int], str] = {}
        self._lists: dict[frozenset[str], str] = {}

    def transaction(self, root: Element) -> Element:
        """The map of the envelope with the document in its functional group."""
        group = next((loop for loop in root.iter("loop") if loop.get("xid") == "GS_LOOP"), None)
        if group is None:
            raise SchemaError("This map has no loop GS_LOOP.", file="control")
        for element in group.iter("element"):
            for codes in element.findall("valid_codes"):
                element.remove(codes)
        root.set("xid", self._table.type)
        document = _made(group, "loop", xid="ST_LOOP", usage="R", pos="20", repeat=">1", name=self._table.name or "-")
        self._envelope(
            document, "ST", 2 + ("ST" in self._table.segments and len(self._table.segments["ST"].elements) > 2)
        )
        self._children(document, self._table.root.children or ())
        self._envelope(document, "SE", 2)
        return root

    def elements(self, known: Element) -> Element:
        """Our data elements before pyx12's, which the envelope needs."""
        ours = set(self._elements.values())
        for item in known.findall("data_ele"):
            if item.get("ele_num") in ours:
                known.remove(item)
        for (_, kind, least, most), reference in self._elements.items():
            made = _made(known, "data_ele", ele_num=reference, data_type=_TYPES.get(kind, kind), name=reference)
            made.set("min_len", str(least))
            made.set("max_len", str(most))
        return known

    def codes(self) -> Element:
        """The code lists."""
        root = etree.Element("codesets")
        for values, name in self._lists.items():
            one = etree.SubElement(root, "codeset")
            etree.SubElement(one, "id").text = name
            version = etree.SubElement(one, "version")
            for value in sorted(values):
                etree.SubElement(version, "code").text = value
        return root

    def _envelope(self, around: Element, tag: str, places: int) -> None:
        """ST or SE: judged elsewhere, so anything may stand in it."""
        position = next(self._positions)
        made = _made(around, "segment", xid=tag, usage="R", pos=str(position), max_use="1", name=tag)
        anything = ElementType("ENVELOPE", "envelope", "AN", 1, 99)
        for place in range(1, places + 1):
            self._simple(made, f"{tag}{place:02d}", place, anything, "R" if place < 3 else "S", False)

    def _children(self, around: Element, nodes: Iterable[Node]) -> None:
        met: set[str] = set()
        shared: dict[Node, int] = {}
        for node in nodes:
            position = shared.get(node) or next(self._positions)
            shared |= dict.fromkeys(node.mates, position)
            if node.is_loop:
                loop = self._loop(around, node, position)
                self._children(loop, node.children or ())
            elif node.tag in met and len(node.mates) == 1:
                self._segment(self._loop(around, node, position), node, next(self._positions), 1)
            else:
                self._segment(around, node, position, node.most)
            met.add(node.tag)

    def _loop(self, around: Element, node: Node, position: int) -> Element:
        return _made(
            around,
            "loop",
            xid=f"{node.name}_{position}",
            usage=_usage(node.mandatory, node.most),
            pos=str(position),
            repeat=_most(node.most),
            name=node.name,
        )

    def _segment(self, around: Element, node: Node, position: int, most: int) -> None:
        table = node.segment or self._table.segments[node.tag]
        made = _made(
            around,
            "segment",
            xid=node.tag,
            usage=_usage(node.mandatory, most),
            pos=str(position),
            max_use=_most(most),
            name=table.name or node.tag,
        )
        for condition in table.conditions:
            etree.SubElement(made, "syntax").text = str(condition)
        selected = {(one.position, max(one.component, 1)) for one in node.selectors}
        for use in table.elements:
            self._use(made, table, use, selected)

    def _use(self, around: Element, table: SegmentTable, use: ElementUse, selected: set[tuple[int, int]]) -> None:
        name, usage = f"{table.tag}{use.position:02d}", _usage(use.mandatory, use.repeats)
        if isinstance(use.item, ElementType):
            self._simple(around, name, use.position, use.item, usage, (use.position, 1) in selected)
            return
        composite: Composite = use.item
        made = _made(around, "composite", xid=name, data_ele=composite.reference, usage=usage, seq=str(use.position))
        made.set("name", composite.name or name)
        for part in composite.components:
            inner = _usage(part.mandatory, part.repeats)
            chosen = (use.position, part.position) in selected
            self._simple(made, f"{name}-{part.position:02d}", part.position, part.element, inner, chosen)

    def _simple(
        self, around: Element, name: str, position: int, element: ElementType, usage: str, selects: bool
    ) -> None:
        reference = self._reference(element)
        made = _made(around, "element", xid=name, data_ele=reference, usage=usage, seq=str(position))
        made.set("name", element.name or name)
        if element.codes is None:
            return
        listed = etree.SubElement(made, "valid_codes")
        if selects:
            for value in sorted(element.codes):
                etree.SubElement(listed, "code").text = value
        else:
            listed.set("external", self._lists.setdefault(element.codes, f"L{len(self._lists)}"))

    def _reference(self, element: ElementType) -> str:
        """The number of a data element; a second form of it gets another."""
        form = element.reference, element.type, element.least, element.most
        if form not in self._elements:
            number, used = element.reference, set(self._elements.values())
            while number in used:
                number += "_"
            self._elements[form] = number
        return self._elements[form]


def _index(icvn: str, type: str) -> Element:
    root = etree.Element("maps")
    version = _made(root, "version", icvn=icvn)
    _made(version, "map", vriic=VERSION, fic=GROUP, abbr=type).text = _MAP
    return root


def _made(around: Element, tag: str, /, **properties: str) -> Element:
    return etree.SubElement(around, tag, properties)


def _usage(mandatory: bool, most: int) -> str:
    """Required, situational, not used."""
    return "N" if most == 0 else "R" if mandatory else "S"


def _most(most: int) -> str:
    return ">1" if most >= UNBOUNDED else str(max(most, 1))


def _text(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
