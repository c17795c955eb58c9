"""The configuration that the how-to pages show is read as it stands there."""

from __future__ import annotations

import re

import pytest

from gateway.agreements import Agreements, load
from tests.docs.generate import DOCS

BLOCK = re.compile(r"```toml\n# partners/(\S+\.toml)(, added to the agreement)?\n(.*?)```", re.DOTALL)


@pytest.fixture
def files() -> dict[str, str]:
    """The files of the page, each with what the page adds to it later."""
    texts: dict[str, str] = {}
    page = (DOCS / "how-to/parties-and-agreements.md").read_text(encoding="utf-8")
    for name, _, text in BLOCK.findall(page):
        texts[name] = texts.get(name, "") + text
    return texts


@pytest.fixture
def agreements(files: dict[str, str]) -> Agreements:
    return load(files)


def test_the_parties_of_the_page_load(agreements: Agreements) -> None:
    assert sorted(agreements.parties) == ["acme", "acme-erp", "initrode"]


def test_what_a_partner_has_differently_is_in_its_agreement(agreements: Agreements) -> None:
    agreement = agreements.agreement("initrode-orders")
    assert (agreement.reject, agreement.unmapped, agreement.duplicate) == ("group", "hold", "ta1")
    assert agreement.limits.document_bytes == 1_000_000
