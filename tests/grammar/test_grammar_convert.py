"""The converter: tables of facts in, the notation out, and what it writes can be read."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.core.errors import SchemaError
from gateway.grammar import Schemas
from gateway.grammar.convert import convert

X12: dict[str, Any] = {
    "version": "009999",
    "sets": {
        "700": {
            "name": "Crate Report",
            "fg": "CR",
            "structure": [
                {"seg": "BCR", "req": "M", "max": 1},
                {"seg": "DTM", "req": "O", "max": 999999},
                {
                    "loop": "CRT_1",
                    "req": "O",
                    "max": 200,
                    "items": [{"seg": "CRT", "req": "M", "max": 1}, {"seg": "DTM", "req": "O", "max": 2}],
                },
            ],
        },
        "701": {"name": "Other", "fg": "CR", "structure": [{"seg": "OTH", "req": "M", "max": 1}]},
    },
    "segments": {
        "BCR": {
            "elements": [{"ref": r, "req": q} for r, q in (("1", "M"), ("C1", "O"), ("3", "O"), ("3", "O"))],
            "syntax": ["P0203", "C0405", "P0304"],
        },
        "CRT": {"elements": [{"ref": "2", "req": "M"}]},
        "DTM": {"elements": [{"ref": "3", "req": "M"}]},
        "OTH": {"elements": [{"ref": "4", "req": "M"}]},
    },
    "composites": {"C1": {"elements": [{"ref": "1", "req": "M"}, {"ref": "2", "req": "O"}]}},
    "elements": {
        "1": {"type": "ID", "min": 2, "max": 2, "codes": ["WD", "PL"], "name": "Kind"},
        "2": {"type": "R8", "min": 1, "max": 9},
        "3": {"type": "AN", "min": 1, "max": 3},
        "4": {"type": "AN", "min": 1, "max": 3},
    },
}
NAMES: dict[str, Any] = {
    "segment_names": {"BCR": "Beginning"},
    "segments": {
        "BCR": [
            {"elem": "3", "name": "Mark", "type": "ID", "min": 1, "max": 4},
            {
                "elem": "C1",
                "name": "Pair",
                "components": [{"elem": "2", "name": "Size", "type": "R", "min": 1, "max": 9}],
            },
        ]
    },
}  # fmt: skip


def reader(files: dict[str, str]) -> Schemas:
    return Schemas(files.get, lambda prefix: [name for name in files if name.startswith(prefix)])


def test_only_what_the_wanted_messages_use_is_written() -> None:
    files = convert(X12, ["700"], names=NAMES, codes=["1"])
    assert sorted(files) == [
        "x12/009999/codes/1.txt",
        "x12/009999/composites.txt",
        "x12/009999/elements.txt",
        "x12/009999/messages/700.txt",
        "x12/009999/segments.txt",
        "x12/009999/tags.txt",
    ]
    assert "OTH" not in files["x12/009999/segments.txt"]
    assert "\n4 " not in files["x12/009999/elements.txt"]
    assert files["x12/009999/tags.txt"] == "OTH\n"


def test_a_message_is_written_as_a_person_would() -> None:
    assert convert(X12, ["700"])["x12/009999/messages/700.txt"] == (
        "message 700 Crate Report\nfunctional-group CR\n\nBCR M\nDTM O *\nloop CRT O 200\n  CRT M\n  DTM O 2\n"
    )


def test_elements_take_the_better_of_two_sources() -> None:
    """R8 is R, ID goes before AN, the wider length holds, names come from wherever there is one."""
    files = convert(X12, ["700"], names=NAMES)
    assert files["x12/009999/elements.txt"] == "1 ID 2 Kind\n2 R 1..9 Size\n3 ID 1..4 Mark\n"
    assert files["x12/009999/segments.txt"].startswith("BCR Beginning\n  01 1 M\n")


def test_conditions_that_count_components_are_put_where_they_belong() -> None:
    """Facts number the components of a composite as positions: here 2 and 3 are C1, 4 and 5 the elements behind it."""
    files = convert(X12, ["700"])
    assert files["x12/009999/composites.txt"].endswith("  conditions P0102\n")
    assert "  conditions C0304 P0203\n" in files["x12/009999/segments.txt"]


def test_words_beside_codes_are_kept_when_tables_are_written_again() -> None:
    old = {"x12/009999/codes/1.txt": "WD wood\nXX gone\n"}
    files = convert(X12, ["700"], codes=["1"], existing=old.get)
    assert files["x12/009999/codes/1.txt"] == "PL\nWD wood\n"


def test_what_is_written_can_be_read() -> None:
    table = reader(convert(X12, ["700", "701"], names=NAMES, codes=["1"])).message("x12", "009999", "700")
    assert [node.tag for node in table.root.walk()] == ["ST", "BCR", "DTM", "CRT", "CRT", "DTM"]
    assert [str(condition) for condition in table.segments["BCR"].conditions] == ["C0304", "P0203"]


EDIFACT: dict[str, Any] = {
    "directory": "D99Z",
    "messages": {
        "CRATES": {
            "name": "Crate message",
            "structure": [
                {"tag": "UNH", "status": "M", "max": 1},
                {"tag": "BCR", "status": "M", "max": 1},
                {"group": 1, "status": "C", "max": 99, "items": [{"tag": "CRT", "status": "M", "max": 1}]},
                {"tag": "UNS", "status": "M", "max": 1},
                {"tag": "UNT", "status": "M", "max": 1},
            ],
        }
    },
    "segments": {
        "BCR": {"name": "BEGINNING", "elements": [{"ref": "C1", "status": "M"}]},
        "CRT": {"name": "CRATE", "elements": [{"ref": "1", "status": "C", "repr": "n8"}]},
    },
    "composites": {"C1": {"name": "PAIR", "elements": [{"ref": "2", "status": "M", "repr": "an..3"}]}},
    "elements": {"1": {"name": "Number", "repr": "n8"}, "2": {"name": "Kind", "repr": "an..3"}},
    "codes": {"2": {"10": "a description that is not copied", "9": "another"}},
}
SERVICE: dict[str, Any] = {
    "CONTRL": [{"seg": "UNH", "status": "M", "max": 1}, {"group": "SG1", "status": "C", "max": 999999, "children": [
        {"seg": "UCM", "status": "M", "max": 1}]}],
    "codes": {"0083": {"4": "no", "7": "yes"}},
    "segments": {tag: {"name": "someSegment", "elements": [
        {"id": "0083", "name": "actionCoded", "req": True, "type": "an", "max": 3}]}
        for tag in ("UNB", "UNG", "UNH", "UNS", "UNT", "UNE", "UNZ", "UCI", "UCF", "UCM", "UCS", "UCD")},
}  # fmt: skip


def test_edifact_facts_become_the_same_notation() -> None:
    files = convert(EDIFACT, ["CRATES"], codes=["2"])
    assert files["edifact/D.99Z/messages/CRATES.txt"] == (
        "message CRATES Crate message\n\nBCR M\nloop SG1 O 99\n  CRT M\nUNS M\n"
    )
    assert files["edifact/D.99Z/elements.txt"] == "1 n 8 Number\n2 an 1..3 Kind\n"
    assert files["edifact/D.99Z/codes/2.txt"] == "9\n10\n"


def test_the_service_segments_and_contrl_become_a_directory_of_their_own() -> None:
    files = convert(SERVICE, [])
    assert files["edifact/service-3/messages/CONTRL.txt"].endswith("loop SG1 O *\n  UCM M\n")
    assert files["edifact/service-3/elements.txt"] == "0083 an 1..3 Action coded\n"
    merged = reader(convert(EDIFACT, ["CRATES"]) | files).message("edifact", "D.99Z", "CRATES")
    assert "UNS" in merged.segments


@pytest.mark.parametrize(
    ("facts", "messages", "told"),
    [
        ({}, [], "neither X12 sets nor EDIFACT messages"),
        (X12, ["702"], "no message 702"),
        ({"version": "1", "sets": {}}, [], "not tables of facts"),
        ({**X12, "segments": {**X12["segments"], "CRT": {"elements": [], "syntax": ["P0102"]}}}, ["700"], "P0102"),
    ],
)
def test_facts_that_are_none_are_refused(facts: dict[str, Any], messages: list[str], told: str) -> None:
    with pytest.raises(SchemaError, match=told):
        convert(facts, messages)
