"""The table [as2] of a party: names that nobody else has, certificates of partners, keys of our own."""

from __future__ import annotations

import pytest

from gateway.agreements import load, mistakes

OWN = """
id = "acme"
name = "Acme"
kind = "own"
[as2]
id = "ACME"
"""
PARTNER = """
id = "globex"
name = "Globex"
[as2]
id = "Globex <EDI>"
ids = ["GLOBEX-TEST"]
certificates = ["certificates/globex.pem"]
"""


def said(*texts: str) -> list[str]:
    return [str(each) for each in mistakes({f"partners/{n}.toml": text for n, text in enumerate(texts)})]


def test_parties_are_found_by_all_their_names_in_as2() -> None:
    agreements = load({"partners/acme.toml": OWN, "partners/globex.toml": PARTNER})
    found = [agreements.party_by_as2(name) for name in ("Globex <EDI>", "GLOBEX-TEST", "ACME", "acme")]
    assert [party.id if party else None for party in found] == ["globex", "globex", "acme", None]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ((OWN, PARTNER.replace("GLOBEX-TEST", "ACME")), 'The name "ACME" in AS2 is given twice'),
        ((PARTNER + 'keys = ["keys/globex.pem"]',), "as2.keys: this key has no meaning for a partner. Partners have"),
        ((OWN + 'certificates = ["a.pem"]',), "as2.certificates: this key has no meaning for an own party."),
        ((OWN + 'keys = ["a"]\npassphrase = "secret"',), "as2.passphrase: a secret is never written here."),
        ((OWN + 'passphrase = "env:A"',), "as2.passphrase: it is the passphrase of keys, which are missing."),
        ((PARTNER.replace("GLOBEX-TEST", "Globex <EDI>"),), '"Globex <EDI>" stands here twice'),
        ((PARTNER.replace("GLOBEX-TEST", "Größe"),), "as2.ids[0]: this is no name in AS2."),
        ((PARTNER.replace("Globex <EDI>", ""),), "as2.id"),
        ((PARTNER + 'certificate = "a"',), "as2.certificate: no such key. Did you mean certificates?"),
    ],
)
def test_what_does_not_fit_is_told_with_file_and_key(texts: tuple[str, ...], message: str) -> None:
    assert any(message in each for each in said(*texts)), said(*texts)
