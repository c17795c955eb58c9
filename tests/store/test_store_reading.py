"""Reading for the steps, searching, tracing."""

from __future__ import annotations

import pytest

from gateway.core.errors import NotFoundError, UsageError
from gateway.store import Changes, Database, Step, commit, queries
from gateway.store.ids import Reference, parse, show
from gateway.store.search import Filter, find_documents, find_transmissions
from gateway.store.timeline import timeline
from tests.store import making
from tests.store.making import AT, received


def story(database: Database) -> dict[str, int]:
    """An interchange of two orders from Acme: the first is answered, both interchanges acknowledged."""
    changes = Changes(AT)
    ids = {"in": making.transmission(changes, "orders.edi")}
    changes.update("transmissions", ids["in"], party="acme")
    ids["ic"] = making.interchange(changes, ids["in"], control_number="000000042", identity="x12|42")
    for position, name in enumerate(("first", "second"), 1):
        values = {"transmission_id": ids["in"], "interchange_id": ids["ic"], "position": position}
        parties = {"from_party": "acme", "to_party": "globex", "business_key": f"order:{name}"}
        ids[name] = making.document(changes, **values, **parties, control_number=f"000{position}", payload_id=None)
        changes.event("document.translated", transmission_id=ids["in"], document_id=ids[name])
    out = {"direction": "out", "endpoint": "acme-out", "size": 3, "sha256": "-", "status": "delivered"}
    ids["receipt"] = changes.new("transmissions", transport_id="997", parent_id=ids["in"], party="acme", **out)
    ids["sent"] = changes.new("transmissions", transport_id="855", party="acme", **out)
    ids["reply"] = making.document(
        changes,
        direction="out",
        type="855",
        status="sent",
        parent_id=ids["first"],
        source_interchange_id=ids["ic"],
        transmission_id=ids["sent"],
        from_party="globex",
        to_party="acme",
    )
    changes.new("expectations", kind="997", party="acme", due=AT, document_id=ids["reply"])
    changes.event("transmission.delivered", transmission_id=ids["sent"])
    commit(database, changes)
    return {name: changes.real(local) for name, local in ids.items()}


def test_rows_by_ids(database: Database) -> None:
    ids = story(database)
    with database.read() as connection:
        found = queries.rows(connection, "documents", [ids["first"], ids["reply"], 999_999], "id", "type")
        assert {id: row.type for id, row in found.items()} == {ids["first"]: "850", ids["reply"]: "855"}
        assert queries.rows(connection, "documents", []) == {}


def test_open_work(database: Database) -> None:
    story(database)
    with database.read() as connection:
        assert [(row.step, row.number) for row in queries.open_work(connection)] == [(Step.TRANSLATE, 1)]


def test_archived_texts(database: Database) -> None:
    changes = Changes(AT)
    changes.archive("agreement", "d", "acme.toml", "[party]")
    commit(database, changes)
    with database.read() as connection:
        assert queries.archived(connection, "agreement", "d") == ("acme.toml", "[party]")
        assert queries.archived(connection, "agreement", "e") is None


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Filter(), ["reply", "second", "first"]),
        (Filter(limit=1), ["reply"]),
        (Filter(direction="in"), ["second", "first"]),
        (Filter(party="acme"), ["reply", "second", "first"]),
        (Filter(party="initech"), []),
        (Filter(type="855", status="sent"), ["reply"]),
        (Filter(key="order:first"), ["first"]),
        (Filter(control="0002"), ["second"]),
        (Filter(control="000000042"), ["second", "first"]),
        (Filter(since=AT, until=AT + 1), ["reply", "second", "first"]),
        (Filter(until=AT), []),
    ],
)
def test_documents_are_found(database: Database, wanted: Filter, names: list[str]) -> None:
    ids = story(database)
    with database.read() as connection:
        assert [row.id for row in find_documents(connection, wanted)] == [ids[name] for name in names]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Filter(party="acme"), ["sent", "receipt", "in"]),
        (Filter(direction="out", status="delivered"), ["sent", "receipt"]),
        (Filter(type="850"), ["in"]),
        (Filter(key="order:second"), ["in"]),
        (Filter(control="000000042"), ["in"]),
        (Filter(control="0001"), ["in"]),
        (Filter(since=AT + 1), []),
    ],
)
def test_transmissions_are_found(database: Database, wanted: Filter, names: list[str]) -> None:
    ids = story(database)
    with database.read() as connection:
        assert [row.id for row in find_transmissions(connection, wanted)] == [ids[name] for name in names]


def test_the_timeline_of_a_document_leaves_its_siblings_out(database: Database) -> None:
    ids = story(database)
    found = timeline(database, Reference("document", ids["first"]))
    assert {row["id"] for row in found.documents} == {ids["first"], ids["reply"]}
    assert {row["id"] for row in found.transmissions} == {ids["in"], ids["receipt"], ids["sent"]}
    assert [row["name"] for row in found.events] == [
        "transmission.received",
        "document.translated",
        "transmission.delivered",
    ]
    assert [row["kind"] for row in found.expectations] == ["997"]
    assert found.holds == []


def test_the_timeline_of_a_transmission_shows_all_that_came_of_it(database: Database) -> None:
    ids = story(database)
    received(database, "unrelated")
    found = timeline(database, Reference("transmission", ids["in"]))
    assert {row["id"] for row in found.documents} == {ids["first"], ids["second"], ids["reply"]}
    assert {row["id"] for row in found.transmissions} == {ids["in"], ids["receipt"], ids["sent"]}
    assert [row["id"] for row in found.interchanges] == [ids["ic"]]


def test_what_does_not_exist_has_no_timeline(database: Database) -> None:
    with pytest.raises(NotFoundError, match="doc_7"):
        timeline(database, Reference("document", 7))


@pytest.mark.parametrize(
    ("text", "kind"), [("tx_42", "transmission"), ("ic_42", "interchange"), ("doc_42", "document")]
)
def test_ids_are_read_and_written(text: str, kind: str) -> None:
    assert parse(text) == Reference(kind, 42)
    assert show(kind, 42) == text


@pytest.mark.parametrize("text", ["42", "doc_", "doc_0", "doc_-1", "doc_042", "order_1", "doc_9223372036854775808", ""])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="tx_42"):
        parse(text)
