"""Publishing in a window: many messages on their way, each with its own verdict of the broker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gateway.connectors.amqp.failures import HINTS


class Confirms:
    """The verdicts on one channel in confirm mode. ``verdict(id, error, retryable)`` is called once for each message.

    A message that no queue takes comes back (``basic.return``, since it was mandatory) before its confirm.
    """

    def __init__(self, channel: Any) -> None:
        self.channel = channel
        self._sent = 0
        self._open: dict[int, str] = {}
        self._returned: dict[str, str] = {}
        self._verdict: Callable[[str, str | None, bool], None] | None = None
        channel.confirm_select()
        channel.events["basic_ack"].add(self._acked)
        channel.events["basic_nack"].add(self._nacked)
        channel.events["basic_return"].add(self._came_back)

    def begin(self, verdict: Callable[[str, str | None, bool], None]) -> None:
        """A new window; what is open from the last one is nobody's any more."""
        self._open.clear()
        self._returned.clear()
        self._verdict = verdict

    def publish(self, id: str, message: Any, exchange: str, routing_key: str) -> None:
        self._sent += 1
        self._open[self._sent] = id
        self.channel.basic_publish(message, exchange=exchange, routing_key=routing_key, mandatory=True)

    @property
    def open(self) -> int:
        """How many have no verdict yet."""
        return len(self._open)

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
