"""AS2 messages in the record: taken once, answered alike, and what was refused may come again."""

from __future__ import annotations

import threading
from typing import Any

import msgspec
import pytest

from gateway.core.exchanges import Conclusion, Incoming, Outgoing, Reply
from gateway.core.issues import Issue
from gateway.core.ports import Arrival
from gateway.pipeline.exchanged import STRANGERS
from gateway.pipeline.exchanges import DatabaseExchanges, Quota, Quotas
from gateway.pipeline.mdns import Mdns, Resending, settle
from gateway.store import Changes, Database, commit, exchanges
from gateway.store.statements import both, run

MINUTE = 60_000_000


class Clock:
    def __init__(self) -> None:
        self.at = 1_700_000_000_000_000

    def now(self) -> int:
        self.at += 1
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rings() -> list[str]:
    return []


@pytest.fixture
def record(database: Database, clock: Clock, rings: list[str]) -> DatabaseExchanges:
    return DatabaseExchanges(database, clock, rings.append, Quotas())


@pytest.fixture
def mdns(database: Database, clock: Clock) -> Mdns:
    return Mdns(database, clock)


def reply(text: str = "processed") -> Reply:
    return Reply((("Content-Type", "multipart/report"), ("Message-ID", "<mdn>")), text.encode(), text)


def message(name: str = "<1@globex>", content: str = "ISA*1", **more: Any) -> Incoming:
    documents = (
        Arrival(source="globex-in", transport_id=name, body=content.encode(), file_name="order.x12", party="globex"),
    )
    known: dict[str, Any] = {
        "endpoint": "globex-in",
        "party": "globex",
        "as2_from": "GLOBEX",
        "as2_to": "ACME",
        "message_id": name,
        "headers": (("AS2-From", "GLOBEX"),),
        "request": b"encrypted " + content.encode(),
        "documents": documents,
        "mic": f"mic of {content}",
        "mic_algorithm": "sha-256",
        "content": f"hash of {content}",
        "disposition": "processed",
        "reply": reply(),
        "mdn_mode": "sync",
        "answering": lambda what: reply(what),
    }
    return Incoming(**{**known, **more})


def refused(name: str = "<1@globex>", **more: Any) -> Incoming:
    issue = Issue("AS2-REFUSED", value=name, params={"disposition": "decryption-failed", "reason": "no key fits"})
    known = {"documents": (), "mic": None, "refused": issue, "reply": reply("decryption-failed")}
    return message(name, **{**known, "disposition": "decryption-failed", **more})


def rows(database: Database, what: str) -> list[Any]:
    with database.read() as connection:
        return run(connection, both(what)).all()


def test_a_message_its_document_its_mdn_and_the_work_are_one_commit(
    database: Database, record: DatabaseExchanges, rings: list[str]
) -> None:
    (found,) = record.accept([message()])
    assert (found.what, found.reply) == ("new", reply())
    (exchange,) = rows(database, "SELECT * FROM exchanges")
    assert exchange.transmission_id == found.transmission
    assert (exchange.status, exchange.message_id, exchange.mic) == ("processed", "<1@globex>", "mic of ISA*1")
    (transmission,) = rows(database, "SELECT status, file_name, party FROM transmissions")
    assert transmission == ("received", "order.x12", "globex")
    assert [row.step for row in rows(database, "SELECT step FROM work")] == [1]
    assert rings == ["translate"]
    bodies = {bytes(row.body) for row in rows(database, "SELECT body FROM payloads")}
    assert bodies == {b"ISA*1", b"encrypted ISA*1", b"processed"}


def test_the_same_message_again_gets_the_stored_mdn_and_is_not_taken_twice(
    database: Database, record: DatabaseExchanges
) -> None:
    (first,) = record.accept([message()])
    (again,) = record.accept([message(request=b"encrypted anew", reply=reply("another"))])
    assert (again.what, again.transmission, again.reply) == ("repeated", first.transmission, reply())
    assert len(rows(database, "SELECT id FROM transmissions")) == 1
    assert len(rows(database, "SELECT id FROM work")) == 1


def test_a_repeat_is_known_by_its_content_when_it_was_signed_with_another_digest(record: DatabaseExchanges) -> None:
    record.accept([message()])
    (again,) = record.accept([message(mic="of sha-512", mic_algorithm="sha-512")])
    assert again.what == "repeated"


