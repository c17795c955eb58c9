"""What arrived in UBL once stays the same from then on, whatever it was before; nothing makes a mapping raise."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.canonical import Document
from gateway.codecs.xml_text import decoded
from gateway.core.issues import has_errors
from tests.mapping.advices import advices
from tests.mapping.answers import changes
from tests.mapping.instructions import instructions
from tests.mapping.made import bundled
from tests.mapping.offers import catalogues, reports

MADE: dict[str, st.SearchStrategy[Document]] = {
    "ubl/despatch-advice": advices("edifact") | advices("x12"),
    "ubl/order-cancellation": changes("edifact/ordchg-d96a"),
    "ubl/catalogue": catalogues("edifact"),
    "ubl/inventory-report": reports("edifact"),
    "ubl/waybill": instructions(),
}


def crossed(name: str, document: Document) -> Document | None:
    """Written and read again; None for what does not leave, or is no document there."""
    mapping = bundled().xml(name)
    writing = mapping.write(document)
    found = mapping.read(decoded(writing.body))
    if has_errors(writing.issues):
        return None
    assert found.document is None or found.document.extensions == ()
    return found.document


@pytest.mark.parametrize("name", MADE)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_it_stays_the_same(name: str, data: st.DataObject) -> None:
    document = data.draw(MADE[name])
    arrived = crossed(name, msgspec.structs.replace(document, extensions=()))
    assert arrived is None or crossed(name, arrived) == arrived
