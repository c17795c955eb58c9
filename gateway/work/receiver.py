"""The receiver: polls the inboxes of one process, and settles a unit only after it is committed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence

import structlog

from gateway.core.errors import ConnectorError, StoreError
from gateway.core.ports import Arrival, Clock, InboundConnector, Ringer
from gateway.observe import metrics
from gateway.pipeline.receive import receive
from gateway.store import ConflictError, Database, Step
from gateway.work.bell import NullBell

log = structlog.get_logger(__name__)


#: After a look that found something, the next one waits so many times as long as it took: what comes meanwhile is
#: received in one commit. Many small ones would take from the workers what those need.
_REST = 3


class Receiver:
    """Polls at once while there is more, else after ``poll`` seconds: the shortest and the longest wait.
    One thread; not for sharing.

    ``inboxes`` are asked for at each look: their number may change. ``limit`` units of one are received in one commit.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        inboxes: Iterable[InboundConnector],
        *,
        bell: Ringer | None = None,
        poll: tuple[float, float] = (0.01, 0.1),
        limit: int = 256,
    ) -> None:
        self._database = database
        self._clock = clock
        self._inboxes = inboxes
        self._bell = bell or NullBell()
        self._poll_every = poll
        self.limit = limit

    def run(self, stop: threading.Event) -> None:
        """Polls until ``stop`` is set."""
        shortest, longest = self._poll_every
        pause = shortest
        while not stop.is_set():
            begun = time.monotonic()
            if found := self.run_once():
                pause = shortest
                if found < self.limit:
                    stop.wait(min(longest, _REST * (time.monotonic() - begun)))
            else:
                stop.wait(pause)
                pause = min(2 * pause, longest)
        self.close()

    def close(self) -> None:
        """Lets go of the inboxes; what they had claimed and not settled is there again."""
        for inbox in self._inboxes:
            inbox.close()

    def run_once(self) -> int:
        """One look into every inbox; returns how many units were received or recognised."""
        return sum(self._look_into(inbox) for inbox in self._inboxes)

    def _look_into(self, inbox: InboundConnector) -> int:
        """A door that does not open, or a database out of reach, is tried again at the next look."""
        try:
            return self.poll(inbox)
        except (ConnectorError, StoreError) as error:
            log.warning("inbox.failed", endpoint=inbox.name, error=str(error))
            return 0

    def poll(self, inbox: InboundConnector) -> int:
        """One look into one inbox. Raises ConnectorError when it does not open, StoreError when nothing can be
        committed; what was taken then is given back."""
        begun = time.perf_counter()
        try:
            number = self._poll(inbox)
        except ConnectorError as error:
            metrics.connector_errors.labels(inbox.name, "in", str(error.fault)).inc()
            metrics.polls.labels(inbox.name, "failed").inc()
            raise
        metrics.polls.labels(inbox.name, "some" if number else "empty").inc()
        if number:
            metrics.poll_seconds.labels(inbox.name).observe(time.perf_counter() - begun)
        return number

    def _poll(self, inbox: InboundConnector) -> int:
        arrivals = inbox.take(self.limit)
        if not arrivals:
            return 0
        try:
            received = self._receive(arrivals)
        except StoreError:
            inbox.give_back(arrivals)
            raise
        inbox.settle(arrivals)
        self._bell.ring(Step.TRANSLATE.name.lower())
        if received < len(arrivals):
            metrics.transmissions.labels(inbox.name, "in", "recognised").inc(len(arrivals) - received)
            log.info("transmission.recognised", endpoint=inbox.name, units=len(arrivals) - received)
        return len(arrivals)

    def _receive(self, arrivals: Sequence[Arrival]) -> int:
        """Commits them; where another receiver had one of them in the same moment, one by one."""
        try:
            ids = receive(self._database, arrivals, self._clock.now())
        except ConflictError:
            ids = [receive(self._database, [arrival], self._clock.now())[0] for arrival in arrivals]
        return sum(id is not None for id in ids)
