"""A queue of RabbitMQ as a door: what is acknowledged, what comes again, what is turned away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.connectors.amqp import AmqpInbox, open_inbox
from gateway.core.errors import ConnectorError
from gateway.core.ports import Arrival
from tests.connectors.rabbit import Rabbit, until

Opener = Callable[..., AmqpInbox]


@pytest.fixture
def rabbit() -> Iterator[Rabbit]:
    rabbit = Rabbit()
    yield rabbit
    rabbit.close()


@pytest.fixture
def inbox(rabbit: Rabbit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """Opens inboxes, options as keywords; they are closed when the test ends."""
    monkeypatch.setenv("CROSSDOCK_HOME", str(tmp_path))
    opened: list[AmqpInbox] = []

    def open_one(queue: str, *, port: int | None = None, **options: object) -> AmqpInbox:
        monkeypatch.setenv("TEST_BROKER", rabbit.url(port))
        chosen = {"url": "env:TEST_BROKER", "queue": queue, **options}
        opened.append(open_inbox(chosen, tmp_path, "tester", name="erp-in", party="erp"))
        return opened[-1]

    yield open_one
    for box in opened:
        box.close()


def taken(inbox: AmqpInbox, count: int, limit: int = 256) -> list[Arrival]:
    """So many arrivals, in as many calls as it takes."""
    found: list[Arrival] = []

    def enough() -> bool:
        found.extend(inbox.take(limit))
        return len(found) >= count

    until(enough, what=f"{count} arrivals")
    return found


def bodies(arrivals: list[Arrival]) -> list[bytes]:
    return [arrival.body for arrival in arrivals]


def test_messages_come_in_order_and_leave_the_queue_when_they_are_settled(rabbit: Rabbit, inbox: Opener) -> None:
    queue = rabbit.queue()
    for number in range(5):
        rabbit.put(queue, b"%d" % number, message_id=f"m{number}")
    box = inbox(queue)
    arrivals = taken(box, 5)
    assert bodies(arrivals) == [b"0", b"1", b"2", b"3", b"4"]
    assert {(each.source, each.party) for each in arrivals} == {("erp-in", "erp")}
    assert box.take(9) == []
    box.settle(arrivals)
    box.close()
    assert rabbit.count(queue) == 0


def test_what_is_not_settled_comes_again_as_the_same_unit(rabbit: Rabbit, inbox: Opener) -> None:
    queue = rabbit.queue()
    for number in range(4):
        rabbit.put(queue, b"%d" % number, message_id=f"m{number}")
    first = inbox(queue)
    before = taken(first, 4)
    first.settle([before[0], before[2]])
    first.close()
    rabbit.until(queue, 2)
    again = taken(inbox(queue), 2)
    assert [each.transport_id for each in again] == [before[1].transport_id, before[3].transport_id]


def test_what_is_given_back_is_handed_out_again_first_and_counts_as_no_delivery(rabbit: Rabbit, inbox: Opener) -> None:
    queue = rabbit.queue(**{"x-queue-type": "quorum", "x-delivery-limit": 1})
    for number in range(4):
        rabbit.put(queue, b"%d" % number, message_id=f"m{number}")
    box = inbox(queue)
    for _ in range(5):
        arrivals = taken(box, 2, limit=2)
        assert bodies(arrivals) == [b"0", b"1"]
        box.give_back(arrivals)
    everything = taken(box, 4)
    assert bodies(everything) == [b"0", b"1", b"2", b"3"]
    box.settle(everything)
    box.close()
    assert rabbit.count(queue) == 0


def test_no_more_than_the_prefetch_is_here_without_being_settled(rabbit: Rabbit, inbox: Opener) -> None:
    queue = rabbit.queue()
    for number in range(5):
        rabbit.put(queue, b"%d" % number, message_id=f"m{number}")
    greedy, modest = inbox(queue, prefetch=3), inbox(queue)
    assert len(taken(greedy, 3)) == 3
    assert greedy.take(9) == []
    assert bodies(taken(modest, 2)) == [b"3", b"4"]


def test_a_batch_is_bounded_in_bytes(rabbit: Rabbit, inbox: Opener) -> None:
    queue = rabbit.queue()
    for number in range(5):
        rabbit.put(queue, b"%d" % number * 6_000_000, message_id=f"m{number}")
    assert len(taken(inbox(queue), 1)) <= 3


class TestIdentity:
    """Which messages are the same unit."""

    def ids(self, rabbit: Rabbit, inbox: Opener, *messages: dict[str, Any], **options: object) -> list[str]:
        queue = rabbit.queue()
        for message in messages:
            rabbit.put(queue, **{"body": b"ISA*", **message})
        return [each.transport_id for each in taken(inbox(queue, **options), len(messages))]

    def test_the_senders_id_with_the_same_bytes(self, rabbit: Rabbit, inbox: Opener) -> None:
        one, again, other = self.ids(
            rabbit, inbox, {"message_id": "a"}, {"message_id": "a", "timestamp": 1}, {"message_id": "b"}
        )
        assert one == again != other

    def test_the_same_id_with_other_bytes_is_another_unit(self, rabbit: Rabbit, inbox: Opener) -> None:
        one, other = self.ids(rabbit, inbox, {"message_id": "a"}, {"message_id": "a", "body": b"UNB+"})
        assert one != other

    def test_a_header_may_hold_the_id(self, rabbit: Rabbit, inbox: Opener) -> None:
        messages = [{"application_headers": {"key": key}, "message_id": id} for key, id in (("k", "1"), ("k", "2"))]
        one, again = self.ids(rabbit, inbox, *messages, id_header="key")
        assert one == again

    def test_without_an_id_the_timestamp(self, rabbit: Rabbit, inbox: Opener) -> None:
        one, again, later = self.ids(rabbit, inbox, {"timestamp": 7}, {"timestamp": 7}, {"timestamp": 8})
        assert one == again != later

    def test_with_neither_equal_bytes_are_meant_twice(self, rabbit: Rabbit, inbox: Opener) -> None:
        one, other = self.ids(rabbit, inbox, {}, {})
        assert one != other

    def test_with_neither_what_the_broker_delivers_again_is_recognised(self, rabbit: Rabbit, inbox: Opener) -> None:
        queue = rabbit.queue()
        for _ in range(2):
            rabbit.put(queue, b"ISA*")
        box = inbox(queue)
        before = taken(box, 2)
        box._link.drop()
        assert {each.transport_id for each in taken(box, 2)} == {each.transport_id for each in before}

    def test_a_long_id_is_told_apart_from_others(self, rabbit: Rabbit, inbox: Opener) -> None:
        one, other = self.ids(rabbit, inbox, {"message_id": "x" * 254 + "1"}, {"message_id": "x" * 254 + "2"})
        assert one != other
        assert max(len(one), len(other)) < 200


def test_properties_and_headers_come_along_cut_to_a_length(rabbit: Rabbit, inbox: Opener) -> None:
    queue = rabbit.queue()
    headers = {"file-name": "../orders/4711.x12", "tenant": "north", "long": "y" * 5000, "nested": {"a": 1}}
    rabbit.put(queue, b"ISA*", message_id="m", content_type="application/EDI-X12", application_headers=headers)
    (arrival,) = taken(inbox(queue), 1)
    assert arrival.file_name == "4711.x12"
    assert arrival.headers["message-id"] == "m"
    assert arrival.headers["content-type"] == "application/EDI-X12"
    assert arrival.headers["routing_key"] == queue
    assert arrival.headers["x-tenant"] == "north"
    assert len(arrival.headers["x-long"]) == 1000
    assert "x-nested" not in arrival.headers


class TestRefused:
    """What is not taken is kept, with the reason."""

    def test_empty_and_oversize_messages_go_aside_with_the_reason(self, rabbit: Rabbit, inbox: Opener) -> None:
        queue = rabbit.queue()
        rabbit.put(queue, b"", message_id="empty", application_headers={"tenant": "north"})
        rabbit.put(queue, b"x" * 101, message_id="large")
        rabbit.put(queue, b"good", message_id="good")
        box = inbox(queue, max_bytes=100)
        assert bodies(taken(box, 1)) == [b"good"]
        empty, large = rabbit.all(f"{queue}.refused")
        assert (empty.properties["message_id"], empty.headers["tenant"]) == ("empty", "north")
        assert empty.headers["crossdock-reason"] == "There is nothing in it."
        assert empty.headers["crossdock-queue"] == queue
        assert large.body == b"x" * 101
        assert "at most 100 are taken (max_bytes)" in large.headers["crossdock-reason"]
        box.close()
        rabbit.until(queue, 1)  # the good one, which was not settled

    def test_a_queue_of_the_operators_is_taken_as_it_is(self, rabbit: Rabbit, inbox: Opener) -> None:
        queue, refused = rabbit.queue(), rabbit.queue()
        rabbit.put(queue, b"", message_id="empty")
        assert inbox(queue, refused=refused).take(1) == []
        rabbit.until(refused, 1)

    def test_where_it_cannot_go_it_stays_unacknowledged(self, rabbit: Rabbit, inbox: Opener) -> None:
        queue, refused = rabbit.queue(), rabbit.queue(**{"x-max-length": 0, "x-overflow": "reject-publish"})
        rabbit.put(queue, b"", message_id="empty")
        rabbit.put(queue, b"good", message_id="good")
        box = inbox(queue, refused=refused)
        try:
            (good,) = taken(box, 1)
            assert good.body == b"good"
            box.settle([good])
        finally:
            box.close()
        rabbit.until(queue, 1)


class TestDeclared:
    def test_a_queue_that_is_made_keeps_its_dead_letters(self, rabbit: Rabbit, inbox: Opener) -> None:
        queue = rabbit.name()
        box = inbox(queue, declare=True, delivery_limit=1)
        assert box.take(1) == []
        box.close()
        rabbit.put(queue, b"poison", message_id="m")
        for _ in range(2):
            message = None
            while message is None:
                message = rabbit.channel.basic_get(queue)
            rabbit.channel.basic_reject(message.delivery_tag, requeue=True)
        rabbit.until(f"{queue}.dead", 1)

    def test_one_that_was_made_otherwise_is_named_with_the_difference(self, rabbit: Rabbit, inbox: Opener) -> None:
        queue = rabbit.queue()
        with pytest.raises(ConnectorError, match=r"inequivalent arg .*use a new name"):
            inbox(queue, declare=True).take(1)


class TestTrouble:
    """Each failure says what to do, and the next call tries again."""

    def test_a_queue_that_is_not_there(self, rabbit: Rabbit, inbox: Opener) -> None:
        queue = rabbit.name()
        box = inbox(queue)
        for _ in range(2):
            with pytest.raises(ConnectorError, match=r"no queue '.*' in vhost '/'.*`declare`"):
                box.take(1)
        rabbit.channel.queue_declare(queue, durable=True, auto_delete=False)
        rabbit.put(queue, b"late", message_id="m")
        assert bodies(taken(box, 1)) == [b"late"]

    def test_a_queue_that_is_deleted_while_it_is_consumed(self, rabbit: Rabbit, inbox: Opener) -> None:
        queue = rabbit.queue()
        box = inbox(queue)
        assert box.take(1) == []
        rabbit.channel.queue_delete(queue)

        def told() -> bool:
            try:
                box.take(1)
            except ConnectorError:
                return True
            return False

        until(told)

    def test_a_wrong_password(self, rabbit: Rabbit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TEST_BROKER", rabbit.url(password="wrong"))
        box = open_inbox({"url": "env:TEST_BROKER", "queue": "q"}, tmp_path, "tester")
        with pytest.raises(ConnectorError, match=r"Login was refused.*Has the user the password") as caught:
            box.take(1)
        assert "wrong" not in str(caught.value)

    def test_a_virtual_host_that_is_not_there(
        self, rabbit: Rabbit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TEST_BROKER", rabbit.url(vhost="nowhere"))
        box = open_inbox({"url": "env:TEST_BROKER", "queue": "q"}, tmp_path, "tester")
        with pytest.raises(ConnectorError, match=r"vhost nowhere not found.*list_vhosts"):
            box.take(1)

    def test_nobody_there(self, inbox: Opener) -> None:
        with pytest.raises(ConnectorError, match=r"Connecting to amqp://guest@127.0.0.1:1/: the connection was"):
            inbox("q", port=1).take(1)

    def test_a_secret_that_is_missing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("TEST_BROKER", raising=False)
        box = open_inbox({"url": "env:TEST_BROKER", "queue": "q"}, tmp_path, "tester")
        with pytest.raises(ConnectorError, match="TEST_BROKER is not set"):
            box.take(1)

    def test_the_first_of_several_brokers_that_answers(
        self, rabbit: Rabbit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        queue = rabbit.queue()
        rabbit.put(queue, b"here", message_id="m")
        monkeypatch.setenv("TEST_BROKER", f"{rabbit.url(1)};{rabbit.url()}")
        box = open_inbox({"url": "env:TEST_BROKER", "queue": queue}, tmp_path, "tester")
        assert bodies(taken(box, 1)) == [b"here"]
        box.close()
