"""Every mistake of an author is found when the mapping is compiled, with its file, its line and what would be right."""

from __future__ import annotations

import pytest

from gateway.core.errors import MappingDefinitionError
from tests.mapping.made import edifact, made, x12

X12_HEAD = "BEG * {function_code:x12_function} * * {id} * * {issue_date}\n"
EDIFACT_HEAD = "BGM + 220 + {id}\nDTM + 137 : {issue_date:dtm}\n"

NOTATION = [
    ("REF * DP {id}", "{id}"),
    ("REF + DP", "After REF comes *, not +"),
    ("REF * DP * {id", "lacks the end of a hole"),
    ("REF * {{id}}", "braces"),
    ('REF * "DP', "lacks the end of a quoted text"),
    ("REF * two words", "A text with blanks is written in quotes"),
    ("REF * A||B", "empty word"),
    ("REF * {id} x", "something after its hole"),
    ("REF * @02 DP * @01 {id}", "@1 jumps back"),
    ("REF * @0 {id}", "there is no @0"),
    ("REF * {ID}", "is not a hole"),
    ("REF * {= max(order_lines)}", "is not computed"),
    ("REF * {a + b + c:dtm}", "names 3 fields"),
    ("REF * {note:py(own.function)}", "py() is not supported"),
    ("HL * #number", "hierarchies are not supported"),
    ("hierarchy HL * #number:\n  level S is document:", "Hierarchies (HL, CPS) are not supported"),
    ("buyer_contact:\n  & TE * {id}", "there is none above"),
    ("what is this", "neither a segment line nor a block"),
    ("buyer_contact:\nREF * DP * {id}", "This block has no lines"),
    ("buyer_contact:", "This block has no lines"),
    ("loop where id = 1:\n  N9 * ZZ", "Only 'each' blocks have a 'where'"),
    ("buyer_contact:\n    PER * BD * {name}\n  FOB * {x}", "indentation"),
    ("buyer_customer_party: partner(BY)", "There is no part partner. Parts here: party."),
    ("buyer_customer_party: party(BY, ST)", "takes 1 words, 2 are given"),
    ("buyer_customer_party: party()", "takes 1 words, 0 are given"),
    ("buyer_customer_party: party(self)", "The part party uses itself"),
]
PARTY = "[part]\nparty = '''\nN1 * $1 * {name}\n'''\n"
LOOPING = "[part]\nparty = '''\nN1 * $1 * {name}\ncontact: party(BY)\n'''\n"


@pytest.mark.parametrize(("lines", "says"), NOTATION)
def test_mistakes_of_notation(lines: str, says: str) -> None:
    more = LOOPING if "self" in lines else PARTY
    with pytest.raises(MappingDefinitionError) as caught:
        x12(X12_HEAD + lines, more)
    assert says in str(caught.value)
    assert caught.value.file.startswith("mappings/x12/own.toml:")


