"""What a broker refuses and what networks do, as connector errors: what happened, and what to do about it."""

from __future__ import annotations

import ssl
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from amqp.exceptions import AMQPError, ConnectionError, ConsumerCancelled, MessageNacked

from gateway.core.errors import ActionNeededError, ConfigurationError, ConnectorError, DeliveryRefusedError

#: Whatever py-amqp raises: its own, those of sockets, and those of bytes that are no AMQP.
WIRE_ERRORS: tuple[type[Exception], ...] = (AMQPError, MessageNacked, OSError, KeyError, ValueError, struct.error)

#: By the reply code of AMQP 0-9-1 (and RabbitMQ's): what to do.
HINTS: dict[int, str] = {
    311: "The message is larger than the broker takes (its max_message_size).",
    312: "No queue is bound for this routing key: bind one, or give the exchange an alternate exchange.",
    320: "The broker closed the connection: it is made anew.",
    403: "Has the user the password and the permissions (configure, write, read) of this? See rabbitmqctl "
    "list_permissions.",
    404: "There is none of this name in the virtual host: make it, or mend the name. `declare` makes queues, never "
    "exchanges.",
    405: "Another connection has it for itself alone.",
    406: "It was made with other properties, which never change: use a new name (NAME.v2) for the new ones, or leave "
    "`declare` out and take it as it is.",
    501: "A message was longer than the broker reads.",
    506: "The broker lacks memory, disk or channels.",
    530: "Is the virtual host there, and may the user enter it? See rabbitmqctl list_vhosts.",
}

#: ACCESS_REFUSED and NOT_ALLOWED: the user, the password, the permissions or the virtual host.
_KINDS: dict[int, type[ConnectorError]] = {403: ActionNeededError, 530: ActionNeededError}

_TOO_LARGE = "larger than"


@contextmanager
def wire_errors(doing: str, after: Callable[[], None] | None = None) -> Iterator[None]:
    """Turns whatever breaks inside into a :class:`ConnectorError`; ``after`` is called before (to drop the link)."""
    try:
        yield
    except ConnectorError:
        raise
    except ConfigurationError as error:
        raise ActionNeededError(str(error)) from error
    except WIRE_ERRORS as error:
        if after is not None:
            after()
        raise translated(error, doing) from error


def translated(error: Exception, doing: str) -> ConnectorError:
    """The error in the project's tree, with a hint where there is one."""
    code = int(getattr(error, "reply_code", 0) or 0)
    if isinstance(error, AMQPError) and code:
        text = (error.reply_text or type(error).__name__).rstrip(".")
        large = code == 311 or (code == 406 and _TOO_LARGE in text)
        kind = DeliveryRefusedError if large or code == 312 else _KINDS.get(code, ConnectorError)
        return kind(f"{doing}: {text}.", hint=HINTS[311] if large else HINTS.get(code))
    if isinstance(error, ConsumerCancelled):
        return ConnectorError(f"{doing}: the broker ended the consumer.", hint="Is the queue still there?")
    if isinstance(error, ssl.SSLCertVerificationError):
        hint = 'A certificate of an own CA is trusted with ca = "…" at the endpoint.'
        return ActionNeededError(f"{doing}: its certificate is not trusted: {error.verify_message}.", hint=hint)
    if isinstance(error, TimeoutError):
        return ConnectorError(f"{doing}: no answer in time.", hint="Is it the right host and port, and is it busy?")
    if isinstance(error, ConnectionRefusedError):
        hint = "Nothing listens there: is the port right, and is the broker running?"
        return ConnectorError(f"{doing}: the connection was refused.", hint=hint)
    if isinstance(error, MessageNacked):
        return ConnectorError(f"{doing}: the broker could not store it.")
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return ConnectorError(f"{doing}: {str(reason).rstrip('.')}.")


def ends_connection(error: Exception) -> bool:
    """Whether nothing of the connection is left; otherwise only the channel is."""
    return isinstance(error, ConnectionError) or not isinstance(error, AMQPError | MessageNacked)
