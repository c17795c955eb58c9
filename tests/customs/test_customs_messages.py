"""Customs messages: their tables, what is wrong with one, and what we write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from gateway.codecs.ceb import ceb_head
from gateway.codecs.detect import detect
from gateway.codecs.dxp import DxpMessage, read_dxp, write_dxp
from gateway.codecs.xml_text import decoded
from gateway.core.errors import SchemaError, UnwritableError
from gateway.core.issues import Issue
from gateway.grammar.ceb_validator import CebValidator
from gateway.grammar.model import UNBOUNDED
from gateway.grammar.xml_schema import Child, Structure, XmlTable
from tests.customs import made

FACTS = made.ROOT.parent / "shared" / "standards" / "ceb"
SAMPLES = sorted((FACTS / "samples-202205").rglob("*.xml"))

#: What is wrong with official samples: the transfer twice, a root that no schema has, a mandatory number left out.
FAULTY = {
    **dict.fromkeys(("303", "403", "505", "507", "509", "603", "605", "607"), "XML-S05"),
    "792": "XML-S03",
}


def issues(number: str, body: bytes, *, outgoing: bool = False) -> list[Issue]:
    return CebValidator(made.table(number), outgoing=outgoing).validate(made.text(body))


def codes(number: str, body: bytes, *, outgoing: bool = False) -> list[str]:
    return [issue.code for issue in issues(number, body, outgoing=outgoing)]


def without_signature(found: list[str]) -> list[str]:
    """621 must be signed: the schema says so, and the tests here do not sign."""
    return [code for code in found if code != "XML-S03"]


# What we write


@pytest.mark.parametrize(
    ("number", "node"),
    [("311", made.order()), ("411", made.payment()), ("511", made.waybill()), ("622", made.answer("800"))],
)
def test_what_is_written_is_in_order_by_the_stricter_reading(number: str, node: dict[str, Any]) -> None:
    body = made.message(number, node, transfer=None if number == "622" else made.SHOP)
    assert issues(number, body, outgoing=True) == []


def test_a_list_needs_its_signature() -> None:
    (issue,) = issues("621", made.message("621", made.inventory()))
    assert (issue.code, issue.params["tag"]) == ("XML-S03", "ds:Signature")


def test_values_stand_in_the_order_of_the_schema_whatever_the_order_in_which_they_are_given() -> None:
    node = made.order()
    turned = {"OrderList": node["OrderList"], "OrderHead": dict(reversed(node["OrderHead"].items()))}
    assert codes("311", made.message("311", turned), outgoing=True) == []


def test_a_name_that_a_message_does_not_have_is_refused() -> None:
    with pytest.raises(UnwritableError, match="OrderHead has no element orderNumber"):
        made.message("311", {"OrderHead": {"orderNumber": "1"}})


def test_a_character_that_xml_cannot_hold_is_refused() -> None:
    with pytest.raises(UnwritableError, match="note has a character"):
        made.message("311", made.order(note="\x00"))


def _schema(side: str) -> etree.XMLSchema:
    folder = FACTS / "xsd-202205"
    name = {"import": "海关跨境进口业务节点报文定义202205.xsd", "export": "海关跨境出口业务节点报文定义202205.xsd"}[
        side
    ]
    return etree.XMLSchema(etree.parse(folder / name))


@pytest.mark.skipif(not FACTS.exists(), reason="the official schemas are not here")
@pytest.mark.parametrize("number", ["311", "411", "511"])
def test_the_official_schema_takes_what_is_written(number: str) -> None:
    node = {"311": made.order(), "411": made.payment(), "511": made.waybill()}[number]
    schema = _schema("import")
    assert schema.validate(etree.fromstring(made.message(number, node))), schema.error_log


# What comes in


@pytest.mark.skipif(not SAMPLES, reason="the official samples are not here")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem.strip())
def test_official_samples_are_in_order_but_for_their_known_faults(path: Path) -> None:
    text = decoded(path.read_bytes())
    type = ceb_head(text).type
    if type == "CEB214":
        with pytest.raises(SchemaError, match="There is no table for CEB214"):
            made.schemas().ceb.table(type)
        return
    found = CebValidator(made.schemas().ceb.table(type)).validate(text)
    errors = {issue.code for issue in found if issue.severity == "error"}
    assert errors == {FAULTY[type[3:6]]} if type[3:6] in FAULTY else not errors


@pytest.mark.parametrize(
    ("change", "code", "sentence"),
    [
        ({"goodsValue": "300"}, "CEB-SUM", "goodsValue is 300, and the sum of totalPrice makes 260."),
        ({"acturalPaid": "290"}, "CEB-SUM", "acturalPaid is 290, and goodsValue + freight + taxTotal − discount makes"),
        ({"buyerIdNumber": "990101199001010019"}, "CEB-CARD", "buyerIdNumber is no number of an identity card"),
        ({"buyerIdNumber": "990101199013010016"}, "CEB-CARD", "buyerIdNumber is no number of an identity card"),
        ({"currency": "502"}, "CEB-VALUE", 'currency has "502", which it cannot have here.'),
        ({"appTime": "20260231132000"}, "XML-E06", 'ceb:appTime has "20260231132000", which is not of type T14.'),
        ({"orderNo": "x" * 61}, "XML-E06", "which is not of type C1..60."),
        ({"freight": "1e3"}, "XML-E06", 'ceb:freight has "1e3", which is not of type N19,5.'),
        ({"freight": "1.123456"}, "XML-E06", "which is not of type N19,5."),
        ({"buyerName": ""}, "XML-S03", "ceb:buyerName is missing in ceb:OrderHead."),
    ],
)
def test_what_is_wrong_with_an_order_is_said(change: dict[str, str], code: str, sentence: str) -> None:
    found = issues("311", made.message("311", made.order(**change)))
    assert [issue.code for issue in found][:1] == [code]
    assert sentence in found[0].text
    assert str(found[0].location).split(", ")[1].startswith("/CEB311Message/ceb:Order[1]/ceb:OrderHead")


def test_the_number_of_a_card_is_in_no_issue() -> None:
    wrong = "990101199001010019"
    found = issues("311", made.message("311", made.order(buyerIdNumber=wrong)))
    assert found
    assert wrong not in json.dumps([issue.as_json() for issue in found])


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"trafNo": ""}, ["CEB-MODE-NEEDS"]),
        (
            {"tradeMode": "1210"},
            ["CEB-MODE-NEEDS"] * 3 + ["CEB-MODE-WITHOUT"] * 3 + ["CEB-MODE-VALUE"] + ["CEB-MODE-NEEDS"] * 2,
        ),
        ({"tradeMode": "9999"}, ["CEB-VALUE"]),
        ({"packNo": "2"}, ["CEB-PARCEL"]),
        ({"assureCode": "elsewhere"}, ["CEB-GUARANTOR"]),
        ({"netWeight": "1.3"}, ["CEB-WEIGHT"]),
        ({"netWeight": "0"}, ["CEB-WEIGHT"]),
    ],
)
def test_what_does_not_fit_in_a_list_is_said(change: dict[str, str], found: list[str]) -> None:
    """The signature is put in as any element of that name: whether it is good is another question."""
    body = made.message("621", made.inventory(**change)).replace(
        b"</ceb:CEB621Message>",
        b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:a/></ds:Signature></ceb:CEB621Message>',
    )
    assert codes("621", body) == found


def test_lines_count_from_one_and_a_second_unit_has_its_quantity() -> None:
    node = made.order()
    node["OrderList"][1]["gnum"] = "3"
    assert codes("311", made.message("311", node)) == ["CEB-LINES"]
    node = made.inventory()
    node["InventoryList"][0]["unit2"] = "007"
    assert without_signature(codes("621", made.message("621", node))) == []
    signed = made.message("621", node).replace(
        b"</ceb:CEB621Message>",
        b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/></ceb:CEB621Message>',
    )
    assert codes("621", signed) == ["CEB-UNIT"]


def test_receipts_may_come_without_the_numbers_that_their_schema_asks_for() -> None:
    empty = made.receipts(made.answer("-621004", preNo=""))
    assert codes("622", empty) == []
    assert codes("622", empty, outgoing=True) == ["XML-S03"]
    assert codes("622", empty.replace(b"<ceb:returnStatus>", b"<ceb:preNo/><ceb:returnStatus>")) == []


def test_a_status_that_no_table_has_is_told_and_lets_the_receipt_pass() -> None:
    (issue,) = issues("622", made.receipts(made.answer("777")))
    assert (issue.code, issue.severity) == ("CEB-VALUE", "warning")
    assert "or a number below zero" in issue.hint


@pytest.mark.skipif(not FACTS.exists(), reason="the facts are not here")
def test_the_tables_are_those_of_the_specification() -> None:
    facts = json.loads((FACTS / "messages_202205.json").read_text(encoding="utf-8"))
    ours = {type: made.schemas().ceb.table(type) for type in made.schemas().ceb.types()}
    assert ours.keys() == {type for type in facts if type.startswith("CEB")}
    for type, table in ours.items():
        assert table.side == facts[type]["kind"]
        assert list(_ours(table.read, table.read.root)) == list(_theirs(facts[type]["children"])), type


def _ours(table: XmlTable, structure: Structure) -> Iterator[tuple[str, int]]:
    for child in structure.children:
        yield child.tag.partition(":")[2], child.most
        if _below(table, child) is not None:
            yield from _ours(table, table.structures[child.of])


def _below(table: XmlTable, child: Child) -> Structure | None:
    return None if child.of in table.free else table.structures.get(child.of)


def _theirs(children: list[dict[str, Any]]) -> Iterator[tuple[str, int]]:
    for child in children:
        if child["name"] != "##any":
            yield child["name"].rpartition(":")[2], UNBOUNDED if child["max"] == "unbounded" else int(child["max"])
            yield from _theirs(child.get("children", []))


# The terminal message

WRAPPED = DxpMessage(
    "m-1", "DXPENT0000099999", ("DXPEDCCEB0000002",), "2026-01-31T13:20:00", "CEB311Message", b"<a/>", "o.xml"
)


def test_a_terminal_message_is_read_back_as_it_was_written() -> None:
    body = write_dxp(WRAPPED)
    assert read_dxp(decoded(body)) == WRAPPED
    assert detect(body) == ("ceb", "DxpMsg")
    assert detect(made.message("311", made.order())) == ("ceb", "CEB311Message")


@given(st.binary(max_size=300), st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_whatever_is_in_a_terminal_message_comes_out_of_it(data: bytes, name: str) -> None:
    wrapped = WRAPPED._replace(data=data, message_id=name.strip() or "m", file_name="")
    if any(letter in "\ufffe\uffff" for letter in wrapped.message_id):
        return
    assert read_dxp(decoded(write_dxp(wrapped))) == wrapped


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'<dxp:DxpRep xmlns:dxp="http://www.chinaport.gov.cn/dxp"/>', "it is no DxpMsg"),
        (b'<dxp:DxpMsg xmlns:dxp="http://www.chinaport.gov.cn/dxp"/>', "it has no Data"),
        (write_dxp(WRAPPED).replace(b"PGEvPg==", b"PGEvPg"), "its Data is no base64"),
    ],
)
def test_one_that_cannot_be_opened_says_why(body: bytes, reason: str) -> None:
    found = read_dxp(decoded(body))
    assert isinstance(found, Issue)
    assert reason in found.text


@settings(max_examples=300)
@given(st.data())
def test_no_bytes_make_reading_fail(data: st.DataObject) -> None:
    body = bytearray(write_dxp(WRAPPED) if data.draw(st.booleans()) else made.message("311", made.order()))
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
    text = decoded(bytes(body))
    assert isinstance(read_dxp(text), DxpMessage | Issue)
    assert all(isinstance(issue, Issue) for issue in CebValidator(made.table("311")).validate(text))
    ceb_head(text)
