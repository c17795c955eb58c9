"""``ignore``: what the author of a mapping decided not to carry."""

from __future__ import annotations

import pytest

from gateway.core.errors import MappingDefinitionError
from gateway.mapping import Mapping
from gateway.mapping.lint import lint
from tests.mapping.made import X12, cut, made

TEXT = "BEG*00*NE*1**20260115~DTM*777*20260101~TD5*B*2*ROAD~PO1*1*10*EA~PO4*6*1~"
BASE = """format = "x12 004010 850"
document = "Order"
{more}
map = '''
BEG * 00 * NE * {{id}} * * {{issue_date}}
each order_lines:
  PO1 * {{id}} * {{quantity.value}}
  PO4 * {{item.pack_size_numeric}}
'''
"""


def mapping(more: str = "", own: str = "") -> Mapping:
    own = own or 'extends = "base"'
    return made(base=BASE.format(more=more), own=own).get("own")


def carried(mapping: Mapping, text: str = TEXT) -> list[str]:
    segments = cut(text, X12)
    plain, careful = mapping.read(segments, X12), mapping.read_careful(segments, X12)
    assert plain.document == careful.document
    assert plain.document is not None
    unmapped = [issue.params["address"] for issue in careful.issues if issue.code == "MAP-UNMAPPED"]
    assert unmapped == [extension.address for extension in plain.document.extensions]
    return unmapped


def test_segments_and_elements_are_left_behind() -> None:
    assert carried(mapping()) == ["DTM[1]", "TD5[1]", "PO1[1]-03", "PO4[1]-02"]
    assert carried(mapping('ignore = ["TD5", "PO4-02"]')) == ["DTM[1]", "PO1[1]-03"]
    assert carried(mapping('ignore = ["PO1"]')) == ["DTM[1]", "TD5[1]", "PO4[1]-02"]


def test_a_mapping_that_extends_adds_to_the_list() -> None:
    own = 'extends = "base"\nignore = ["DTM"]'
    assert carried(mapping('ignore = ["TD5"]', own)) == ["PO1[1]-03", "PO4[1]-02"]


def test_what_a_line_takes_and_cannot_read_is_told_all_the_same() -> None:
    found = mapping('ignore = ["PO1"]').read(cut(TEXT.replace("*10*", "*ten*"), X12), X12)
    assert [issue.code for issue in found.issues] == ["MAP-VALUE"]
    assert [extension.address for extension in found.document.extensions if extension.tag == "PO1"] == ["PO1[1]-02"]


def test_lint_shows_the_decision() -> None:
    [advice] = [advice for advice in lint(mapping('ignore = ["TD5"]')) if advice.kind == "ignored"]
    assert advice.text.startswith("TD5:")


@pytest.mark.parametrize(
    ("place", "says"), [("td5", "cannot be ignored"), ("PO4-2", "cannot be"), ("XX9", "no segment")]
)
def test_what_cannot_be_ignored(place: str, says: str) -> None:
    with pytest.raises(MappingDefinitionError, match=says):
        mapping(f'ignore = ["{place}"]')
