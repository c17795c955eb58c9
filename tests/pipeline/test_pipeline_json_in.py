"""What our ERP writes as JSON comes in, and goes to whom it is for."""

from __future__ import annotations

import json
from typing import Any

from gateway.canonical import DOCUMENTS
from gateway.expectations import release
from gateway.store.ids import Reference
from tests.pipeline.orders import edifact, message, order, x12
from tests.pipeline.partners import to_globex, to_initech
from tests.pipeline.yard import AT, ERP, GLOBEX, Yard, segments

#: The ERP's purchase orders go to suppliers: whoever has agreed to get them from Acme.
ERP_IN = """\
[[endpoint]]
name = "erp-in"
connector = "directory"
direction = "in"
path = "in/erp"
[[agreement]]
name = "erp-purchases"
with = "acme"
direction = "in"
standard = "json"
document = "Order"
"""


def purchase(number: str = "P-1", **more: Any) -> dict[str, Any]:
    return {
        "document": "Order",
        "id": number,
        "issue_date": "2026-11-20",
        "order_type_code": "220",
        "buyer_customer_party": {"id": {"value": "0042", "scheme_id": "buyer-assigned"}},
        "order_lines": [{"id": "1", "quantity": {"value": "5", "unit_code": "EA"}, "price": {"price_amount": "18.5"},
                         "item": {"sellers_item_identification": "AT-1"}}],
    } | more  # fmt: skip


def lines(*documents: Any) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in documents)


def agree(yard: Yard, more: str = "", **parties: str) -> None:
    """Without the ERP's own getting of orders, unless a test wants it."""
    erp = ERP[: ERP.index("[[agreement]]")] + ERP_IN + more
    yard.agree(**{"acme_erp": erp, "globex": to_globex(), **parties})


def bought(yard: Yard, endpoint: str = "globex-out") -> list[str]:
    return [segment for body in yard.to(endpoint) for segment in segments(body, "BEG", "BGM")]


def held(yard: Yard) -> tuple[str, str]:
    code = yard.one("SELECT code FROM holds WHERE released_at IS NULL")
    return code, yard.one("SELECT text FROM holds WHERE released_at IS NULL")


def test_a_document_goes_to_the_only_party_that_gets_it(yard: Yard) -> None:
    agree(yard)
    came = yard.arrive(lines(purchase()), "erp-in")
    assert bought(yard) == ["BEG*00*SA*P-1**20261120"]
    assert yard.status(came) == "translated"
    assert yard.column("SELECT party || ' ' || lane || ' ' || format FROM transmissions ORDER BY id LIMIT 1") == [
        "acme-erp production json"
    ]
    assert yard.statuses() == ["handled"]
    assert yard.nothing_left()


def test_what_we_write_out_is_read_back_in(yard: Yard) -> None:
    yard.arrive(x12(1, order("A"), order("B")))
    (written,) = yard.to("erp-out")
    agree(yard)
    yard.arrive(written, "erp-in")
    assert [segment.split("*")[3] for segment in bought(yard)] == ["A", "B"]


def test_one_document_over_many_lines_is_a_file_too(yard: Yard) -> None:
    agree(yard)
    yard.arrive(json.dumps(purchase(), indent=2).encode(), "erp-in")
    assert len(bought(yard)) == 1


# Whom it is for


def test_the_envelope_of_a_line_names_the_party(yard: Yard) -> None:
    agree(yard, initech=to_initech())
    yard.arrive(
        lines({"to": "initech", "content": purchase("P-1")}, {"to": "globex", "content": purchase("P-2")}), "erp-in"
    )
    assert [segment.split("*")[3] for segment in bought(yard)] == ["P-2"]
    assert [segment.split("+")[2] for segment in bought(yard, "initech-out")] == ["P-1"]


def test_the_route_of_the_agreement_names_another_agreement(yard: Yard) -> None:
    agree(yard, 'route = "initech-purchases"\n', initech=to_initech())
    yard.arrive(lines(purchase()), "erp-in")
    assert (len(bought(yard)), len(bought(yard, "initech-out"))) == (0, 1)


def test_a_document_of_a_known_order_goes_to_the_party_of_that_order(yard: Yard) -> None:
    agree(yard, initech=to_initech())
    yard.arrive(edifact("1", message("P-7", 1)), "initech-in")
    yard.sent.clear()
    yard.arrive(lines(purchase("P-7")), "erp-in")
    assert (len(bought(yard)), len(bought(yard, "initech-out"))) == (0, 1)


def test_nothing_decides_between_two(yard: Yard) -> None:
    agree(yard, initech=to_initech())
    yard.arrive(lines(purchase()), "erp-in")
    code, text = held(yard)
    assert code == "GTW-ROUTE"
    assert "globex, initech get it from acme" in text
    assert 'route = "globex-purchases" in agreement erp-purchases' in text
    agree(yard, 'route = "globex-purchases"\n', initech=to_initech())
    release(yard.database, yard.inbound(0), "ann", AT)
    yard.work()
    assert len(bought(yard)) == 1


def test_a_party_that_gets_no_such_document_is_told_with_the_lines_that_would_admit_it(yard: Yard) -> None:
    agree(yard, globex=GLOBEX)
    yard.arrive(lines({"to": "globex", "content": purchase()}), "erp-in")
    code, text = held(yard)
    assert code == "GTW-ROUTE"
    assert "globex has not agreed to get it from acme in the production lane" in text
    for line in ('name = "globex-order-out"', 'direction = "out"', 'mapping = "x12/850"', 'endpoint = "globex-out"'):
        assert line in text
    yard.agree(globex=to_globex())
    release(yard.database, yard.inbound(0), "ann", AT)
    yard.work()
    assert len(bought(yard)) == 1


