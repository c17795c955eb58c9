"""AS2 wired together: its record, its doors, its server. Part of the composition root."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from gateway.agreements import Agreements, Endpoint, duration
from gateway.connectors.as2.relations import Relations, relations_of
from gateway.core.ports import Clock, OutboundConnector, Ringer
from gateway.core.validity import End, ends
from gateway.pipeline.exchanges import DatabaseExchanges
from gateway.pipeline.mdns import Resending
from gateway.settings import Config
from gateway.store import Database

if TYPE_CHECKING:
    from gateway.as2.cms import Certificate, PrivateKey
    from gateway.connectors.as2.credentials import Credentials
    from gateway.connectors.as2.keyring import Keyring
    from gateway.connectors.as2.speech import Speaker
    from gateway.web import WebServer

_SECOND, _HOUR = 1_000_000, 3_600_000_000

Secrets = Callable[[str], str]


class As2Doors:
    """``agreements``: those that hold at each moment; ``secrets`` looks references up."""

    def __init__(
        self, config: Config, database: Database, clock: Clock, agreements: Callable[[], Agreements], secrets: Secrets
    ) -> None:
        self._config, self._database, self._clock = config, database, clock
        self._agreements, self._secrets = agreements, secrets
        self._forgot = 0
        self._credentials: Credentials | None = None
        self.speaker: Speaker | None = None

    def door(self, endpoint: Endpoint) -> OutboundConnector:
        """Messages leave by an endpoint of direction out, MDNs that we owe by the others."""
        from gateway.connectors.as2.mdn_outbox import MdnOutbox
        from gateway.connectors.as2.outbox import As2Outbox

        name, home = endpoint.name, self._config.home
        if endpoint.direction == "in":
            return MdnOutbox(name, lambda: self._known().at(name), lambda: self._hosts(endpoint.party), home)
        record = DatabaseExchanges(self._database, self._clock, lambda step: None)
        return As2Outbox(
            name, lambda: self._known().outbound(name), self._speak(), record, self._secrets, home, self._clock.now
        )

    def server(self, bell: Ringer, *, shared: bool = False) -> WebServer:
        """What partners post to, listening. ``shared``: other processes listen there too.

        Raises ConfigurationError for an address that cannot be listened on.
        """
        from gateway.connectors.as2.reception import Reception
        from gateway.web import WebServer
        from gateway.web.as2 import create_as2_app
        from gateway.web.as2.bounds import bounds_of, clients_of, quotas_of

        settings = self._config.as2
        record = DatabaseExchanges(self._database, self._clock, bell.ring, quotas_of(settings))
        reception = Reception(self._agreements, self._speak(), record)
        app = create_as2_app(reception, self._database.payloads, bounds_of(settings), settings.threads)
        config = msgspec.structs.replace(self._config, web=bounds_of(settings))
        return WebServer(app, config, shared=shared, clients=clients_of(self._config))

    def ends(self) -> list[End]:
        """How long keys and certificates are good for. What nobody uses is not loaded."""
        known = self._agreements()
        config = self._config
        if not (config.web.certificate or config.as2.certificate or any(each.as2 for each in known.parties.values())):
            return []
        from gateway.connectors.as2.credentials import Credentials

        if self._credentials is None:
            self._credentials = Credentials(config, self._agreements, self.keyring())
        return ends(self._credentials.all())

    def hooks(self, ring: Callable[[str], None]) -> list[Callable[[], object]]:
        """For the sweep: what is not answered leaves again, and what strangers sent is forgotten."""
        return [Resending(self._database, self._clock, self.patience, ring).run, self._forget]

    def patience(self, endpoint: str) -> tuple[int, int] | None:
        """How long an MDN may take there, in microseconds, and how often the message is sent again."""
        found = self._known().outbound(endpoint)
        if found is None:
            return None
        return duration(found.options.mdn_timeout) * _SECOND, found.options.mdn_resends

    def _forget(self) -> None:
        now = self._clock.now()
        if now - self._forgot > _HOUR:
            self._forgot = now
            record = DatabaseExchanges(self._database, self._clock, lambda step: None)
            record.forget_strangers(self._config.as2.strangers_days)

    def _known(self) -> Relations:
        return relations_of(self._agreements())

    def _hosts(self, party: str) -> frozenset[str]:
        return self._known().hosts(self._agreements().party(party))

    def _speak(self) -> Speaker:
        """Made when it is needed for the first time: it loads much."""
        if self.speaker is None:
            from gateway.connectors.as2.speaking import CmsSpeaker

            url = self._config.as2.url
            self.speaker = CmsSpeaker(self.keyring(), self._database.payloads, url, self._clock.now)
        return self.speaker

    def keyring(self) -> Keyring[Certificate, PrivateKey]:
        """Certificates and keys of the parties."""
        from gateway.as2 import cms
        from gateway.connectors.as2.keyring import Keyring

        return Keyring(self._config.home, self._secrets, cms.certificates, cms.private_keys)
