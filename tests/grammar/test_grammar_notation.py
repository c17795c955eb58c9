"""The notation of schemas/: what a line may say, and that a wrong one is named with file and line."""

from __future__ import annotations

import pytest

from gateway.core.errors import SchemaError
from gateway.grammar import UNBOUNDED, Schemas
from gateway.grammar.model import Composite, Condition

FILES = {
    "x12/009999/messages/700.txt": """
        # A made-up message.
        message 700 Crate Report
        functional-group CR

        BCR M
        DTM O 3
        loop CRT M *
          CRT M
          loop SUB O 2
            SUB M
            DTM O
        END M
    """,
    "x12/009999/segments.txt": """
        BCR Beginning of Crate Report
          01 9001 M
          02 9002 O 4
          03 C901 O
          conditions P0203 L010203
        CRT Crate
          01 9002 M
        DTM Date
          01 9003 M
        END End
          01 9001 O
        SUB Crate in a Crate
          01 9002 O
    """,
    "x12/009999/composites.txt": """
        C901 Size of a Crate
          01 9002 M
          02 9004 O
          conditions C0201
    """,
    "x12/009999/elements.txt": """
        9001 ID 2 Kind of Crate
        9002 AN 1..20 Number of a Crate
        9003 DT 6..8 Date
        9004 N2 ..6 Width
    """,
    "x12/009999/codes/9001.txt": "WD wood\nPL\n",
    "x12/009999/tags.txt": "BCR CRT DTM END SUB XYZ\n",
    "x12/service/segments.txt": "",
}


def outdented(text: str) -> str:
    return "\n".join(line[8:] if line.startswith(" " * 8) else line for line in text.splitlines())


def schemas_with(**changes: str) -> Schemas:
    """The files, some of them replaced: the key is the name without folder and ending."""
    files = {name: outdented(text) for name, text in FILES.items()}
    for key, text in changes.items():
        name = next(name for name in files if name.endswith(f"{key}.txt"))
        files[name] = outdented(text)
    return Schemas(files.get, lambda prefix: sorted(name for name in files if name.startswith(prefix)))


def test_a_message_table_is_a_tree_of_places() -> None:
    table = schemas_with().message("x12", "009999", "700")
    assert (table.name, table.functional_group, table.root.tag) == ("Crate Report", "CR", "ST")
    rows = [(node.name, node.mandatory, node.most, node.path) for node in table.root.walk()][1:]
    assert rows == [
        ("BCR", True, 1, ""),
        ("DTM", False, 3, ""),
        ("CRT", True, UNBOUNDED, "CRT"),
        ("CRT", True, 1, "CRT"),
        ("SUB", False, 2, "CRT/SUB"),
        ("SUB", True, 1, "CRT/SUB"),
        ("DTM", False, 1, "CRT/SUB"),
        ("END", True, 1, ""),
    ]


def test_segments_composites_and_elements_refer_to_each_other() -> None:
    first, second, third = schemas_with().message("x12", "009999", "700").segments["BCR"].elements
    assert first.mandatory
    assert not isinstance(first.item, Composite)
    assert first.item.codes == {"WD", "PL"}
    assert (second.repeats, second.item.name) == (4, "Number of a Crate")
    assert isinstance(third.item, Composite)
    assert [part.element.reference for part in third.item.components] == ["9002", "9004"]
    assert third.item.conditions == (Condition("C", (2, 1)),)
    assert third.item.components[1].element.least == 1


def test_conditions_keep_their_form() -> None:
    conditions = schemas_with().message("x12", "009999", "700").segments["BCR"].conditions
    assert [str(condition) for condition in conditions] == ["P0203", "L010203"]


def test_words_beside_codes_are_ours_and_may_be_missing() -> None:
    assert schemas_with().words("x12", "9999", "9001") == {"WD": "wood", "PL": ""}
    assert schemas_with().words("x12", "9999", "9002") == {}


def test_the_digest_changes_with_any_text_that_the_table_was_made_of() -> None:
    plain = schemas_with().message("x12", "009999", "700").digest
    assert schemas_with().message("x12", "009999", "700").digest == plain
    assert schemas_with(**{"codes/9001": "WD\nPL\nST\n"}).message("x12", "009999", "700").digest != plain
    assert schemas_with(tags="BCR CRT DTM END SUB\n").message("x12", "009999", "700").digest != plain


WRONG = [
    ("messages/700", "BCR M", "messages/700.txt: line 1: The first line"),
    ("messages/700", "message 700 X\nBCR", "line 2: M or O is missing"),
    ("messages/700", "message 700 X\nBCR C", 'line 2: "C" is neither M nor O'),
    ("messages/700", "message 700 X\nBCR M 0", 'line 2: "0" is not a count'),
    ("messages/700", "message 700 X\nBCR M 2 3", 'line 2: "3" is too much'),
    ("messages/700", "message 700 X\n  BCR M", "line 2: This line is nested too deep"),
    ("messages/700", "message 700 X\n BCR M", "line 2: Nesting is by two blanks"),
    ("messages/700", "message 700 X\nBCR M\n\tDTM O", "line 3: Nesting is by two blanks"),
    ("messages/700", "message 700 X\nloop CRT M\n  CRT O", "line 2: Loop CRT does not start"),
    ("messages/700", "message 700 X\nloop CRT M\n  CRT M 2", "line 2: Loop CRT does not start"),
    ("messages/700", "message 700 X\nloop CRT M\nBCR M", "line 2: Loop CRT does not start"),
    ("messages/700", "message 700 X\n", "line 1: The message has no segments"),
    ("messages/700", "message 700 X\nZZZ M", "There is no segment ZZZ"),
    ("segments", "BCR X\n  02 9001 M", "segments.txt: line 2: Position 01 is expected"),
    ("segments", "BCR X\n  01 9999 M", "line 2: There is no element 9999"),
    ("segments", "BCR X\n  01 9001 M\n  conditions X0102", 'line 3: "X0102" is not a condition'),
    ("segments", "BCR X\n  01 9001 M\n  conditions P0102", "line 3: Condition P0102 names a position"),
    ("segments", "BCR X\nBCR X", "line 2: BCR stands here twice"),
    ("segments", "  01 9001 M", "line 1: This line is nested too deep"),
    ("composites", "C901 X", "composites.txt: line 1: Composite C901 is empty"),
    ("elements", "9001 XX 2 Name", 'elements.txt: line 1: "XX" is not a type'),
    ("elements", "9001 AN 3..2 Name", 'line 1: "3..2" is not a length'),
    ("elements", "9001 AN x Name", 'line 1: "x" is not a length'),
    ("elements", "9001 AN 2 A\n9001 AN 2 B", "line 2: 9001 stands here twice"),
    ("codes/9001", "WD\nWD", "codes/9001.txt: line 2: WD stands here twice"),
    ("tags", "BCR dtm", "tags.txt: line 1: dtm is not a segment tag"),
]


@pytest.mark.parametrize(("file", "text", "message"), WRONG, ids=[row[2] for row in WRONG])
def test_a_wrong_line_is_named(file: str, text: str, message: str) -> None:
    with pytest.raises(SchemaError) as caught:
        schemas_with(**{file: text}).message("x12", "009999", "700")
    assert message in str(caught.value)
