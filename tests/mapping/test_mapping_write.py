"""What each piece of the notation writes, and what is reported when a value has no place."""

from __future__ import annotations

from datetime import UTC, date, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from gateway.canonical import (
    AllowanceCharge,
    Contact,
    DocumentReference,
    Extension,
    Identifier,
    Item,
    Order,
    OrderChange,
    OrderChangeLine,
    OrderLine,
    OrderReference,
    OrderResponse,
    Party,
    Period,
    Price,
    Quantity,
)
from gateway.codecs.model import Delimiters
from gateway.mapping import Mapping, Writing
from gateway.mapping.conversions import CodeTable
from tests.mapping.made import EDIFACT, X12, bundled, edifact, x12

BEG = "BEG * {function_code:x12_function} * =NE * {id} * * {issue_date}\n"
BGM = "BGM + 220 + {id}\nDTM + 137 : {issue_date:dtm}\n"


def order(**fields: Any) -> Order:
    return Order(id="1", issue_date=date(2026, 1, 15), **fields)


def write(mapping: Mapping, document: Order, marks: Delimiters | None = None) -> Writing:
    return mapping.write(document, marks or (X12 if mapping.format.standard == "x12" else EDIFACT))


def body(writing: Writing, skip: int) -> list[str]:
    """The segments behind the head that all these mappings share."""
    mark = "*" if writing.segments[0][0] == "BEG" else "+"
    return [mark.join(segment) for segment in writing.segments[skip:]]


def x12_body(mapping: Mapping, document: Order) -> list[str]:
    writing = write(mapping, document)
    assert writing.issues == ()
    return body(writing, 1)


def edifact_body(mapping: Mapping, document: Order) -> list[str]:
    writing = write(mapping, document)
    assert writing.issues == ()
    return body(writing, 2)


def told(writing: Writing) -> list[str]:
    return [issue.code for issue in writing.issues]


def test_absent_values_leave_no_segment_and_no_empty_end() -> None:
    mapping = x12(BEG + "REF * DP * {buyer_department}\nREF * CT * {contract_id} * {customer_reference}")
    assert x12_body(mapping, order(contract_id="7")) == ["REF*CT*7"]
    assert x12_body(mapping, order(customer_reference="7")) == ["REF*CT**7"]


def test_an_empty_text_counts_as_absent() -> None:
    mapping = x12(BEG + "REF * DP * {buyer_department}\nbuyer_contact:\n  PER * BD * {name}")
    assert x12_body(mapping, order(buyer_department="", buyer_contact=Contact(name=""))) == []


def test_segments_stand_in_the_order_of_the_grammar() -> None:
    mapping = x12("REF * DP * {buyer_department}\nCUR * BY * {document_currency_code}\n" + BEG)
    writing = write(mapping, order(buyer_department="1", document_currency_code="USD"))
    assert [segment[0] for segment in writing.segments] == ["BEG", "CUR", "REF"]


def test_the_first_word_is_written() -> None:
    assert x12_body(
        x12(BEG + "DTM * 002|074 * {requested_ship_date}"), order(requested_ship_date=date(2026, 2, 1))
    ) == ["DTM*002*20260201"]


def test_mandatory_segments_and_constants_are_written_with_their_loop() -> None:
    mapping = edifact(BGM + "UNS + S\nCNT + 2 : {= count(order_lines)}")
    assert edifact_body(mapping, order()) == ["UNS+S", "CNT+2:0"]


def test_a_condition_holds_back_a_segment() -> None:
    mapping = x12(BEG + "REF * DP * {buyer_department} when contract_id\nREF * CT * {contract_id}")
    assert x12_body(mapping, order(buyer_department="1")) == []
    assert x12_body(mapping, order(buyer_department="1", contract_id="2")) == ["REF*DP*1", "REF*CT*2"]


def test_a_condition_may_look_at_a_field_without_a_line() -> None:
    mapping = x12(BEG + "REF * DP * {buyer_department} when buyer_contact.name")
    assert body(write(mapping, order(buyer_department="1", buyer_contact=Contact(name="Ann"))), 1) == ["REF*DP*1"]
    assert body(write(mapping, order(buyer_department="1")), 1) == []


