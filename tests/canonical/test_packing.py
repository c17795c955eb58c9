"""The packing tree of a despatch advice: each rule is told at the field that breaks it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.canonical import DespatchAdvice, business_key, from_json, json_schema
from gateway.canonical.checks import remarks

PALLET, CARTON = "340123450000000017", "340123450000000024"


def level(id: str, parent: str | None = "1", code: str = "order", **more: Any) -> dict[str, Any]:
    return {"id": id, "level_code": code, **({"parent_id": parent} if parent else {}), **more}


def advice(*packing: dict[str, Any], **more: Any) -> DespatchAdvice:
    fields = {"id": "S-1", "issue_date": "2026-02-01", "packing_root_id": "1", "packing": packing, **more}
    document = from_json("DespatchAdvice", json.dumps(fields))
    assert isinstance(document, DespatchAdvice)
    return document


def said(*packing: dict[str, Any], **more: Any) -> list[tuple[str, str | None]]:
    return [(issue.code, issue.location.field) for issue in remarks(advice(*packing, **more))]


def test_a_tree_of_all_levels_is_right() -> None:
    item = {"item": {"standard_item_identification": {"value": "4006381333931", "scheme_id": "gtin13"}}}
    tree = (
        level("2"),
        level("3", "2", "pallet", sscc=PALLET),
        level("4", "3", "pack", sscc="00" + CARTON),
        level("5", "4", "pack"),
        level("6", "5", "item", despatch_lines=[item]),
    )
    assert said(*tree, structure_code="0001", packing_level_quantity="6") == []


def test_what_names_no_parent_stands_in_the_shipment() -> None:
    assert said(level("2", None, "pallet"), level("3", "2", "item")) == []


@pytest.mark.parametrize(
    ("packing", "code", "field"),
    [
        ([level("2"), level("2")], "TRD-PACK-TWICE", "packing[1].id"),
        ([level("1", None)], "TRD-PACK-TWICE", "packing[0].id"),
        ([level("2", "9")], "TRD-PACK-PARENT", "packing[0].parent_id"),
        ([level("2", "2")], "TRD-PACK-PARENT", "packing[0].parent_id"),
        ([level("2", "3"), level("3")], "TRD-PACK-PARENT", "packing[0].parent_id"),
        ([level("2", "1", "pallet", sscc=PALLET[:-1] + "8")], "TRD-SSCC", "packing[0].sscc"),
        (
            [level("2", "1", "pallet", sscc=PALLET), level("3", "1", "pallet", sscc="00" + PALLET)],
            "TRD-SSCC-TWICE",
            "packing[1].sscc",
        ),
        (
            [
                level(
                    "2",
                    despatch_lines=[
                        {"item": {"standard_item_identification": {"value": "4006381333932", "scheme_id": "gtin13"}}}
                    ],
                )
            ],
            "TRD-ITEM",
            "packing[0].despatch_lines[0].item.standard_item_identification.value",
        ),
        (
            [level("2", despatch_lines=[{"delivered_quantity": {"value": "-1"}}])],
            "TRD-NEGATIVE",
            "packing[0].despatch_lines[0].delivered_quantity.value",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_field(packing: list[dict[str, Any]], code: str, field: str) -> None:
    assert said(*packing) == [(code, field)]


@pytest.mark.parametrize(
    ("structure", "outer", "inner", "right"),
    [
        ("0001", "order", "item", True),
        ("0001", "item", "pack", False),
        ("0002", "item", "pack", True),
        ("0003", "pack", "order", True),
        ("0003", "order", "pack", False),
        ("0004", "order", "item", True),
        ("0004", "item", "order", False),
        ("0004", "pallet", "item", True),  # it does not speak of pallets
        ("ZZZZ", "item", "order", True),
    ],
)
def test_levels_stand_in_each_other_as_the_structure_says(structure: str, outer: str, inner: str, right: bool) -> None:
    found = said(level("2", "1", outer), level("3", "2", inner), structure_code=structure)
    assert found == ([] if right else [("TRD-PACK-LEVEL", "packing[1].level_code")])


def test_levels_are_counted_with_the_shipment() -> None:
    assert said(level("2"), packing_level_quantity="3") == [("TRD-PACK-COUNT", "packing_level_quantity")]


def test_an_advice_is_a_matter_of_its_own_and_has_a_schema() -> None:
    assert business_key(advice()) == "despatch:S-1"
    assert json_schema("DespatchAdvice")["$id"] == "urn:crossdock:DespatchAdvice:1"
