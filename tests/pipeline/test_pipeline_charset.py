"""A character set that only the agreement knows: neither the envelope nor the text is read by another one."""

from __future__ import annotations

import json

import pytest

from gateway.store import Database
from tests.pipeline.orders import order, x12
from tests.pipeline.yard import GLOBEX, Yard


@pytest.fixture
def yard(database: Database) -> Yard:
    return Yard(database)


@pytest.mark.parametrize("name", ["亊GE", "深圳亊ST", "亊SE"])
def test_the_second_byte_of_a_character_ends_no_segment_of_the_envelope(yard: Yard, name: str) -> None:
    """In GB18030 the second byte of the first character is the terminator, and a tag stands behind it."""
    yard.agree(globex=GLOBEX + 'charset = "gb18030"\n')
    segments = [segment.replace("Globex Retail", name) for segment in order("PO-1")]
    yard.put(x12(1, segments).decode().encode("gb18030"))
    yard.work()
    [body] = yard.to("erp-out")
    assert json.loads(body)["buyer_customer_party"]["name"] == name
    [receipt] = yard.to("globex-out")
    assert b"AK9*A*1*1*1~" in receipt
