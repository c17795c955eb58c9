"""An exchange of RabbitMQ as a door: what is confirmed, what no queue takes, what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.connectors.amqp import AmqpOutbox, open_outbox
from gateway.core.errors import ConfigurationError
from gateway.core.ports import Departure
from tests.connectors.rabbit import Rabbit, until

Opener = Callable[..., AmqpOutbox]


@pytest.fixture
def rabbit() -> Iterator[Rabbit]:
    rabbit = Rabbit()
    yield rabbit
    rabbit.close()


@pytest.fixture
def outbox(rabbit: Rabbit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """Opens outboxes, options as keywords; they are closed when the test ends."""
    monkeypatch.setenv("CROSSDOCK_HOME", str(tmp_path))
    opened: list[AmqpOutbox] = []

    def open_one(routing_key: str, *, port: int | None = None, **options: object) -> AmqpOutbox:
        monkeypatch.setenv("TEST_BROKER", rabbit.url(port))
        chosen = {"url": "env:TEST_BROKER", "routing_key": routing_key, **options}
        opened.append(open_outbox(chosen, tmp_path, "tester", name="erp-out"))
        return opened[-1]

    yield open_one
    for box in opened:
        box.close()


def departure(number: int = 1, body: bytes = b'{"id":"PO-1"}\n', **headers: str) -> Departure:
    return Departure(
        transmission=number, endpoint="erp-out", name=f"{number}.jsonl", body=body, headers={"party": "erp", **headers}
    )


def errors(box: AmqpOutbox, *departures: Departure) -> list[tuple[str | None, bool]]:
    return [(outcome.error, outcome.retryable) for outcome in box.deliver(list(departures))]


def test_a_message_is_durable_and_says_what_it_is(rabbit: Rabbit, outbox: Opener) -> None:
    queue = rabbit.queue()
    box = outbox(queue)
    told = departure(7, type="Order", documents="doc_1 doc_2")
    assert errors(box, told) + errors(box, told) == [(None, True)] * 2
    first, second = rabbit.all(queue)
    assert first.body == b'{"id":"PO-1"}\n'
    assert first.properties["delivery_mode"] == 2
    assert first.properties["content_type"] == "application/json"
    assert first.properties["type"] == "Order"
    assert first.properties["message_id"] == second.properties["message_id"]
    assert first.properties["message_id"].startswith("tx_7-")
    assert first.headers == {
        "party": "erp",
        "type": "Order",
        "documents": "doc_1 doc_2",
        "transmission": "tx_7",
        "endpoint": "erp-out",
        "file-name": "7.jsonl",
    }


def test_more_than_a_window_leaves_in_order(rabbit: Rabbit, outbox: Opener) -> None:
    queue = rabbit.queue()
    departures = [departure(number, b"%d" % number) for number in range(300)]
    assert {outcome.error for outcome in outbox(queue).deliver(departures)} == {None}
    assert [int(message.body) for message in rabbit.all(queue)] == list(range(300))


def test_routing_keys_are_made_of_what_is_sent(rabbit: Rabbit, outbox: Opener) -> None:
    exchange, queue = rabbit.exchange(), rabbit.queue()
    rabbit.channel.queue_bind(queue, exchange, "erp.#")
    box = outbox("{party}.{type}.{endpoint}.{name}", exchange=exchange)
    assert errors(box, departure(1, type="document.accepted")) == [(None, True)]
    (message,) = rabbit.all(queue)
    assert message.delivery_info["routing_key"] == "erp.document.accepted.erp-out.1_jsonl"


def test_a_placeholder_that_does_not_exist_is_named(outbox: Opener) -> None:
    with pytest.raises(ConfigurationError, match=r"routing_key: there is no placeholder \{partner\}.*\{party\}"):
        outbox("{partner}")


def test_what_no_queue_takes_is_refused_and_the_others_leave(rabbit: Rabbit, outbox: Opener) -> None:
    exchange, queue = rabbit.exchange(), rabbit.queue()
    rabbit.channel.queue_bind(queue, exchange, "Order")
    box = outbox("{type}", exchange=exchange)
    outcomes = box.deliver([departure(1, type="Order"), departure(2, type="Invoice"), departure(3, type="Order")])
    assert [(o.transmission, o.error is None, o.retryable) for o in outcomes] == [
        (1, True, True),
        (2, False, False),
        (3, True, True),
    ]
    assert 'routing key "Invoice"' in str(outcomes[1].error)
    assert "NO_ROUTE" in str(outcomes[1].error)
    assert rabbit.count(queue) == 2


def test_an_alternate_exchange_takes_what_no_queue_takes(rabbit: Rabbit, outbox: Opener) -> None:
    spare, queue = rabbit.exchange("fanout"), rabbit.queue()
    rabbit.channel.queue_bind(queue, spare)
    box = outbox("nobody", exchange=rabbit.exchange("direct", **{"alternate-exchange": spare}))
    assert errors(box, departure()) == [(None, True)]
    rabbit.until(queue, 1)


def test_an_exchange_that_is_not_there_is_told_and_tried_again(rabbit: Rabbit, outbox: Opener) -> None:
    name, queue = rabbit.name("exchange"), rabbit.queue()
    box = outbox("x", exchange=name)
    for text, retryable in errors(box, departure(1), departure(2)):
        assert f"no exchange '{name}' in vhost '/'" in str(text)
        assert retryable
    rabbit.channel.exchange_declare(name, "fanout", durable=True, auto_delete=False)
    rabbit._exchanges.append(name)
    rabbit.channel.queue_bind(queue, name)
    assert errors(box, departure(1), departure(2)) == [(None, True)] * 2


def test_what_a_full_queue_does_not_take_is_tried_again(rabbit: Rabbit, outbox: Opener) -> None:
    queue = rabbit.queue(**{"x-max-length": 1, "x-overflow": "reject-publish"})
    first, second = errors(outbox(queue), departure(1), departure(2))
    assert first == (None, True)
    assert "could not store it" in str(second[0])
    assert second[1]


def test_what_is_larger_than_the_broker_takes_is_refused_alone(
    rabbit: Rabbit, outbox: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = rabbit.queue()
    large = departure(2, b"x" * (129 * 1024 * 1024))
    outcomes = outbox(queue).deliver([departure(1), large, departure(3)])
    assert [(o.error is None, o.retryable) for o in outcomes] == [(True, True), (False, False), (True, True)]
    assert "max_message_size" in str(outcomes[1].error)


class TestDeclared:
    def test_a_queue_that_is_made_is_a_quorum_queue_with_dead_letters(self, rabbit: Rabbit, outbox: Opener) -> None:
        queue = rabbit.name()
        assert errors(outbox(queue, declare="queue", delivery_limit=1), departure()) == [(None, True)]
        for _ in range(2):
            message = None
            while message is None:
                message = rabbit.channel.basic_get(queue)
            rabbit.channel.basic_reject(message.delivery_tag, requeue=True)
        rabbit.until(f"{queue}.dead", 1)

    def test_without_it_a_queue_that_is_missing_is_no_route(self, rabbit: Rabbit, outbox: Opener) -> None:
        ((text, retryable),) = errors(outbox(rabbit.name()), departure())
        assert "NO_ROUTE" in str(text)
        assert not retryable

    def test_one_that_was_made_otherwise_is_named_with_the_difference(self, rabbit: Rabbit, outbox: Opener) -> None:
        ((text, retryable),) = errors(outbox(rabbit.queue(), declare="queue"), departure())
        assert "inequivalent arg" in str(text)
        assert "use a new name" in str(text)
        assert retryable


class TestTrouble:
    def test_nobody_there_is_one_try_for_the_first_and_none_for_the_others(self, outbox: Opener) -> None:
        departures = [departure(number) for number in range(200)]
        outcomes = outbox("q", port=1).deliver(departures)
        assert "connection was refused" in str(outcomes[0].error)
        assert all(outcome.retryable and outcome.error for outcome in outcomes)
        assert outcomes[-1].untried

    def test_a_connection_that_the_broker_closed_is_made_anew(self, rabbit: Rabbit, outbox: Opener) -> None:
        queue = rabbit.queue()
        box = outbox(queue)
        assert errors(box, departure(1)) == [(None, True)]
        box._link.connection.transport.sock.shutdown(2)

        def goes() -> bool:
            return errors(box, departure(2)) == [(None, True)]

        until(goes)
        assert {message.properties["message_id"][:4] for message in rabbit.all(queue)} == {"tx_1", "tx_2"}

    def test_a_password_in_the_file_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match=r"url: a password is never written here.*env:NAME"):
            open_outbox({"url": "amqp://erp:secret@broker/", "routing_key": "q"}, tmp_path)

    def test_what_is_no_url_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match=r"url: this is no URL of a broker.*amqps://USER@HOST:PORT/VHOST"):
            open_outbox({"url": "http://broker/", "routing_key": "q"}, tmp_path)

    def test_plain_amqp_through_foreign_networks_is_refused(self, tmp_path: Path) -> None:
        box = open_outbox({"url": "amqp://erp@203.0.113.9.nip.invalid:1/", "routing_key": "q"}, tmp_path)
        assert "has no address" in str(errors(box, departure())[0][0])
        far = open_outbox({"url": "amqp://erp@8.8.8.8:1/", "routing_key": "q"}, tmp_path)
        assert "protects nothing on the way there" in str(errors(far, departure())[0][0])
