"""Messages of ours: packed, put on record, sent, and their MDNs judged.

What is sent again, after a crash or because nobody answered, goes under its Message-ID: the partner knows it again.
"""

from __future__ import annotations

import secrets
import time
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from gateway.agreements import duration
from gateway.connectors.as2.calling import Answered, Call, call
from gateway.connectors.as2.conclusions import conclude
from gateway.connectors.as2.options import OutboxOptions
from gateway.connectors.as2.relations import Relation
from gateway.connectors.as2.speech import Packed, Speaker
from gateway.connectors.as2.tls import Trust, context_of, stamp_of
from gateway.connectors.http.address import IPAddress, is_near
from gateway.connectors.http.answers import excerpt, outcome
from gateway.core.errors import ActionNeededError, ConfigurationError, ConnectorError, DeliveryRefusedError
from gateway.core.exchanges import Conclusion, Exchanges, Outgoing, Pairs, Reply, Sent, Standing
from gateway.core.ports import Awaits, Departure, Outcome
from gateway.core.secrets import is_reference
from gateway.core.spooled import discard, in_memory
from gateway.observe import metrics

#: After so many seconds the rest of a batch is handed back, so that what was delivered is written down.
BATCH_SECONDS = 20.0

_SECOND = 1_000_000

Secrets = Callable[[str], str]