def test_defaults_fill_segments_that_are_there_and_make_none() -> None:
    mapping = edifact(
        "BGM + {order_type_code or 220} + {id}\nDTM + 137 : {issue_date:dtm}\neach order_lines:\n"
        "  LIN + {id} + + {item.standard_item_identification.value} : "
        "{item.standard_item_identification.scheme_id:edifact_item_id or gtin13}"
    )
    number = Item(standard_item_identification=Identifier(value="4006381333931"))
    writing = write(mapping, order(order_lines=(OrderLine(id="1", item=number), OrderLine(id="2"))))
    assert body(writing, 0) == ["BGM+220+1", "DTM+137:20260115:102", "LIN+1++4006381333931:EN", "LIN+2"]


def test_constants_behind_a_value_are_written_beside_it_only() -> None:
    mapping = edifact(BGM + "FTX + AAI + + {contract_id} : =9 + {customer_reference}")
    assert edifact_body(mapping, order(customer_reference="x")) == ["FTX+AAI+++x"]
    assert edifact_body(mapping, order(contract_id="1")) == ["FTX+AAI++1:9"]


def test_lists_make_a_segment_for_each_item() -> None:
    mapping = x12(BEG + "loop:\n  N9 * ZZ * NOTES\n  MSG * {notes[]}")
    assert x12_body(mapping, order(notes=("a", "b"))) == ["N9*ZZ*NOTES", "MSG*a", "MSG*b"]
    assert x12_body(mapping, order()) == []


def test_a_trigger_with_a_value_makes_its_loop() -> None:
    mapping = edifact(BGM + "loop:\n  RFF + CT : {contract_id}\n  DTM + 171 : {requested_ship_date:dtm}")
    assert edifact_body(mapping, order(contract_id="7")) == ["RFF+CT:7"]
    day = date(2026, 2, 1)
    assert edifact_body(mapping, order(requested_ship_date=day)) == ["RFF+CT", "DTM+171:20260201:102"]


def test_where_chooses_and_what_no_block_takes_is_reported() -> None:
    mapping = x12(BEG + "each allowance_charges where charge_indicator = true:\n  SAC * C * {reason_code}")
    charge, allowance = AllowanceCharge(charge_indicator=True, reason_code="1"), AllowanceCharge(reason_code="2")
    writing = write(mapping, order(allowance_charges=(allowance, charge)))
    assert body(writing, 1) == ["SAC*C*1"]
    assert [issue.location.field for issue in writing.issues] == ["allowance_charges[0]"]


def test_dates_times_and_ranges() -> None:
    mapping = edifact(
        "BGM + 220 + {id}\n"
        "DTM + 137 : {issue_date + issue_time:dtm(102|203)}\n"
        "DTM + 2 : {requested_delivery.start_date + requested_delivery.end_date:dtm(718)}\n"
        "DTM + 10 : {requested_ship_date:dtm(101)}"
    )
    period = Period(start_date=date(2026, 2, 1), end_date=date(2026, 2, 28))
    written = body(write(mapping, order(issue_time=time(10, 30), requested_delivery=period)), 1)
    assert written == ["DTM+137:202601151030:203", "DTM+2:2026020120260228:718"]
    written = body(write(mapping, order(requested_delivery=Period(start_date=date(2026, 2, 1)))), 1)
    assert written == ["DTM+137:20260115:102", "DTM+2:20260201:102"]
    assert body(write(mapping, order(requested_ship_date=date(2026, 2, 1))), 2) == ["DTM+10:260201:101"]
    written = body(write(mapping, order(issue_time=time(10, 30, tzinfo=UTC))), 1)
    assert written == ["DTM+137:202601151030UTC:303"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"issue_time": time(10, 30, 5)}, "MAP-PRECISION"),
        ({"issue_time": time(10, 30, tzinfo=timezone(timedelta(seconds=30)))}, "MAP-VALUE"),
        ({"requested_delivery": Period(end_date=date(2026, 2, 28))}, "MAP-VALUE"),
        ({"requested_ship_date": date(1926, 2, 1)}, "MAP-VALUE"),
    ],
)
def test_moments_that_their_format_cannot_say(fields: dict[str, Any], code: str) -> None:
    mapping = edifact(
        "BGM + 220 + {id}\n"
        "DTM + 137 : {issue_date + issue_time:dtm(102|203)}\n"
        "DTM + 2 : {requested_delivery.start_date + requested_delivery.end_date:dtm(718)}\n"
        "DTM + 10 : {requested_ship_date:dtm(101)}"
    )
    assert told(write(mapping, order(**fields))) == [code]


@pytest.mark.parametrize(("value", "text"), [("12.5", "1250"), ("-0.05", "-5"), ("1E+2", "10000"), ("3.10", "310")])
def test_implied_decimals(value: str, text: str) -> None:
    mapping = x12(BEG + "each allowance_charges:\n  SAC * C * @05 {amount}")
    assert x12_body(mapping, order(allowance_charges=(AllowanceCharge(amount=Decimal(value)),))) == [f"SAC*C****{text}"]


