"""What lint tells an author: what is lost, left empty, tied twice and never tried."""

from __future__ import annotations

import pytest

from gateway.mapping import Mapping
from gateway.mapping.xml_lint import lint
from tests.mapping.made import bundled, edifact, made, x12

HEAD = "BEG * 00 * NE * {id} * * {issue_date}\n"
BODY = "each order_lines:\n  PO1 * {id}\n"
EXAMPLE = """
[[example]]
input = "BEG*00*NE*1**20260115~REF*DP*7~"
document = '{"id":"1","issue_date":"2026-01-15","buyer_department":"7"}'
"""


def told(mapping: Mapping, kind: str) -> list[str]:
    return [f"{advice.where.rpartition(':')[2]}: {advice.text}" for advice in lint(mapping) if advice.kind == kind]


def test_bundled_mappings_have_no_warnings() -> None:
    names = [name for name in bundled().names() if not name.startswith("partners/")]
    found = [advice for name in names for advice in lint(bundled().find(name)) if advice.severity == "warning"]
    assert found == []


def test_a_mapping_without_examples() -> None:
    assert [advice.kind for advice in lint(x12(HEAD + BODY)) if advice.kind == "no-example"] == ["no-example"]


def test_a_line_that_no_example_reads() -> None:
    mapping = x12(HEAD + "REF * DP * {buyer_department}\nREF * CT * {contract_id}\n" + BODY, EXAMPLE)
    assert told(mapping, "untried") == [
        "6: No example has a value for contract_id (REF).",
        "8: No example has a value for id (PO1).",
    ]


def test_a_field_that_two_lines_fill() -> None:
    mapping = x12(HEAD + "REF * DP * {buyer_department}\nREF * IA * {buyer_department}\n" + BODY)
    assert told(mapping, "twice") == ["6: buyer_department is filled by mappings/x12/own.toml:5 already."]
    once = x12(HEAD + "REF * DP * {buyer_department}\nREF * IA * {buyer_department} when contract_id\n" + BODY)
    assert told(once, "twice") == []


def test_required_places_that_stay_empty() -> None:
    mapping = x12("BEG * 00 * * {id} * * {issue_date}\nREF * * {contract_id}\n")
    assert told(mapping, "unfilled") == [
        "4: The message requires PO1, and no line writes it.",
        "4: BEG requires BEG02 (Purchase Order Type Code), and no place of the line fills it.",
        "5: REF requires REF01 (Reference Identification Qualifier), and no place of the line fills it.",
    ]
    segments = told(
        edifact("BGM + 220 + {id}\nDTM + 137 : {issue_date:dtm}\nPAT + 1 + : : : {payment_terms.note}"), "unfilled"
    )
    assert any("PAT02" in text and "component 1" in text for text in segments)
    assert "4: The message requires UNS, and no line writes it." in segments


def test_words_and_codes_that_are_read_alike() -> None:
    table = '[code.unit]\nPC = "PCE"\nEA = "PCE"\n"*" = "="\n'
    line = "each order_lines:\n  PO1 * * {quantity.value} * {quantity.unit_code:unit} * *\n    & BP|IN * {item.name}\n"
    mapping = x12(HEAD + "DTM * 002|074 * {requested_ship_date}\n" + line, table)
    assert told(mapping, "synonyms") == [
        "5: DTM01: 002, 074 are read alike; 002 is written.",
        "8: PO106: BP, IN are read alike; BP is written.",
    ]
    assert told(mapping, "codes") == ["12: unit: PC, EA are all read as PCE; PC is written."]
    assert told(mapping, "guess") == ["13: unit: codes that it does not know pass as they are."]


def test_general_lines_and_places_that_are_overwritten() -> None:
    references = "REF * DP|IA * {buyer_department}\neach document_references:\n  REF * {document_type_code} * {id}\n"
    mapping = x12("BEG * 00 * =NE * {id} * * {issue_date}\n" + references)
    assert told(mapping, "general") == ["7: It does not write document_type_code = DP, IA: others read it."]
    assert told(mapping, "overwritten") == ["4: BEG02: anything is read, NE is written."]


def test_fields_without_a_line() -> None:
    untied = told(x12(HEAD + "each order_lines:\n  PO1 * {id} * @04 {price.price_amount}\n"), "untied")
    assert "4: No line fills buyer_customer_party." in untied
    assert "6: No line fills order_lines[].price.base_quantity." in untied
    assert not any("order_lines[].id" in text for text in untied)


def test_a_field_that_is_implied_needs_no_line_wherever_it_stands() -> None:
    implied = 'implied = ["buyer_customer_party", "order_lines.price.base_quantity"]\n'
    text = f"{HEAD}each order_lines:\n  PO1 * {{id}} * @04 {{price.price_amount}}\n"
    file = f"format = 'x12 004010 850'\ndocument = 'Order'\n{implied}map = '''\n{text}'''\n"
    untied = told(made(x12__own=file).get("x12/own"), "untied")
    assert not any("buyer_customer_party." in each or "base_quantity." in each for each in untied)
    assert any("order_lines[].note." in each for each in untied)


def test_a_partners_file_is_asked_for_its_own_lines_only() -> None:
    partner = made(own=f"extends = \"x12/850\"\nmap = '''\nREF * IA * {{buyer_department}}\n'''\n{EXAMPLE}").get("own")
    assert {advice.where for advice in lint(partner) if advice.kind == "untried"} == {"mappings/own.toml:3"}


@pytest.mark.parametrize("name", bundled().names())
def test_every_bundled_mapping_can_be_judged(name: str) -> None:
    assert lint(bundled().find(name))