def test_a_repeat_of_what_asked_for_no_mdn_is_told_that_it_is_one(record: DatabaseExchanges) -> None:
    record.accept([message(reply=None, mdn_mode="no")])
    (again,) = record.accept([message()])
    assert (again.what, again.reply) == ("repeated", reply("repeated"))


def test_other_content_under_the_same_message_id_is_a_conflict(database: Database, record: DatabaseExchanges) -> None:
    (first,) = record.accept([message()])
    (other,) = record.accept([message(content="ISA*2")])
    assert (other.what, other.reply) == ("conflict", reply("conflict"))
    statuses = rows(database, "SELECT id, status, reason FROM transmissions ORDER BY id")
    assert [(row.status, row.reason) for row in statuses] == [("received", None), ("refused", "AS2-CONFLICT")]
    (issue,) = rows(database, "SELECT data FROM issues")
    assert f"tx_{first.transmission}" in issue.data
    assert record.accept([message()])[0].what == "repeated"


def test_a_retry_after_a_failed_first_attempt_is_taken(database: Database, record: DatabaseExchanges) -> None:
    (first,) = record.accept([refused()])
    assert (first.what, first.reply) == ("refused", reply("decryption-failed"))
    (second,) = record.accept([message()])
    assert (second.what, second.reply) == ("new", reply())
    found = rows(
        database, "SELECT t.status, p.body FROM transmissions t JOIN payloads p ON p.id = t.payload_id ORDER BY t.id"
    )
    assert [(row.status, bytes(row.body)) for row in found] == [
        ("refused", b"encrypted ISA*1"),
        ("received", b"ISA*1"),
    ]


def test_several_of_one_name_in_one_commit_are_taken_once(database: Database, record: DatabaseExchanges) -> None:
    found = record.accept([message(), message(), message(content="ISA*2"), message("<2@globex>", "ISA*3")])
    assert [each.what for each in found] == ["new", "repeated", "conflict", "new"]
    assert len(rows(database, "SELECT id FROM transmissions WHERE status = 'received'")) == 2


