"""Documents from elsewhere: whatever they hold, validation answers with issues."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.codecs import read
from gateway.codecs.model import RawDocument
from gateway.core.errors import SchemaError
from gateway.grammar import Schemas

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "documents"
FILES = sorted(path for kind in ("x12", "edifact") for path in (SAMPLES / kind).rglob("*") if path.is_file())


@pytest.mark.skipif(not FILES, reason="no samples beside the checkout")
def test_every_sample_that_has_a_table_is_checked_to_its_end(schemas: Schemas) -> None:
    checked = 0
    for path in FILES:
        for document in read(path.read_bytes()):
            if not isinstance(document, RawDocument):
                continue
            try:
                found = schemas.validator(document.standard, document.version, document.type)
            except SchemaError:
                continue
            for issue in found.validate(document):
                assert issue.location.offset is not None
                assert document.offset <= issue.location.offset <= document.offset + document.length
            checked += 1
    assert checked > 30
