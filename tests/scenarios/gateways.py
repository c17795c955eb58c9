"""A gateway of a company that buys or sells: its ERP speaks JSON, the other side one of the formats."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from gateway import agreements
from gateway.acknowledgments import ANSWER
from gateway.canonical import Order, to_json
from gateway.expectations import release_due
from gateway.expectations.holds import release
from gateway.handlers.trading import release_came
from gateway.handlers.trading.view import orders
from gateway.mapping import Mappings
from gateway.pipeline.context import World
from gateway.simulate import Partner
from gateway.simulate.selling import adapted
from gateway.simulate.voice import say
from gateway.store import Database
from gateway.store.ids import Reference
from tests.pipeline.yard import AT, BUNDLED, SCHEMAS, Yard

LANGUAGES = ("x12", "edifact", "ubl")

BOUGHT, SOLD = "bought", "sold"
"""What we do with the goods."""

#: Who writes what.
OF_BUYER = ("Order", "OrderChange", "ReceiptAdvice", "RemittanceAdvice")
OF_SELLER = ("OrderResponse", "DespatchAdvice", "Invoice")

_QUALIFIERS = {"x12": "ZZ", "edifact": "14", "ubl": "0088"}
NUMBERS = {"acme": "5412345000020", "umbrella": "5412345000013"}

_PARTY = """\
id = "{id}"
name = "{name}"
kind = "{kind}"
"""
_IDENTITY = """\
[[identity]]
standard = "{standard}"
qualifier = "{qualifier}"
identifier = "{identifier}"
"""
_DOORS = """\
[[endpoint]]
name = "{id}-in"
connector = "directory"
direction = "in"
path = "in/{id}"
[[endpoint]]
name = "{id}-out"
connector = "directory"
direction = "out"
path = "out/{id}"
"""
_SENT = """\
[[agreement]]
name = "{party}-{name}"
with = "acme"
direction = "out"
standard = "{standard}"
version = "{version}"
type = "{type}"
document = "{document}"
mapping = "{mapping}"
endpoint = "{party}-out"
unmapped = "report"
"""
_RECEIVED = """\
[[agreement]]
name = "{party}-{name}"
with = "acme"
direction = "in"
standard = "{standard}"
version = "{version}"
type = "{type}"
mapping = "{mapping}"
acknowledgments = {receipts}
acknowledge_through = "{party}-out"
[agreement.trading]
{trading}
"""
_JSON = """\
[[agreement]]
name = "erp-{way}-{name}"
with = "acme"
direction = "{way}"
standard = "json"
document = "{document}"
"""
_RECEIPTS = {"x12": '["997"]', "edifact": '["CONTRL"]', "ubl": "[]"}

_MAPPINGS = Mappings(BUNDLED.mappings.files, BUNDLED.mappings.names, SCHEMAS)


def spoken(language: str) -> dict[str, str]:
    """By canonical document, the mapping of a language: what there is none for, nobody can say in it."""
    found: dict[str, str] = {}
    for name in _MAPPINGS.names():
        if name.startswith(f"{language}/"):
            mapping = _MAPPINGS.find(name)
            found.setdefault(mapping.document, name)
    if language == "x12":  # the answer to an order, not that to a change
        found["OrderResponse"] = "x12/855"
    if language == "ubl":
        found |= {"Invoice": "ubl/invoice", "OrderChange": "ubl/order-change"}
    return found


def parties(language: str, trading: Sequence[str] = (), side: str = BOUGHT) -> dict[str, str]:
    """The files of ``partners/``; ``trading`` are lines of what is agreed on documents that come in."""
    known = spoken(language)
    ours, theirs = (OF_BUYER, OF_SELLER) if side == BOUGHT else (OF_SELLER, OF_BUYER)
    acme = _PARTY.format(id="acme", name="Acme Tools", kind="own")
    other = _PARTY.format(id="umbrella", name="Umbrella Supplies", kind="external")
    identity = {"standard": language, "qualifier": _QUALIFIERS[language]}
    acme += _IDENTITY.format(identifier=NUMBERS["acme"], **identity)
    other += _IDENTITY.format(identifier=NUMBERS["umbrella"], **identity) + _DOORS.format(id="umbrella")
    names = [known[kind] for kind in (*OF_BUYER, *OF_SELLER) if kind in known]
    names += ["ubl/credit-note", "ubl/order-cancellation"] if language == "ubl" else []
    for name in names:
        mapping = _MAPPINGS.find(name)
        lines = {
            "party": "umbrella",
            "standard": language,
            "version": mapping.format.version,
            "type": mapping.format.message,
            "name": mapping.format.message.lower(),
            "document": mapping.document,
            "mapping": name,
            "receipts": _RECEIPTS[language],
            "trading": "\n".join(trading),
        }
        other += (_SENT if mapping.document in ours else _RECEIVED).format(**lines)
    erp = _PARTY.format(id="acme-erp", name="Acme ERP", kind="own") + _DOORS.format(id="acme-erp")
    for kind in ours:
        erp += _JSON.format(way="in", document=kind, name=kind.lower())
    for kind in theirs:
        erp += _JSON.format(way="out", document=kind, name=kind.lower()) + 'endpoint = "acme-erp-out"\n'
    return {"acme": acme, "acme-erp": erp, "umbrella": other}


def world(language: str) -> World:
    """What is configured, without a database."""
    files = {f"partners/{name}.toml": text for name, text in parties(language).items()}
    return World(agreements=agreements.load(files), schemas=SCHEMAS, mappings=_MAPPINGS)


def orders_of(known: World, order: Order) -> bytes:
    """An order as it leaves to the seller."""
    (way,) = known.agreements.outbound("acme", "Order", to="umbrella")
    return say(order, way, known, 1, AT).body


class File(NamedTuple):
    """What comes in, and by which door."""

    door: str
    body: bytes


class Dealings:
    """The gateway, its ERP, and who is behind the door of the other side."""

    def __init__(self, database: Database, language: str, side: str, trading: Sequence[str] = ()) -> None:
        self.language, self.side = language, side
        self.yard = Yard(database)
        self.yard.partners = parties(language, trading, side)
        order = _MAPPINGS.find(spoken(language)["Order"]).format.message
        role = "seller" if side == BOUGHT else "buyer"
        self._other = Partner(self.yard.context, f"umbrella-{order.lower()}", role=role)

    def say(self, document: Any) -> list[File]:
        """A document as it is written by the one who writes such: our ERP, or the other side."""
        ours = OF_BUYER if self.side == BOUGHT else OF_SELLER
        if type(document).__name__ in ours:
            return [File("acme-erp-in", to_json(adapted(document, self.language)))]
        turn = self._other.send(document, AT)
        assert not turn.remarks, turn.remarks
        return [File("umbrella-in", file.body) for file in turn.files]

    def arrive(self, files: Sequence[File]) -> None:
        for file in files:
            self.yard.arrive(file.body, file.door)

    def admit(self) -> None:
        """Somebody releases the files that are held."""
        for id in self.yard.column("SELECT id FROM transmissions WHERE status = 'held'"):
            release(self.yard.database, Reference("transmission", id), "ann", self.yard.clock.now())
        self.yard.work()

    def settle(self) -> None:
        """What waits is looked at again, as the sweep does."""
        for _ in range(3):
            now = self.yard.clock.now()
            release_came(self.yard.database, now)
            release_due(self.yard.database, now + 60_000_000)
            self.yard.work()

    def got(self, who: str) -> list[str]:
        """What the ``buyer`` or the ``seller`` has got, by kind."""
        return self._erp_got() if (who == "buyer") == (self.side == BOUGHT) else self._other_got()

    def page(self, number: str) -> dict[str, Any]:
        """What is known of the order."""
        with self.yard.database.read() as connection:
            (found,) = orders(connection, number)
        return found

    def _erp_got(self) -> list[str]:
        return [json.loads(line)["document"] for body in self.yard.to("acme-erp-out") for line in body.splitlines()]

    def _other_got(self) -> list[str]:
        heard = [each for body in self.yard.to("umbrella-out") for each in self._other.hears(body)]
        return [each for each in heard if each != ANSWER]
