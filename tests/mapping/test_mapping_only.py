"""``statuses[0]``: a list of which a format has room for one item, and the place of it in a segment that selects."""

from __future__ import annotations

import functools
from datetime import date
from decimal import Decimal

import pytest

from gateway.canonical import Document, LineStatus, OrderReference, OrderResponse, OrderResponseLine, Quantity
from gateway.core.errors import MappingDefinitionError
from gateway.mapping import Mapping
from tests.mapping.made import EDIFACT, cut, made

HEAD = """
BGM + =231 + {id} + {order_response_code:edifact_response}
DTM + 137 : {issue_date:dtm}
RFF + ON : {order_reference.id}
each order_lines:
  LIN + {id} + {statuses[0].status_code:edifact_line_status}
"""
LINES = (
    HEAD
    + """  QTY + 113 : {statuses[0].quantity.value}
  DTM + {statuses[0].date_type_code:edifact_date_type} : {statuses[0].date:dtm}
"""
)


@functools.cache
def mapping(lines: str = LINES) -> Mapping:
    text = f"format = 'edifact D.96A ORDRSP'\ndocument = 'OrderResponse'\nmap = '''{lines}'''\n"
    return made(edifact__own=text).get("edifact/own")


def response(*statuses: LineStatus) -> Document:
    line = OrderResponseLine(id="1", statuses=statuses)
    return OrderResponse(
        id="7", issue_date=date(2026, 1, 16), order_reference=OrderReference(id="4711"), order_lines=(line,)
    )


def read(text: str) -> OrderResponse:
    segments = cut(f"UNH+1+ORDRSP:D:96A:UN'BGM+231+7'DTM+137:20260116:102'RFF+ON:4711'{text}UNS+S'", EDIFACT)
    plain, careful = mapping().read(segments, EDIFACT), mapping().read_careful(segments, EDIFACT)
    assert plain.document == careful.document
    assert isinstance(plain.document, OrderResponse)
    return plain.document


def told(*statuses: LineStatus) -> list[tuple[str, str | None]]:
    return [(issue.code, issue.location.field) for issue in mapping().write(response(*statuses), EDIFACT).issues]


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("LIN+1'", ()),
        ("LIN+1+5'", (LineStatus(status_code="accepted"),)),
        (
            "LIN+1+6'QTY+113:8'DTM+67:20260202:102'",
            (
                LineStatus(
                    status_code="accepted-with-amendment",
                    quantity=Quantity(value=Decimal(8)),
                    date_type_code="delivery-scheduled",
                    date=date(2026, 2, 2),
                ),
            ),
        ),
    ],
)
def test_the_only_item_is_made_of_several_segments(text: str, statuses: tuple[LineStatus, ...]) -> None:
    assert read(text).order_lines[0].statuses == statuses


def test_the_only_item_is_written() -> None:
    writing = mapping().write(response(LineStatus(status_code="rejected")), EDIFACT)
    assert writing.issues == ()
    assert ["LIN", "1", "7"] in writing.segments


def test_further_items_have_no_place() -> None:
    two = LineStatus(status_code="accepted"), LineStatus(status_code="rejected")
    assert told(*two) == [("MAP-FULL", "order_lines[0].statuses")]


def test_a_populated_field_of_the_item_without_a_line_is_named() -> None:
    one = LineStatus(status_code="accepted", quantity=Quantity(value=Decimal(8), unit_code="EA"))
    assert told(one) == [("MAP-UNWRITTEN", "order_lines[0].statuses[0].quantity.unit_code")]


def test_a_segment_that_its_code_selects_is_not_written_without_it() -> None:
    one = LineStatus(status_code="accepted", date=date(2026, 2, 2))
    assert told(one) == [("MAP-REQUIRED", "order_lines[0].statuses[0].date_type_code")]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("  QTY + 113 : {statuses.quantity.value}", "statuses is a list."),
        ("  FTX + AAI + + + {note[0].x}", "note is no list of parts"),
        ("  each statuses:\n    QTY + 113 : {quantity.value}", "is filled as a whole and by its first item"),
    ],
)
def test_what_is_no_only_item(lines: str, says: str) -> None:
    with pytest.raises(MappingDefinitionError, match=says):
        mapping(HEAD + lines + "\n")
