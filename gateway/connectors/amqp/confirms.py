"""Publishing in a window: many messages on their way, each with its own verdict of the broker."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from amqp import spec

from gateway.connectors.amqp.failures import HINTS
from gateway.connectors.amqp.link import Link

_ALARM = "The broker takes nothing at the moment: it is short of memory or disk (rabbitmqctl status shows its alarms)."

#: The fields of basic.publish: reserved, exchange, routing key, mandatory, immediate.
_FIELDS = "Bssbb"

Verdict = Callable[[str, str | None, bool], None]


class Confirms:
    """The verdicts on one channel in confirm mode. ``verdict(id, error, retryable)`` is called once for each message.

    A message that no queue takes comes back (``basic.return``, since it was mandatory) before its confirm.
    """

    def __init__(self, channel: Any) -> None:
        self.channel = channel
        self._sent = 0
        self._open: dict[int, str] = {}
        self._returned: dict[str, str] = {}
        self._verdict: Verdict | None = None
        channel.confirm_select()
        channel.events["basic_ack"].add(self._acked)
        channel.events["basic_nack"].add(self._nacked)
        channel.events["basic_return"].add(self._came_back)

    def begin(self, verdict: Verdict) -> None:
        """A new window; what is open from the last one is nobody's any more."""
        self._open.clear()
        self._returned.clear()
        self._verdict = verdict

    def publish(self, id: str, message: Any, exchange: str, routing_key: str) -> None:
        self._sent += 1
        self._open[self._sent] = id
        # Not by basic_publish, which looks for alarms first and spins when half a frame has come.
        self.channel.send_method(spec.Basic.Publish, _FIELDS, (0, exchange, routing_key, True, False), message)

    def finish(self, link: Link, seconds: float) -> None:
        """Waits until each has its verdict. Raises TimeoutError, and ConnectionError while the broker takes nothing."""
        until = time.monotonic() + seconds
        while self._open:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            if link.blocked:
                raise ConnectionError(_ALARM)
            link.drain(min(left, 0.5))

    def _acked(self, tag: int, multiple: bool) -> None:
        for id in self._closed(tag, multiple):
            reason = self._returned.pop(id, None)
            self._tell(id, reason, reason is None)

    def _nacked(self, tag: int, multiple: bool) -> None:
        for id in self._closed(tag, multiple):
            self._tell(id, "The broker could not store it: a queue is full, or has lost its leader.", True)

    def _closed(self, tag: int, multiple: bool) -> list[str]:
        tags = [each for each in self._open if each <= tag] if multiple else [tag]
        return [self._open.pop(each) for each in tags if each in self._open]

    def _came_back(self, error: Any, exchange: str, routing_key: str, message: Any) -> None:
        id = str(message.properties.get("message_id", ""))
        where = f'exchange "{exchange}"' if exchange else "the default exchange"
        self._returned[id] = (
            f'No queue takes it ({error.reply_text}): {where}, routing key "{routing_key}". {HINTS[312]}'
        )

    def _tell(self, id: str, error: str | None, retryable: bool) -> None:
        if self._verdict is not None:
            self._verdict(id, error, retryable)