class As2Outbox:
    """Sends to one partner by one endpoint. ``relation`` is asked for at each batch: agreements change."""

    def __init__(
        self,
        name: str,
        relation: Callable[[], Relation[OutboxOptions] | None],
        speaker: Speaker,
        exchanges: Exchanges,
        secrets: Secrets,
        home: Path,
        now: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        self.name = name
        self._relation, self._speaker, self._exchanges = relation, speaker, exchanges
        self._secrets, self._home, self._now = secrets, home, now
        self._tls: tuple[tuple[object, ...], object] | None = None

    def deliver(self, departures: list[Departure]) -> list[Outcome]:
        """One outcome for each, in their order. Raises StoreError: what was sent is sent again, and known again."""
        relation = self._relation()
        if relation is None:
            raise ConfigurationError("this endpoint does not speak AS2 any more.", file=self.name)
        standings = self._exchanges.standing([each.transmission for each in departures])
        until = time.monotonic() + BATCH_SECONDS
        outcomes: list[Outcome] = []
        reason = ""
        for departure in departures:
            if not reason and time.monotonic() > until:
                reason = "It is not its turn yet: the partner took long for others."
            if reason:
                outcomes.append(Outcome(departure.transmission, reason, untried=True))
                continue
            try:
                found = self._deliver(relation, departure, standings[departure.transmission])
            except (ConfigurationError, ConnectorError) as error:
                # A certificate that is over, a key that is missing: somebody mends it, and then all of them leave.
                mend = isinstance(error, ActionNeededError | ConfigurationError)
                found = Outcome(departure.transmission, str(error), mend or error.retryable, mend=mend)
                reason = f"Not tried: {error}" if found.retryable else ""
            self._count(found)
            outcomes.append(found)
        return outcomes

    def close(self) -> None:
        """Connections live as long as their message."""

    def _deliver(self, relation: Relation[OutboxOptions], departure: Departure, standing: Standing) -> Outcome:
        if standing.concluded:  # its receipt was there before we could write that down
            return Outcome(departure.transmission, standing.error, retryable=False)
        o = relation.options
        message_id = standing.message_id or _message_id(departure.transmission, urlsplit(o.url).hostname or "")
        begun = time.perf_counter()
        packed = self._speaker.pack(relation, departure, message_id)
        metrics.as2_seconds.labels("pack").observe(time.perf_counter() - begun)
        now = self._now()
        patience = duration(o.mdn_timeout) * _SECOND
        message = Outgoing(
            exchange=standing.exchange,
            transmission=departure.transmission,
            endpoint=self.name,
            party=relation.partner.id,
            as2_from=relation.own_id,
            as2_to=relation.partner_id,
            message_id=message_id,
            headers=packed.headers,
            size=packed.size,
            mic=packed.mic,
            mic_algorithm=packed.mic_algorithm,
            facts=packed.facts,
            mdn_mode=o.mdn,
            resend_at=now + patience if o.mdn == "async" else None,
        )
        (exchange,) = self._exchanges.begin([message])
        sent = Sent(
            exchange,
            departure.transmission,
            self.name,
            relation.partner.id,
            message_id,
            packed.mic,
            packed.mic_algorithm,
            packed.facts,
            "sent",
        )
        begun = time.perf_counter()
        try:
            answered = self._send(relation, packed)
        finally:
            discard(packed.body)
        metrics.as2_seconds.labels("send").observe(time.perf_counter() - begun)
        url, small = o.url.partition("?")[0], _small(answered)
        found = outcome(departure.transmission, url, answered.status, small, answered.body, time.time())
        if found.error is not None:
            return found
        if o.mdn == "async":
            due = 0 if standing.awaited else now + patience * (o.mdn_resends + 1)
            return Outcome(
                departure.transmission, receipt=found.receipt, awaits=Awaits("MDN", relation.partner.id, due)
            )
        return self._conclude(relation, sent, answered)

    def _conclude(self, relation: Relation[OutboxOptions], sent: Sent, answered: Answered) -> Outcome:
        if relation.options.mdn == "no":
            self._exchanges.conclude([Conclusion(exchange=sent.exchange, transmission=sent.transmission)])
            return Outcome(sent.transmission, receipt=str(answered.status))
        if not answered.body or not self._speaker.is_mdn(answered.headers, answered.body):
            said = excerpt(answered.body) or "nothing"
            text = f"{self.name} answered {answered.status} without an MDN: {said}."
            return Outcome(sent.transmission, text, retryable=True)
        o = relation.options
        report = self._speaker.report(
            answered.headers, answered.body, relation.partner, relation.own, signed=o.mdn_signed
        )
        metrics.as2_mdns.labels("in", metrics.bounded("disposition", report.disposition[:80])).inc()
        reply = Reply(answered.headers, in_memory(answered.body), report.disposition)
        conclusion = conclude(self._speaker, sent, report, reply)
        self._exchanges.conclude([conclusion])
        if conclusion.refused is not None:
            return Outcome(sent.transmission, str(conclusion.refused.text), retryable=False)
        return Outcome(sent.transmission, receipt=report.disposition)

    def _send(self, relation: Relation[OutboxOptions], packed: Packed) -> Answered:
        o = relation.options
        return call(
            Call(
                o.url,
                (*packed.headers, *self._further(o)),
                packed.pieces,
                packed.size if o.content_length else None,
                packed.size,
                self._context(o),  # type: ignore[arg-type]
                o.pin,
                o.seconds,
                o.connect_seconds,
                o.link_local,
                self._judge(o),
            )
        )

    def _judge(self, o: OutboxOptions) -> Callable[[str, str, list[IPAddress]], None]:
        def judge(scheme: str, host: str, found: list[IPAddress]) -> None:
            if scheme == "http" and not o.plain_http and not all(map(is_near, found)):
                hint = "Write https://, or plain_http = true at the endpoint."
                raise DeliveryRefusedError(f"{host} is not in a private network, and http:// hides nothing.", hint=hint)

        return judge

    def _further(self, o: OutboxOptions) -> Pairs:
        found = [(name, self._secrets(value) if is_reference(value) else value) for name, value in o.headers.items()]
        if o.user:
            password = self._secrets(o.password) if o.password else ""
            found.append(("Authorization", f"Basic {b64encode(f'{o.user}:{password}'.encode()).decode()}"))
        for name, value in found:
            if not (name.isascii() and name.isprintable() and value.isascii() and value.isprintable()):
                raise ConfigurationError("this is no header.", file=self.name, key=name, hint="Printable ASCII is.")
        return tuple(found)

    def _context(self, o: OutboxOptions) -> object:
        """Made anew when one of its files changes."""
        password = self._secrets(o.certificate_password) if o.certificate_password else ""
        trust = Trust(o.ca, o.pin, o.check_host, o.certificate, o.certificate_key, password)
        stamp = stamp_of(trust, self._home)
        if self._tls is None or self._tls[0] != stamp:
            self._tls = (stamp, context_of(trust, self._home, self.name))
        return self._tls[1]

    def _count(self, found: Outcome) -> None:
        if found.error is None:
            what = "awaited" if found.awaits is not None else "confirmed"
        else:
            what = "failed" if found.retryable else "refused"
        metrics.as2_messages.labels(self.name, "out", what).inc()


def _message_id(transmission: int, host: str) -> str:
    """Unique for ever, and without blanks: a restored backup may give an id of a transmission anew."""
    return f"<tx_{transmission}.{secrets.token_hex(12)}@crossdock.{host or 'invalid'}>"


def _small(answered: Answered) -> dict[str, str]:
    return {name.lower(): value for name, value in answered.headers}
