"""The log tells what was committed: each line with the ids it speaks of, and with what caused it."""

from __future__ import annotations

from structlog.testing import capture_logs

from tests.pipeline.orders import order, x12
from tests.pipeline.yard import Yard


def test_every_line_of_an_order_names_its_ids_party_type_and_control_number(yard: Yard) -> None:
    with capture_logs() as lines:
        arrived = yard.arrive(x12(1, order("A")))
    told = {line["event"]: line for line in lines}
    assert {line["correlation"] for line in lines} == {str(arrived)}
    assert told["transmission.received"]["transmission"] == str(arrived)
    interchange = told["interchange.accepted"]
    assert (interchange["party"], interchange["type"], interchange["control_number"]) == ("globex", "x12", "000000001")
    entered = told["order.received"]
    assert (entered["party"], entered["type"], entered["control_number"]) == ("globex", "850", "0001")
    assert entered["document"].startswith("doc_")
    assert entered["interchange"] == interchange["interchange"]
    assert told["transmission.delivered"]["transmission"] != str(arrived)