def test_numbers_are_never_rounded() -> None:
    mapping = x12(BEG + "each allowance_charges:\n  SAC * C * @05 {amount}")
    writing = write(mapping, order(allowance_charges=(AllowanceCharge(amount=Decimal("1.005")),)))
    assert not writing.ok
    issue = writing.issues[0]
    assert issue.text == "allowance_charges[0].amount has 1.005, with more decimals than the place has (2)."


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1" * 200])
def test_numbers_that_no_place_holds(value: str) -> None:
    mapping = x12(BEG + "each allowance_charges:\n  SAC * C * @05 {amount} * @07 {multiplier_percent}")
    charge = AllowanceCharge(charge_indicator=True, amount=Decimal(value), multiplier_percent=Decimal(value))
    assert told(write(mapping, order(allowance_charges=(charge,))))[-2:] == ["MAP-VALUE"] * 2


def test_numbers_keep_their_zeros_and_take_the_interchanges_decimal_mark() -> None:
    mapping = edifact(BGM + "UNS + S\nMOA + 86 : {payable_amount}")
    comma = EDIFACT._replace(decimal=",")
    assert body(write(mapping, order(payable_amount=Decimal("1E+2"))), 3) == ["MOA+86:100"]
    assert body(write(mapping, order(payable_amount=Decimal("5.00")), comma), 3) == ["MOA+86:5,00"]


def test_what_does_not_fit_in_its_place() -> None:
    mapping = x12(BEG + "REF * DP * {buyer_department}\neach order_lines:\n  PO1 * * {quantity.value}")
    long = write(mapping, order(buyer_department="x" * 31))
    assert [issue.text for issue in long.issues] == [
        f'buyer_department cannot hold "{"x" * 31}": its place holds 30 characters.'
    ]
    line = OrderLine(quantity=Quantity(value=Decimal(10**15)))
    assert told(write(mapping, order(order_lines=(line,)))) == ["MAP-VALUE"]


def test_texts_are_cut_where_joining_restores_them() -> None:
    mapping = x12(BEG + "each order_lines:\n  PO1 * {id}\n  PID * F * @05 {item.description:text}")
    text = "a" * 50 + " " + "b" * 29 + " " + "c" * 10
    assert x12_body(mapping, order(order_lines=(OrderLine(item=Item(description=text)),))) == [
        "PO1",
        f"PID*F****{'a' * 50} {'b' * 29}",
        f"PID*F****{'c' * 10}",
    ]


def test_texts_fill_the_components_first() -> None:
    mapping = edifact(BGM + "each order_lines:\n  LIN + {id}\n  IMD + F + + : : : {item.description:text}")
    text = " ".join(letter * 20 for letter in "abcde")
    assert edifact_body(mapping, order(order_lines=(OrderLine(item=Item(description=text)),))) == [
        "LIN",
        f"IMD+F++:::{'a' * 20}:{'b' * 20}",
        f"IMD+F++:::{'c' * 20}:{'d' * 20}",
        f"IMD+F++:::{'e' * 20}",
    ]


@pytest.mark.parametrize("text", ["x" * 81, "x" * 70 + "  " + "y" * 70, "x" * 80 + " "])
def test_texts_that_cannot_be_cut_are_refused(text: str) -> None:
    mapping = x12(BEG + "each order_lines:\n  PO1 * {id}\n  PID * F * @05 {item.description:text}")
    assert told(write(mapping, order(order_lines=(OrderLine(item=Item(description=text)),)))) == ["MAP-TEXT"]


def test_a_note_in_a_list_has_one_segment() -> None:
    mapping = edifact(BGM + "FTX + AAI + + + {notes[]:text}")
    fits = " ".join(letter * 70 for letter in "abcde")
    assert edifact_body(mapping, order(notes=(fits,))) == [f"FTX+AAI+++{fits.replace(' ', ':')}"]
    assert told(write(mapping, order(notes=(fits + " f",)))) == ["MAP-TEXT"]


TAIL = """
PER * BD * {buyer_contact.name}
  & TE * {buyer_contact.telephone}
  & FX * {buyer_contact.telefax}
  & EM * {buyer_contact.electronic_mail}
"""
LINES = """
each order_lines:
  PO1 * {id} * * * *
    & BP|IN * {item.buyers_item_identification}
    & {item.standard_item_identification.scheme_id:x12_item_id} * {item.standard_item_identification.value}
    & each item.additional_item_identifications: {scheme_id} * {value}
"""


