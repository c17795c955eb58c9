"""What each piece of the notation reads, and what is reported when a document does not fit."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from time import perf_counter

import pytest

from gateway.canonical import Document, Extension, Identifier, Order, to_json
from gateway.mapping import Mapping, Reading
from tests.mapping.made import EDIFACT, X12, cut, edifact, x12

BEG = "BEG * {function_code:x12_function} * * {id} * * {issue_date}\n"
BGM = "BGM + 220 + {id}\nDTM + 137 : {issue_date:dtm}\n"
X12_HEAD = "BEG*00*SA*1**20260115~"
EDIFACT_HEAD = "BGM+220+1'DTM+137:20260115:102'"


def read_x12(mapping: Mapping, text: str) -> Reading:
    return mapping.read(cut(X12_HEAD + text, X12), X12)


def read_edifact(mapping: Mapping, text: str) -> Reading:
    return mapping.read(cut(EDIFACT_HEAD + text, EDIFACT), EDIFACT)


def order_of(reading: Reading) -> Order:
    assert reading.document is not None
    return reading.document


def told(reading: Reading) -> list[str]:
    return [issue.code for issue in reading.issues]


def carried(document: Document | None) -> list[tuple[str, str, str]]:
    assert document is not None
    return [(one.address, one.text, one.reason) for one in document.extensions]


def test_alternatives_select_and_what_no_line_takes_is_carried() -> None:
    mapping = x12(BEG + "REF * DP|IA * {buyer_department}")
    reading = read_x12(mapping, "REF*IA*042~REF*ZZ*9*more~")
    assert order_of(reading).buyer_department == "042"
    assert carried(reading.document) == [
        ("BEG[1]-02", "SA", "no line maps this element"),
        ("REF[2]", "REF*ZZ*9*more", "no line takes this segment"),
    ]


def test_jumps_skip_elements_and_components() -> None:
    mapping = edifact(BGM + "TOD + @3 {delivery_terms.incoterm} : @4 {delivery_terms.place}")
    reading = read_edifact(mapping, "TOD+6++CIF:::Springfield'")
    terms = order_of(reading).delivery_terms
    assert terms is not None
    assert (terms.incoterm, terms.place) == ("CIF", "Springfield")
    assert carried(reading.document) == [("TOD[1]-01", "6", "no line maps this element")]


def test_a_quoted_constant_may_hold_blanks_and_separators() -> None:
    mapping = x12(BEG + 'N9 * ZZ * "A*B C" * {customer_reference}')
    text = [["BEG", "00", "SA", "1", "", "20260115"], ["N9", "ZZ", "A*B C", "x"]]
    assert order_of(mapping.read(text, X12)).customer_reference == "x"


def test_a_constant_that_is_only_written_accepts_anything_and_carries_it() -> None:
    mapping = edifact(BGM + "CUX + 2 : {document_currency_code} : =9")
    assert carried(read_edifact(mapping, "CUX+2:EUR:9'").document) == []
    other = read_edifact(mapping, "CUX+2:EUR:4'")
    assert order_of(other).document_currency_code == "EUR"
    assert carried(other.document) == [("CUX[1]-01-3", "4", "the mapping writes another value here")]


def test_defaults_stand_for_empty_places_of_what_is_there() -> None:
    lines = "each order_lines:\n  LIN + {id} + + {item.standard_item_identification.value} : "
    lines += "{item.standard_item_identification.scheme_id:edifact_item_id or gtin13}"
    reading = read_edifact(edifact(BGM + lines), "LIN+1++4006381333931'LIN+2'")
    first, second = order_of(reading).order_lines
    assert first.item is not None
    assert first.item.standard_item_identification == Identifier(value="4006381333931", scheme_id="gtin13")
    assert second.item is None
    assert reading.issues == ()


def test_a_single_field_met_twice_keeps_the_first() -> None:
    reading = read_x12(x12(BEG + "DTM * 010|038 * {requested_ship_date}"), "DTM*010*20260201~DTM*038*20260202~")
    assert order_of(reading).requested_ship_date == date(2026, 2, 1)
    assert told(reading) == ["MAP-SECOND"]
    assert carried(reading.document)[1:] == [("DTM[2]-02", "20260202", "the field is filled already")]


def test_the_same_value_twice_is_no_second() -> None:
    mapping = x12(BEG + "DTM * 010|038 * {requested_ship_date}")
    assert told(read_x12(mapping, "DTM*010*20260201~DTM*038*260201~")) == []


def test_a_second_loop_for_a_single_part_is_carried_whole() -> None:
    mapping = x12(BEG + "seller_supplier_party:\n  N1 * SE|VN * {name}\n  N3 * {postal_address.street_name}")
    reading = read_x12(mapping, "N1*SE*Globex~N3*1 Way~N1*VN*Initech~N3*2 Way~")
    party = order_of(reading).seller_supplier_party
    assert party is not None
    assert party.name == "Globex"
    assert told(reading) == ["MAP-SECOND"]
    assert [text for _, text, _ in carried(reading.document)[1:]] == ["N1*VN*Initech", "N3*2 Way"]


def test_a_code_table_in_the_first_place_selects() -> None:
    mapping = x12(BEG + "each allowance_charges:\n  SAC * {charge_indicator:charge} * {reason_code}")
    reading = read_x12(mapping, "SAC*C*D240~SAC*N*X~SAC*A*C310~")
    assert [one.charge_indicator for one in order_of(reading).allowance_charges] == [True, False]
    assert carried(reading.document)[1:] == [("SAC[2]", "SAC*N*X", "no line takes this segment")]


def test_an_unknown_code_of_a_single_segment_is_an_error() -> None:
    reading = x12(BEG).read(cut("BEG*99*SA*1**20260115~", X12), X12)
    issue = reading.issues[0]
    assert issue.code == "MAP-CODE"
    assert issue.hint == 'To let it through: [code.x12_function] 99 = "…".'
    assert (issue.location.segment, issue.location.tag, issue.location.element) == (1, "BEG", 1)
    assert ("BEG[1]-01", "99", "it cannot be converted") in carried(reading.document)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("DTM*010*20260231~", "there is no such day"),
        ("DTM*010*2026021~", "it is not a date of 8 or 6 digits"),
        ("DTM*010*٢٠٢٦٠٢٠١~", "it is not a date of 8 or 6 digits"),
    ],
)
def test_a_date_that_is_none(text: str, reason: str) -> None:
    reading = read_x12(x12(BEG + "DTM * 010 * {requested_ship_date}"), text)
    assert told(reading) == ["MAP-VALUE"]
    assert reason in reading.issues[0].text
    assert order_of(reading).requested_ship_date is None


@pytest.mark.parametrize(
    ("text", "expected"), [("680201", date(2068, 2, 1)), ("690201", date(1969, 2, 1)), ("20690201", date(2069, 2, 1))]
)
def test_the_century_of_six_digits(text: str, expected: date) -> None:
    reading = read_x12(x12(BEG + "DTM * 010 * {requested_ship_date}"), f"DTM*010*{text}~")
    assert order_of(reading).requested_ship_date == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1030", time(10, 30)),
        ("103059", time(10, 30, 59)),
        ("1030595", time(10, 30, 59, 500_000)),
        ("10305907", time(10, 30, 59, 70_000)),
    ],
)
def test_times(text: str, expected: time) -> None:
    mapping = x12(BEG + "DTM * 010 * {requested_ship_date} * {issue_time}")
    assert order_of(read_x12(mapping, f"DTM*010**{text}~")).issue_time == expected
    assert told(read_x12(mapping, "DTM*010**2460~")) == ["MAP-VALUE"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12.50", "12.50"), ("-3", "-3"), (".5", "0.5"), ("5.", "5"), ("12E2", "1200")],
)
def test_decimal_numbers_of_x12(text: str, expected: str) -> None:
    reading = read_x12(x12(BEG + "loop:\n  CTT * 1\n  AMT * TT * {payable_amount}"), f"CTT*1~AMT*TT*{text}~")
    assert str(order_of(reading).payable_amount) == str(Decimal(expected))


@pytest.mark.parametrize("text", ["1,5", "1_000", "NaN", " 5", "+5", "1.2.3", "٥", "1" * 101])
def test_what_is_no_number(text: str) -> None:
    reading = read_x12(x12(BEG + "loop:\n  CTT * 1\n  AMT * TT * {payable_amount}"), f"CTT*1~AMT*TT*{text}~")
    assert told(reading) == ["MAP-VALUE"]
    assert order_of(reading).payable_amount is None


@pytest.mark.parametrize(("text", "expected"), [("1250", "12.50"), ("-5", "-0.05"), ("0", "0.00")])
def test_implied_decimals(text: str, expected: str) -> None:
    mapping = x12(BEG + "each allowance_charges:\n  SAC * C * @05 {amount}")
    assert str(order_of(read_x12(mapping, f"SAC*C****{text}~")).allowance_charges[0].amount) == expected
    assert told(read_x12(mapping, "SAC*C****12.50~")) == ["MAP-VALUE"]


@pytest.mark.parametrize("text", ["1.5", "1,5"])
def test_both_decimal_marks_of_edifact(text: str) -> None:
    reading = read_edifact(edifact(BGM + "MOA + 86 : {payable_amount}"), f"UNS+S'MOA+86:{text}'")
    assert order_of(reading).payable_amount == Decimal("1.5")


MOMENTS = [
    ("20260201:102", date(2026, 2, 1), []),
    ("260201:101", date(2026, 2, 1), []),
    ("202602010000:203", date(2026, 2, 1), []),
    ("20260201", date(2026, 2, 1), []),
    ("202602011030:203", date(2026, 2, 1), ["202602011030"]),
    ("2026020120260228:718", date(2026, 2, 1), ["2026020120260228"]),
    ("20260201-20260228:718", date(2026, 2, 1), ["20260201-20260228"]),
]


@pytest.mark.parametrize(("text", "expected", "left"), MOMENTS)
def test_dates_with_their_format(text: str, expected: date, left: list[str]) -> None:
    reading = read_edifact(edifact(BGM + "DTM + 10 : {requested_ship_date:dtm}"), f"DTM+10:{text}'")
    assert order_of(reading).requested_ship_date == expected
    reason = "its time of day or its range has no field"
    assert carried(reading.document) == [("DTM[2]-01-2", value, reason) for value in left]


@pytest.mark.parametrize("text", ["2026020:102", "202602011:102", "20260201:999", "202602019960:203", "2026:718"])
def test_dates_that_their_format_does_not_fit(text: str) -> None:
    reading = read_edifact(edifact(BGM + "DTM + 10 : {requested_ship_date:dtm}"), f"DTM+10:{text}'")
    assert told(reading) == ["MAP-VALUE"]


def test_one_place_feeds_a_date_and_a_time_or_a_range() -> None:
    mapping = edifact(
        "BGM + 220 + {id}\n"
        "DTM + 137 : {issue_date + issue_time:dtm(102|203)}\n"
        "DTM + 2 : {requested_delivery.start_date + requested_delivery.end_date:dtm(718)}"
    )
    text = "BGM+220+1'DTM+137:202601151030:203'DTM+2:2026020120260228:718'"
    order = order_of(mapping.read(cut(text, EDIFACT), EDIFACT))
    assert (order.issue_date, order.issue_time) == (date(2026, 1, 15), time(10, 30))
    assert order.requested_delivery is not None
    assert order.requested_delivery.end_date == date(2026, 2, 28)


def test_texts_are_joined_over_components_and_segments() -> None:
    mapping = edifact(BGM + "each order_lines:\n  LIN + {id}\n  IMD + F + + : : : {item.description:text}")
    reading = read_edifact(mapping, "LIN+1'IMD+F++:::Steel valve:with a:en'IMD+F++:::long name'")
    item = order_of(reading).order_lines[0].item
    assert item is not None
    assert item.description == "Steel valve with a long name"
    assert carried(reading.document) == [("IMD[1]-03-6", "en", "no line maps this component")]


def test_release_characters_are_read() -> None:
    mapping = edifact(BGM + "each order_lines:\n  LIN + {id}\n  IMD + F + + : : : {item.description:text}")
    reading = read_edifact(mapping, "LIN+a?+b'IMD+F++:::3/4?+1?: 5??'")
    line = order_of(reading).order_lines[0]
    assert line.id == "a+b"
    assert line.item is not None
    assert line.item.description == "3/4+1: 5?"


TAIL = """
PER * BD * {buyer_contact.name}
  & TE * {buyer_contact.telephone}
  & FX * {buyer_contact.telefax}