BINDING = [
    ("QQQ * {contract_id}", 5, "QQQ does not occur at the top of the message. It is no segment of 850."),
    ("PID * F * {contract_id}\nPO4 * 1", 6, "PO4 does not occur at the top of the message. It occurs in PO1, PO1/SLN"),
    ("REF * DP * {department}", 5, "Order has no field department. It has: id, issue_date"),
    ("REF * DP * {buyer_contact.phone}", 5, "Contact has no field phone (in buyer_contact)"),
    ("REF * DP * {id.value}", 5, "id has no fields of its own"),
    ("REF * DP * {order_lines.id}", 5, "order_lines is a list"),
    ("REF * DP * {buyer_contact}", 5, "buyer_contact is a Contact, not a value"),
    ("REF * DP * {notes}", 5, "notes is a list. Write {notes[]}."),
    ("REF * DP * {contract_id[]}", 5, "contract_id is no list"),
    ("REF * DP * @9 {contract_id}", 5, "REF has 4 elements: there is no element 9"),
    ("REF * DP : X * {contract_id}", 5, "Element 1 of REF (128) has no components"),
    ("REF * DP * {contract_id:nonesuch}", 5, "There is no conversion or code table nonesuch"),
    ("REF * DP * {contract_id:charge}", 5, "contract_id cannot hold it"),
    ("SAC * {allowance:charge}", 5, "Order has no field allowance"),
    ("REF * {contract_id + customer_reference}", 5, "Two fields share one place only by dtm"),
    ("each allowance_charges:\n  SAC * C * * * * {charge_indicator:x12_unit}", 6, "cannot hold it"),
    ("REF * DP * {issue_date:text}", 5, "issue_date is not a text"),
    ("DTM * 002 * {requested_ship_date:dtm}", 5, "dtm needs a composite"),
    ("CTT * {= count(contract_id)}", 5, "contract_id is not a list"),
    ("CTT * {= sum(order_lines.id)}", 5, "id is not a number"),
    ("REF * DP * {contract_id} when nothing", 5, "Order has no field nothing"),
    ("REF * DP =", 5, "Only a mapping that extends another removes lines"),
    ("notes:\n  N9 * ZZ", 5, "notes is a value, not a part. Write {notes[]} in a line."),
    ("order_lines:\n  PO1 * {id}", 5, "order_lines is a list. Write each order_lines:"),
    ("each buyer_contact:\n  PER * BD * {name}", 5, "buyer_contact is no list. Write buyer_contact:"),
    ("loop:\n  REF * DP", 5, "REF opens no loop here"),
    ("each document_references:\n  REF * DP * {id}\n  REF * CT * {id}", 7, "each item is one segment"),
    ("each order_lines:\n  item:\n    PO1 * {lot_number}", 6, "it cannot stand in a block of its own"),
    ("each order_lines:\n  PO1 * {id}\n  N4 * {note}", 7, "N4 does not occur in the loop PO1. It occurs in N1, PO1/N1"),
    (
        "REF * DP * {contract_id}\nREF * DP|XX * {customer_reference}\nREF * DP * {buyer_department}",
        7,
        "never be reached",
    ),
    ("REF * {contract_id}\nREF * DP * {buyer_department}", 6, "mappings/x12/own.toml:5 takes every such REF"),
    ("REF * DP * {buyer_department}\nREF * DP|XX * {contract_id}", 6, "What this line writes is read by mappings/x12"),
    ("REF * DP * {buyer_department or}", 5, "is not a hole"),
    ("ITD * 01 * * * * {payment_terms.discount_days or soon}", 5, "cannot be soon"),
    ("each order_lines where id = 1:\n  PO1 * {nothing}", 6, "OrderLine has no field nothing"),
    ("each order_lines where kind = pallet:\n  PO1 * {id}", 5, "OrderLine has no field kind"),
    ("PER * BD * {buyer_contact.name}\n  & TE * 5", 6, "A tail needs a hole for its value"),
    ("PER * BD\n  & {buyer_contact.name} * {buyer_contact.telephone}\n  & FX * {buyer_contact.telefax}", 7, "reached"),
    ("PER * BD\n  & TE * {buyer_contact.name} * 1\n  & FX * {buyer_contact.telefax}", 7, "same number of elements"),
    ("REF * DEPARTMENT * {contract_id}", 5, "128 holds 3 characters: DEPARTMENT does not fit"),
    ("each order_lines:\n  PO1 * {id}\n    & BP * {note}", 7, "330 holds numbers, and BP is none"),
    ("each order_lines:\n  PO1 * {id} * @03 ZQ", 6, "ZQ is written, and it is not one of the codes of 355"),
    ("PER * BD\n  & each notes: {value} * TE", 6, "notes is not a list of parts"),
    ("PER * BD\n  & TE * {notes[]}", 6, "constants and plain holes only"),
    ("each order_lines:\n  PO1 * {id} * * {quantity.unit_code}", 6, "quantity.value is required in Quantity"),
]


@pytest.mark.parametrize(("lines", "line", "says"), BINDING)
def test_mistakes_that_the_grammar_and_the_document_show(lines: str, line: int, says: str) -> None:
    with pytest.raises(MappingDefinitionError) as caught:
        x12(X12_HEAD + lines)
    assert says in str(caught.value)
    assert caught.value.file == f"mappings/x12/own.toml:{line}"


EDIFACT_BINDING = [
    ("DTM + 2 : {requested_ship_date}\nRFF + CT : {contract_id} : @9 {notes[]}", 7, "has 4 components: there is no 9"),
    ("DTM + 2 : {requested_ship_date:dtm(999)}", 6, "dtm does not know format 999. It knows 101, 102"),
    ("DTM + 2 : {requested_ship_date:dtm(102|203)}", 6, "dtm of 1 fields names 1 formats at most"),
    ("DTM + 2 : {contract_id:dtm}", 6, "dtm fills a date, a date and a time, or two dates"),
    ("each allowance_charges:\n  ALC + {charge_indicator}", 7, "There is no conversion to charge_indicator (bool)"),
    ("UNS + S\nUNT + 1", 7, "UNT does not occur at the top of the message"),
]


@pytest.mark.parametrize(("lines", "line", "says"), EDIFACT_BINDING)
def test_mistakes_in_composites(lines: str, line: int, says: str) -> None:
    with pytest.raises(MappingDefinitionError) as caught:
        edifact(EDIFACT_HEAD + lines)
    assert says in str(caught.value)
    assert caught.value.file == f"mappings/edifact/own.toml:{line}"


