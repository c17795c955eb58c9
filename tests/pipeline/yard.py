"""A gateway on a database and doors in memory: everything but processes, folders and the clock is the real thing."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from typing import Any, NamedTuple

from gateway import agreements
from gateway.agreements import Agreement, Agreements
from gateway.codecs.model import Limits
from gateway.codecs.xml_signature import Signer
from gateway.connectors import MemoryOutbox
from gateway.core.ports import Arrival
from gateway.core.retry import RetryPolicy
from gateway.grammar import Schemas
from gateway.handlers import Handler
from gateway.handlers.customs import CustomsHandler
from gateway.handlers.logistics import LogisticsHandler
from gateway.handlers.notices import NoticesHandler
from gateway.handlers.receipts import ReceiptsHandler
from gateway.handlers.trading import TradingHandler
from gateway.mapping import Mappings
from gateway.pipeline.compose import Compose
from gateway.pipeline.context import Context
from gateway.pipeline.deliver import Deliver
from gateway.pipeline.handle import Handle
from gateway.pipeline.receive import receive
from gateway.pipeline.translate import CHUNK, Translate
from gateway.resources import Resources
from gateway.store import Database, Step
from gateway.store.ids import Reference, parse
from gateway.work import Worker
from tests.store.making import column

AT = 1_790_000_000_000_000

BUNDLED = Resources()
SCHEMAS = Schemas(BUNDLED.schemas.files, BUNDLED.schemas.names)

ACME = """\
id = "acme"
name = "Acme Tools Inc."
kind = "own"
[[identity]]
standard = "x12"
qualifier = "ZZ"
identifier = "ACME"
[[identity]]
standard = "edifact"
qualifier = "14"
identifier = "5412345000020"
"""

ERP = """\
id = "acme-erp"
name = "Acme ERP"
kind = "own"
[[endpoint]]
name = "erp-out"
connector = "directory"
direction = "out"
path = "out/erp"
[[agreement]]
name = "erp-orders"
with = "acme"
direction = "out"
standard = "json"
document = "Order"
endpoint = "erp-out"
batch = "interchange"
"""

#: The agreement is last, so that a test may append lines to it.
GLOBEX = """\
id = "globex"
name = "Globex Retail"
[[identity]]
standard = "x12"
qualifier = "ZZ"
identifier = "GLOBEX"
[[endpoint]]
name = "globex-in"
connector = "directory"
direction = "in"
path = "in/globex"
[[endpoint]]
name = "globex-out"
connector = "directory"
direction = "out"
path = "out/globex"
[[agreement]]
name = "globex-orders"
with = "acme"
direction = "in"
standard = "x12"
version = "004010"
type = "850"
mapping = "x12/850"
acknowledgments = ["TA1", "997"]
acknowledge_through = "globex-out"
"""

INITECH = """\
id = "initech"
name = "Initech Manufacturing"
[[identity]]
standard = "edifact"
qualifier = "14"
identifier = "5412345000013"
[[endpoint]]
name = "initech-in"
connector = "directory"
direction = "in"
path = "in/initech"
[[endpoint]]
name = "initech-out"
connector = "directory"
direction = "out"
path = "out/initech"
[[agreement]]
name = "initech-orders"
with = "acme"
direction = "in"
standard = "edifact"
version = "D.96A"
type = "ORDERS"
mapping = "edifact/orders-d96a"
acknowledgments = ["CONTRL"]
acknowledge_through = "initech-out"
"""

PARTNERS = {"acme": ACME, "acme-erp": ERP, "globex": GLOBEX, "initech": INITECH}

#: Quick retries: a test that wants to see one sweeps.
POLICIES = {step: RetryPolicy(attempts=3, first=0.0, spread=0.0) for step in Step}


class Sent(NamedTuple):
    """One delivery, in the order in which they were made."""

    endpoint: str
    name: str
    body: bytes


class Ticking:
    """A clock that goes on by a second each time it is asked."""

    def __init__(self) -> None:
        self._seconds = count()

    def now(self) -> int:
        return AT + next(self._seconds) * 1_000_000


class Recording(MemoryOutbox):
    """An outgoing door that tells when it was used."""

    def __init__(self, name: str, sent: list[Sent]) -> None:
        super().__init__(name)
        self._sent = sent

    def deliver(self, departures: list[Any]) -> list[Any]:
        outcomes = super().deliver(departures)
        for departure, outcome in zip(departures, outcomes, strict=True):
            if outcome.error is None:
                self._sent.append(Sent(self.name, departure.name, departure.body))
        return outcomes


class Yard:
    """What a test drives: put something in, let the worker do everything there is to do, and look."""

    def __init__(self, database: Database, *, chunk: int = CHUNK, limit: int = 64) -> None:
        self.database = database
        self.chunk, self.limit = chunk, limit
        self.clock = Ticking()
        self.sent: list[Sent] = []
        self.doors: dict[str, Recording] = {}
        self.partners = dict(PARTNERS)
        self.mappings: dict[str, str] = {}
        self.handlers: tuple[Handler, ...] = (
            TradingHandler(),
            LogisticsHandler(),
            NoticesHandler(),
            ReceiptsHandler(SCHEMAS),
        )
        self.signer: Callable[[Agreement], Signer | None] = lambda agreement: None
        self.limits = Limits()
        self._units = count(1)

    # The world as it is configured

    def agree(self, **parties: str | None) -> None:
        """Sets the files of parties (``globex=GLOBEX + "reject = …"``); None takes one away."""
        for name, text in parties.items():
            if text is None:
                self.partners.pop(name.replace("_", "-"), None)
            else:
                self.partners[name.replace("_", "-")] = text

    @property
    def agreements(self) -> Agreements:
        return agreements.load({f"partners/{name}.toml": text for name, text in self.partners.items()})

    @property
    def context(self) -> Context:
        return Context(
            database=self.database,
            agreements=self.agreements,
            schemas=SCHEMAS,
            mappings=Mappings(self._mapping, BUNDLED.mappings.names, SCHEMAS) if self.mappings else _MAPPINGS,
            clock=self.clock,
            handlers={handler.name: handler for handler in (*self.handlers, CustomsHandler(self.agreements, SCHEMAS))},
            signer=self.signer,
            limits=self.limits,
        )

    def _mapping(self, name: str) -> str | None:
        return self.mappings.get(name) or BUNDLED.mappings.files(name)

    # What happens

    def put(self, body: bytes, source: str = "globex-in", unit: str = "") -> Reference:
        """Something comes in; the transmission that it became."""
        (id,) = self.receive(body, source=source, unit=unit)
        assert id is not None
        return Reference("transmission", id)

    def receive(self, *bodies: bytes, source: str = "globex-in", unit: str = "") -> list[int | None]:
        """The same for several in one commit; ``unit`` is the transport id of one that is told by it."""
        arrivals = [
            Arrival(source=source, transport_id=unit or f"unit-{next(self._units)}", body=body, file_name="a.x12")
            for body in bodies
        ]
        return receive(self.database, arrivals, self.clock.now())

    def door(self, name: str) -> Recording:
        if name not in self.doors:
            self.doors[name] = Recording(name, self.sent)
        return self.doors[name]

    def processors(self) -> tuple[Translate, Handle, Compose, Deliver]:
        context = self.context
        return Translate(context, self.chunk), Handle(context), Compose(context), Deliver(context, self.door)

    def worker(self, **options: Any) -> Worker:
        return Worker(self.database, self.processors(), **{"policies": POLICIES, "limit": self.limit, **options})

    def work(self) -> int:
        """Everything that is ready; returns how many rows of work that was."""
        return self.worker().run_until_idle()

    def arrive(self, body: bytes, source: str = "globex-in") -> Reference:
        """Something comes in, and everything there is to do is done."""
        reference = self.put(body, source)
        self.work()
        return reference

    # What is seen

    def to(self, endpoint: str) -> list[bytes]:
        """What left by a door, in the order in which it left."""
        return [sent.body for sent in self.sent if sent.endpoint == endpoint]

    def erp(self) -> list[list[str]]:
        """The numbers of the orders in each file that the ERP got."""
        return [[json.loads(line)["id"] for line in body.splitlines()] for body in self.to("erp-out")]

    def column(self, sql: str, **values: Any) -> list[Any]:
        return column(self.database, sql, **values)

    def one(self, sql: str, **values: Any) -> Any:
        (value,) = self.column(sql, **values)
        return value

    def count(self, table: str, where: str = "1 = 1") -> int:
        return int(self.one(f"SELECT count(*) FROM {table} WHERE {where}"))

    def status(self, reference: Reference | str) -> str:
        known = parse(reference) if isinstance(reference, str) else reference
        return str(self.one(f"SELECT status FROM {known.table} WHERE id = :i", i=known.id))

    def statuses(self, table: str = "documents") -> list[str]:
        """In the order of receipt, of what came in."""
        return self.column(f"SELECT status FROM {table} WHERE direction = 'in' ORDER BY id")

    def inbound(self, position: int = 0) -> Reference:
        """The document that came in at this place (from 0) of all."""
        ids = self.column("SELECT id FROM documents WHERE direction = 'in' ORDER BY turn")
        return Reference("document", ids[position])

    def issues(self, reference: Reference) -> list[str]:
        """Codes of what was found, in order."""
        return self.column(
            f"SELECT code FROM issues WHERE {reference.column} = :i ORDER BY id",
            i=reference.id,
        )

    def nothing_left(self) -> bool:
        """No work, and everything that left is recorded."""
        return not self.count("work") and not self.count("transmissions", "status = 'composed'")


_MAPPINGS = Mappings(BUNDLED.mappings.files, BUNDLED.mappings.names, SCHEMAS)


def segments(interchange: bytes, *tags: str) -> list[str]:
    """Its segments with one of these tags, in order; none named: all between the envelopes."""
    text = interchange.decode("latin-1")
    marks = ("'", "+") if text.startswith(("UNA", "UNB")) else ("~", "*")
    body = text[9:] if text.startswith("UNA") else text
    every = [segment.strip() for segment in body.split(marks[0]) if segment.strip()]
    envelope = {"ISA", "GS", "GE", "IEA", "UNB", "UNZ"}
    return [s for s in every if (s.split(marks[1])[0] in tags if tags else s.split(marks[1])[0] not in envelope)]


def control_number(interchange: bytes) -> str:
    """ISA13, or UNB 0020."""
    text = interchange.decode("latin-1")
    if text.startswith("ISA"):
        return text.split("*")[13]
    (unb,) = segments(interchange, "UNB")
    return unb.split("+")[5]