"""


def test_tails_do_not_mind_the_position() -> None:
    contact = order_of(read_x12(x12(BEG + TAIL), "PER*BD*Ann*FX*2**x*TE*1~")).buyer_contact
    assert contact is not None
    assert (contact.telephone, contact.telefax) == ("1", "2")


def test_what_no_tail_takes_is_carried() -> None:
    reading = read_x12(x12(BEG + TAIL), "PER*BD*Ann*TE*1*TE*2*EM*x*ref~")
    assert carried(reading.document)[1:] == [
        ("PER[1]-05", "TE", "no tail takes this qualifier"),
        ("PER[1]-06", "2", "no tail takes this qualifier"),
        ("PER[1]-07", "EM", "no tail takes this qualifier"),
        ("PER[1]-08", "x", "no tail takes this qualifier"),
        ("PER[1]-09", "ref", "no line maps this element"),
    ]


def test_the_general_tail_keeps_what_the_others_leave() -> None:
    lines = "each order_lines:\n  LIN + {id}\n  PIA + 5|1\n    & {item.buyers_item_identification} : IN|BP\n"
    lines += "    & each item.additional_item_identifications: {value} : {scheme_id}"
    reading = read_edifact(edifact(BGM + lines), "LIN+1'PIA+5+A:IN+B:IN:x+C:ZZ'PIA+1+D'")
    item = order_of(reading).order_lines[0].item
    assert item is not None
    assert item.buyers_item_identification == "A"
    kept = [(one.scheme_id, one.value) for one in item.additional_item_identifications]
    assert kept == [("IN", "B"), ("ZZ", "C"), (None, "D")]
    assert carried(reading.document) == [("PIA[1]-03-3", "x", "no line maps this component")]


def test_the_documents_own_field_is_filled_from_inside_and_must_agree() -> None:
    lines = (
        "CUR * BY * {document_currency_code}\neach order_lines:\n  PO1 * {id}\n  CUR * BY * {/document_currency_code}"
    )
    mapping = x12(BEG + lines)
    assert order_of(read_x12(mapping, "PO1*1~CUR*BY*USD~PO1*2~CUR*BY*USD~")).document_currency_code == "USD"
    inside = read_x12(mapping, "PO1*1~CUR*BY*USD~PO1*2~CUR*BY*EUR~")
    assert told(inside) == ["MAP-DISAGREE"]
    assert inside.issues[0].text == 'document_currency_code is "EUR" here and "USD" elsewhere in the document.'
    assert told(read_x12(mapping, "CUR*BY*USD~PO1*1~CUR*BY*EUR~")) == ["MAP-DISAGREE"]


def test_counts_and_sums_are_compared() -> None:
    lines = "each order_lines:\n  PO1 * {id} * {quantity.value}\n"
    mapping = x12(BEG + lines + "CTT * {= count(order_lines)} * {= sum(order_lines.quantity.value)}")
    assert told(read_x12(mapping, "PO1*1*2.5~PO1*2*1~CTT*2*3.50~")) == []
    wrong = read_x12(mapping, "PO1*1*2.5~PO1*2*1~CTT*3*4~")
    assert [issue.text for issue in wrong.issues] == [
        "count(order_lines) says 3; counted are 2.",
        "sum(order_lines.quantity.value) says 4; counted are 3.5.",
    ]
    assert carried(wrong.document)[1:] == [
        ("CTT[1]-01", "3", "it is not what is counted"),
        ("CTT[1]-02", "4", "it is not what is counted"),
    ]


@pytest.mark.parametrize("text", ["sNaN", "1_0", "x", "1" * 200])
def test_a_total_that_is_no_number_disagrees(text: str) -> None:
    mapping = x12(BEG + "each order_lines:\n  PO1 * {id}\nCTT * {= count(order_lines)}")
    assert told(read_x12(mapping, f"PO1*1~CTT*{text}~")) == ["MAP-TOTAL"]


def test_long_documents_take_time_in_proportion() -> None:
    lines = "each order_lines:\n  PO1 * {id} * {quantity.value} * {quantity.unit_code:x12_unit}\n"
    mapping = x12(BEG + lines + "  PID * F * @05 {item.description:text}")
    text = "PO1*1**EA~" * 20_000 + "PID*F****word~" * 20_000
    started = perf_counter()
    document = order_of(read_x12(mapping, text))
    assert perf_counter() - started < 10
    assert len(document.order_lines) == 20_000
    assert document.order_lines[-1].item is not None
    assert len(document.extensions) == 20_001


def test_a_part_without_what_makes_it_is_carried() -> None:
    mapping = x12(BEG + "each order_lines:\n  PO1 * {id} * {quantity.value} * {quantity.unit_code:x12_unit}")
    reading = read_x12(mapping, "PO1*1**EA~PO1*2*5*EA~")
    assert [line.quantity is None for line in order_of(reading).order_lines] == [True, False]
    assert carried(reading.document)[1:] == [("PO1[1]-03", "EA", "a value that belongs to it is missing")]


def test_a_document_without_what_it_requires_is_none() -> None:
    reading = x12(BEG).read(cut("BEG*00*SA~", X12), X12)
    assert reading.document is None
    assert [issue.text for issue in reading.issues] == [
        "id is missing and is required.",
        "issue_date is missing and is required.",
    ]


def test_where_sets_a_field() -> None:
    lines = "each allowance_charges where charge_indicator = true:\n  SAC * C * {reason_code}\n"
    lines += "each allowance_charges where charge_indicator = false:\n  SAC * A * {reason_code}"
    reading = read_x12(x12(BEG + lines), "SAC*A*1~SAC*C*2~")
    found = [(one.charge_indicator, one.reason_code) for one in order_of(reading).allowance_charges]
    assert found == [(False, "1"), (True, "2")]


def test_a_loop_without_an_object_fills_what_is_around_it() -> None:
    mapping = x12(BEG + "loop:\n  N9 * ZZ\n  MSG * {notes[]}")
    reading = read_x12(mapping, "N9*ZZ~MSG*one~MSG*two~N9*L1~MSG*other~N9*ZZ~DTM*5~MSG*three~")
    assert order_of(reading).notes == ("one", "two", "three")
    assert [text for _, text, _ in carried(reading.document)[1:]] == ["N9*L1", "MSG*other", "DTM*5"]


def test_segments_that_the_grammar_does_not_know_do_not_end_a_loop() -> None:
    mapping = x12(BEG + "each order_lines:\n  PO1 * {id}\n  PID * F * @05 {item.description:text}")
    reading = read_x12(mapping, "PO1*1~MTX**later version~PID*F****Valve~PO1*2~")
    assert [line.item is not None for line in order_of(reading).order_lines] == [True, False]
    assert carried(reading.document)[1:] == [("MTX[1]", "MTX**later version", "no line takes this segment")]


def test_of_two_places_of_a_segment_the_order_tells() -> None:
    mapping = edifact(BGM + "each allowance_charges:\n  ALC + {charge_indicator:charge}\nUNS + S")
    reading = read_edifact(mapping, "ALC+C'LIN+1'ALC+A'UNS+S'ALC+A'MOA+8:5'")
    assert [one.charge_indicator for one in order_of(reading).allowance_charges] == [True]
    assert [(at, text) for at, text, _ in carried(reading.document)] == [
        ("LIN[1]", "LIN+1"),
        ("ALC[2]", "ALC+A"),
        ("ALC[3]", "ALC+A"),
        ("MOA[1]", "MOA+8:5"),
    ]


def test_undecoded_bytes_are_an_error_and_are_carried_visibly() -> None:
    reading = read_x12(x12(BEG + "REF * DP * {contract_id}"), "REF*DP*M\udcfcller~")
    assert told(reading) == ["MAP-VALUE"]
    assert order_of(reading).contract_id is None
    assert carried(reading.document)[1:] == [("REF[1]-02", "M\\udcfcller", "it cannot be converted")]


def test_a_tag_with_bytes_that_are_no_text_is_carried_in_a_form_that_can_be_written() -> None:
    reading = read_x12(x12(BEG), "R\udcfcF*1~")
    assert reading.document is not None
    assert carried(reading.document)[1:] == [("R\\udcfcF[1]", "R\\udcfcF*1", "no line takes this segment")]
    assert b"R\\\\udcfcF" in to_json(reading.document)


def test_the_envelope_of_the_message_is_not_data() -> None:
    segments = cut("ST*850*0001~" + X12_HEAD + "SE*3*0001~", X12)
    document = x12(BEG).read(segments, X12).document
    assert carried(document) == [("BEG[1]-02", "SA", "no line maps this element")]


def test_other_delimiters() -> None:
    marks = EDIFACT._replace(element="|", component=";", release="\\")
    text = "BGM|220|1\\|2'DTM|137;20260115;102'"
    assert order_of(edifact(BGM).read(cut(text, marks), marks)).id == "1|2"


def test_extensions_know_their_tag() -> None:
    document = order_of(read_x12(x12(BEG), "TD5**2*UPSN~"))
    assert document.extensions[-1] == Extension(
        address="TD5[1]", tag="TD5", text="TD5**2*UPSN", reason="no line takes this segment"
    )
