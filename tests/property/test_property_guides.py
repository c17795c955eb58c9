"""Whatever stands in the files of a package of maps: tables are made from it, or it is said what is wrong with it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.codecs.x12_write import X12_DELIMITERS
from gateway.core.errors import SchemaError
from gateway.grammar.maps import Guides
from gateway.grammar.segment_patterns import Matchers
from gateway.grammar.transitions import Machine
from gateway.resources import map_file

FILES = ("maps.xml", "dataele.xml", "codes.xml", "999.5010X231.A1.xml")
TAGS = [b"<", b"<loop/>", b"<segment/>", b"<composite/>", b"<seq>", b"&a;"]
PIECES = st.sampled_from([*TAGS, b"", b"0", b"-1", b"99999999999", b"\xff", b">1", b"N"]) | st.binary(max_size=6)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(FILES), place=st.floats(0, 1), cut=st.integers(0, 60), piece=PIECES)
def test_a_damaged_package_is_a_schema_error(name: str, place: float, cut: int, piece: bytes) -> None:
    whole = map_file(name) or b""
    at = int(place * len(whole))
    damaged = whole[:at] + piece + whole[at + cut :]
    guides = Guides(lambda asked: damaged if asked == name else map_file(asked))
    with contextlib.suppress(SchemaError):
        for guide in guides.find("005010X231A1", "999", {}, frozenset()):
            Machine(guide.table)
            matchers = Matchers(guide.table.segments, X12_DELIMITERS)
            assert all(matchers[tag]("X") is None for tag in guide.table.segments)


def test_what_is_no_number_names_its_file_and_instructions_are_passed_over() -> None:
    whole = map_file("dataele.xml") or b""
    (first,) = Guides(_instead("dataele.xml", whole.replace(b"<min_len>", b"<?a b?><min_len>"))).find(*_ASKED)
    assert first.table.type == "999"
    with pytest.raises(SchemaError, match=r"dataele\.xml: .*min_len"):
        Guides(_instead("dataele.xml", re.sub(rb"min_len(=\"|>)", rb"min_len\1x", whole, count=1))).find(*_ASKED)


_ASKED = ("005010X231A1", "999", {}, frozenset())


def _instead(name: str, data: bytes) -> Callable[[str], bytes | None]:
    return lambda asked: data if asked == name else map_file(asked)
