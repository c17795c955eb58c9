"""Commands take UBL as they take the other formats."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Command

ORDER = Path(__file__).parents[1] / "data" / "ubl" / "order.xml"


def test_detect_says_what_an_order_is_and_between_whom(crossdock: Command) -> None:
    (found,) = crossdock("detect", "--json", ORDER).records
    assert (found["standard"], found["version"]) == ("ubl", "2.1")
    assert (found["sender"], found["receiver"]) == ("0088:5412345000013", "0088:4098765000010")
    assert found["documents"][0]["type"] == "Order"
    assert found["documents"][0]["control_numbers"] == ["PO-4711"]


def test_validate_adds_up_what_is_well_formed_and_says_where_it_differs(crossdock: Command, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.xml"
    wrong.write_text(ORDER.read_text("utf-8").replace(">47.50<", ">48.50<"), "utf-8")
    ran = crossdock("validate", "--json", wrong)
    assert ran.code == 0
    found = [
        (issue["code"], issue["location"]["field"], issue["location"]["tag"]) for issue in ran.records[0]["issues"]
    ]
    amount = "cac:OrderLine[1]/cac:LineItem/cbc:LineExtensionAmount"
    assert found[0] == ("TRD-LINE-AMOUNT", "order_lines[0].line_extension_amount", amount)


def test_validate_names_line_and_path_of_what_is_wrong(crossdock: Command, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.xml"
    text = ORDER.read_text("utf-8")
    text = text.replace("<cbc:IssueDate>2026-01-15</cbc:IssueDate>", "<cbc:IssueDate>2026-02-30</cbc:IssueDate>")
    text = text.replace(' unitCode="C62">7', ' unit="C62">7').replace(
        "<cbc:PriceAmount currencyID", "<cbc:PriceAmount x"
    )
    wrong.write_text(text.replace("<cbc:Name>Hex nut</cbc:Name>", "<cbc:Title>Hex nut</cbc:Title>"), "utf-8")
    ran = crossdock("validate", "--json", wrong)
    assert ran.code == 1
    document, file = ran.records
    assert (document["type"], document["reference"], document["valid"], file["documents"]) == (
        "Order",
        "PO-4711",
        False,
        1,
    )
    found = [(issue["code"], issue["location"]["loop"]) for issue in document["issues"]]
    line = "/Order/cac:OrderLine[2]/cac:LineItem"
    assert found == [
        ("XML-E06", "/Order/cbc:IssueDate"),
        ("XML-E03", "/Order/cac:OrderLine[1]/cac:LineItem/cac:Price/cbc:PriceAmount"),
        ("XML-E01", "/Order/cac:OrderLine[1]/cac:LineItem/cac:Price/cbc:PriceAmount"),
        ("XML-E03", f"{line}/cbc:Quantity"),
        ("XML-E03", f"{line}/cac:Price/cbc:PriceAmount"),
        ("XML-E01", f"{line}/cac:Price/cbc:PriceAmount"),
        ("XML-S01", f"{line}/cac:Item/cbc:Title"),
    ]
    assert document["issues"][0]["location"]["line"] == text[: text.index("<cbc:IssueDate>")].count("\n") + 1


def test_a_version_without_tables_is_checked_by_the_usual_one_and_says_so(crossdock: Command, tmp_path: Path) -> None:
    other = tmp_path / "other.xml"
    other.write_text(ORDER.read_text("utf-8").replace(">2.1<", ">2.4<"), "utf-8")
    document, _ = crossdock("validate", "--json", other).records
    assert [issue["code"] for issue in document["issues"]] == ["XML-V02"]
    assert document["valid"]


def test_a_version_that_names_the_standard_too_is_that_version(crossdock: Command, tmp_path: Path) -> None:
    """Colombia's DIAN asks for the word before the number."""
    other = tmp_path / "other.xml"
    other.write_text(ORDER.read_text("utf-8").replace(">2.1<", ">UBL 2.1<"), "utf-8")
    document, _ = crossdock("validate", "--json", other).records
    assert (document["version"], document["issues"], document["valid"]) == ("2.1", [], True)


def test_a_doctype_is_refused(crossdock: Command, tmp_path: Path) -> None:
    other = tmp_path / "other.xml"
    other.write_text(ORDER.read_text("utf-8").replace("?>\n", '?>\n<!DOCTYPE Order [<!ENTITY a "b">]>\n'), "utf-8")
    document, _ = crossdock("validate", "--json", other).records
    assert [issue["code"] for issue in document["issues"]] == ["XML-D02"]


def test_a_ready_file_is_not_sent_and_it_is_told_what_can_be(crossdock: Command) -> None:
    sent = crossdock("send", ORDER, "--to", "globex")
    assert sent.code == 2
    assert "it is not sent as it stands" in sent.err
    assert "crossdock translate FILE --to canonical" in sent.err


@pytest.mark.parametrize(("type", "root"), [("380", "Invoice"), ("381", "CreditNote")])
def test_an_invoice_is_translated_into_what_its_type_says(
    crossdock: Command, tmp_path: Path, type: str, root: str
) -> None:
    file = tmp_path / "invoice.json"
    file.write_text(
        f'{{"document": "Invoice", "id": "I-1", "issue_date": "2026-11-24", "invoice_type_code": "{type}"}}', "utf-8"
    )
    ran = crossdock("translate", file, "--to", "ubl")
    assert f"<{root} xmlns=" in ran.out


def test_a_cancelled_order_is_translated_into_a_document_of_its_own(crossdock: Command, tmp_path: Path) -> None:
    file = tmp_path / "change.json"
    change = '{"document": "OrderChange", "id": "CH-1", "order_reference": {"id": "A"}, "function_code": "%s"}'
    for function, root in (("cancellation", "OrderCancellation"), ("change", "OrderChange")):
        file.write_text(change % function, "utf-8")
        assert f"<{root} xmlns=" in crossdock("translate", file, "--to", "ubl").out