def test_tails_leave_no_gap() -> None:
    contact = Contact(telephone="1", electronic_mail="a@b.example")
    assert x12_body(x12(BEG + TAIL), order(buyer_contact=contact)) == ["PER*BD**TE*1*EM*a@b.example"]


def test_tails_that_are_full() -> None:
    many = tuple(Identifier(value=str(number)) for number in range(11))
    line = OrderLine(item=Item(additional_item_identifications=many))
    writing = write(x12(BEG + LINES), order(order_lines=(line,)))
    assert [issue.text for issue in writing.issues] == [
        "order_lines[0].item.additional_item_identifications has more values than PO1 has places."
    ]


def test_tails_go_on_in_further_segments_where_the_grammar_repeats_them() -> None:
    lines = "each order_lines:\n  LIN + {id}\n  PIA + 5|1\n"
    lines += "    & each item.additional_item_identifications: {value} : {scheme_id}"
    many = tuple(Identifier(value=str(number), scheme_id="ZZ") for number in range(7))
    line = OrderLine(item=Item(additional_item_identifications=many))
    assert edifact_body(edifact(BGM + lines), order(order_lines=(line,))) == [
        "LIN",
        "PIA+5+0:ZZ+1:ZZ+2:ZZ+3:ZZ+4:ZZ",
        "PIA+5+5:ZZ+6:ZZ",
    ]


def shadowed(item: Item) -> list[str]:
    return told(write(x12(BEG + LINES), order(order_lines=(OrderLine(item=item),))))


def test_the_general_tail_does_not_write_what_another_reads() -> None:
    bp = (Identifier(value="1", scheme_id="BP"),)
    assert shadowed(Item(additional_item_identifications=bp)) == ["MAP-SHADOW"]
    assert shadowed(Item(additional_item_identifications=bp, buyers_item_identification="0")) == []
    up = (Identifier(value="1", scheme_id="UP"),)
    assert shadowed(Item(additional_item_identifications=up)) == ["MAP-SHADOW"]


def test_the_general_line_does_not_write_what_another_reads() -> None:
    mapping = x12(BEG + "REF * DP * {buyer_department}\neach document_references:\n  REF * {document_type_code} * {id}")
    references = (DocumentReference(id="7", document_type_code="DP"), DocumentReference(id="8"))
    writing = write(mapping, order(document_references=references))
    assert body(writing, 1) == ["REF*DP*7", "REF**8"]
    issue = writing.issues[0]
    assert issue.code == "MAP-SHADOW"
    assert issue.location.field == "document_references[0].document_type_code"
    assert issue.text == (
        'document_references[0].document_type_code with "DP" would be written by mappings/x12/own.toml:7 '
        "and come back as what mappings/x12/own.toml:5 reads."
    )


def test_x12_has_no_release_character() -> None:
    mapping = x12(BEG + "REF * DP * {buyer_department}")
    writing = write(mapping, order(buyer_department="a*b"))
    assert told(writing) == ["MAP-CHAR"]
    other = Delimiters("|", "^", "~")
    assert write(mapping, order(buyer_department="a*b"), other).segments[1] == ["REF", "DP", "a*b"]


def test_edifact_releases_its_characters() -> None:
    mapping = edifact(BGM + "RFF + CT : {contract_id}")
    assert edifact_body(mapping, order(contract_id="a+b:c'd?e")) == ["RFF+CT:a?+b?:c?'d??e"]
    bare = EDIFACT._replace(release=None)
    assert told(write(mapping, order(contract_id="a+b"), bare)) == ["MAP-CHAR"]


def test_a_value_without_a_code() -> None:
    mapping = x12(BEG)
    writing = write(mapping, order(function_code="whatever"))
    assert [issue.text for issue in writing.issues] == ['"whatever" is not in the code table x12_function.']
    assert [issue.hint for issue in writing.issues] == [
        'To let it through: [code.x12_function] … = "whatever". '
        "It has codes for original, cancellation, change, replace, confirmation, duplicate."
    ]


def test_a_value_that_would_come_back_as_another_is_refused() -> None:
    mapping = x12(BEG + "each order_lines:\n  PO1 * * {quantity.value} * {quantity.unit_code:x12_unit}")
    line = OrderLine(quantity=Quantity(value=Decimal(1), unit_code="CA"))  # CA is read as CS
    assert told(write(mapping, order(order_lines=(line,)))) == ["MAP-CODE"]


