"""Asynchronous MDNs that we owe: delivered to where the partner wished, as far as that was agreed."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from gateway.connectors.as2.calling import Call, call
from gateway.connectors.as2.guard import check_addresses, check_url, names_private
from gateway.connectors.as2.options import InboxOptions
from gateway.connectors.as2.relations import Relation
from gateway.connectors.as2.tls import Trust, context_of
from gateway.connectors.http.address import IPAddress
from gateway.connectors.http.answers import outcome
from gateway.core.errors import ConfigurationError, ConnectorError
from gateway.core.ports import Departure, Outcome
from gateway.core.spooled import in_memory


class MdnOutbox:
    """What leaves by an endpoint that partners call. ``hosts``: those that we send to at the partner."""

    def __init__(
        self,
        name: str,
        relation: Callable[[], Relation[InboxOptions] | None],
        hosts: Callable[[], frozenset[str]],
        home: Path,
    ) -> None:
        self.name = name
        self._relation, self._hosts, self._home = relation, hosts, home

    def deliver(self, departures: list[Departure]) -> list[Outcome]:
        """One outcome for each; each may be for another place, so one that fails says nothing of the others."""
        relation = self._relation()
        if relation is None:
            raise ConfigurationError("this endpoint does not speak AS2 any more.", file=self.name)
        outcomes: list[Outcome] = []
        for departure in departures:
            try:
                outcomes.append(self._deliver(relation.options, departure))
            except (ConnectorError, ConfigurationError) as error:
                retryable = error.retryable or isinstance(error, ConfigurationError)
                outcomes.append(Outcome(departure.transmission, str(error), retryable))
        return outcomes

    def close(self) -> None:
        """Connections live as long as their MDN."""

    def _deliver(self, o: InboxOptions, departure: Departure) -> Outcome:
        url = departure.headers.get("url", "")
        pairs = msgspec.json.decode(departure.headers.get("headers", "[]"), type=tuple[tuple[str, str], ...])
        check_url(url, o.mdn_urls, self._hosts(), self.name)
        private = o.mdn_private or names_private(url, o.mdn_urls)

        def judge(scheme: str, host: str, found: list[IPAddress]) -> None:
            check_addresses(host, found, private=private, endpoint=self.name)

        body = in_memory(departure.body)
        context = context_of(Trust(o.ca), self._home, self.name)
        answered = call(
            Call(
                url,
                pairs,
                lambda: (body,),
                len(body),
                len(body),
                context,
                seconds=o.seconds,
                connect_seconds=o.connect_seconds,
                judge=judge,
            )
        )
        headers = {name.lower(): value for name, value in answered.headers}
        place = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
        return outcome(departure.transmission, place, answered.status, headers, answered.body, time.time())