def test_a_party_that_there_is_not_is_told(yard: Yard) -> None:
    agree(yard)
    yard.arrive(lines({"to": "globix", "content": purchase()}), "erp-in")
    assert 'There is no party "globix"' in held(yard)[1]


def test_a_test_document_leaves_on_the_test_lane_or_not_at_all(yard: Yard) -> None:
    test_lane = 'lane = "test"\n'
    agree(yard, ERP_IN[ERP_IN.index("[[agreement]]") :].replace("erp-purchases", "erp-trials") + test_lane)
    yard.arrive(lines({"lane": "test", "content": purchase()}), "erp-in")
    assert bought(yard) == []
    assert held(yard)[0] == "GTW-ROUTE"
    yard.arrive(
        lines({"lane": "test", "content": purchase("X")}, {"lane": "production", "content": purchase("Y")}), "erp-in"
    )
    assert yard.count("transmissions", "status = 'held'") == 1


def test_an_agreement_that_is_gone_holds_what_came_in_by_it(yard: Yard) -> None:
    agree(yard)
    yard.put(lines(purchase()), "erp-in")
    worker = yard.worker(limit=1)
    while not yard.count("documents"):
        assert worker.run_once()
    worker.close()
    with_agreement = yard.partners["acme-erp"]
    yard.agree(acme_erp=with_agreement.split("[[agreement]]")[0])
    yard.work()
    assert held(yard)[0] == "GTW-AGREEMENT"
    yard.agree(acme_erp=with_agreement)
    release(yard.database, yard.inbound(0), "ann", AT)
    yard.work()
    assert len(bought(yard)) == 1


# What is wrong


def test_what_does_not_fit_is_refused_with_line_and_field_and_its_siblings_go(yard: Yard) -> None:
    agree(yard)
    wrong = purchase("P-2")
    wrong["order_lines"][0]["quantity"]["value"] = "five"
    came = yard.arrive(
        lines(purchase("P-1"), wrong) + b'{"document":"Order",\n' + lines({"document": "Ordre"}), "erp-in"
    )
    assert yard.statuses() == ["handled", "refused", "refused", "refused"]
    assert len(bought(yard)) == 1
    found = [
        json.loads(data)
        for data in yard.column("SELECT data FROM issues WHERE transmission_id = :i ORDER BY id", i=came.id)
    ]
    assert [issue["code"] for issue in found] == ["CAN-FIELD", "CAN-JSON", "CAN-KIND"]
    assert found[0]["location"]["tag"] == "line 2"
    assert found[0]["location"]["field"] == "order_lines[0].quantity.value"
    assert "order_lines[0].quantity.value: " in found[0]["text"]
    assert found[2]["text"] == f'This is no canonical document: "Ordre" is none of {", ".join(sorted(DOCUMENTS))}.'
    assert yard.column("SELECT status FROM interchanges WHERE direction = 'in'") == ["partial"]


def test_the_same_file_again_is_a_repeat(yard: Yard) -> None:
    agree(yard)
    yard.arrive(lines(purchase()), "erp-in")
    again = yard.arrive(lines(purchase()), "erp-in")
    assert yard.status(again) == "duplicate"
    assert len(bought(yard)) == 1


def test_a_file_that_nobody_agreed_on_is_held_with_the_lines_that_would_admit_it(yard: Yard) -> None:
    agree(yard)
    yard.agree(acme_erp=yard.partners["acme-erp"].split("[[agreement]]")[0])
    came = yard.arrive(lines(purchase()), "erp-in")
    assert yard.status(came) == "held"
    code, text = held(yard)
    assert code == "GTW-AGREEMENT"
    assert 'document = "Order"' in text
    agree(yard)
    release(yard.database, came, "ann", AT)
    yard.work()
    assert len(bought(yard)) == 1


def test_a_file_that_came_through_nobodys_door_is_held(yard: Yard) -> None:
    agree(yard)
    yard.arrive(lines(purchase()), "by hand")
    code, text = held(yard)
    assert code == "GTW-SENDER"
    assert "--from" in text


def test_json_that_is_something_else_is_held(yard: Yard) -> None:
    yard.arrive(b'{"hello": "world"}', "globex-in")
    assert held(yard)[0] == "GTW-FORMAT"


def test_json_that_is_broken_is_held_with_the_place(yard: Yard) -> None:
    yard.arrive(b'{"id": "PO-1",}', "globex-in")
    code, text = held(yard)
    assert code == "CAN-JSON"
    assert "at character 15" in text


def test_a_large_file_goes_in_chunks_and_once(yard: Yard) -> None:
    yard.chunk = 3
    agree(yard)
    yard.agree(globex=to_globex(batch='"interchange"'))
    came = yard.arrive(lines(*(purchase(f"P-{n}") for n in range(10))), "erp-in")
    assert yard.status(came) == "translated"
    assert [segment.split("*")[3] for segment in bought(yard)] == [f"P-{n}" for n in range(10)]
    assert len(yard.to("globex-out")) == 1
    assert Reference("transmission", came.id) == came
