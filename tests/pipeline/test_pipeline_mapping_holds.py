"""What is in order and cannot be mapped is held: accepted, its siblings go on, its key waits for it."""

from __future__ import annotations

import json

import pytest

from gateway.expectations import cancel, release
from gateway.handlers import Emission, Inbound, Outcome
from tests.pipeline.orders import REPLACE, edifact, message, order, x12
from tests.pipeline.yard import AT, BUNDLED, ERP, GLOBEX, Yard, segments

#: A function code that the schema knows and the bundled mapping does not.
UNKNOWN = "15"


def teach(yard: Yard) -> None:
    """The mapping gets the line that was missing."""
    codes = "codes/x12_function.toml"
    yard.mappings[codes] = (BUNDLED.mappings.files(codes) or "") + f'{UNKNOWN} = "original"\n'


def test_an_unknown_code_holds_the_document_and_no_sibling(yard: Yard) -> None:
    sent = yard.arrive(x12(7, order("A"), order("B", function=UNKNOWN), order("C")))
    assert yard.status(sent) == "translated"
    assert yard.statuses() == ["handled", "held", "handled"]
    assert yard.issues(yard.inbound(1))[0] == "MAP-CODE"
    assert yard.column("SELECT code FROM holds") == ["MAP-CODE"]
    assert segments(yard.to("globex-out")[0], "AK9") == ["AK9*A*3*3*3"]  # in order it is: we owe the rest
    assert yard.erp() == [["A", "C"]]


def test_its_key_waits_for_it_and_no_other(yard: Yard) -> None:
    yard.arrive(x12(7, order("A", function=UNKNOWN)))
    yard.arrive(x12(8, order("A", function=REPLACE, quantity=9), order("B")))
    assert yard.statuses() == ["held", "ready", "handled"]
    assert yard.column("SELECT number FROM orders") == ["B"]


def test_released_after_the_mapping_was_changed_it_is_read_again_and_handled(yard: Yard) -> None:
    yard.arrive(x12(7, order("A"), order("B", function=UNKNOWN)))
    yard.arrive(x12(8, order("B", function=REPLACE, quantity=9)))
    assert yard.statuses() == ["handled", "held", "ready"]
    before = yard.one("SELECT mapping_digest FROM documents WHERE status = 'held'")
    teach(yard)
    release(yard.database, yard.inbound(1), "ann", AT)
    yard.work()
    assert yard.statuses() == ["handled"] * 3
    assert yard.column("SELECT action FROM order_history ORDER BY id") == ["create", "create", "replace"]
    assert sorted(number for file in yard.erp() for number in file) == ["A", "B", "B"]
    row = yard.inbound(1)
    assert yard.one("SELECT mapping_digest FROM documents WHERE id = :i", i=row.id) != before
    assert yard.one("SELECT business_key FROM documents WHERE id = :i", i=row.id) == "order:B"
    assert yard.nothing_left()


def test_released_without_a_change_it_is_held_again(yard: Yard) -> None:
    yard.arrive(x12(7, order("A", function=UNKNOWN)))
    release(yard.database, yard.inbound(), "ann", AT)
    yard.work()
    assert yard.statuses() == ["held"]
    assert yard.count("holds", "released_at IS NULL") == 1
    assert yard.one("SELECT pending FROM interchanges WHERE direction = 'in'") == 0


def test_cancelled_it_lets_its_key_go_on(yard: Yard) -> None:
    yard.arrive(x12(7, order("A", function=UNKNOWN)))
    yard.arrive(x12(8, order("A", quantity=9)))
    cancel(yard.database, yard.inbound(), "ann", AT)
    yard.work()
    assert yard.statuses() == ["cancelled", "handled"]
    assert yard.nothing_left()


def test_a_mapping_that_is_broken_holds_what_needs_it(yard: Yard) -> None:
    yard.mappings["x12/850.toml"] = 'format = "x12 004010 850"\ndocument = "Order"\nmap = "BEG * {no_such_field}"\n'
    yard.arrive(x12(7, order("A"), order("B")))
    yard.arrive(edifact("1", message("C", 1)), "initech-in")
    assert yard.statuses() == ["held", "held", "handled"]
    assert set(yard.column("SELECT code || '/' || condition FROM holds")) == {"GTW-MAPPING/configuration"}
    yard.mappings.clear()
    for position in (0, 1):
        release(yard.database, yard.inbound(position), "ann", AT)
    yard.work()
    assert yard.statuses() == ["handled"] * 3
    assert yard.erp() == [["C"], ["A", "B"]]


