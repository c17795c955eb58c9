"""What the bundled mappings write is read back equal; nothing that is read is lost; no input makes them raise."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.canonical import Document, OrderReference, fingerprint, from_json, to_json
from gateway.codecs.model import Segment
from gateway.codecs.split import join, segments
from gateway.core.catalogue import KINDS
from gateway.grammar.model import Composite
from tests.mapping.advices import advices
from tests.mapping.answers import changes, responses
from tests.mapping.instructions import freight_invoices, instructions, responses_to_tenders, tenders
from tests.mapping.invoices import invoices
from tests.mapping.made import EDIFACT, X12, bundled, schemas
from tests.mapping.offers import catalogues, reports
from tests.mapping.orders import orders
from tests.mapping.settlements import receipts, remittances
from tests.mapping.statuses import statuses

WORDS = (
    "1 BY ST SE DP 00 SA F 002 20260115 20260231 EA C A ZZ NOTES 137 102 203 202601151030 21 5.00 1,5 - IN EN TE 9 S"
)

MARKS = {"x12": X12, "edifact": EDIFACT}
NAMES = {"x12": "x12/850", "edifact": "edifact/orders-d96a"}
WRITTEN: dict[str, st.SearchStrategy[Document]] = {
    "x12/850": orders("x12"),
    "edifact/orders-d96a": orders("edifact"),
    "x12/855": responses("x12/855"),
    "x12/865": responses("x12/865"),
    "edifact/ordrsp-d96a": responses("edifact/ordrsp-d96a"),
    "x12/860": changes("x12/860"),
    "edifact/ordchg-d96a": changes("edifact/ordchg-d96a"),
    "x12/856": advices("x12"),
    "edifact/desadv-d96a": advices("edifact"),
    "x12/810": invoices("x12"),
    "edifact/invoic-d96a": invoices("edifact"),
    "x12/861": receipts("x12"),
    "edifact/recadv-d96a": receipts("edifact"),
    "x12/820": remittances("x12"),
    "edifact/remadv-d96a": remittances("edifact"),
    "x12/832": catalogues("x12"),
    "edifact/pricat-d96a": catalogues("edifact"),
    "x12/846": reports("x12"),
    "edifact/invrpt-d96a": reports("edifact"),
    "x12/214": statuses("x12/214"),
    "x12/315": statuses("x12/315"),
    "edifact/iftsta-d96a": statuses("edifact/iftsta-d96a"),
    "edifact/iftsta-d01b": statuses("edifact/iftsta-d01b"),
    "x12/204": tenders(),
    "x12/210": freight_invoices(),
    "x12/990": responses_to_tenders(),
    "edifact/iftmin-d96a": instructions(),
}
MODEST = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_is_read_back_equal(name: str) -> None:
    mapping, marks = bundled().get(name), MARKS[name.split("/")[0]]

    @MODEST
    @given(order=WRITTEN[name])
    def holds(order: Document) -> None:
        writing = mapping.write(order, marks)
        assert [(issue.code, issue.text) for issue in writing.issues] == []
        sent = segments(join(writing.segments, marks), marks)
        reading = mapping.read(sent, marks)
        assert reading.document == order
        assert reading.issues == ()
        careful = mapping.read_careful(sent, marks)
        assert careful.document == order
        assert careful.issues == ()

    holds()


@MODEST
@given(order=st.one_of(list(WRITTEN.values())))
def test_json_gives_the_document_back(order: Document) -> None:
    again = from_json(type(order).__name__, to_json(order))
    assert again == order
    assert to_json(again) == to_json(order)
    assert fingerprint(again) == fingerprint(order)


@MODEST
@given(order=st.one_of(list(WRITTEN.values())), zeros=st.integers(0, 3))
def test_the_fingerprint_is_that_of_the_shortest_decimals(order: Document, zeros: int) -> None:
    """The quick way, by patterns over the JSON, against the plain one, field by field."""
    tree = msgspec.to_builtins(msgspec.json.decode(to_json(order), type=type(order)), builtin_types=(Decimal,))
    longer = from_json(
        type(order).__name__, msgspec.json.encode(_decimals(tree, lambda number: _padded(number, zeros)))
    )
    shortest = msgspec.json.encode(_decimals(tree, _shortest))
    assert fingerprint(order) == fingerprint(longer) == hashlib.sha256(b"1" + shortest).digest()


def _decimals(value: Any, change: Callable[[Decimal], str]) -> Any:
    if isinstance(value, Decimal):
        return change(value)
    if isinstance(value, dict):
        return {name: _decimals(inside, change) for name, inside in value.items()}
    return [_decimals(inside, change) for inside in value] if isinstance(value, list | tuple) else value


def _padded(number: Decimal, zeros: int) -> str:
    text = format(number, "f")
    return text + ("" if "." in text or not zeros else ".") + "0" * zeros


def _shortest(number: Decimal) -> str:
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) if number else "0"


ACROSS = [
    ("x12/855", "edifact/ordrsp-d96a"),
    ("edifact/ordrsp-d96a", "x12/855"),
    ("x12/865", "edifact/ordrsp-d96a"),
    ("x12/860", "edifact/ordchg-d96a"),
    ("edifact/ordchg-d96a", "x12/860"),
]


BARE: dict[str, Any] = {"order_reference": OrderReference(id="1")}


@pytest.mark.parametrize(("fits", "other"), ACROSS)
def test_what_another_format_cannot_hold_is_named_and_the_rest_comes_back(fits: str, other: str) -> None:
    mapping, marks = bundled().get(other), MARKS[other.split("/")[0]]

    @MODEST
    @given(document=WRITTEN[fits])
    def holds(document: Document) -> None:
        writing = mapping.write(document, marks)
        assert all(issue.location.field for issue in writing.issues)
        lost = [issue.location.field or "" for issue in writing.issues if issue.code == "MAP-UNWRITTEN"]
        if len(lost) == len(writing.issues):
            again = mapping.read(writing.segments, marks).document
            assert again is not None
            assert kept(again, []) == kept(document, lost)

    holds()


def kept(document: Document, lost: list[str]) -> dict[str, Any]:
    """The values of the document without some fields, and without parts that nothing is left of."""
    tree = msgspec.to_builtins(document, builtin_types=(Decimal,))
    if document.function_code == type(document)(**BARE).function_code:
        tree.pop("function_code", None)
    tree.pop("order_type_code", None)  # 860 requires one and writes a default
    for field in lost:
        *path, name = re.findall(r"[a-z_]+|\d+", field)
        part = tree
        for step in path:
            part = part[int(step)] if step.isdigit() else part.get(step, {})
        part.pop(name, None)
    return {name: pruned(value) for name, value in tree.items() if pruned(value)}


def pruned(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: pruned(inner) for name, inner in value.items() if pruned(inner) not in ({}, [])}
    return [pruned(inner) for inner in value] if isinstance(value, (list, tuple)) else value


HEADS = {
    "x12": [["ST", "850", "0001"], ["BEG", "00", "SA", "1", "", "20260115"]],
    "edifact": [["UNH", "1", "ORDERS:D:96A:UN"], ["BGM", "220", "1", "9"], ["DTM", "137:20260115:102"]],
}
TAGS = {
    "x12": "ST BEG CUR REF PER FOB SAC ITD DTM TD5 N9 MSG N1 N2 N3 N4 PO1 PID PO4 SCH AMT CTT SE MTX QQQ",
    "edifact": "UNH BGM DTM FTX RFF NAD CTA COM CUX PAT PCD TDT TOD LOC ALC MOA LIN PIA IMD QTY PRI SCC UNS CNT UNT",
}
UNIQUE = "§"  # stands for a text that occurs once


def elements(standard: str) -> st.SearchStrategy[str]:
    word = st.sampled_from(["", "x y", "\udcfc", *WORDS.split(), UNIQUE, UNIQUE, UNIQUE])
    if standard == "x12":
        return word
    return st.lists(word, min_size=1, max_size=4).map(":".join)


def any_segments(standard: str) -> st.SearchStrategy[list[Segment]]:
    """A beginning that makes a document, then segments of the standard in any order with any elements."""
    tag = st.sampled_from(["", *TAGS[standard].split()])
    segment = st.builds(lambda name, rest: [name, *rest], tag, st.lists(elements(standard), max_size=12))
    return st.lists(segment, max_size=25).map(lambda found: [*HEADS[standard], *numbered(found)])


def numbered(found: list[Segment]) -> list[Segment]:
    count = itertools.count()
    return [[re.sub(UNIQUE, lambda _: f"u{next(count)}u", element) for element in segment] for segment in found]


@pytest.mark.parametrize("standard", NAMES)
def test_any_segments_give_a_reading_and_nothing_of_them_is_lost(standard: str) -> None:
    mapping, marks = bundled().get(NAMES[standard]), MARKS[standard]

    @settings(MODEST, max_examples=250)
    @given(found=any_segments(standard))
    def holds(found: list[Segment]) -> None:
        reading = mapping.read(found, marks)
        careful = mapping.read_careful(found, marks)
        assert {issue.code for issue in (*reading.issues, *careful.issues)} <= KINDS.keys()
        assert all(issue.text for issue in careful.issues)
        assert reading.document == careful.document
        assert reading.document is not None
        body = found[1:-1] if found[-1][0] in ("SE", "UNT") else found[1:]
        unique = {text for segment in body for element in segment for text in re.findall("u[0-9]+u", element)}
        carried = set(re.findall("u[0-9]+u", to_json(reading.document).decode()))
        assert unique <= carried

    holds()


@pytest.mark.parametrize("standard", NAMES)
def test_every_place_of_every_segment_of_the_message_is_carried(standard: str) -> None:
    mapping, marks = bundled().get(NAMES[standard]), MARKS[standard]
    table = schemas().message(*mapping.format)
    filled: list[Segment] = []
    for node in table.root.walk():
        if node.parent is not None and not node.is_loop:
            places = [use.item for use in table.segments[node.tag].elements]
            counts = [len(item.components) if isinstance(item, Composite) else 1 for item in places]
            filled.append([node.tag, *(marks.component.join([UNIQUE] * count) for count in counts)])
    found = [*HEADS[standard], *numbered(filled)]
    document = mapping.read(found, marks).document
    assert document is not None
    carried = re.findall("u[0-9]+u", to_json(document).decode())
    assert len(set(carried)) == sum(element.count("u") // 2 for segment in found[1:] for element in segment[1:])


@MODEST
@given(found=st.lists(st.lists(st.text(max_size=4), min_size=1, max_size=4), max_size=6))
def test_segments_of_anything_never_raise(found: list[Segment]) -> None:
    for standard, name in NAMES.items():
        reading = bundled().get(name).read(found, MARKS[standard])
        assert reading.document is None
        assert "MAP-REQUIRED" in {issue.code for issue in reading.issues}
