"""The three documents of a parcel against its list: what agrees is matched, and what does not is said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from gateway.cli.main import root
from gateway.codecs.dxp import DxpMessage, write_dxp
from gateway.handlers.customs import messages_of
from gateway.handlers.customs.matching import Match, match
from tests.customs import made


def matched(bodies: Sequence[bytes]) -> list[Match]:
    return match(kept for body in bodies for kept in messages_of(made.text(body)))


def parcel(**changes: dict[str, Any]) -> list[bytes]:
    """The four documents, each with other values where they are given: ``payment={"amountPaid": "1"}``."""
    makers = (("311", made.order), ("411", made.payment), ("511", made.waybill), ("621", made.inventory))
    return [made.message(number, maker(**changes.get(maker.__name__, {}))) for number, maker in makers]


def test_documents_that_agree_are_matched() -> None:
    (found,) = matched(parcel())
    assert (found.platform, found.order, found.matched) == ("4401960X01", "PO-1", True)


@pytest.mark.parametrize(
    ("slot", "change", "left", "right"),
    [
        ("payment", {"amountPaid": "290"}, "order acturalPaid", "payment amountPaid"),
        ("payment", {"payerName": "李雷"}, "order buyerName", "payment payerName"),
        ("waybill", {"consigneeTelephone": "13911111111"}, "order consigneeTelephone", "waybill consigneeTelephone"),
        ("waybill", {"weight": "1.3"}, "waybill weight", "list grossWeight"),
        ("waybill", {"freight": "11"}, "waybill freight", "list freight"),
        ("inventory", {"ebcCode": "4401960X02"}, "order ebcCode", "list ebcCode"),
        ("inventory", {"buyerIdNumber": "990101199001010024"}, "order buyerIdNumber", "list buyerIdNumber"),
    ],
)
def test_what_differs_is_named_on_both_sides(slot: str, change: dict[str, str], left: str, right: str) -> None:
    (found,) = matched(parcel(**{slot: change}))
    assert [(each.left, each.right) for each in found.differences] == [(left, right)]
    assert not found.matched


def test_values_of_persons_are_compared_and_not_shown() -> None:
    (found,) = matched(parcel(payment={"payerName": "李雷", "payerIdNumber": "990101199001010024"}))
    assert len(found.differences) == 2
    assert all((each.left_value, each.right_value) == ("", "") for each in found.differences)
    assert "李雷" not in repr(found)


def test_lines_are_compared_by_number_and_prices_may_differ_by_a_twentieth() -> None:
    list_ = made.inventory()
    first, second = list_["InventoryList"]
    first |= {"price": "104", "totalPrice": "208"}
    second |= {"qty": "4", "price": "25"}
    bodies = [*parcel()[:3], made.message("621", list_)]
    (found,) = matched(bodies)
    assert [(each.left, each.right_value) for each in found.differences] == [
        ("order line 2 qty", "4"),
        ("order line 2 price", "25"),
    ]
    assert found.differences[1].tolerance == "1.01"
    del list_["InventoryList"][1]
    (found,) = matched([*parcel()[:3], made.message("621", list_)])
    assert [(each.left_value, each.right_value) for each in found.differences] == [("order 2", "")]


def test_what_is_missing_is_said_and_what_is_there_is_compared() -> None:
    order, payment, _, _ = parcel(payment={"amountPaid": "1"})
    (found,) = matched([payment, order])
    assert found.missing == ("waybill", "list")
    assert [each.left for each in found.differences] == ["order acturalPaid"]


def test_the_latest_version_of_a_document_counts_and_a_deleted_one_is_gone() -> None:
    wrong, right = {"appTime": "20260131120000", "amountPaid": "1"}, {"appTime": "20260131130000", "appType": "2"}
    first, second = (made.message("411", made.payment(**values)) for values in (wrong, right))
    for order in ([first, second], [second, first]):
        assert matched([*parcel()[:1], *parcel()[2:], *order])[0].matched
    gone = made.message("411", made.payment(appTime="20260131140000", appType="3"))
    assert matched([*parcel(), gone])[0].missing == ("payment",)


@given(st.permutations(range(8)))
def test_several_orders_in_any_order_are_kept_apart(order: list[int]) -> None:
    bodies = [*made.parcel("PO-1"), *made.parcel("PO-2")]
    found = matched([bodies[place] for place in order])
    assert [(each.order, each.matched) for each in found] == [("PO-1", True), ("PO-2", True)]


# The commands


def files(folder: Path, *bodies: bytes) -> list[str]:
    paths = [folder / f"{number}.xml" for number, _ in enumerate(bodies)]
    for path, body in zip(paths, bodies, strict=True):
        path.write_bytes(body)
    return [str(path) for path in paths]


def run(*words: str) -> tuple[int, str]:
    found = CliRunner().invoke(root, ["customs", *words])
    return found.exit_code, found.output


def test_match_tells_people_and_programs(tmp_path: Path) -> None:
    code, text = run("match", *files(tmp_path, *parcel()))
    assert (code, text) == (0, "order PO-1: matched\n")
    code, text = run("match", *files(tmp_path, *parcel(payment={"amountPaid": "1"})[:2]))
    assert code == 1
    assert text.splitlines() == [
        "order PO-1: not matched",
        "  missing: waybill, list",
        "  order acturalPaid '289' is not payment amountPaid '1' (less than 0.01 is let pass)",
    ]
    code, text = run("match", "--json", *files(tmp_path, *parcel()))
    assert json.loads(text) == {
        "platform": "4401960X01",
        "order": "PO-1",
        "matched": True,
        "missing": [],
        "differences": [],
    }


def test_status_tells_where_a_list_stands_from_files_in_any_order(tmp_path: Path) -> None:
    registered = made.answer("120", "20260131140000000")
    released = made.answer("800", "20260131150000000", invtNo="510020261000000001", returnInfo="放行")
    wrapped = DxpMessage("m", "DXPEDCCEB0000002", ("DXPENT0000099999",), "2026-01-31T15:00:00", "CEB622Message", b"")
    envelope = write_dxp(wrapped._replace(data=made.receipts(released)))
    bodies = (envelope, made.message("621", made.inventory()), made.receipts(registered))
    code, text = run("status", *files(tmp_path, *bodies))
    assert code == 0
    assert text.splitlines()[0] == "621 C-PO-1: released since 2026-01-31 15:00:00"
    assert "放行" in text
    assert "invtNo 510020261000000001" in text


def test_status_fails_where_something_was_rejected(tmp_path: Path) -> None:
    body = made.receipts(made.answer("100", returnInfo="身份证不符"))
    code, text = run("status", *files(tmp_path, body))
    assert code == 1
    assert "621 C-PO-1: rejected since 2026-01-31 14:00:00" in text
    assert "身份证不符" in text


def test_a_file_that_is_no_customs_message_is_refused_by_name(tmp_path: Path) -> None:
    code, text = run("status", *files(tmp_path, b"<a/>"))
    assert code == 2
    assert "0.xml: It is no message of CEB." in text


def test_detect_and_validate_know_customs_messages(tmp_path: Path) -> None:
    (path,) = files(tmp_path, made.message("311", made.order(goodsValue="300")))
    found = CliRunner().invoke(root, ["detect", "--json", path])
    assert json.loads(found.output)["documents"][0]["type"] == "CEB311Message"
    found = CliRunner().invoke(root, ["validate", path])
    assert "CEB-SUM" in found.output
    assert found.exit_code == 0  # customs may refuse it; the message is in order
