"""The options of both ends of the AMQP connector."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from gateway.core.strict import key

_NAME = r"^[^\x00-\x1f]{1,200}$"


class Broker(msgspec.Struct, frozen=True, kw_only=True):
    """Where the broker is, and how it is spoken to."""

    url: Annotated[
        str,
        key(
            'The broker: "amqps://USER@HOST:PORT/VHOST", or a reference to such a URL, which may then hold the '
            'password ("env:ERP_BROKER"). Several, tried in turn, are joined by ";". No VHOST: "/".',
            min_length=1,
        ),
    ]
    password: Annotated[str, key("A reference to the password of the user.")] = ""
    ca: Annotated[str, key("amqps: a file of the certificates (PEM) that are trusted instead of the usual ones.")] = ""
    certificate: Annotated[str, key("amqps: a file with our certificate (PEM), for brokers that ask for one.")] = ""
    certificate_key: Annotated[str, key("The file with its key. Left out: it is in `certificate`.")] = ""
    plain: Annotated[
        bool, key("Allow `amqp://` to addresses that are neither this machine nor a private network: unprotected.")
    ] = False
    heartbeat: Annotated[int, key("Seconds after which a silent broker is given up.", ge=1, le=600)] = 30
    connect_seconds: Annotated[float, key("How long it may take until there is a connection.", gt=0, le=120)] = 10.0
    seconds: Annotated[float, key("How long the broker may take for an answer or a confirm.", gt=0, le=600)] = 30.0


class InboxOptions(Broker, frozen=True, kw_only=True):
    """A queue that documents come in by."""

    queue: Annotated[str, key("The queue that is consumed.", pattern=_NAME)]
    id_header: Annotated[
        str, key("The header that holds the sender's id of a message. Left out: the property `message_id`.")
    ] = ""
    prefetch: Annotated[
        int, key("Messages that are here without being settled, at most: no other consumer gets them.", ge=1, le=65535)
    ] = 512
    max_bytes: Annotated[int, key("Larger messages go to the queue `refused`, with the reason in a header.", ge=1)] = (
        32 * 1024 * 1024
    )
    refused: Annotated[
        str, key("The queue that keeps what is not taken; made when it is missing. Left out: `QUEUE.refused`.")
    ] = ""
    declare: Annotated[
        bool,
        key(
            "Make the queue when it is missing: a quorum queue with a delivery limit, whose dead letters are kept in "
            "`QUEUE.dead`. One that is there must have been made alike."
        ),
    ] = False
    delivery_limit: Annotated[int, key("How often a message is delivered at most (`declare`).", ge=1)] = 20


class OutboxOptions(Broker, frozen=True, kw_only=True):
    """An exchange, or a queue, that documents and events leave to."""

    exchange: Annotated[
        str, key("The exchange. Left out: the default one, which leads to the queue that `routing_key` names.")
    ] = ""
    routing_key: Annotated[
        str,
        key(
            "The routing key, or the queue. `{party}`, `{type}`, `{endpoint}`, `{name}` and `{id}` in it become what "
            "they are of what is sent; other characters than letters, digits, `-` and `_` become `_`, dots in `{type}` "
            "stay.",
            min_length=1,
        ),
    ]
    content_type: Annotated[str, key("The content type of all that leaves here. Left out: by the file name.")] = ""
    declare: Annotated[
        Literal["", "queue"],
        key(
            'Without an exchange, "queue" makes the queue when it is missing: a quorum queue with a delivery limit, '
            "whose dead letters are kept in `QUEUE.dead`. One that is there must have been made alike."
        ),
    ] = ""
    delivery_limit: Annotated[int, key('How often a message is delivered at most (`declare = "queue"`).', ge=1)] = 20
