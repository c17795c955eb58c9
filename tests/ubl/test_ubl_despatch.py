"""Despatch advices in UBL: goods, and what they are packed in, wherever the sender says it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from gateway.canonical import DespatchAdvice, DespatchLine, Item, PackingLevel, Quantity
from gateway.canonical.checks import remarks
from gateway.codecs.xml_text import decoded
from gateway.core.issues import has_errors
from gateway.grammar.xml_validator import xml_validator
from gateway.mapping import XmlMapping
from tests.mapping.made import bundled, schemas
from tests.ubl.test_ubl_tables import SAMPLES

FIRST, SECOND = "340123450000000017", "340123450000000024"


def mapping() -> XmlMapping:
    return bundled().xml("ubl/despatch-advice")


def read(shipment: str, *lines: str) -> DespatchAdvice:
    """An advice with these units and lines."""
    text = "<cbc:ID>SH-1</cbc:ID><cbc:IssueDate>2026-02-01</cbc:IssueDate><cac:Shipment><cbc:ID>NA</cbc:ID>"
    found = mapping().read(mapping().text_of(f"{text}{shipment}</cac:Shipment>{''.join(lines)}"))
    assert found.issues == ()
    assert isinstance(found.document, DespatchAdvice)
    assert found.document.extensions == ()
    return found.document


def line(number: str, quantity: str, inside: str = "") -> str:
    shipment = f"<cac:Shipment><cbc:ID>NA</cbc:ID>{inside}</cac:Shipment>" if inside else ""
    return (
        f"<cac:DespatchLine><cbc:ID>{number}</cbc:ID>"
        f'<cbc:DeliveredQuantity unitCode="EA">{quantity}</cbc:DeliveredQuantity>'
        f"<cac:OrderLineReference><cbc:LineID>{number}</cbc:LineID></cac:OrderLineReference>{shipment}</cac:DespatchLine>"
    )


def unit(id: str, *inside: str, tag: str = "cac:TransportHandlingUnit") -> str:
    return f"<{tag}><cbc:ID>{id}</cbc:ID>{''.join(inside)}</{tag}>"


def goods(number: str, quantity: str = "") -> str:
    said = f'<cbc:Quantity unitCode="EA">{quantity}</cbc:Quantity>' if quantity else ""
    return f"<cac:GoodsItem><cbc:ID>{number}</cbc:ID>{said}</cac:GoodsItem>"


def tree(advice: DespatchAdvice) -> list[tuple[str, str | None, str | None, list[tuple[str | None, str]]]]:
    """Level by level: number, what it is in, its label, and what of which line is there."""
    return [
        (
            *(level.id, level.parent_id, level.sscc),
            [
                (line.id, f"{line.delivered_quantity.value:f}")
                for line in level.despatch_lines
                if line.delivered_quantity
            ],
        )
        for level in advice.packing
    ]


def test_units_that_only_the_lines_name_are_known_from_there() -> None:
    """As Peppol has it."""
    one, other = unit(FIRST), unit(SECOND, unit("BOX-1", tag="cac:Package"))
    found = read("", line("1", "10", one), line("2", "5", one), line("3", "4", other))
    assert tree(found) == [
        ("2", None, FIRST, [("1", "10"), ("2", "5")]),
        ("3", None, SECOND, []),
        ("BOX-1", "3", None, [("3", "4")]),
    ]


def test_a_line_in_two_packages_is_cut_where_they_say_how_much_is_in_each() -> None:
    shipment = unit(FIRST, goods("1", "6")) + unit(SECOND, goods("1", "4"))
    assert tree(read(shipment, line("1", "10"))) == [
        ("2", None, FIRST, [("1", "6")]),
        ("3", None, SECOND, [("1", "4")]),
    ]


@pytest.mark.parametrize("quantities", [("6", "5"), ("6", "")])
def test_what_does_not_add_up_stands_in_the_shipment(quantities: tuple[str, str]) -> None:
    first, second = quantities
    shipment = unit(FIRST, goods("1", first)) + unit(SECOND, goods("1", second))
    assert tree(read(shipment, line("1", "10"))) == [
        ("1", None, None, [("1", "10")]),
        ("2", "1", FIRST, []),
        ("3", "1", SECOND, []),
    ]


def test_goods_that_are_in_several_units_stand_in_the_shipment() -> None:
    found = read("", line("1", "10", unit(FIRST) + unit(SECOND)))
    assert tree(found)[0] == ("1", None, None, [("1", "10")])
    assert [level.sscc for level in found.packing[1:]] == [FIRST, SECOND]


def test_packages_are_read_by_either_name_and_lines_within_a_unit_too() -> None:
    within = (
        "<cac:HandlingUnitDespatchLine><cbc:ID>1</cbc:ID>"
        '<cbc:DeliveredQuantity unitCode="EA">10</cbc:DeliveredQuantity></cac:HandlingUnitDespatchLine>'
    )
    shipment = unit("PAL", within, unit("A", goods("2"), tag="cac:ActualPackage"), unit("B", tag="cac:Package"))
    assert tree(read(shipment, line("1", "10"), line("2", "3"))) == [
        ("PAL", None, None, [("1", "10")]),
        ("B", "PAL", None, []),
        ("A", "PAL", None, [("2", "3")]),
    ]


def test_packages_that_nobody_numbered_one_by_one_are_told() -> None:
    """A transport handling unit is one; UBL has no place for five of them in one."""
    level = PackingLevel(id="2", package_quantity=quantity("5").value, package_type_code="CT")
    found = mapping().write(advice(level))
    assert [issue.location.field for issue in found.issues] == ["handling_units[0].package_quantity"]


def test_packages_deeper_than_the_mapping_goes_are_told() -> None:
    levels = [PackingLevel(id="1", package_type_code="CT")]
    levels += [PackingLevel(id=str(n), parent_id=str(n - 1), package_type_code="CT") for n in range(2, 7)]
    found = mapping().write(advice(*levels))
    (issue,) = found.issues
    assert (issue.code, issue.location.field) == (
        "MAP-UNWRITTEN",
        "handling_units[0].packages[0].packages[0].packages[0].packages",
    )


def test_lines_without_numbers_of_their_own_get_some() -> None:
    goods = DespatchLine(order_line_id="7", delivered_quantity=quantity("2"), item=Item(name="Valve"))
    body = mapping().write(advice(PackingLevel(id="1", despatch_lines=(goods, goods)))).body
    assert [body.count(f"<cbc:ID>{number}</cbc:ID>".encode()) for number in (1, 2, 3)] == [1, 1, 0]


def quantity(value: str) -> Quantity:
    return msgspec.convert({"value": value, "unit_code": "EA"}, Quantity, strict=False)


def advice(*levels: PackingLevel) -> DespatchAdvice:
    return msgspec.structs.replace(read("", line("1", "1")), packing=levels)


def samples() -> list[Path]:
    files = sorted(SAMPLES.glob("*/*")) if SAMPLES.exists() else []
    return [file for file in files if b"xsd:DespatchAdvice-2" in file.read_bytes()]


@pytest.mark.skipif(not samples(), reason="the samples are not here")
@pytest.mark.parametrize("file", samples(), ids=lambda file: str(file.name)[-40:])
def test_advices_of_others_come_back_equal_and_valid(file: Path) -> None:
    reading = mapping().read(decoded(file.read_bytes()))
    assert isinstance(reading.document, DespatchAdvice)
    assert not has_errors(reading.issues)
    assert reading.document.packing
    assert not [issue for issue in remarks(reading.document) if issue.code.startswith("TRD-PACK")]
    bare = msgspec.structs.replace(reading.document, extensions=())
    writing = mapping().write(bare)
    assert mapping().read(decoded(writing.body)).document == bare
    assert not has_errors(xml_validator(schemas(), "2.1", "DespatchAdvice").validate(decoded(writing.body)))
