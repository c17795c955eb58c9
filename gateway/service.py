"""The composition root: the only place where parts are wired together."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from gateway import config, doors, resources
from gateway.alerts.notifier import Channel
from gateway.alerts.office import Office, channels
from gateway.as2_wiring import As2Doors
from gateway.codecs.model import Limits
from gateway.connectors import as2
from gateway.core.errors import ConfigurationError, StoreError
from gateway.core.ports import Bell, Intake, Ringer
from gateway.core.secrets import is_reference
from gateway.core.validity import End
from gateway.desk import Desk
from gateway.doors import Inboxes, Outboxes, remote_outboxes
from gateway.handlers.customs import CustomsHandler
from gateway.handlers.logistics import LogisticsHandler
from gateway.handlers.notices import NoticesHandler
from gateway.handlers.receipts import ReceiptsHandler
from gateway.handlers.trading import TradingHandler, release_came
from gateway.knowledge import Knowledge as Knowledge
from gateway.pipeline.compose import Compose
from gateway.pipeline.context import Context
from gateway.pipeline.deliver import Deliver, Job
from gateway.pipeline.handle import Handle
from gateway.pipeline.intake import DatabaseIntake
from gateway.pipeline.shelf import DatabaseShelf
from gateway.pipeline.stranded import compose_stranded
from gateway.pipeline.telling import Telling
from gateway.pipeline.translate import Translate
from gateway.pipeline.windows import Windows
from gateway.settings import Config
from gateway.signers import Signers
from gateway.store import Database, Step, migrations, open_database
from gateway.store.checkpoint import keep_short
from gateway.store.ledger import DatabaseLedger
from gateway.store.payloads import Payloads
from gateway.work.bell import open_bell
from gateway.work.breaker import BreakerPolicy
from gateway.work.deliverer import Deliverer
from gateway.work.polls import Polls
from gateway.work.processor import Processor
from gateway.work.receiver import Receiver
from gateway.work.renewed import Renewed
from gateway.work.standings import Standings
from gateway.work.sweeper import Sweeper
from gateway.work.tidy import Tidy
from gateway.work.worker import Worker, new_owner

if TYPE_CHECKING:
    from gateway.connectors.sftp_server.server import SftpServer
    from gateway.web import WebServer

log = structlog.get_logger(__name__)


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        """Microseconds since 1970, UTC."""
        return time.time_ns() // 1000


#: The names of all handlers, as agreements may ask for them.
HANDLERS = tuple(
    kind.name for kind in (TradingHandler, LogisticsHandler, NoticesHandler, CustomsHandler, ReceiptsHandler)
)


class Service:
    """A gateway: its configuration, its database, its doors. Close it when done."""

    def __init__(self, settings: Config, knowledge: Knowledge, database: Database, bell: Bell) -> None:
        self.config = settings
        self.knowledge = knowledge
        self.database = database
        self.bell = bell
        self.clock = SystemClock()
        self.owner = new_owner("gateway")
        self.context = self._context(knowledge)
        database.listeners.append(Telling(lambda: self.context.agreements))
        base = Path(settings.exchange)
        bounds = settings.endpoints
        usual = BreakerPolicy(bounds.failures, bounds.first_seconds, bounds.most_seconds)
        self.standings = Standings(database, self.clock, usual)
        self.inboxes = Inboxes(lambda: self.current().agreements, base, self.owner, database.payloads)
        self.as2 = As2Doors(settings, database, self.clock, lambda: self.current().agreements, self._secret)
        makers = {as2.NAME: self.as2.door}
        self.door = Outboxes(lambda: self.context.agreements, base, self.owner, self.standings.of, makers)
        self.desk = Desk(database, self.clock, lambda: self.context, bell.ring)
        self._stamp = knowledge.resources.stamp()
        self._lock = threading.Lock()

    def _context(self, knowledge: Knowledge) -> Context:
        return Context(
            database=self.database,
            agreements=knowledge.agreements,
            schemas=knowledge.schemas,
            mappings=knowledge.mappings,
            clock=self.clock,
            handlers={
                handler.name: handler
                for handler in (
                    TradingHandler(),
                    LogisticsHandler(),
                    NoticesHandler(),
                    CustomsHandler(knowledge.agreements, knowledge.schemas),
                    ReceiptsHandler(knowledge.schemas),
                )
            },
            signer=Signers(self._secret),
            limits=knowledge.limits,
        )

    @classmethod
    def open(cls, home: str | os.PathLike[str] | None = None, environ: Mapping[str, str] = os.environ) -> Service:
        """The gateway of a home. An embedded database that does not exist yet is made.

        Raises ConfigurationError, UsageError, and StoreError for a database whose schema is not the program's.
        """
        settings = config.load(home, environ)
        bounds = settings.limits
        limits = Limits(
            bounds.document_bytes, bounds.segment_bytes, bounds.issues_per_document, bounds.document_segments
        )
        knowledge = Knowledge(resources.find(home, environ), limits)
        doors.check(knowledge.agreements)
        database = open_database(settings.database, payload_store(settings))
        prepare(settings.database, database)
        return cls(settings, knowledge, database, open_bell(settings.broker, [step.name.lower() for step in Step]))

    def close(self) -> None:
        """Lets go of doors, bell and database."""
        self.door.close()
        with suppress(StoreError):
            self.bell.close()
        self.database.close()

    def current(self) -> Context:
        """The context, made anew when a file of the home's parties, mappings or schemas changed.

        Files that are wrong change nothing: the log says what is wrong with them, and what held before goes on.
        """
        stamp = self.knowledge.resources.stamp()
        with self._lock:
            if stamp != self._stamp:
                self._stamp = stamp
                self._renew()
            return self.context

    def _renew(self) -> None:
        knowledge = Knowledge(self.knowledge.resources, self.knowledge.limits)
        try:
            doors.check(knowledge.agreements)
            self.context = self._context(knowledge)
        except ConfigurationError as error:
            log.error("configuration.wrong", error=str(error))
            return
        self.knowledge = knowledge
        log.info("configuration.changed", digest=knowledge.agreements.digest)

    # Roles

    def worker(self, bell: Bell | None = None, *, remote: bool = True, near: bool = True) -> Worker:
        """A worker for all steps. The bell is not for sharing between threads: each worker has its own.

        ``remote``: it delivers to far endpoints too; False where a deliverer does. ``near``: to near ones; False where
        a courier does.
        """
        processors = (
            Renewed(Step.TRANSLATE, Translate, self.current),
            Renewed(Step.HANDLE, Handle, self.current),
            Renewed(Step.COMPOSE, Compose, self.current),
        )
        return self._worker((*processors, self._delivery()) if near else processors, bell, remote)

    def courier(self, bell: Bell) -> Worker:
        """What delivers to near endpoints and does nothing else: it waits for disks while workers work."""
        return self._worker((self._delivery(),), bell, remote=False)

    def _worker(self, processors: Sequence[Processor[Any]], bell: Bell | None, remote: bool) -> Worker:
        batches = self.config.batches
        return Worker(
            self.database,
            processors,
            bell=bell or self.bell,
            limit=batches.documents,
            size=batches.bytes,
            lease=batches.lease_seconds,
            without=frozenset if remote else self._far,
        )

    def deliverer(self, bell: Ringer | None = None) -> Deliverer:
        """What delivers to far endpoints, with threads of its own. ``bell``: one that any thread may ring."""
        bounds = self.config.endpoints
        return Deliverer(
            self.database,
            self._delivery,
            self._far,
            self.standings.ready,
            bell=bell,
            threads=bounds.threads,
            limit=bounds.batch,
            size=self.config.batches.bytes,
            lease=self.config.batches.lease_seconds,
        )

    def _delivery(self) -> Renewed[list[Job]]:
        return Renewed(Step.DELIVER, lambda context: Deliver(context, self.door), self.current)

    def _far(self) -> frozenset[str]:
        return remote_outboxes(self.context.agreements)  # asked for at each claim, so it is kept

    def receiver(self, bell: Ringer | None = None) -> Receiver:
        """What looks into the inboxes that are near, one after the other."""
        return Receiver(self.database, self.clock, self.inboxes, bell=bell or self.bell)

    def polls(self, bell: Ringer | None = None) -> Polls:
        """What looks into the others, each in a thread of its own. ``bell``: one that any thread may ring."""
        base = Path(self.config.exchange)
        receiver = Receiver(self.database, self.clock, (), bell=bell)
        ledger = DatabaseLedger(self.database, self.clock)
        return Polls(
            receiver,
            self.clock,
            lambda: doors.polled(
                self.current().agreements, base, self.owner, self.standings.of, ledger, self.database.payloads
            ),
        )

    def sweeper(self, bell: Ringer | None = None) -> Sweeper:
        """The sweep."""
        interval = self.config.batches.sweep_seconds
        hooks: list[Callable[[], object]] = [
            lambda: compose_stranded(self.database, self.clock.now()),
            Windows(self.database, self.clock, lambda: self.current().agreements).keep,
            lambda: self.standings.write(self._agreed),
            self.standings.listen,
            Tidy(self.database).keep,
            self._release_came,
            *self.as2.hooks((bell or self.bell).ring),
        ]
        return Sweeper(self.database, self.clock, bell=bell or self.bell, interval=interval, hooks=hooks)

    def _release_came(self) -> None:
        """What waits for a document that came in the same moment."""
        if self.current().agreements.awaiting:
            release_came(self.database, self.clock.now())

    def _agreed(self) -> frozenset[str]:
        agreements = self.context.agreements
        return frozenset(endpoint.name for party in agreements.parties.values() for endpoint in party.endpoints)

    def channels(self) -> list[Channel]:
        """The ways by which people learn of alerts. Raises ConfigurationError for secrets that are not there."""
        return channels(self.config.alerts, self._secret, self.config.home)

    def office(self) -> Office:
        """What looks for alerts and has them told. Raises as :meth:`channels` does."""
        agreed = lambda: self.current().agreements  # noqa: E731
        return Office(self.database, self.clock, agreed, self.config.alerts, self.channels(), self.ends)

    def ends(self) -> list[End]:
        """How long the keys and certificates of the home are good for."""
        return self.as2.ends()

    def _secret(self, text: str) -> str:
        return config.resolve_secret(text, self.config.home) if is_reference(text) else text

    def intake(self, bell: Ringer | None = None) -> Intake:
        """What doors hand their arrivals to that are called from outside."""
        return DatabaseIntake(self.database, self.clock, (bell or self.bell).ring)

    def web_server(self, bell: Ringer | None = None) -> WebServer:
        """The HTTP API, listening. ``bell``: one that any thread may ring.

        Raises ConfigurationError for an address that cannot be listened on.
        """
        from gateway.web import WebServer, create_app

        return WebServer(create_app(self, bell), self.config)

    def as2_server(self, bell: Ringer | None = None, *, shared: bool = False) -> WebServer:
        """The door that partners post AS2 messages to, listening. ``bell``: one that any thread may ring; ``shared``:
        other processes listen there too. Raises as :meth:`web_server` does."""
        return self.as2.server(bell or self.bell, shared=shared)

    def sftp_server(self, bell: Ringer | None = None) -> SftpServer:
        """The server that partners call, with the accounts that are agreed on at each moment. ``bell`` is for sharing
        between threads."""
        from gateway.connectors.sftp_server.host_keys import host_keys
        from gateway.connectors.sftp_server.login import Accounts
        from gateway.connectors.sftp_server.server import SftpServer

        settings, shelf = self.config.sftp, DatabaseShelf(self.database, self.clock)
        accounts = Accounts(lambda: self.current().agreements, partial(config.resolve_secret, home=self.config.home))
        folder = Path(settings.folder)
        keys, intake = host_keys(folder), self.intake(bell)
        return SftpServer(settings, accounts, keys, intake, shelf, self.clock, folder, shelf.expire)

    def keep_short(self, stop: threading.Event) -> None:
        """Keeps the log of an embedded database short until ``stop`` is set."""
        keep_short(self.database, stop)


def payload_store(settings: Config) -> Payloads:
    """Where the large payloads of the configured database are."""
    return Payloads(Path(settings.store.payloads), settings.store.memory_bytes)


def prepare(url: str, database: Database) -> None:
    """Makes the schema of an embedded database that is new. Raises StoreError when another one is not up to date."""
    revision = migrations.current(database)
    if revision is None and database.dialect == "sqlite":
        migrations.upgrade(url)
    elif revision != migrations.head():
        found = revision or "none"
        raise StoreError(
            f"The database is at revision {found}, this program needs {migrations.head()}.", hint="crossdock db upgrade"
        )