def test_data_without_a_place_is_reported_and_carried_along(yard: Yard) -> None:
    yard.arrive(x12(7, [*order("A")[:1], "REF*ZZ*77", "DTM*017*20261201", *order("A")[1:]]))
    assert yard.statuses() == ["handled"]
    line = json.loads(yard.to("erp-out")[0])
    assert [extension["text"] for extension in line["extensions"]] == ["DTM*017*20261201"]
    told = yard.one("SELECT data FROM events WHERE name = 'document.ready'")
    assert json.loads(told)["unmapped"] == 1


def test_data_without_a_place_holds_the_document_where_that_is_agreed(yard: Yard) -> None:
    yard.agree(globex=f'{GLOBEX}unmapped = "hold"\n')
    yard.arrive(x12(7, order("A"), [*order("B")[:1], "DTM*017*20261201", *order("B")[1:]]))
    assert yard.statuses() == ["handled", "held"]
    assert yard.column("SELECT code FROM holds") == ["GTW-UNMAPPED"]
    assert yard.issues(yard.inbound(1)) == ["MAP-UNMAPPED"]
    release(yard.database, yard.inbound(1), "ann", AT)
    yard.work()
    assert yard.erp() == [["A"], ["B"]]


# Who handles it


class Listening:
    """A handler of its own mind."""

    name = "listening"

    def __init__(self, *documents: str) -> None:
        self.documents = frozenset(documents)
        self.heard: list[str] = []

    def load(self, connection: object, batch: object) -> dict[int, None]:
        return {}

    def handle(self, inbound: Inbound, record: object, changes: object) -> Outcome:
        self.heard.append(inbound.document.id)
        return Outcome(event="listened")


def test_a_document_that_nobody_handles_is_held_and_goes_on_when_somebody_does(yard: Yard) -> None:
    yard.handlers = ()
    yard.arrive(x12(7, order("A")))
    assert yard.statuses() == ["held"]
    assert yard.column("SELECT code || '/' || condition FROM holds") == ["GTW-HANDLER/configuration"]
    assert segments(yard.to("globex-out")[0], "AK9") == ["AK9*A*1*1*1"]
    yard.handlers = (listener := Listening("Order"),)
    release(yard.database, yard.inbound(), "ann", AT)
    yard.work()
    assert yard.statuses() == ["handled"]
    assert listener.heard == ["A"]


def test_the_agreement_names_its_handlers(yard: Yard) -> None:
    listener = Listening("Order")
    yard.handlers = (*yard.handlers, listener)
    yard.agree(globex=f'{GLOBEX}handlers = ["listening"]\n')
    yard.arrive(x12(7, order("A")))
    assert listener.heard == ["A"]
    assert yard.count("orders") == 0


ROUTED = f'{GLOBEX}route = "erp-orders"\n'


def test_a_route_passes_the_document_on_unhandled(yard: Yard) -> None:
    yard.agree(globex=ROUTED)
    yard.arrive(x12(7, order("A")))
    assert yard.statuses() == ["handled"]
    assert yard.count("orders") == 0
    assert yard.erp() == [["A"]]
    assert "document.routed" in yard.column("SELECT name FROM events")


def test_a_routed_document_that_was_held_goes_on_whole(yard: Yard) -> None:
    yard.agree(globex=ROUTED)
    yard.arrive(x12(7, order("A", function=UNKNOWN)))
    assert yard.statuses() == ["held"]
    teach(yard)
    release(yard.database, yard.inbound(), "ann", AT)
    yard.work()
    assert yard.statuses() == ["handled"]
    assert yard.erp() == [["A"]]


def test_a_route_leads_out_of_no_other_lane(yard: Yard) -> None:
    """A test order on a route to the production ERP: the configuration says so before any document is met."""
    from gateway.core.errors import ConfigurationError

    yard.agree(globex=f'{ROUTED}lane = "test"\n', acme_erp=ERP)
    with pytest.raises(ConfigurationError, match="lane"):
        assert yard.agreements


def test_what_a_handler_emits_goes_to_everybody_who_agreed_to_get_it(yard: Yard) -> None:
    class Telling(Listening):
        def handle(self, inbound: Inbound, record: object, changes: object) -> Outcome:
            told = Emission(canonical="Order", from_party="acme", business_key="order:T", body=b'{"id": "T"}')
            return Outcome(emissions=(told,))

    yard.handlers = (Telling("Order"),)
    second = ERP.replace("acme-erp", "acme-archive").replace("erp-o", "archive-o").replace("out/erp", "out/archive")
    yard.agree(acme_archive=second)
    yard.arrive(x12(7, order("A")))
    assert yard.to("erp-out") == yard.to("archive-out") == [b'{"id": "T"}\n']
