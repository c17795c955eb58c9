"""What ``partners check`` and ``partners show`` say, and the reference that is written from the model."""

from __future__ import annotations

import msgspec
import pytest

from gateway.agreements import Agreement, check, describe, load, mistakes, reference
from gateway.core.issues import Severity
from gateway.core.strict import described
from gateway.resources import find
from tests.agreements.files import ACME, ERP, GLOBEX, agreements


def findings(severity: Severity | None = None, mappings=None, handlers=None, **changed: str) -> list[str]:
    found = check(agreements(**changed), mappings=mappings, handlers=handlers)
    return [str(finding) for finding in found if severity in (None, finding.severity)]


def test_sound_agreements_have_no_findings():
    assert findings(mappings={"x12/850", "edifact/orders-d96a"}, handlers={"trading"}) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"acme": ACME[: ACME.index("[[identity]]")]}, "agreement[0].with: acme has no [[identity]] for x12."),
        ({"globex": GLOBEX.replace("x12/850", "x12/851")}, "agreement[0].mapping: There is no mapping x12/851."),
        ({"globex": GLOBEX + 'handlers = ["tradng"]'}, "agreement[0].handlers: There is no handler tradng."),
        ({"globex": GLOBEX.replace("in/globex", "in/initech")}, "take from the same place."),
    ],
)
def test_what_will_stop_documents_is_an_error(changed, message):
    found = findings(Severity.ERROR, {"x12/850", "edifact/orders-d96a"}, {"trading"}, **changed)
    assert any(message in text for text in found), found


def test_doors_that_are_called_take_from_no_place():
    door = '\n[[endpoint]]\nname = "NAME-http"\nconnector = "http"\ndirection = "in"\n'
    changed = {"globex": GLOBEX + door.replace("NAME", "globex"), "acme-erp": ERP + door.replace("NAME", "erp")}
    assert findings(Severity.ERROR, **changed) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"globex": GLOBEX.replace("acknowledgments", "# ").replace("acknowledge_", "# ")}, "No receipt is sent"),
        ({"globex": GLOBEX.replace("acknowledgments", "# ").replace("acknowledge_", "# ")}, "No agreement uses"),
        ({"globex": GLOBEX[: GLOBEX.index("[[agreement]]")]}, 'globex has no agreement with direction = "in".'),
        (
            {
                "acme-erp": ERP
                + ERP[ERP.index("[[agreement]]") :]
                .replace("erp-orders", "erp-trial")
                .replace("standard", 'lane = "test"\nstandard')
            },
            "erp-orders leaves in production through the same endpoint.",
        ),
    ],
)
def test_what_is_hardly_meant_is_a_warning(changed, message):
    found = findings(Severity.WARNING, **changed)
    assert any(message in text for text in found), found


def test_a_party_is_described_with_all_that_holds():
    shown = describe(agreements().party("globex"))
    assert shown["file"] == "partners/globex.toml"
    assert shown["endpoints"][0]["path"] == "in/globex"
    agreement = shown["agreements"][0]
    assert (agreement["with"], agreement["duplicate"], len(agreement["digest"])) == ("acme", "answer", 64)
    assert "route" not in agreement
    assert msgspec.json.encode(shown)


def test_the_reference_has_every_key_with_its_meaning():
    page = reference()
    for key in described(Agreement):
        assert f"| `{key.name}` |" in page
        assert key.text
    assert "digest" not in page


def test_the_bundled_parties_are_sound():
    texts = find(environ={}).partners.texts()
    assert mistakes(texts) == []
    agreed = load(texts)
    assert check(agreed) == []
    assert set(agreed.parties) == {"acme", "acme-erp", "globex", "initech"}