def test_a_required_field_without_a_line() -> None:
    with pytest.raises(MappingDefinitionError, match=r"issue_date is required in Order, and no line fills it"):
        x12("BEG * * * {id}")


FILES = [
    ("map = 'x'\ncolour = 1", "mappings/x12/own.toml", "Unknown key colour. Known keys: code, document, example"),
    ("format = 5", "mappings/x12/own.toml", "format must be a str, not int"),
    ("map = '''", "mappings/x12/own.toml", "This is not TOML"),
    ("document = 'Order'", "mappings/x12/own.toml", "A mapping says its format"),
    ("format = 'x12 850'\ndocument = 'Order'", "mappings/x12/own.toml:1", "A mapping says its format"),
    ("format = 'xml 2.1 Order'\ndocument = 'Order'", "mappings/x12/own.toml:1", "Mappings of xml are not supported"),
    ("format = 'x12 004010 850'", "mappings/x12/own.toml:1", 'A mapping says its document = "Order"'),
    ("format = 'x12 004010 850'\ndocument = 'Oder'", "mappings/x12/own.toml", "There is no canonical document Oder"),
    ("format = 'x12 004010 999'\ndocument = 'Order'", "mappings/x12/own.toml", "There is no table for 999 in 004010"),
    ("extends = 'x12/nonesuch'", "mappings/x12/own.toml:1", "There is no mapping x12/nonesuch"),
    ("extends = 'x12/own'", "mappings/x12/own.toml:1", "in a circle: x12/own → x12/own"),
    ("extends = 'x12/850'\nformat = 'x12 004010 850'", "mappings/x12/own.toml:1", "has its format and"),
    ("extends = 'x12/850'\n[part]\nline = 'x12/850'", "mappings/x12/own.toml:3", "has no part line"),
    ("extends = 'x12/850'\n[part]\nparty = 'x12/own'", "mappings/x12/own.toml:3", "borrow from each other in a circle"),
    ("extends = 'x12/850'\n[part]\nparty = 5", "mappings/x12/own.toml:3", "must be a text of lines"),
    ("extends = 'x12/850'\n[code]\nzz = 'x12/850'", "mappings/x12/own.toml:3", "has no code table zz"),
    ("extends = 'x12/850'\n[code.x12_unit]\nEA = 1.5", "mappings/x12/own.toml:2", "must stand for a text, a number or"),
    (
        "extends = 'x12/850'\n[code.x12_unit]\n'*' = 'EA'",
        "mappings/x12/own.toml:2",
        'The only general row is "*" = "="',
    ),
    ("extends = 'x12/850'\n[code]\nx12_unit = 5", "mappings/x12/own.toml:3", "A code table is a table of"),
    ("extends = 'x12/850'\n[[example]]\ninput = ''", "mappings/x12/own.toml:2", "Example 1 has no document"),
    ("extends = 'x12/850'\nexample = [5]", "mappings/x12/own.toml:2", "An example is a table"),
    ("extends = 'x12/850'\n[[example]]\noutput = ''", "mappings/x12/own.toml:2", "Unknown key output"),
]


@pytest.mark.parametrize(("text", "file", "says"), FILES)
def test_mistakes_of_the_file(text: str, file: str, says: str) -> None:
    with pytest.raises(MappingDefinitionError) as caught:
        made(x12__own=text).get("x12/own")
    assert says in str(caught.value)
    assert caught.value.file == file


def test_a_mapping_that_is_not_there() -> None:
    with pytest.raises(MappingDefinitionError, match=r"mappings/x12/999\.toml: There is no mapping x12/999"):
        made().get("x12/999")


def test_a_mistake_in_a_shared_table_names_its_file() -> None:
    with pytest.raises(MappingDefinitionError, match=r"mappings/codes/own\.toml: The code A must stand for a text"):
        made(codes__own="A = 1.5", x12__own="extends = 'x12/850'\nmap = '''\nREF * XX * {contract_id:own}\n'''").get(
            "x12/own"
        )


def test_a_mistake_in_a_part_is_at_the_line_of_the_part() -> None:
    text = "extends = 'x12/850'\n\n[part]\nparty = '''\nN1 * $1 * {name}\nN2 * {nickname}\n'''\n"
    with pytest.raises(MappingDefinitionError) as caught:
        made(x12__own=text).get("x12/own")
    assert caught.value.file == "mappings/x12/own.toml:6"
    assert "Party has no field nickname" in str(caught.value)
