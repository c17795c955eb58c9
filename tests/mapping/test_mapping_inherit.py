"""A partner's file says only what is different."""

from __future__ import annotations

import pytest

from gateway.core.errors import MappingDefinitionError
from gateway.mapping import Mapping
from tests.mapping.made import X12, bundled, cut, made

BASE = """
format = "x12 004010 850"
document = "Order"
map = '''
BEG * {function_code:x12_function} * * {id} * * {issue_date}
REF * DP * {buyer_department}
REF * CT * {contract_id}
each document_references:
  REF * {document_type_code} * {id}
buyer_customer_party: party(BY)
each order_lines:
  PO1 * {id} * {quantity.value} * {quantity.unit_code:unit}
  PID * F * @05 {item.description:text}
'''
[part]
party = '''
N1 * $1 * {name}
N2 * {additional_name}
'''
[code.unit]
EA = "EA"
CA = "CS"
CS = "CS"
"""


def extending(changes: str, more: str = "") -> Mapping:
    text = f"extends = 'x12/base'\nmap = '''\n{changes}\n'''\n{more}"
    return made(x12__base=BASE, partners__own=text).get("partners/own")


def read(mapping: Mapping, text: str) -> dict[str, object]:
    document = mapping.read(cut("BEG*00*NE*1**20260115~" + text, X12), X12).document
    assert document is not None
    return {name: getattr(document, name) for name in document.__struct_fields__ if getattr(document, name)}


def test_a_line_of_the_same_identity_replaces() -> None:
    assert read(extending("REF * DP * {customer_reference}"), "REF*DP*7~")["customer_reference"] == "7"


def test_a_removed_line_leaves_its_segments_to_the_general_one() -> None:
    references = read(extending("REF * DP ="), "REF*DP*7~")["document_references"]
    assert [one.document_type_code for one in references] == ["DP"]  # type: ignore[attr-defined]


def test_a_new_line_stands_before_the_general_one() -> None:
    assert read(extending("REF * IA * {customer_reference}"), "REF*IA*7~")["customer_reference"] == "7"


def test_a_block_is_merged_line_by_line() -> None:
    mapping = extending("each order_lines:\n  PO4 * {item.pack_size_numeric}")
    line = read(mapping, "PO1*1*5*EA~PID*F****Valve~PO4*24~")["order_lines"][0]  # type: ignore[index]
    assert (line.item.description, int(line.item.pack_size_numeric)) == ("Valve", 24)


def test_an_own_part_replaces_the_part_everywhere() -> None:
    mapping = extending("", "[part]\nparty = '''\nN1 * $1 * {additional_name}\nN2 * {name}\n'''")
    assert read(mapping, "N1*BY*a~N2*b~")["buyer_customer_party"].name == "b"  # type: ignore[attr-defined]


def test_an_own_code_is_read_and_written_first() -> None:
    own = extending("", "[code.unit]\nCT = 'CS'")
    line = "PO1*1*5*CT~"
    order = own.read(cut("BEG*00*NE*1**20260115~" + line, X12), X12).document
    assert order is not None
    assert order.order_lines[0].quantity.unit_code == "CS"  # type: ignore[union-attr]
    assert own.write(order, X12).segments[1] == ["PO1", "1", "5", "CT"]


def test_what_is_inherited_may_be_inherited_again() -> None:
    first = "extends = 'x12/base'\nmap = '''\nREF * IA * {customer_reference}\n'''"
    second = "extends = 'partners/one'\nmap = '''\nREF * CT =\n'''"
    mapping = made(x12__base=BASE, partners__one=first, partners__two=second).get("partners/two")
    found = read(mapping, "REF*IA*7~REF*CT*8~")
    assert found["customer_reference"] == "7"
    assert "contract_id" not in found


def test_parts_and_tables_are_borrowed() -> None:
    text = """
format = "x12 004010 850"
document = "Order"
map = '''
BEG * {function_code:x12_function} * * {id} * * {issue_date}
delivery_party: party(ST)
each order_lines:
  PO1 * {id} * {quantity.value} * {quantity.unit_code:unit}
'''
[part]
party = "x12/base"
[code]
unit = "x12/base"
"""
    mapping = made(x12__base=BASE, x12__other=text).get("x12/other")
    found = read(mapping, "N1*ST*Globex~PO1*1*5*CA~")
    assert found["delivery_party"].name == "Globex"  # type: ignore[attr-defined]
    assert found["order_lines"][0].quantity.unit_code == "CS"  # type: ignore[index]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ("REF * ZZ =", "There is no such REF line to remove. Lines of REF here: mappings/x12/base.toml:6"),
        ("TD5 * =B =", "There is no such TD5 line to remove"),
        ("REF * DP =\nREF * DP * {contract_id}", "This changes the same line as mappings/partners/own.toml:3"),
    ],
)
def test_changes_that_miss_are_mistakes(changes: str, says: str) -> None:
    with pytest.raises(MappingDefinitionError) as caught:
        extending(changes)
    assert says in str(caught.value)


def test_lines_keep_the_file_they_are_from() -> None:
    mapping = extending("REF * IA * {customer_reference}")
    careful = mapping.read_careful(cut("BEG*00*NE*1**20260115~REF*IA*7~REF*CT*8~", X12), X12)
    lines = {entry.field: entry.line for entry in careful.lineage}
    assert lines["customer_reference"] == "mappings/partners/own.toml:3"
    assert lines["contract_id"] == "mappings/x12/base.toml:7"


def test_the_bundled_partner_reads_his_department_and_last_day() -> None:
    mapping = bundled().get("partners/initech-850")
    assert mapping.format == bundled().get("x12/850").format
    assert mapping.check_examples() == []
