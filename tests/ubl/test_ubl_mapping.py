"""UBL read into canonical documents and written back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from gateway.canonical import Order, from_json, to_json
from gateway.codecs.xml_text import decoded
from gateway.core.errors import MappingDefinitionError
from gateway.core.issues import has_errors
from gateway.grammar.xml_validator import xml_validator
from gateway.mapping import XmlMapping
from tests.mapping.made import bundled, made, schemas
from tests.mapping.orders import orders
from tests.ubl.test_ubl_tables import SAMPLES

FORMAT = 'format = "ubl 2.1 Order"\ndocument = "Order"\n'
HEAD = "cbc:ID {id}\ncbc:IssueDate {issue_date}\n"


def own(lines: str, more: str = "") -> XmlMapping:
    return made(ubl__own=f"{FORMAT}{more}map = '''\n{lines}'''\n").xml("ubl/own")


def changed(value: Any) -> Any:
    """Without blanks at the ends of texts: identifiers lose them."""
    if isinstance(value, dict):
        return {key: changed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [changed(inner) for inner in value]
    return (value.strip() or "x") if isinstance(value, str) else value


def carried(order: Order) -> Order:
    """The order without what UBL has no place for."""
    tree = changed(json.loads(to_json(order))) | {"function_code": "original"}
    for name in ("payment_terms", "delivery_terms"):
        for field in ("net_days", "payment_method_code"):
            tree.get(name, {}).pop(field, None)
    for name in [name for name in tree if name.endswith("_party")]:
        if "name" not in tree[name]:
            tree[name].pop("additional_name", None)
    document = from_json("Order", json.dumps({name: value for name, value in tree.items() if value != {}}))
    assert isinstance(document, Order)
    return document


@given(orders("edifact"))
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_back(order: Order) -> None:
    mapping, order = bundled().xml("ubl/order"), without_empty(carried(order))
    writing = mapping.write(order)
    reading = mapping.read(decoded(writing.body))
    assert not [issue for issue in writing.issues if has_errors([issue])]
    assert reading.document == order
    assert not reading.issues


def without_empty(order: Order) -> Order:
    """Parties and lines in which nothing stands are not there."""
    tree = json.loads(to_json(order))
    tree["order_lines"] = [line for line in tree.get("order_lines", ()) if line]
    document = from_json("Order", json.dumps({name: value for name, value in tree.items() if value != {}}))
    assert isinstance(document, Order)
    return document


@pytest.mark.parametrize(
    "file", sorted(SAMPLES.glob("*/*rder*")) if SAMPLES.exists() else [], ids=lambda file: file.name[-40:]
)
def test_orders_of_others_come_back_equal_and_valid(file: Path) -> None:
    mapping = bundled().xml("ubl/order")
    text = decoded(file.read_bytes())
    if b"xsd:Order-2" not in text.data:
        pytest.skip("it is no order in UBL")
    reading = mapping.read(text)
    if reading.document is None:
        assert [issue.code for issue in reading.issues] == ["MAP-REQUIRED"]
        return
    bare = msgspec.structs.replace(reading.document, extensions=())
    writing = mapping.write(bare)
    assert mapping.read(decoded(writing.body)).document == bare
    assert not has_errors(xml_validator(schemas(), "2.1", "Order").validate(decoded(writing.body)))


def test_what_no_line_takes_is_carried_with_its_address_and_told(order: bytes) -> None:
    mapping = own(HEAD + "cac:OrderLine each order_lines\n  cac:LineItem\n    cbc:ID {id}\n")
    reading = mapping.read_careful(decoded(order))
    assert reading.document is not None
    found = {extension.address: extension.text for extension in reading.document.extensions}
    assert found["cbc:Note[1]"] == "Ring the bell."
    assert found["cac:OrderLine[2]/cac:LineItem/cbc:Quantity"] == "7"
    assert found["cac:OrderLine[2]/cac:LineItem/cac:Item"] == "<cac:Item><cbc:Name>Hex nut</cbc:Name></cac:Item>"
    told = [issue for issue in reading.issues if issue.code == "MAP-UNMAPPED"]
    assert len(told) == len(found)
    assert all(issue.location.line for issue in told)


def test_every_value_knows_where_it_came_from(order: bytes) -> None:
    reading = bundled().xml("ubl/order").read_careful(decoded(order))
    (entry,) = [entry for entry in reading.lineage if entry.field == "order_lines[1].item.name"]
    assert entry.tag == "cac:OrderLine[2]/cac:LineItem/cac:Item/cbc:Name"
    assert order[entry.offset :].startswith(b"<cbc:Name>Hex nut")
    assert entry.line.startswith("mappings/ubl/order.toml:")


def test_an_element_is_claimed_by_the_first_line_whose_constants_it_has(order: bytes) -> None:
    mapping = own(
        HEAD + "cac:AdditionalDocumentReference\n  cbc:ID {contract_id}\n  cbc:DocumentTypeCode CT\n"
        "cac:AdditionalDocumentReference each document_references\n"
        "  cbc:ID {id}\n  cbc:DocumentTypeCode {document_type_code}\n"
    )
    one = (
        "<cac:AdditionalDocumentReference><cbc:ID>{}</cbc:ID><cbc:DocumentTypeCode>{}</cbc:DocumentTypeCode>"
        "</cac:AdditionalDocumentReference>"
    )
    body = "<cbc:ID>1</cbc:ID><cbc:IssueDate>2026-01-15</cbc:IssueDate>" + one.format("9", "IA") + one.format("8", "CT")
    document = mapping.read(mapping.text_of(body)).document
    assert isinstance(document, Order)
    assert document.contract_id == "8"
    assert [reference.id for reference in document.document_references] == ["9"]
    other = msgspec.structs.replace(document.document_references[0], document_type_code="CT")
    shadowed = msgspec.structs.replace(document, contract_id=None, document_references=(other,))
    assert [issue.code for issue in mapping.write(shadowed).issues] == ["MAP-SHADOW"]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("cbc:Bogus {id}\n", "cbc:Bogus does not occur in Order"),
        ("cbc:ID {number}\n", "Order has no field number"),
        ("cbc:ID {order_lines}\n", "cannot stand in one value"),
        ("cbc:ID {id} @unitCode {id}\n", "has no attribute unitCode"),
        ("cac:Contract each order_lines\n  cbc:ID {id}\n", ""),
        ("cac:Contract\n", "No line says what stands in cac:Contract"),
        ("cac:OrderLine order_lines\n  cbc:Note {note}\n", "order_lines is a list"),
        ("cbc:ID {id:nosuch}\n", "There is no conversion or code table nosuch"),
        ("cac:Contract when nothing\n  cbc:ID {contract_id}\n", "Order has no field nothing"),
        ("cac:Contract unless nothing\n  cbc:ID {contract_id}\n", "Order has no field nothing"),
        ("cbc:ID {id} unless\n", "unless is followed by a field"),
        ("cbc:ID\n", "Nothing says what stands in cbc:ID"),
        ("ID {id}\n", "ID is no element"),
        ("nopart()\n", "There is no part nopart"),
    ],
)
def test_a_mistake_is_told_with_its_line(lines: str, says: str) -> None:
    if not says:
        assert own(lines)
        return
    with pytest.raises(MappingDefinitionError, match=says) as told:
        own(lines)
    assert "mappings/ubl/own.toml:4" in str(told.value)


def test_a_partner_changes_lines_of_the_mapping_it_extends(order: bytes) -> None:
    account = "cbc:SupplierAssignedAccountID"
    lines = f"cbc:Note =\ncac:BuyerCustomerParty\n  {account} {{buyer_department}}\n"
    mapping = made(own=f"extends = \"ubl/order\"\nmap = '''\n{lines}'''\n").xml("own")
    start = "<cac:BuyerCustomerParty>"
    body = order.decode().replace(start, f"{start}<{account}>042</{account}>").encode()
    document = mapping.read(decoded(body)).document
    assert isinstance(document, Order)
    assert (document.buyer_department, document.notes) == ("042", ())
    assert document.buyer_customer_party is not None
    assert document.buyer_customer_party.name == "Acme Stores"
    with pytest.raises(MappingDefinitionError, match="no line of cbc:UUID here to remove"):
        made(own="extends = \"ubl/order\"\nmap = '''\ncbc:UUID =\n'''\n").xml("own")


def test_what_xml_cannot_carry_and_what_has_no_place_is_told() -> None:
    tree = {"id": "1", "issue_date": "2026-01-15", "notes": ["bell\x07"], "payment_terms": {"net_days": 30}}
    writing = bundled().xml("ubl/order").write(from_json("Order", json.dumps(tree)))
    assert sorted(issue.code for issue in writing.issues) == ["MAP-UNWRITTEN", "MAP-VALUE"]


def test_the_partner_that_the_page_shows_writes_its_profile(order: bytes) -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "ubl.md").read_text("utf-8")
    text = page[page.index("# mappings/partners/umbrella.toml") :]
    mapping = made(own=text[: text.index("```")]).xml("own")
    document = mapping.read(decoded(order)).document
    assert document is not None
    body = mapping.write(document).body
    assert b"<cbc:ProfileID>urn:fdc:peppol.eu:poacc:bis:ordering:3</cbc:ProfileID>" in body
    assert not has_errors(xml_validator(schemas(), "2.1", "Order").validate(decoded(body)))


def test_an_answer_tells_of_the_lines_of_the_order() -> None:
    mapping = bundled().xml("ubl/order-response")
    (example,) = mapping.examples
    text = example.input.replace("<cbc:LineID>2<", "<cbc:LineID>20<")
    reading = mapping.read(mapping.text_of(text))
    assert reading.document is not None
    assert [line.id for line in reading.document.order_lines] == ["1", "20"]  # not the answer's own number
    assert [issue.code for issue in reading.issues] == ["MAP-SECOND"]
    written = mapping.write(from_json("OrderResponse", example.document))
    assert not written.issues
    assert not has_errors(xml_validator(schemas(), "2.1", "OrderResponse").validate(decoded(written.body)))


def test_a_document_whose_reference_has_no_number_is_none_and_that_is_told() -> None:
    mapping = bundled().xml("ubl/order-cancellation")
    text = "<cac:OrderReference><cbc:SalesOrderID>S-1</cbc:SalesOrderID></cac:OrderReference>"
    reading = mapping.read(mapping.text_of(f"<cbc:ID>1</cbc:ID><cbc:IssueDate>2026-01-01</cbc:IssueDate>{text}"))
    assert reading.document is None
    assert [(issue.code, issue.location.field) for issue in reading.issues] == [("MAP-REQUIRED", "order_reference")]


PLACES = HEAD + (
    "cac:Contract  each document_references where document_type_code = CT\n  cbc:ID {id}\n"
    "cac:OriginatorDocumentReference  each document_references where document_type_code = OD\n  cbc:ID {id}\n"
)


def test_an_element_may_be_for_the_items_of_a_list_that_say_so() -> None:
    mapping = own(PLACES)
    text = "<cbc:ID>1</cbc:ID><cbc:IssueDate>2026-01-01</cbc:IssueDate>"
    text += "<cac:OriginatorDocumentReference><cbc:ID>2</cbc:ID></cac:OriginatorDocumentReference>"
    text += "<cac:Contract><cbc:ID>3</cbc:ID></cac:Contract>"
    found = mapping.read(mapping.text_of(text)).document
    assert isinstance(found, Order)
    assert {each.document_type_code: each.id for each in found.document_references} == {"CT": "3", "OD": "2"}
    writing = mapping.write(found)
    assert writing.issues == ()
    assert mapping.read(decoded(writing.body)).document == found


def test_items_that_no_line_is_for_and_those_beyond_the_one_place_are_told() -> None:
    items = [{"id": str(n), "document_type_code": code} for n, code in enumerate(("OD", "XX", "OD"))]
    order = {"id": "1", "issue_date": "2026-01-01", "document_references": items}
    document = from_json("Order", json.dumps(order))
    issues = own(PLACES).write(document).issues
    assert [(issue.code, issue.location.field) for issue in issues] == [
        ("MAP-FULL", "document_references[2]"),
        ("MAP-UNWRITTEN", "document_references[1]"),
    ]


@pytest.mark.parametrize(
    "line", ["cac:Contract where id = 1", "cac:Contract each document_references where issue_date = 1"]
)
def test_where_belongs_to_a_list_and_a_text(line: str) -> None:
    with pytest.raises(MappingDefinitionError, match=r"each LIST where FIELD = WORD|is no text"):
        own(f"{HEAD}{line}\n  cbc:ID {{id}}\n")
