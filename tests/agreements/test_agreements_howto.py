"""What the how-to shows can be copied: all its files load together and have no errors."""

from __future__ import annotations

import re
from pathlib import Path

from gateway.agreements import check, load
from gateway.codecs.model import Address
from gateway.core.issues import Severity

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
PAGE = HOW_TO / "parties-and-agreements.md"
SENDING = HOW_TO / "send-documents.md"


def files(*pages: Path) -> dict[str, str]:
    """The TOML of pages, by the file that the first line of each block names."""
    found: dict[str, str] = {}
    for page in pages or (PAGE,):
        for file, text in re.findall(
            r"```toml\n# (partners/[\w-]+\.toml)[^\n]*\n(.*?)```", page.read_text(), re.DOTALL
        ):
            found[file] = found.get(file, "") + text
    return found


def test_every_block_names_its_file():
    assert len(files()) == 5
    assert PAGE.read_text().count("```toml\n") == PAGE.read_text().count("```toml\n# partners/")


def test_the_examples_load_without_errors():
    found = check(load(files()))
    assert [str(one) for one in found if one.severity is Severity.ERROR] == []


def test_they_do_what_the_page_says():
    agreed = load(files())
    sender, receiver = Address("123456789", "01"), Address("ACME", "ZZ")
    inbound = agreed.inbound(sender, receiver, "x12", "004010VICS", "850", "test", endpoint="interlink-in")
    assert inbound.name == "initrode-orders-test"
    assert inbound.envelope.delimiters.element == "|"
    assert [a.name for a in agreed.outbound("acme", "Order", lane="test")] == ["acme-erp-orders-test"]


def test_the_page_on_sending_goes_on_with_the_same_files():
    assert SENDING.read_text().count("```toml\n") == SENDING.read_text().count("```toml\n# partners/")
    agreed = load(files(PAGE, SENDING))
    assert [str(one) for one in check(agreed) if one.severity is Severity.ERROR] == []
    plain, way = agreed.outbound("acme", "OrderResponse", to="initrode")
    assert (plain.having, way.having) == ((), ("sequence_number_id",))
    assert (way.batch, way.batch_documents, way.time_zone) == ("window", 500, "America/New_York")
    assert (way.envelope.control_number_start, way.envelope.group_sender) == (1000, "ACMEUS")
    at = 1_795_190_400_000_000  # Friday, 20 November 2026, 16:00 UTC
    assert way.next_time(at) - at == 15 * 60 * 1_000_000
