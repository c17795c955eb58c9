"""The office: looks, writes down, and has everything told, in threads of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import structlog

from gateway.agreements import Agreements
from gateway.agreements.model import duration
from gateway.alerts.ledger import Ledger
from gateway.alerts.mail import Account, Mail
from gateway.alerts.notifier import Channel, Notifier
from gateway.alerts.watch import Bounds, Watch
from gateway.alerts.webhook import Webhook
from gateway.core.errors import StoreError
from gateway.core.ports import Clock
from gateway.core.validity import End
from gateway.settings import Alerts
from gateway.store import Database

log = structlog.get_logger(__name__)

_MICROSECONDS = 1_000_000


def channels(settings: Alerts, secret: Callable[[str], str], home: Path) -> list[Channel]:
    """Those that are configured, beside the log; ``secret`` looks references up.

    Raises ConfigurationError for secrets that are not there.
    """
    found: list[Channel] = []
    if settings.webhook:
        found.append(Webhook(secret(settings.webhook), secret(settings.webhook_secret)))
    if settings.mail_to:
        host, _, port = settings.mail_server.partition(":")
        ca = str(home / settings.mail_ca) if settings.mail_ca else ""
        password = secret(settings.mail_password)
        account = Account(host, int(port or 0), settings.mail_security, settings.mail_user, password, ca)
        found.append(Mail(account, settings.mail_from, [each.strip() for each in settings.mail_to.split(",")]))
    return found


def gateway_name(settings: Alerts) -> str:
    """How the gateway calls itself."""
    return settings.name or f"crossdock on {socket.gethostname()}"


class Office:
    """One for a gateway."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        agreements: Callable[[], Agreements],
        settings: Alerts,
        ways: Sequence[Channel],
        ends: Callable[[], Iterable[End]] = tuple,
    ) -> None:
        self._clock, self._every = clock, settings.every_seconds
        told = (settings.failing_after, settings.waiting_after, settings.unfetched_after)
        bounds = Bounds(*(duration(each) * _MICROSECONDS for each in told))
        self.watch = Watch(database, agreements, bounds, ends)
        gather = round(settings.gather_seconds * _MICROSECONDS)
        names = [way.name for way in ways]
        self.ledger = Ledger(database, names, gather, duration(settings.remind_after) * _MICROSECONDS)
        self.notifiers = [Notifier(database, clock, way, gateway_name(settings)) for way in ways]

    def run(self, stop: threading.Event) -> None:
        """Looks until ``stop`` is set."""
        while not stop.wait(self._every):
            try:
                self.run_once()
            except StoreError as error:
                log.warning("alerts.failed", error=str(error))
            except Exception:  # whatever it is: nobody would learn of anything any more
                log.exception("alerts.failed")

    def run_once(self) -> None:
        """One look. Raises StoreError."""
        now = self._clock.now()
        self.ledger.write(self.watch.look(now), now)
