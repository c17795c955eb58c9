"""Queues that we make: durable ones with a leader and copies (quorum), whose dead letters are kept.

The properties of a queue never change. A name with a version (``orders.v1``) leaves room for the next ones.
"""

from __future__ import annotations

from typing import Any

from amqp.exceptions import NotFound

from gateway.connectors.amqp.link import Link

DEAD = ".dead"
REFUSED = ".refused"

_KEPT = {"x-queue-type": "quorum"}


def declare_work_queue(link: Link, queue: str, delivery_limit: int) -> None:
    """A queue to work from, and ``QUEUE.dead`` for what was delivered too often or turned away.

    A dead letter leaves the queue only when the other one has it (``at-least-once``, which needs
    ``reject-publish``). py-amqp's errors when one is there that was made otherwise.
    """
    dead = queue + DEAD
    declare_kept(link, dead)
    arguments: dict[str, Any] = {
        **_KEPT,
        "x-delivery-limit": delivery_limit,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": dead,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    link.channel("declare").queue_declare(queue, durable=True, auto_delete=False, arguments=arguments)


def declare_kept(link: Link, queue: str) -> None:
    """A queue that keeps what is put into it. One that is there is taken as it is."""
    try:
        link.channel("declare").queue_declare(queue, passive=True)
    except NotFound:
        link.channel("declare").queue_declare(queue, durable=True, auto_delete=False, arguments=dict(_KEPT))
