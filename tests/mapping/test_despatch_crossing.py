"""Despatch advices from X12 to EDIFACT, UBL, IDoc and back: valid there, and what left of each order stays the same."""

from __future__ import annotations

from collections import Counter
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.canonical import DespatchAdvice, DespatchLine, Item, OrderReference, PackingLevel, Quantity
from gateway.canonical.checks import remarks
from gateway.codecs.records import DELIMITERS
from gateway.codecs.xml_text import decoded
from gateway.handlers.trading.facts import Terms
from gateway.handlers.trading.reading import facts_of
from gateway.mapping import Writing
from tests.mapping.made import EDIFACT, X12, bundled, cut

MARKS = {"x12": X12, "edifact": EDIFACT, "idoc": DELIMITERS}
MAPPINGS = {"x12": "x12/856", "edifact": "edifact/desadv-d96a", "idoc": "idoc/desadv"}

LINES = st.builds(
    DespatchLine,
    id=st.integers(1, 99).map(str),
    order_line_id=st.integers(1, 99).map(str),
    order_reference=st.none() | st.sampled_from(["PO-1", "PO-2"]).map(lambda number: OrderReference(id=number)),
    delivered_quantity=st.integers(1, 999).map(lambda n: Quantity(value=Decimal(n), unit_code="EA")),
    item=st.sampled_from(["A-1", "B-2"]).map(lambda number: Item(sellers_item_identification=number)),
)


@st.composite
def advices(draw: st.DrawFn) -> DespatchAdvice:
    """As EDIFACT has them: the shipment, or not, and packages in packages, with goods in any of them."""
    shipment = draw(st.booleans())
    levels = [PackingLevel(id="1", despatch_lines=tuple(draw(st.lists(LINES, max_size=2))))] if shipment else []
    for number in range(2, 2 + draw(st.integers(1, 4))):
        parent = draw(st.sampled_from([level.id for level in levels] or [None]))
        levels.append(
            PackingLevel(
                id=str(number),
                parent_id=parent,
                package_quantity=Decimal(1),
                package_type_code=draw(st.sampled_from(["201", "CT"])),
                despatch_lines=tuple(draw(st.lists(LINES, max_size=2))),
            )
        )
    return DespatchAdvice(
        id="SH-1",
        issue_date=date(2026, 11, 24),
        issue_time=time(8, 0),
        order_reference=draw(st.none() | st.just(OrderReference(id="PO-1"))),
        packing=tuple(levels),
    )


def written(document: DespatchAdvice, standard: str) -> Writing:
    return bundled().get(MAPPINGS[standard]).write(document, MARKS[standard])


def in_ubl(document: DespatchAdvice) -> DespatchAdvice:
    """Written as UBL and read again."""
    mapping = bundled().xml("ubl/despatch-advice")
    found = mapping.read(decoded(mapping.write(document).body)).document
    assert isinstance(found, DespatchAdvice)
    return found


def crossed(document: DespatchAdvice, *standards: str) -> DespatchAdvice:
    """Written and read in one after the other."""
    for standard in standards:
        if standard == "ubl":
            document = in_ubl(document)
            continue
        segments = written(document, standard).segments
        found = bundled().get(MAPPINGS[standard]).read(segments, MARKS[standard]).document
        assert isinstance(found, DespatchAdvice)
        document = found
    return document


def shipped(document: DespatchAdvice) -> dict[str, Counter[tuple[str, tuple[str, ...], Decimal | None]]]:
    """Of each order, its lines with what left of them."""
    facts = facts_of(document, "umbrella", "2026-11-24", Terms())
    return {
        number: Counter((line.line, line.items, line.quantity) for line in fact.lines)
        for number, fact in facts.items()
        if fact.lines
    }


WAYS = [("x12",), ("x12", "edifact"), ("x12", "edifact", "x12"), ("edifact", "x12")]
WAYS += [("idoc",), ("idoc", "x12"), ("edifact", "idoc", "ubl"), ("x12", "idoc", "edifact")]
WAYS += [("ubl",), ("x12", "ubl"), ("edifact", "ubl"), ("ubl", "x12"), ("ubl", "edifact", "ubl")]


@settings(max_examples=300, deadline=None)
@given(advices(), st.sampled_from(WAYS))
def test_what_left_of_each_order_is_the_same_in_every_format(advice: DespatchAdvice, ways: tuple[str, ...]) -> None:
    assert shipped(crossed(advice, *ways)) == shipped(advice)