def test_concurrent_repeats_at_two_nodes_are_taken_once(database: Database, clock: Clock) -> None:
    nodes = [DatabaseExchanges(database, clock, lambda step: None, Quotas()) for _ in range(4)]
    together = threading.Barrier(len(nodes))
    found: list[str] = []

    def send(node: DatabaseExchanges) -> None:
        together.wait()
        found.extend(each.what for each in node.accept([message(f"<{n}>", f"ISA*{n}") for n in range(10)]))

    threads = [threading.Thread(target=send, args=(node,)) for node in nodes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["new"] * 10 + ["repeated"] * 30
    assert len(rows(database, "SELECT id FROM transmissions")) == 10


def test_attachments_are_kept_with_the_document_and_not_read(database: Database, record: DatabaseExchanges) -> None:
    drawing = Arrival(
        source="globex-in", transport_id="<1@globex>#2", body=b"%PDF", file_name="drawing.pdf", party="globex"
    )
    (found,) = record.accept([message(attachments=(drawing,))])
    document, kept = rows(database, "SELECT id, status, parent_id, file_name FROM transmissions ORDER BY id")
    assert (document.id, document.status) == (found.transmission, "received")
    assert (kept.status, kept.parent_id, kept.file_name) == ("kept", document.id, "drawing.pdf")
    assert [row.subject for row in rows(database, "SELECT subject FROM work")] == [document.id]


def test_an_asynchronous_mdn_is_delivered_as_a_transmission_of_its_own(
    database: Database, record: DatabaseExchanges, rings: list[str]
) -> None:
    wanted = {"mdn_mode": "async", "mdn_url": "https://as2.globex.example/mdn?x=1"}
    (found,) = record.accept([message(**wanted)])
    assert found.reply is None
    (owed,) = rows(database, "SELECT * FROM transmissions WHERE direction = 'out'")
    assert (owed.parent_id, owed.status, owed.format) == (found.transmission, "composed", "MDN")
    assert msgspec.json.decode(owed.headers)["url"] == wanted["mdn_url"]
    assert "deliver" in rings


def test_a_repeat_makes_an_asynchronous_mdn_leave_once_more_to_where_it_asks_for_it_now(
    database: Database, record: DatabaseExchanges
) -> None:
    record.accept([message(mdn_mode="async", mdn_url="https://old.example/")])
    with database.write() as connection:
        run(connection, both("UPDATE transmissions SET status = 'delivered' WHERE direction = 'out'"))
        run(connection, both("DELETE FROM work"))
    record.accept([message(mdn_mode="async", mdn_url="https://new.example/")])
    (owed,) = rows(database, "SELECT status, headers FROM transmissions WHERE direction = 'out'")
    assert (owed.status, msgspec.json.decode(owed.headers)["url"]) == ("composed", "https://new.example/")
    assert [row.step for row in rows(database, "SELECT step FROM work")] == [4]


def test_what_strangers_send_is_bounded_and_forgotten(database: Database, clock: Clock) -> None:
    record = DatabaseExchanges(database, clock, lambda step: None, Quotas(strangers=Quota(3, 10_000)))
    found = [record.accept([refused(f"<{n}>", endpoint=None, party=None)])[0] for n in range(5)]
    assert [each.transmission is not None for each in found] == [True, True, True, False, False]
    assert all(each.reply == reply("decryption-failed") for each in found)
    with database.read() as connection:
        (who,) = exchanges.strangers(connection, STRANGERS, 0)
    assert (who.as2_from, who.as2_to, who.number) == ("GLOBEX", "ACME", 3)
    record.accept([message()])
    with database.write() as connection:
        assert exchanges.forget(connection, STRANGERS, clock.now()) == 3
    assert len(rows(database, "SELECT id FROM transmissions")) == 1
    assert len(rows(database, "SELECT id FROM payloads")) == 3


def outgoing(transmission: int, **more: Any) -> Outgoing:
    known: dict[str, Any] = {
        "exchange": None,
        "transmission": transmission,
        "endpoint": "globex-out",
        "party": "globex",
        "as2_from": "ACME",
        "as2_to": "GLOBEX",
        "message_id": "<ours@acme>",
        "headers": (),
        "size": 10,
        "mic": "mic",
        "mic_algorithm": "sha-256",
        "mdn_mode": "async",
        "resend_at": None,
    }
    return Outgoing(**{**known, **more})


@pytest.fixture
def leaving(database: Database, clock: Clock) -> int:
    """A transmission that is about to leave."""
    changes = Changes(clock.now())
    id = changes.new(
        "transmissions",
        direction="out",
        endpoint="globex-out",
        transport_id="out",
        party="globex",
        status="composed",
        payload_id=changes.made(b"ISA"),
        size=3,
        sha256="",
    )
    commit(database, changes)
    return changes.real(id)


def deliver(database: Database, clock: Clock, transmission: int) -> None:
    """As the step does when a message was handed over."""
    changes = Changes(clock.now())
    changes.update("transmissions", transmission, expected={"status": "composed"}, status="delivered")
    changes.new("expectations", kind="MDN", party="globex", due=clock.at + MINUTE, transmission_id=transmission)
    settle(changes, transmission)
    commit(database, changes)


def negative(exchange: int, transmission: int) -> Conclusion:
    issue = Issue("AS2-NEGATIVE", value="<ours@acme>", params={"partner": "globex", "reason": "decryption-failed"})
    return Conclusion(
        exchange=exchange, transmission=transmission, disposition="error", refused=issue, reply=reply("error")
    )


def status_of(database: Database, transmission: int) -> str:
    return str(next(r.status for r in rows(database, "SELECT id, status FROM transmissions") if r.id == transmission))


def test_a_message_keeps_its_message_id_until_a_receipt_answers_it(mdns: Mdns, leaving: int) -> None:
    assert mdns.standing([leaving])[leaving].exchange is None
    (exchange,) = mdns.begin([outgoing(leaving)])
    known = mdns.standing([leaving])[leaving]
    assert (known.exchange, known.message_id, known.attempts, known.concluded) == (exchange, "<ours@acme>", 1, False)
    assert mdns.begin([outgoing(leaving, exchange=exchange)]) == [exchange]
    assert mdns.standing([leaving])[leaving].attempts == 2


def test_a_receipt_that_is_there_keeps_it_from_being_sent_again(mdns: Mdns, leaving: int) -> None:
    (exchange,) = mdns.begin([outgoing(leaving)])
    mdns.conclude([Conclusion(exchange=exchange, transmission=leaving, disposition="processed", reply=reply())])
    known = mdns.standing([leaving])[leaving]
    assert (known.concluded, known.error) == (True, None)


def test_an_mdn_that_comes_later_resolves_what_is_expected(
    database: Database, clock: Clock, mdns: Mdns, leaving: int
) -> None:
    (exchange,) = mdns.begin([outgoing(leaving)])
    deliver(database, clock, leaving)
    found = mdns.sent("globex", ["<ours@acme>", "ours@acme"])
    assert found is not None
    assert (found.exchange, found.transmission, found.mic) == (exchange, leaving, "mic")
    conclusion = Conclusion(exchange=exchange, transmission=leaving, disposition="processed", reply=reply())
    mdns.receive_mdn(message("<mdn@globex>", documents=(), request=b"MDN"), conclusion)
    assert [row.state for row in rows(database, "SELECT state FROM expectations")] == ["resolved"]
    assert status_of(database, leaving) == "delivered"


def test_an_mdn_that_says_no_stops_what_was_delivered(
    database: Database, clock: Clock, mdns: Mdns, leaving: int
) -> None:
    (exchange,) = mdns.begin([outgoing(leaving)])
    deliver(database, clock, leaving)
    mdns.receive_mdn(message("<mdn@globex>", documents=(), request=b"MDN"), negative(exchange, leaving))
    assert status_of(database, leaving) == "stopped"
    assert [row.code for row in rows(database, "SELECT code FROM issues")] == ["AS2-NEGATIVE"]


def test_an_mdn_that_is_quicker_than_the_end_of_the_delivery_counts(
    database: Database, clock: Clock, mdns: Mdns, leaving: int
) -> None:
    (exchange,) = mdns.begin([outgoing(leaving)])
    mdns.receive_mdn(message("<mdn@globex>", documents=(), request=b"MDN"), negative(exchange, leaving))
    deliver(database, clock, leaving)
    assert status_of(database, leaving) == "stopped"
    assert [row.state for row in rows(database, "SELECT state FROM expectations")] == ["resolved"]


def test_a_second_mdn_for_one_message_changes_nothing(
    database: Database, clock: Clock, mdns: Mdns, leaving: int
) -> None:
    (exchange,) = mdns.begin([outgoing(leaving)])
    deliver(database, clock, leaving)
    good = Conclusion(exchange=exchange, transmission=leaving, disposition="processed", reply=reply())
    mdns.receive_mdn(message("<mdn@globex>", documents=(), request=b"MDN"), good)
    mdns.receive_mdn(message("<mdn@globex>", documents=(), request=b"MDN 2"), negative(exchange, leaving))
    assert status_of(database, leaving) == "delivered"
    assert [row.name for row in rows(database, "SELECT name FROM events ORDER BY id")] == [
        "mdn.received",
        "mdn.unknown",
    ]


def test_what_is_not_answered_in_time_leaves_again_and_at_last_is_overdue(
    database: Database, clock: Clock, mdns: Mdns, leaving: int
) -> None:
    sweep = Resending(database, clock, lambda endpoint: (MINUTE, 1))
    (exchange,) = mdns.begin([outgoing(leaving, resend_at=clock.at + MINUTE)])
    deliver(database, clock, leaving)
    assert sweep.run() == []
    clock.at += 2 * MINUTE
    assert sweep.run() == [leaving]
    assert status_of(database, leaving) == "composed"
    known = mdns.standing([leaving])[leaving]
    assert (known.exchange, known.awaited, known.concluded) == (exchange, True, False)
    mdns.begin([outgoing(leaving, exchange=exchange, resend_at=clock.at + MINUTE)])
    with database.write() as connection:
        run(connection, both("UPDATE transmissions SET status = 'delivered'"))
    clock.at += 2 * MINUTE
    assert sweep.run() == []
    assert status_of(database, leaving) == "delivered"
    assert [row.resend_at for row in rows(database, "SELECT resend_at FROM exchanges")] == [None]
