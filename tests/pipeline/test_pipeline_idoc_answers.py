"""Answers and invoices as IDocs: what a partner sends reaches SAP as ORDRSP and INVOIC, and reads back."""

from __future__ import annotations

import pytest

from gateway.canonical import from_json
from gateway.codecs.idoc_read import idoc_documents
from gateway.codecs.idoc_write import idoc_flat, idoc_xml
from gateway.codecs.records import DELIMITERS
from gateway.grammar.idoc_tables import placed
from gateway.mapping import Mappings
from tests.pipeline.yard import BUNDLED, SCHEMAS

MAPPINGS = Mappings(BUNDLED.mappings.files, BUNDLED.mappings.names, SCHEMAS)


@pytest.mark.parametrize("name", ["idoc/orders", "idoc/ordrsp", "idoc/invoic"])
@pytest.mark.parametrize("write", [idoc_xml, idoc_flat])
def test_every_example_is_valid_and_the_same_in_both_forms(name: str, write: object) -> None:
    mapping = MAPPINGS.get(name)
    (example,) = mapping.examples
    document = from_json(mapping.document, example.document)
    segments = mapping.write(document, DELIMITERS).segments
    table = SCHEMAS.idoc.table(mapping.format.version, mapping.format.message)
    control = {"TABNAM": "EDI_DC40", "IDOCTYP": table.version, "MESTYP": table.type}
    form = idoc_xml if write is idoc_xml else idoc_flat
    body = form(control, list(placed(table, segments)), SCHEMAS.idoc.segment)
    ((raw, _),) = idoc_documents(body, SCHEMAS.idoc.segment)
    validator = SCHEMAS.validator("idoc", raw.version, raw.type)
    assert validator.validate(raw) == []
    again = mapping.read(raw.segments(), raw.delimiters).document
    if name == "idoc/orders":  # a number without a scheme is the system's own
        assert again is not None
        assert again.buyer_customer_party.id.scheme_id == "buyer-assigned"  # type: ignore[union-attr]
    else:
        assert again == document