@settings(max_examples=60, deadline=None)
@given(advices())
def test_the_tree_of_x12_is_one_and_says_what_each_level_is(advice: DespatchAdvice) -> None:
    found = crossed(advice, "x12")
    assert [issue for issue in remarks(found) if issue.code.startswith("TRD-PACK")] == []
    assert {level.level_code for level in found.packing} <= {"order", "pallet", "pack", "item"}
    assert all(len(level.despatch_lines) == (level.level_code == "item") for level in found.packing)


@settings(max_examples=60, deadline=None)
@given(advices())
def test_the_tree_of_edifact_is_one(advice: DespatchAdvice) -> None:
    found = crossed(advice, "x12", "edifact")
    assert [issue for issue in remarks(found) if issue.code.startswith("TRD-PACK")] == []


@settings(max_examples=60, deadline=None)
@given(advices(), st.sampled_from(["ubl", "x12", "idoc"]), st.sampled_from(["ubl", "idoc"]))
def test_the_tree_of_units_is_one_and_does_not_change_any_more(advice: DespatchAdvice, first: str, then: str) -> None:
    found = crossed(advice, first, then)
    assert [issue for issue in remarks(found) if issue.code.startswith("TRD-PACK")] == []
    assert crossed(found, then) == found


TWO_ORDERS = """
    ST*856*0001~
    BSN*00*SH-900*20260201*0830*0001~
    HL*1**S~
    HL*2*1*O~
    PRF*PO-1***20260115~
    HL*3*2*P~
    MAN*GM*00340123450000000017~
    HL*4*3*I~
    LIN*1*BP*A-1~
    SN1*1*10*EA~
    HL*5*1*O~
    PRF*PO-2~
    HL*6*5*I~
    LIN*1*BP*B-1~
    SN1*1*4*EA~
    SE*16*0001~
"""


def test_the_orders_of_an_856_are_named_at_the_goods_of_a_desadv() -> None:
    document = bundled().get(MAPPINGS["x12"]).read(cut(TWO_ORDERS, X12), X12).document
    assert isinstance(document, DespatchAdvice)
    segments = ["+".join(segment) for segment in written(document, "edifact").segments]
    assert [s for s in segments if s[:3] in ("CPS", "LIN", "QTY", "RFF", "GIN")] == [
        *("CPS+1", "LIN+1", "QTY+12:4:EA", "RFF+ON:PO-2:1"),
        *("CPS+2+1", "GIN+BJ+00340123450000000017", "LIN+1", "QTY+12:10:EA", "RFF+ON:PO-1:1"),
    ]


def test_what_x12_wrote_is_written_as_it_was() -> None:
    mapping = bundled().get(MAPPINGS["x12"])
    document = mapping.read(cut(TWO_ORDERS, X12), X12).document
    assert document is not None
    tags = [segment[:4] for segment in mapping.write(document, X12).segments if segment[0] == "HL"]
    assert tags == [segment[:4] for segment in cut(TWO_ORDERS, X12) if segment[0] == "HL"]


UNITS = """
    E1EDL20*0080001234~
    E1EDT13*015***20260201~
    E1EDL24*10********* ***6*EA~
    E1EDL37*{0}~
    E1EDL44*3***{1}~
    E1EDL37*{1}~
    E1EDL44*3***{2}~
    E1EDL44*1**10**6*EA~
"""


@pytest.mark.parametrize(
    ("numbers", "tree"),
    [
        (("A", "B", "C"), [("A", None), ("B", "A")]),
        (("A", "B", "A"), [("A", None), ("B", "A")]),  # each in the other
        (("A", "A", "A"), [("A", None), ("2", "A")]),  # one number for two
    ],
)
def test_units_of_sap_that_are_in_each_other_are_read(
    numbers: tuple[str, str, str], tree: list[tuple[str, str | None]]
) -> None:
    text = UNITS.format(*numbers).replace(" ***6", "***6")
    found = bundled().get("idoc/desadv").read(cut(text, X12), X12).document
    assert isinstance(found, DespatchAdvice)
    assert [(level.id, level.parent_id) for level in found.packing if level.id in dict(tree)] == tree
    assert [line.id for level in found.packing for line in level.despatch_lines] == ["10"]


def test_a_package_without_weight_is_counted_without_a_word_of_weight() -> None:
    """TD106 says what TD107 is the weight of: one needs the other."""
    advice = DespatchAdvice(
        id="SH-1",
        issue_date=date(2026, 11, 24),
        packing_root_id="1",
        packing=(PackingLevel(id="2", parent_id="1", level_code="pack", package_quantity=Decimal(3)),),
    )
    assert ["TD1", "", "3"] in written(advice, "x12").segments
