"""Implementation guides from the maps of pyx12: found by GS08 and ST01, and what they ask for."""

from __future__ import annotations

import io

import pytest

from gateway import resources
from gateway.bench import claims
from gateway.codecs import Delimiters, RawDocument, read
from gateway.core.errors import SchemaError
from gateway.core.issues import Issue
from gateway.grammar import MapFiles, Schemas
from gateway.grammar.maps import Guides

SUBSCRIBER = "HL*2*1*22*0~"


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    """Guides alone: no table of our own."""
    return Schemas(lambda name: None, lambda prefix: [], MapFiles(resources.map_file, resources.map_source))


def _issues(schemas: Schemas, before: str = "", after: str = "", count: int = 0) -> list[Issue]:
    """What is wrong with a claim in which one text is another; ``count`` mends SE01."""
    text = claims.interchange(1, [range(7, 8)]).decode()
    assert before in text
    text = text.replace(before, after, 1) if before else text
    head, _, tail = text.rpartition("SE*")
    number, _, rest = tail.partition("*")
    [document] = [
        event
        for event in read(io.BytesIO(f"{head}SE*{int(number) + count}*{rest}".encode()))
        if isinstance(event, RawDocument)
    ]
    validator = schemas.validator(document.standard, document.version, document.type, document.association)
    return [*document.issues, *validator.validate(document)]


def _one(issues: list[Issue]) -> tuple[str, str | None, str | None, int | None]:
    [issue] = issues
    return issue.code, issue.location.loop, issue.location.tag, issue.location.element


def test_a_claim_is_checked_by_its_guide(schemas: Schemas) -> None:
    assert _issues(schemas) == []
    table = schemas.message("x12", "005010X222A1", "837")
    assert table.version == "005010X222A1"
    assert table.functional_group == "HC"
    assert "Professional" in table.name


def test_the_guide_may_stand_in_st03_alone(schemas: Schemas) -> None:
    assert schemas.message("x12", "005010", "837", "005010X223A2").version == "005010X223A2"


def test_loops_have_the_names_of_the_guide(schemas: Schemas) -> None:
    missing = _issues(schemas, "N4*COLUMBUS*OH*432150000~", "", -1)
    assert _one(missing) == ("X12-S03", "2000A/2010AA", "N4", None)


@pytest.mark.parametrize(
    ("before", "after", "code", "loop", "element"),
    [
        ("NM1*85*2*ACME CLINIC*", "NM1*85*9*ACME CLINIC*", "X12-E07", "2000A/2010AA", 2),
        ("PRV*BI*PXC*207Q00000X", "PRV*BI*PXC*207Q00000X*X", "X12-E10B", "2000A", 4),
        ("DMG*D8*", "DMG*D8*X", "X12-E08", "2000A/2000B/2010BA", 2),
        ("N4*NEWARK*NJ*", "N4*NEWARK*QQ*", "X12-E07C", "2000A/2000B/2010BA", 2),
    ],
    ids=["a code of this place", "an element that the guide does not use", "a date of its format", "an outside list"],
)
def test_what_a_guide_says_of_a_place(
    schemas: Schemas, before: str, after: str, code: str, loop: str, element: int
) -> None:
    issues = [issue for issue in _issues(schemas, before, after) if issue.code == code]
    assert [(issue.location.loop, issue.location.element) for issue in issues] == [(loop, element)]


def test_lists_that_others_keep_are_worth_a_warning(schemas: Schemas) -> None:
    [issue] = _issues(schemas, "N4*NEWARK*NJ*", "N4*NEWARK*QQ*")
    assert issue.severity == "warning"


def test_places_that_share_a_position_come_in_any_order(schemas: Schemas) -> None:
    behind = "NM1*87*2~N3*PO BOX 7~N4*COLUMBUS*OH*432150000~"
    assert _issues(schemas, SUBSCRIBER, behind + SUBSCRIBER, 3) == []
    assert _issues(schemas, "NM1*85*", behind + "NM1*85*", 3) == []


def test_a_level_is_told_by_its_code(schemas: Schemas) -> None:
    assert _one(_issues(schemas, SUBSCRIBER, "HL*2*1*23*0~")) == ("X12-E07B", "2000A/2000B", "HL", 3)


@pytest.mark.parametrize(("purpose", "name"), [("13", "Request"), ("11", "Response")])
def test_two_guides_of_one_version_are_told_apart_by_the_purpose(schemas: Schemas, purpose: str, name: str) -> None:
    guides = Guides(resources.map_file)
    [guide] = [one for one in guides.find("004010X094A1", "278", {}, frozenset()) if one.purpose == purpose]
    assert name in guide.table.name
    document = RawDocument(
        standard="x12", type="278", version="004010X094A1", association="", control_number="1", position=1,
        text=f"ST*278*0001~BHT*0078*{purpose}*1*20260101*0815~SE*3*0001~", offset=0, length=60,
        delimiters=Delimiters("*", ":", "~"), charset="ascii",
    )  # fmt: skip
    issues = schemas.validator("x12", "004010X094A1", "278").validate(document)
    assert not [issue for issue in issues if issue.location.tag == "BHT"]


def test_every_guide_of_the_package_compiles(schemas: Schemas) -> None:
    listed = schemas.available()
    assert {row.type for row in listed} >= {"270", "271", "276", "277", "278", "820", "834", "835", "837", "999"}
    assert all(row.source.startswith("pyx12 ") and row.name for row in listed)
    for row in listed:
        root = schemas.message("x12", row.version, row.type).root
        assert all(node.children is None or not node.children[0].is_loop for node in root.walk() if node.parent)


@pytest.mark.parametrize("type", ["838", "../maps", "", "83"])
def test_what_no_map_is_for_is_not_there(schemas: Schemas, type: str) -> None:
    with pytest.raises(SchemaError):
        schemas.message("x12", "005010X222A1", type)


@pytest.mark.parametrize(
    "maps",
    [
        b"<maps",
        b'<!DOCTYPE maps [<!ENTITY a SYSTEM "file:///etc/passwd">]><maps><version><map vriic="005010X222A1"'
        b' abbr="837">&a;</map></version></maps>',
    ],
)
def test_a_package_that_is_broken_is_a_schema_error(maps: bytes) -> None:
    schemas = Schemas(lambda name: None, lambda prefix: [], MapFiles({"maps.xml": maps}.get, lambda: "pyx12 0"))
    with pytest.raises(SchemaError):
        schemas.message("x12", "005010X222A1", "837")