def test_populated_fields_without_a_line_are_named() -> None:
    mapping = x12(BEG + "each order_lines:\n  PO1 * {id} * @04 {price.price_amount}\nREF * DP * {buyer_department}")
    price = Price(price_amount=Decimal(1), base_quantity=Quantity(value=Decimal(100)))
    document = order(
        contract_id="7",
        seller_supplier_party=Party(name="Globex"),
        order_lines=(OrderLine(id="1"), OrderLine(price=price, note="x")),
        extensions=(Extension(address="TD5[1]", tag="TD5", text="TD5*x", reason="no line takes this segment"),),
    )
    writing = write(mapping, document)
    assert writing.ok
    assert {issue.code for issue in writing.issues} == {"MAP-UNWRITTEN"}
    assert [issue.location.field for issue in writing.issues] == [
        "contract_id",
        "seller_supplier_party",
        "extensions",
        "order_lines[1].note",
        "order_lines[1].price.base_quantity",
    ]


def test_a_default_value_without_a_line_is_no_loss() -> None:
    mapping = x12("BEG * 00 * NE * {id} * * {issue_date}")
    assert write(mapping, order()).issues == ()
    assert told(write(mapping, order(function_code="replace"))) == ["MAP-UNWRITTEN"]


def test_more_items_than_the_grammar_has_places() -> None:
    mapping = x12(BEG + "each allowance_charges:\n  SAC * {charge_indicator:charge}")
    writing = write(mapping, order(allowance_charges=(AllowanceCharge(),) * 26))
    assert [issue.text for issue in writing.issues] == ["allowance_charges has more values than SAC has places."]


def test_the_documents_own_field_is_written_inside() -> None:
    mapping = x12(BEG + "each order_lines:\n  PO1 * {id}\n  CUR * BY * {/document_currency_code}")
    document = order(document_currency_code="USD", order_lines=(OrderLine(id="1"),))
    assert x12_body(mapping, document) == ["PO1*1", "CUR*BY*USD"]


def test_a_segment_that_the_message_requires_is_not_written_empty() -> None:
    """DTM+137' is valid, and says nothing: it is told with its place, and the document does not leave."""
    response = OrderResponse(order_reference=OrderReference(id="PO-1"), id="AB-1")
    mapping = bundled().get("edifact/ordrsp-d96a")
    (issue,) = mapping.write(response, EDIFACT).issues
    assert (issue.code, issue.severity, issue.location.tag, issue.location.field) == (
        "MAP-REQUIRED",
        "error",
        "DTM",
        "issue_date",
    )
    assert issue.text == "issue_date is missing and is required."
    assert mapping.write(msgspec.structs.replace(response, issue_date=date(2026, 1, 15)), EDIFACT).issues == ()


@pytest.mark.parametrize(("said", "code"), [("changed", "3"), ("quantity-decreased", "3"), ("rescheduled", "8")])
def test_a_code_is_written_for_all_that_it_stands_for(said: str, code: str) -> None:
    """860 says how a line is changed, ORDCHG only that it is."""
    line = OrderChangeLine(id="1", line_status_code=said, quantity=Quantity(value=Decimal(5)))
    change = OrderChange(
        id="CH-1", issue_date=date(2026, 1, 15), order_reference=OrderReference(id="PO-1"), order_lines=(line,)
    )
    writing = bundled().get("edifact/ordchg-d96a").write(change, EDIFACT)
    assert told(writing) == ([] if said in ("changed", "rescheduled") else ["MAP-COARSE"])
    assert next(segment for segment in writing.segments if segment[0] == "LIN")[:3] == ["LIN", "1", code]


@pytest.mark.parametrize("scheme", ["gtin13", "gtin14", "gtin"])
def test_numbers_of_items_are_en_in_d96a_which_lacks_srv(scheme: str) -> None:
    item = Item(standard_item_identification=Identifier(value="4006381333931", scheme_id=scheme))
    writing = bundled().get("edifact/orders-d96a").write(order(order_lines=(OrderLine(id="1", item=item),)), EDIFACT)
    assert told(writing) == ([] if scheme == "gtin13" else ["MAP-COARSE"])
    assert [segment[-1] for segment in writing.segments if segment[0] == "LIN"] == ["4006381333931:EN"]


def test_the_first_meaning_of_a_code_is_read() -> None:
    table = CodeTable("made", {"3": ["changed", "price-changed"], "4": "price-changed"})
    assert (table["3"], table["4"], table.write("price-changed"), table.write("changed")) == (
        "changed",
        "price-changed",
        "3",
        "3",
    )
