"""A door out behind its breaker: while nobody answers there, what would leave is handed back untried."""

from __future__ import annotations

import time

import msgspec

from gateway.core.errors import ActionNeededError, ConfigurationError, ConnectorError
from gateway.core.ports import Departure, OutboundConnector, Outcome
from gateway.observe import metrics
from gateway.work.breaker import PROBING, Breaker

#: A probe that failed waits so much longer than the pause: the next one may be another transmission.
_LONGER = 1.5
_LEAST = 1.0


class Guarded:
    """The connector ``door`` behind ``breaker``. Threads may share it where they may share the door."""

    def __init__(self, door: OutboundConnector, breaker: Breaker) -> None:
        self.name = door.name
        self._door, self._breaker = door, breaker

    def deliver(self, departures: list[Departure]) -> list[Outcome]:
        """As the door does; one unit alone while it is not known whether anybody answers."""
        if not departures:
            return []
        entered = self._breaker.enter()
        if entered is None:
            return [self._untried(each, 1.0) for each in departures]
        tried, later = (departures[:1], departures[1:]) if entered == PROBING else (departures, [])
        outcomes = self._deliver(tried)
        if entered == PROBING and self._breaker.standing.state != "closed":
            # It was a question whether anybody is there, and none of its tries.
            outcomes = [
                self._untried(each, _LONGER, outcome.error) for each, outcome in zip(tried, outcomes, strict=True)
            ]
        return [*outcomes, *(self._untried(each, 1.0) for each in later)]

    def close(self) -> None:
        self._door.close()

    def _deliver(self, departures: list[Departure]) -> list[Outcome]:
        begun = time.monotonic()
        try:
            outcomes = self._door.deliver(departures)
        except (ConnectorError, ConfigurationError) as error:  # a secret that is missing is mended, then it goes on
            mend = isinstance(error, ActionNeededError | ConfigurationError)
            outcomes = [
                Outcome(each.transmission, str(error), mend or error.retryable, mend=mend) for each in departures
            ]
        except BaseException as error:
            self._count("ours", 1)
            self._breaker.fail(f"{type(error).__name__}: {error}")
            raise
        finally:
            metrics.delivery_seconds.labels(self.name).observe(time.monotonic() - begun)
        self._judge(outcomes)
        return [self._unmended(each) for each in outcomes]

    def _unmended(self, outcome: Outcome) -> Outcome:
        """What a person must mend is none of the tries of what waits for it."""
        if not outcome.mend or outcome.untried:
            return outcome
        wait = max(_LEAST, self._breaker.standing.probe_in)
        return msgspec.structs.replace(outcome, untried=True, retry_after=wait)

    def _judge(self, outcomes: list[Outcome]) -> None:
        """In the order in which they were tried: what counts is how it ended."""
        failed = [each for each in outcomes if each.error is not None and not each.untried]
        for fault, several in (
            ("network", [each for each in failed if each.retryable]),
            ("party", [each for each in failed if not each.retryable]),
        ):
            if several:
                self._count(fault, len(several))
        for outcome in outcomes:
            if outcome.untried:
                continue
            if outcome.error is not None and outcome.retryable:
                self._breaker.fail(outcome.error, mend=outcome.mend)
            else:
                self._breaker.succeed()
        if outcomes and all(outcome.untried for outcome in outcomes):
            self._breaker.fail(outcomes[0].error or "It was not tried.")

    def _count(self, fault: str, number: int) -> None:
        metrics.connector_errors.labels(self.name, "out", fault).inc(number)

    def _untried(self, departure: Departure, factor: float, error: str | None = None) -> Outcome:
        standing = self._breaker.standing
        wait = max(_LEAST, standing.probe_in * factor)
        text = error or f"Nobody answers at {self.name}: {standing.error}"
        return Outcome(departure.transmission, text, untried=True, retry_after=wait)
