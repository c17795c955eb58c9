"""A mapping over a message whose places are told by what their segments hold."""

from __future__ import annotations

from textwrap import dedent

import pytest

from gateway.core.errors import MappingDefinitionError
from gateway.grammar import MessageTable
from gateway.grammar.guided import narrowed
from gateway.grammar.guides import guide
from gateway.mapping import Mapping
from gateway.mapping.definition import load
from gateway.resources import Resources
from tests.mapping.made import ROOT, X12, bundled, cut, schemas

GUIDE = """
guide G
message 850
  loop N1 M where 01 is BY
    N1
      04 M
  loop N1 M 2 where 01 is ST SF
  DTM where 01 is 002
  DTM others 3
"""
ORDER = """
BEG*00*SA*PO-1**20240115~
DTM*010*20240102~
DTM*002*20240201~
N1*ST*DEPOT*92*D1~
N3*1 MAIN STREET~
N4*TOWN*IL*60607*US~
N1*BY*ACME*92*B7~
PO1*1*5*EA*9.5**VP*A1~
CTT*1~
"""


def guided(more: str = "") -> MessageTable:
    text = dedent(GUIDE) + more
    return narrowed(schemas().message("x12", "004010", "850"), guide("G.txt", text), "G", text)


def test_the_parties_are_read_and_written_as_over_the_standard() -> None:
    """Whatever the order that the places come in."""
    files = Resources(base=ROOT).mappings.files
    mapping, standard = Mapping(load("x12/850", files), guided(), files), bundled().get("x12/850")
    segments = cut(ORDER.replace("\n", ""), X12)
    found = mapping.read(segments, X12)
    assert found == standard.read(segments, X12)
    assert found.document is not None
    written = mapping.write(found.document, X12)
    assert sorted(written.segments) == sorted(standard.write(found.document, X12).segments)
    assert mapping.read(written.segments, X12).document == found.document


def bound(lines: str, more: str = "") -> Mapping:
    text = f"format = \"x12 004010 850\"\ndocument = \"Order\"\nmap = '''\n{dedent(lines).strip()}\n'''\n"
    files = {"own.toml": text}
    return Mapping(load("own", files.get), guided(more), files.get)


def test_a_line_has_no_place_where_the_guide_does_not_use_its_segment() -> None:
    with pytest.raises(MappingDefinitionError, match="CUR does not occur at the top"):
        bound("BEG * 00 * SA * {id} * * {issue_date}\nCUR * BY * {document_currency_code}", "  none CUR\n")


def test_a_line_with_a_code_that_no_place_takes_is_a_mistake() -> None:
    with pytest.raises(
        MappingDefinitionError, match="N1 does not occur at the top of the message with these constants"
    ):
        bound("BEG * 00 * SA * {id} * * {issue_date}\nN1 * VN * {buyer_customer_party.name}", "  loop N1 others none\n")
