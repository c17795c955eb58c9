"""Guides: a few lines that narrow the messages of a standard, never widen them, and say where they are wrong."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest

from gateway.codecs.model import Delimiters, RawDocument
from gateway.core.errors import SchemaError
from gateway.core.issues import Issue
from gateway.grammar import Schemas
from tests.grammar.conftest import EDIFACT, X12, _names, _text

ACME = """
guide Orders of ACME

element 355 codes EA CA

segment N4
  04 codes US CA

message 850
  BEG
    02 codes SA NE
    03 ..10
  CUR none
  REF M where 01 is DP
    02 3
  REF where 01 is IA
    02 M
  REF others none
  PER 1
  loop N1 M where 01 is BY
    N1
      02 none
      03 M codes 92
      04 M
  loop N1 M where 01 is ST
    N3 M
  loop PO1 10
    PO1
      04 M
    REF none
"""
GOOD = """
BEG*00*SA*PO-1**20240115
REF*IA*10022
REF*DP*038
N1*ST*GLOBEX DEPOT
N3*1 MAIN STREET
N4*TOWN*IL*60607*US
N1*BY**92*B7
N1*SU*A SUPPLIER
PO1*1*5*EA*9.5
CTT*1
"""
Check = Callable[..., list[Issue]]


def with_guides(**guides: str) -> Schemas:
    """The tables of the checkout with these guides of 004010, or of D.96A where the name begins with ``e_``."""
    own = {
        f"edifact/D.96A/guides/{name[2:]}.txt" if name.startswith("e_") else f"x12/004010/guides/{name}.txt": dedent(
            text
        )
        for name, text in guides.items()
    }
    return Schemas(
        lambda name: own.get(name) or _text(name),
        lambda prefix: sorted([*_names(prefix), *(name for name in own if name.startswith(prefix))]),
    )


def document(type: str, body: str, version: str, association: str = "") -> RawDocument:
    marks: Delimiters = X12 if type.isdigit() else EDIFACT
    head, tail = (f"ST*{type}*1", "SE*1*1") if type.isdigit() else (f"UNH+1+{type}:D:96A:UN", "UNT+1+1")
    text = "".join(f"{line.strip()}{marks.terminator}" for line in [head, *body.split("\n"), tail] if line.strip())
    return RawDocument(
        standard="x12" if type.isdigit() else "edifact", type=type, version=version, association=association,
        control_number="1", position=1, text=text, offset=0, length=len(text), delimiters=marks, charset="utf-8",
    )  # fmt: skip


@pytest.fixture(scope="module")
def acme() -> Schemas:
    return with_guides(ACME=ACME)


@pytest.fixture
def issues(acme: Schemas) -> Check:
    def run(body: str, type: str = "850", version: str = "004010", guide: str = "ACME") -> list[Issue]:
        return acme.validator("x12", version, type, guide=guide).validate(document(type, body, version))

    return run


def test_a_document_that_keeps_to_the_guide_is_fine(issues: Check) -> None:
    assert issues(GOOD) == []


def test_what_the_standard_allows_and_the_guide_does_not_is_found_only_by_the_guide(issues: Check) -> None:
    body = GOOD.replace("REF*IA*10022", "CUR*BY*USD\nREF*IA*10022")
    assert issues(body, guide="") == []
    assert [issue.code for issue in issues(body)] == ["X12-S02B"]


BROKEN = [
    ("a code that the guide does not list", "BEG*00*SA", "BEG*00*KN", ("X12-E07", "BEG", 2)),
    ("longer than the guide allows", "PO-1", "PO-12345678901", ("X12-E05", "BEG", 3)),
    ("not of the one length", "REF*DP*038", "REF*DP*0381", ("X12-E05", "REF", 2)),
    ("a mandatory segment by its code", "REF*DP*038\n", "", ("X12-S03", "REF", None)),
    ("once too often by its code", "REF*IA*10022", "REF*IA*10022\nREF*IA*10023", ("X12-S05", "REF", None)),
    ("a code that has no place", "REF*IA*10022", "REF*ZZ*10022", ("X12-E07B", "REF", 1)),
    ("a mandatory loop by its code", "N1*BY**92*B7\n", "", ("X12-S03", "N1", None)),
    ("a segment of one loop only", "N3*1 MAIN STREET\n", "", ("X12-S03", "N3", None)),
    ("an element that is not used", "N1*BY**92", "N1*BY*ACME*92", ("X12-E10B", "N1", 2)),
    ("an element that is mandatory at its place", "REF*IA*10022", "REF*IA**ACCOUNT", ("X12-E01", "REF", 2)),
    ("an element wherever its segment stands", "60607*US", "60607*DE", ("X12-E07", "N4", 4)),
    ("an element wherever it stands", "5*EA", "5*KG", ("X12-E07", "PO1", 3)),
    ("a segment that is not used in a loop", "CTT*1", "REF*ZZ*1\nCTT*1", ("X12-S02B", "REF", None)),
    ("a loop too often", "CTT*1", "PO1*1*5*EA*1\n" * 10 + "CTT*1", ("X12-S04", "PO1", None)),
]


@pytest.mark.parametrize(("old", "new", "expected"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_each_departure_makes_one_issue(
    issues: Check, old: str, new: str, expected: tuple[str, str, int | None]
) -> None:
    assert issues(GOOD.replace(old, new), guide="") == []
    found = issues(GOOD.replace(old, new))
    places = [(issue.code, issue.location.tag, issue.location.element) for issue in found]
    assert places == [expected]


def test_an_issue_says_which_codes_are_expected(issues: Check) -> None:
    (issue,) = issues(GOOD.replace("REF*IA*10022", "REF*ZZ*10022"))
    assert issue.text == 'REF01 (Reference Identification Qualifier) has "ZZ": REF with it has no place here.'
    assert issue.hint == "Here may stand REF with: DP, IA."
    (issue,) = issues(GOOD.replace("REF*DP*038\n", ""))
    assert issue.text == "REF with REF01 (Reference Identification Qualifier) DP is missing before N1."


def test_what_the_guide_says_nothing_of_stays_as_the_standard_has_it(issues: Check) -> None:
    assert issues(GOOD.replace("CTT*1", "PID*F****BOLT\nCTT*1")) == []


def test_the_name_in_the_version_is_that_of_a_guide_where_there_is_one() -> None:
    schemas = with_guides(
        VICS="guide V\nmessage 850\n  CUR none", e_EAN008="guide E\nmessage ORDERS\n  BGM\n    1225 M"
    )
    assert schemas.message("x12", "004010VICS", "850").guide == "VICS"
    assert schemas.message("x12", "004010UCS", "850").guide == ""
    assert schemas.message("x12", "004010VICS", "855").guide == ""
    assert schemas.message("edifact", "D.96A", "ORDERS", "EAN008").guide == "EAN008"
    found = schemas.validator("edifact", "D.96A", "ORDERS", "EAN008").validate(
        document("ORDERS", "BGM+220+1\nDTM+137:20240115:102\nNAD+BY+1::9\nUNS+S", "D.96A", "EAN008")
    )
    assert [issue.code for issue in found] == ["EDF-E13"]


def test_the_agreed_guide_stands_before_the_one_that_the_version_names() -> None:
    schemas = with_guides(VICS="guide V\nmessage 850\n  CUR none", OWN="guide O\nmessage 850\n  REF none")
    assert schemas.message("x12", "004010VICS", "850", guide="OWN").guide == "OWN"


def test_a_guide_extends_another() -> None:
    schemas = with_guides(
        BASIC="guide B\nmessage 850\n  REF where 01 is DP IA\n  REF others none",
        FURTHER="guide F\nextends BASIC\nmessage 850\n  REF M where 01 is DP\n  REF none where 01 is IA\n  CUR none",
    )
    validator = schemas.validator("x12", "004010", "850", guide="FURTHER")
    good = "BEG*00*SA*1**20240115\nREF*DP*1\nPO1*1"
    assert validator.validate(document("850", good, "004010")) == []
    assert [i.code for i in validator.validate(document("850", good.replace("DP", "IA"), "004010"))] != []
    assert [i.code for i in validator.validate(document("850", good.replace("DP", "ZZ"), "004010"))] != []


def test_the_digest_tells_that_a_guide_changed() -> None:
    def digest(text: str, guide: str = "G") -> str:
        return with_guides(G=text).message("x12", "004010", "850", guide=guide).digest

    assert digest("guide G\nmessage 850\n  CUR none") != digest("guide G\nmessage 850\n  REF none")
    assert digest("guide G\nmessage 850\n  CUR none") != digest("guide G\nmessage 850\n  CUR none", "")


def test_a_composite_is_told_apart_by_its_component_and_narrowed_by_its_references() -> None:
    schemas = with_guides(
        e_G="""
        guide G
        message ORDERS
          DTM M 1 where 2005 is 137
            2379 codes 102
          DTM 1 where C507-2005 is 2
          DTM others none
        """.replace("C507-2005", "01-1")
    )
    validator = schemas.validator("edifact", "D.96A", "ORDERS", guide="G")
    body = "BGM+220+1+9\nDTM+2:20240116:102\nDTM+137:20240115:102\nNAD+BY+1::9\nUNS+S"
    assert validator.validate(document("ORDERS", body, "D.96A")) == []
    assert codes(
        validator.validate(document("ORDERS", body.replace("137:20240115:102", "137:2401151200:201"), "D.96A"))
    ) == ["EDF-E12"]
    assert codes(validator.validate(document("ORDERS", body.replace("DTM+2:", "DTM+63:"), "D.96A"))) == ["EDF-E12C"]


def codes(found: list[Issue]) -> list[str]:
    return [issue.code for issue in found]


WRONG = [
    ("message 850\n  BEG O", 2, "BEG is mandatory in the standard"),
    ("message 850\n  BEG none", 2, "BEG is mandatory in the standard"),
    ("message 850\n  PER 4", 2, "a guide cannot allow more"),
    ("message 850\n  XYZ M", 2, "There is no XYZ at the top of the message"),
    ("message 850\n  loop PO1\n    N3 M", 3, "There is no N3 in the loop PO1"),
    ("message 850\n  loop PO1\n    PO1 M", 3, "say at the loop"),
    ("message 850\n  loop PO1 O", 2, "PO1 is mandatory in the standard"),
    ("message 850\n  BEG\n    03 O", 3, "BEG03 is mandatory in the standard"),
    ("message 850\n  BEG\n    03 ..30", 3, "BEG03 has 1 to 22 characters"),
    ("message 850\n  BEG\n    02 codes SA XX", 3, "XX: not among the values of BEG02"),
    ("message 850\n  BEG\n    99 M", 3, "there is no 99"),
    ("message 850\n  BEG\n    92 M", 3, "there is no 92"),
    ("message 850\n  BEG\n    05 codes 1", 3, "is of type DT"),
    ("message 850\n  REF where 01 is QQQQ", 2, "QQQQ"),
    ("message 850\n  REF where 01 DP", 2, 'written "where 01 is CODE'),
    ("message 850\n  PER 2 where 01 is BD\n  PER 2 where 01 is CN", 3, "these lines allow more"),
    ("message 850\n  loop PO1 where 01 is 1", 2, "one of these lines must be M"),
    ("message 850\n  REF where 01 is DP\n  REF M", 3, "say which by where, or others"),
    ("message 850\n  REF M\n  REF O", 3, "stands here twice"),
    ("message 850\n  REF M 1 1", 2, "A place is written"),
    ("message 850\n  BEG\n    03 M 3 x", 3, "An element is narrowed by"),
    ("message 850\nmessage 850", 2, "stands here twice"),
    ("segment BEG\n  03 O", 2, "BEG03 is mandatory"),
    ("element 355 codes QQQ", 1, "QQQ"),
    ("elements 355", 1, "is not one of extends, element, segment, message"),
    ("extends", 1, "The name of a guide is missing"),
]


@pytest.mark.parametrize(("lines", "number", "text"), WRONG, ids=[row[2][:40] for row in WRONG])
def test_a_line_that_widens_or_does_not_fit_is_named(lines: str, number: int, text: str) -> None:
    with pytest.raises(SchemaError) as caught:
        with_guides(G=f"guide G\n{lines}").message("x12", "004010", "850", guide="G")
    assert text in str(caught.value)
    assert f"x12/004010/guides/G.txt: line {number + 1}:" in str(caught.value)


def test_a_guide_that_there_is_not_or_that_says_nothing_of_the_message_is_a_mistake(acme: Schemas) -> None:
    with pytest.raises(SchemaError, match='There is no guide "NONE"'):
        acme.message("x12", "004010", "850", guide="NONE")
    with pytest.raises(SchemaError, match="says nothing of 855"):
        with_guides(G="guide G\nmessage 850\n  CUR none").message("x12", "004010", "855", guide="G")
    with pytest.raises(SchemaError, match="extend each other"):
        with_guides(G="guide G\nextends G\nmessage 850").message("x12", "004010", "850", guide="G")
    with pytest.raises(SchemaError):
        acme.message("x12", "004010", "850", guide="../../secret")


def test_the_fast_way_of_checking_comes_to_the_same_verdict(acme: Schemas) -> None:
    """A pattern learned from fine documents lets none pass that departs from the guide."""
    validator = acme.validator("x12", "004010", "850", guide="ACME")
    many = document("850", GOOD.replace("PO1*1*5*EA*9.5", "PO1*1*5*EA*9.5\n" + "PID*F****BOLT\n" * 999), "004010")
    for _ in range(200):
        assert validator.validate(many) == []
    for _, old, new, _ in BROKEN:
        assert validator.validate(document("850", GOOD.replace(old, new), "004010")) != []
    assert validator.validate(document("850", GOOD, "004010")) == []
