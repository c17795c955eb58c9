"""What ``crossdock demo --as2`` tells, out of what the two gateways have on record; each claim is looked up first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

from gateway.as2.mdn import Report, parse_mdn
from gateway.cli.demo_account import BAD, GOOD, QUIET
from gateway.cli.demo_as2_homes import Company, Identity
from gateway.core.errors import CrossdockError
from gateway.core.spooled import in_memory
from gateway.service import Service
from gateway.store.search import Awaited, Filter, find_documents, find_expectations
from gateway.store.statements import both, run

AnyRow = Any

_EXCHANGE = both("SELECT * FROM exchanges WHERE transmission_id = :id AND direction = 'out'")
_ARRIVED = both("SELECT * FROM exchanges WHERE message_id = :message_id AND direction = 'in'")
_TRANSMISSION = both("SELECT * FROM transmissions WHERE id = :id")
_PAYLOAD = both("SELECT * FROM payloads WHERE id = :id")

_HOW = {
    "sync": "The receipt (MDN) comes in the HTTP answer to the message itself.",
    "async": "The receipt (MDN) comes later, in an HTTP request of the partner's own.",
}


class Side(NamedTuple):
    """One of the two companies with its gateway."""

    company: Company
    service: Service

    def row(self, statement: Any, **values: Any) -> AnyRow:
        """Raises CrossdockError where there is none: the demo tells what is on record, or fails."""
        with self.service.database.read() as connection:
            found = run(connection, statement, **values).first()
        if found is None:
            raise CrossdockError(f"{self.company.name} has no record of what should be there by now.")
        return found

    def body(self, payload: int) -> bytes:
        """What was kept."""
        found = self.service.database.payloads.body_of(self.row(_PAYLOAD, id=payload))
        return in_memory(found or b"")

    def document(self, wanted: Filter) -> AnyRow:
        """The latest. Raises as ``row`` does."""
        with self.service.database.read() as connection:
            found = find_documents(connection, wanted)
        if not found:
            raise CrossdockError(f"{self.company.name} has no {wanted.type} on record.")
        return found[0]


class Passage(NamedTuple):
    """One document on its way, as both ends have it. ``sent`` and ``came``: the exchange here and there."""

    document: AnyRow
    sent: AnyRow
    came: AnyRow
    body: bytes
    body_there: bytes
    wire: bytes
    mdn: Report

    @property
    def agrees(self) -> bool:
        """The partner signed for exactly what was sent, and both ends have the same bytes."""
        told = self.mdn.mic
        return (
            self.sent.status == "confirmed"
            and self.mdn.signer is not None
            and not self.mdn.doubt
            and self.mdn.disposition.positive
            and told is not None
            and told.value == self.sent.mic == self.came.mic
            and self.body == self.body_there
        )


class Fact(NamedTuple):
    """Something that is told, and whether it is so."""

    text: str
    good: bool


def passage(here: Side, there: Side, document: AnyRow) -> Passage:
    """``document`` went from here to there. Raises CrossdockError where one of them has no record of it."""
    sent = here.row(_EXCHANGE, id=document.transmission_id)
    came = there.row(_ARRIVED, message_id=sent.message_id)
    if sent.mdn_id is None:
        raise CrossdockError(f"{here.company.name} got no MDN for {sent.message_id}.")
    partner = here.service.context.agreements.party(there.company.id)
    certificates = here.service.as2.keyring().certificates(partner)
    return Passage(
        document,
        sent,
        came,
        here.body(here.row(_TRANSMISSION, id=document.transmission_id).payload_id),
        there.body(there.row(_TRANSMISSION, id=came.transmission_id).payload_id),
        there.body(came.request_id),
        parse_mdn(_pairs(sent.mdn_headers), here.body(sent.mdn_id), certificates, signed=True),
    )


def introduce(console: Console, one: Company, other: Company) -> None:
    console.print()
    console.print(
        Panel(
            "[b]AS2[/b]: business documents by HTTP, signed, encrypted, and answered with a signed receipt (MDN).\n"
            f"{one.name} orders, {other.name} delivers. Each has a Crossdock of its own, and they talk over\n"
            f"real HTTP on this machine: {one.url} and {other.url}.",
            border_style="cyan",
            padding=(1, 2),
        )
    )


def tell_setup(console: Console, companies: Sequence[Company], identities: Sequence[Identity]) -> None:
    """Who has which key, and what the other one got."""
    _title(console, "Before the first message", "Each makes a key, and hands the other its certificate as a file.")
    lines: list[RenderableType] = []
    for company, partner, made in zip(companies, reversed(companies), identities, strict=True):
        command = f"crossdock --home {company.id} as2 keygen {company.id} --passphrase file:keys/passphrase"
        lines.append(Text.assemble(("$ ", "cyan"), (command, "b")))
        lines.append(Text(f"  {company.id}/{made.key} stays, encrypted; {partner.id} gets {made.certificate}"))
        lines.append(Text(f"  AS2 name {company.as2}, SHA-256 of the certificate {made.sha256}", style=QUIET))
    _show(console, lines)


def tell(console: Console, number: int, mdn: str, order: str, line: str, sides: tuple[Side, Side]) -> bool:
    """One scene. True: all that it claims is on record."""
    buyer, seller = sides
    _title(console, f"{number}. An order, and its receipt {mdn}hronous", f"{_HOW[mdn]} In both files: {line}")
    ordered = buyer.document(Filter(direction="out", type="850", key=f"order:{order}"))
    there = passage(buyer, seller, ordered)
    came = seller.document(Filter(direction="in", type="850", key=f"order:{order}"))
    answer = seller.document(Filter(direction="out", type="997"))
    back = passage(seller, buyer, answer)
    there_facts = (
        *_told(there, seller, mdn),
        Fact(f"{seller.company.name} has order {order}: {came.type} {came.status}", came.status == "handled"),
        Fact(f"its ERP has the file {_erp_file(seller, order)}", bool(_erp_file(seller, order))),
    )
    back_facts = (*_told(back, buyer, mdn), *_reconciled(buyer, order))
    _show(console, [_passage(buyer, there), _facts(there_facts), _passage(seller, back), _facts(back_facts)])
    return all(fact.good for fact in (*there_facts, *back_facts))


def _told(found: Passage, there: Side, mdn: str) -> Iterator[Fact]:
    packed = json.loads(found.sent.facts)
    how = f"signed with {packed.get('signed')}, encrypted with {packed.get('encrypted')}"
    hidden = b"ISA*" in found.body and b"ISA*" not in found.wire
    yield Fact(f"{len(found.wire)} bytes on the wire, {how}", hidden and {"signed", "encrypted"} <= packed.keys())
    apart = found.sent.mdn_transmission_id
    way = "in the answer" if apart is None else f"in a request of its own, tx_{apart}"
    signer = found.mdn.signer.subject if found.mdn.signer else "nobody"
    yield Fact(f"MDN {way}, signed by {signer}: {found.mdn.said}", (apart is None) == (mdn == "sync"))
    told = found.mdn.mic.value if found.mdn.mic else "none"
    same = f"is the MIC of what {there.company.name} received"
    other = f"was sent, {there.company.name} received {told}"
    yield Fact(f"MIC {found.sent.mic} {same if found.agrees else other}", found.agrees)


def _reconciled(buyer: Side, order: str) -> Iterator[Fact]:
    """What the one who ordered knows in the end."""
    document = buyer.document(Filter(direction="out", type="850", key=f"order:{order}"))
    yield Fact(f"{buyer.company.name}'s order {order}: {document.status}", document.status == "accepted")
    with buyer.service.database.read() as connection:
        wanted = Awaited(states=("resolved",), kind="997", document=document.id)
        found = find_expectations(connection, wanted)
    yield Fact("its 997 was awaited, came, and was brought together with it", len(found) == 1)


def keep_wire(buyer: Side, seller: Side, folder: Path, mdn: str) -> None:
    """The last order and its MDN as they went over the wire, for ``crossdock as2 explain``."""
    folder.mkdir(exist_ok=True)
    found = passage(buyer, seller, buyer.document(Filter(direction="out", type="850")))
    (folder / f"order-{mdn}.as2").write_bytes(_head(found.came.headers) + found.wire)
    (folder / f"mdn-{mdn}.as2").write_bytes(_head(found.sent.mdn_headers) + buyer.body(found.sent.mdn_id))


def say_goodbye(console: Console, folder: Path | None, *, good: bool) -> None:
    """The sum of it, and how to look further."""
    console.print()
    console.print(Rule(style="cyan"))
    text = "Two orders and two acknowledgments crossed, each with a signed receipt for exactly what was sent."
    console.print(f"   {text}" if good else Text("   Not everything above is as it should be: see ✗.", style=BAD))
    at = folder or "DIR"
    again = () if folder else (("the same, and both homes stay: then", "crossdock demo --as2 --keep DIR"),)
    further = (
        *again,
        ("what left and what came", f"crossdock --home {at}/globex transmissions"),
        ("one of them, with its MDN and its 997", f"crossdock --home {at}/globex trace tx_…"),
        ("a message, layer by layer", f"crossdock --home {at}/acme as2 explain {at}/wire/order-sync.as2"),
        ("all that is configured for a partner", f"{at}/globex/partners/acme.toml"),
        ("your first partner", "docs/how-to/as2.md"),
    )
    console.print()
    for meaning, what in further:
        console.print(Text(f"   {meaning}:", style=QUIET))
        console.print(Text(f"     {what}"), soft_wrap=True)  # to be copied
    console.print()


def _erp_file(seller: Side, order: str) -> str:
    """The name of the file with the order."""
    found = (file for file in sorted(seller.company.erp.iterdir()) if f'"id":"{order}"' in file.read_text("utf-8"))
    return next((file.name for file in found), "")


def _passage(here: Side, found: Passage) -> RenderableType:
    head = Text.assemble(
        ("→ ", "cyan"), (f"{here.company.id}: {found.document.type}", "b"), f"  {found.sent.message_id}"
    )
    segments = [f"{each}~" for each in found.body.decode("ascii", "replace").replace("\n", "").split("~") if each]
    excerpt = Text("\n".join(segments), style=QUIET, no_wrap=True, overflow="ellipsis")
    return Group(head, Padding(excerpt, (0, 0, 0, 4)))


def _facts(facts: Sequence[Fact]) -> RenderableType:
    lines = [Text(f"  {'✓' if fact.good else '✗'} {fact.text}", style=GOOD if fact.good else BAD) for fact in facts]
    return Group(*lines)


def _title(console: Console, title: str, text: str) -> None:
    console.print()
    console.print(Rule(f"[b]{title}[/b]", align="left", style="cyan"))
    console.print(Padding(Text(text, style=QUIET), (0, 0, 0, 3)))


def _show(console: Console, lines: Sequence[RenderableType]) -> None:
    console.print(Padding(Group(*lines), (1, 0, 0, 3)))


def _head(headers: str) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in _pairs(headers)).encode("latin-1", "replace") + b"\r\n"


def _pairs(headers: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in json.loads(headers))
