"""Which table an interchange means, and which tables there are."""

from __future__ import annotations

import pytest

from gateway.core.errors import SchemaError
from gateway.grammar import Schemas


@pytest.mark.parametrize(
    ("version", "association"),
    [("004010", ""), ("004010VICS", ""), ("004010X098A1", ""), ("00401", ""), ("4010", ""), ("004010", "X212")],
)
def test_x12_versions_lead_to_their_base(schemas: Schemas, version: str, association: str) -> None:
    table = schemas.message("x12", version, "850", association)
    assert (table.version, table.type, table.name) == ("004010", "850", "Purchase Order")
    assert table.functional_group == "PO"


@pytest.mark.parametrize(
    ("version", "association"),
    [("D.96A", ""), ("D.96A", "EAN008"), ("D:96A:UN:EAN008", ""), ("d.96a", ""), ("D96A", "")],
)
def test_edifact_versions_lead_to_their_directory(schemas: Schemas, version: str, association: str) -> None:
    table = schemas.message("edifact", version, "ORDERS", association)
    assert (table.version, table.name) == ("D.96A", "Purchase order message")


@pytest.mark.parametrize(
    ("version", "directory"), [("D.3", "service-3"), ("2.2", "service-3"), ("D.96A", "service-3"), ("4.1", "service-4")]
)
def test_contrl_belongs_to_the_syntax_not_to_a_directory(schemas: Schemas, version: str, directory: str) -> None:
    assert schemas.message("edifact", version, "CONTRL").version == directory


def test_an_unknown_version_names_those_that_have_the_message(schemas: Schemas) -> None:
    with pytest.raises(SchemaError, match=r"no table for 850 in 008060.*850 is there in 004010, 005010"):
        schemas.message("x12", "008060", "850")


def test_an_unknown_message_names_those_of_the_version(schemas: Schemas) -> None:
    with pytest.raises(SchemaError, match=r"no table for CRATES in D.96A.*There are: .*ORDERS, ORDRSP"):
        schemas.message("edifact", "D.96A", "CRATES")


@pytest.mark.parametrize("type", ["", "..", "../850", "850/../850", "850\n", "850.txt", "\x00", "8" * 300])
def test_a_type_or_version_from_a_sender_is_never_a_path(type: str) -> None:
    asked: list[str] = []

    def files(name: str) -> str | None:
        asked.append(name)
        return None

    with pytest.raises(SchemaError):
        Schemas(files, lambda prefix: []).message("x12", "004010", type)
    with pytest.raises(SchemaError):
        Schemas(files, lambda prefix: []).message("x12", type, "850")
    assert not [name for name in asked if ".." in name or "\n" in name or "\0" in name]


def test_every_table_that_is_listed_can_be_read(schemas: Schemas) -> None:
    listed = schemas.available()
    assert {("x12", "004010", "850"), ("edifact", "D.96A", "ORDERS")} <= {entry[:3] for entry in listed}
    for standard, version, type, name, _ in listed:
        direct = "D.3" if version == "service-3" else "4.1" if version == "service-4" else version
        assert schemas.message(standard, direct, type).name == name != ""


def test_a_table_is_read_once_and_its_validator_kept(schemas: Schemas) -> None:
    assert schemas.message("x12", "004010", "850") is schemas.message("x12", "00401", "850")
    assert schemas.validator("x12", "004010VICS", "850") is schemas.validator("x12", "4010", "850")


def test_service_segments_stand_in_every_version(schemas: Schemas) -> None:
    assert {"ISA", "GS", "ST", "SE", "TA1", "AK1"} <= set(schemas.message("x12", "004010", "997").segments)
    assert {"UNB", "UNH", "UNS", "UNT"} <= set(schemas.message("edifact", "D.96A", "ORDERS").segments)


def test_every_segment_and_element_of_a_table_has_a_name(schemas: Schemas) -> None:
    for standard, version in (("x12", "004010"), ("edifact", "D.96A")):
        table = schemas.message(standard, version, "850" if standard == "x12" else "ORDERS")
        nameless = [tag for tag, segment in table.segments.items() if not segment.name]
        nameless += [use.item.reference for s in table.segments.values() for use in s.elements if not use.item.name]
        assert nameless == []
