"""A gateway of a company that buys, with an ERP that speaks JSON and a seller that speaks one of the formats."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from gateway import agreements
from gateway.canonical import Order, to_json
from gateway.expectations import release_due
from gateway.handlers.trading import release_came
from gateway.handlers.trading.view import orders
from gateway.mapping import Mappings
from gateway.pipeline.context import World
from gateway.simulate import Partner, Turn
from gateway.simulate.voice import say
from gateway.store import Database
from tests.pipeline.yard import AT, BUNDLED, SCHEMAS, Yard

LANGUAGES = ("x12", "edifact", "ubl")

#: Who writes what.
OF_BUYER, OF_SELLER = ("Order", "OrderChange"), ("OrderResponse", "DespatchAdvice", "Invoice")

_NAMES = {
    "x12": ("ZZ", "{}"),
    "edifact": ("14", "{}"),
    "ubl": ("0088", "{}"),
}
_NUMBERS = {"acme": "5412345000020", "umbrella": "5412345000013"}

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
        found["Invoice"] = "ubl/invoice"
    return found


def parties(language: str, trading: Sequence[str] = ()) -> dict[str, str]:
    """The files of ``partners/``; ``trading`` are lines of what is agreed on documents that come in."""
    qualifier = _NAMES[language][0]
    known = spoken(language)
    acme = _PARTY.format(id="acme", name="Acme Tools", kind="own")
    seller = _PARTY.format(id="umbrella", name="Umbrella Supplies", kind="external")
    identity = {"standard": language, "qualifier": qualifier}
    acme += _IDENTITY.format(identifier=_NUMBERS["acme"], **identity)
    seller += _IDENTITY.format(identifier=_NUMBERS["umbrella"], **identity) + _DOORS.format(id="umbrella")
    names = [known[kind] for kind in (*OF_BUYER, *OF_SELLER) if kind in known]
    names += ["ubl/credit-note"] if language == "ubl" else []
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
        seller += (_SENT if mapping.document in OF_BUYER else _RECEIVED).format(**lines)
    erp = _PARTY.format(id="acme-erp", name="Acme ERP", kind="own") + _DOORS.format(id="acme-erp")
    for kind in OF_BUYER:
        erp += _JSON.format(way="in", document=kind, name=kind.lower())
    for kind in OF_SELLER:
        erp += _JSON.format(way="out", document=kind, name=kind.lower()) + 'endpoint = "acme-erp-out"\n'
    return {"acme": acme, "acme-erp": erp, "umbrella": seller}


def world(language: str) -> World:
    """What is configured, without a database."""
    files = {f"partners/{name}.toml": text for name, text in parties(language).items()}
    return World(agreements=agreements.load(files), schemas=SCHEMAS, mappings=_MAPPINGS)


def orders_of(known: World, order: Order) -> bytes:
    """An order as it leaves to the seller."""
    (way,) = known.agreements.outbound("acme", "Order", to="umbrella")
    return say(order, way, known, 1, AT).body


class Buying:
    """The gateway, and the seller behind its door."""

    def __init__(self, database: Database, language: str, trading: Sequence[str] = ()) -> None:
        self.language = language
        self.yard = Yard(database)
        self.yard.partners = parties(language, trading)
        order = _MAPPINGS.find(spoken(language)["Order"]).format.message
        self.seller = Partner(self.yard.context, f"umbrella-{order.lower()}", role="seller")

    def erp_sends(self, document: Any) -> None:
        self.yard.arrive(to_json(document), "acme-erp-in")

    def comes(self, turn: Turn) -> None:
        """What the seller says comes in."""
        assert not turn.remarks, turn.remarks
        for file in turn.files:
            self.yard.arrive(file.body, "umbrella-in")

    def settle(self) -> None:
        """What waits is looked at again, as the sweep does."""
        for _ in range(3):
            now = self.yard.clock.now()
            release_came(self.yard.database, now)
            release_due(self.yard.database, now + 60_000_000)
            self.yard.work()

    def erp_got(self) -> list[dict[str, Any]]:
        return [json.loads(line) for body in self.yard.to("acme-erp-out") for line in body.splitlines()]

    def page(self, number: str) -> dict[str, Any]:
        """What is known of the order."""
        with self.yard.database.read() as connection:
            (found,) = orders(connection, number)
        return found
