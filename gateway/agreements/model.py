"""Parties, identities, endpoints and agreements: what the files in ``partners/`` may say.

One file describes one party: who it is, the doors it comes and goes through, and what was agreed with it. The text of
each key is the source of ``docs/reference/agreements.md``.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec

from gateway.agreements.as2 import As2
from gateway.agreements.customs import Customs
from gateway.agreements.schedule import next_time
from gateway.codecs.model import Address
from gateway.core.issues import Severity
from gateway.core.strict import key

#: Party, endpoint and agreement names: they appear in paths, in file names and on the command line.
NAME = r"^[a-z0-9][a-z0-9._-]*$"

Lane = Literal["production", "test"]
Standard = Literal["x12", "edifact", "ubl", "ceb", "json", "csv", "idoc"]
Receipt = Literal["TA1", "997", "999", "824", "CONTRL", "APERAK", "ApplicationResponse"]

#: The standards that know no sender: it is the party whose door a file came through.
NAMELESS = frozenset({"json", "csv", "idoc"})

#: The receipts that belong to each standard.
RECEIPTS_OF: dict[str, tuple[Receipt, ...]] = {
    "x12": ("TA1", "997", "999", "824"),
    "edifact": ("CONTRL", "APERAK"),
    "ubl": ("ApplicationResponse",),
    "ceb": (),
    "json": (),
    "csv": (),
    "idoc": (),
}

#: Those that are usual where nothing else was agreed.
USUAL_RECEIPTS: dict[str, tuple[Receipt, ...]] = {
    "x12": ("TA1", "997"),
    "edifact": ("CONTRL",),
    "ubl": (),
    "ceb": (),
    "json": (),
    "csv": (),
    "idoc": (),
}

Character = Annotated[str, msgspec.Meta(min_length=1, max_length=1)]
Count = Annotated[int, msgspec.Meta(ge=1)]
Seconds = Annotated[float, msgspec.Meta(ge=0.01)]

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """A name that a party has in the envelopes of one standard. A party may have several."""

    standard: Annotated[Literal["x12", "edifact", "ubl", "ceb", "idoc"], key("The standard whose envelopes use it.")]
    identifier: Annotated[
        str,
        key(
            "ISA06/ISA08, or UNB 0004/0010; in UBL the party's EndpointID, else its identification; in customs "
            "messages (ceb) its address in the exchange system, DXPENT….",
            min_length=1,
        ),
    ]
    qualifier: Annotated[
        str, key("ISA05/ISA07, or UNB 0007, or schemeID in UBL; empty where the envelope has none.")
    ] = ""
    routing: Annotated[str, key("UNB 0008/0014. Left out: whatever stands there.")] = ""

    @property
    def address(self) -> Address:
        return Address(self.identifier, self.qualifier, self.routing)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Of which traffic an endpoint is told. What is left out does not matter."""

    parties: Annotated[tuple[str, ...], key("Who sent it or gets it.")] = ()
    types: Annotated[tuple[str, ...], key('What it is: "850", "ORDERS", or the canonical document, "Order".')] = ()
    lane: Annotated[Lane | None, key("production or test.")] = None


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """When an endpoint at which nobody answers is left alone for a while. Left out: as ``crossdock.toml`` says."""

    failures: Annotated[Count | None, key("Failures in a row after which it is not called for a while.")] = None
    first_seconds: Annotated[Seconds | None, key("The first pause; each next is twice as long.")] = None
    most_seconds: Annotated[Seconds | None, key("The longest pause.")] = None


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A door: where documents of a party come in, or leave to it."""

    name: Annotated[str, key("Unique among all endpoints; transmissions are listed under it.", pattern=NAME)]
    connector: Annotated[str, key('What opens the door, such as "directory".', min_length=1)]
    direction: Annotated[Literal["in", "out"], key("in: documents come in here; out: they leave here.")]
    carries: Annotated[
        tuple[str, ...],
        key('Other parties whose documents may use this door; "*" is all of them (a value-added network).'),
    ] = ()
    events: Annotated[
        tuple[str, ...],
        key(
            'Direction out: what happens is told here too, as JSON (CloudEvents): ["document.accepted", '
            '"transmission.*"]. An endpoint of an external party is only told of what it sent or gets.'
        ),
    ] = ()
    events_of: Annotated[Told, key("What is told of: everything, unless something stands here.")] = Told()
    poll: Annotated[
        str, key('Direction in: when it is looked into, "*/5 6-20 * * mon-fri" as in cron. For what is polled only.')
    ] = ""
    time_zone: Annotated[str, key('The time zone of `poll`, "Europe/Berlin".')] = "UTC"
    every: Annotated[
        Seconds | None,
        key("Direction in: seconds between looks. Left out, with no `poll`: as is usual for the connector."),
    ] = None
    expect_every: Annotated[
        str, key('Direction in: an alert tells when nothing came for so long: "24h" (s, m, h, d). Left out: never.')
    ] = ""
    patience: Annotated[Patience, key("What happens when nobody answers there.")] = Patience()
    options: Annotated[dict[str, Any], key("All further keys: the connector checks them.", internal=True)] = {}
    party: Annotated[str, key("The party of the file.", internal=True)] = ""

    def admits(self, party: str) -> bool:
        """Whether documents of that party may use this door."""
        return party == self.party or party in self.carries or "*" in self.carries


class Characters(msgspec.Struct, frozen=True, kw_only=True):
    """The service characters that we write. Left out, they are the usual ones of the standard."""

    element: Annotated[Character | None, key("Between elements.")] = None
    component: Annotated[Character | None, key("Between components.")] = None
    terminator: Annotated[Character | None, key("At the end of a segment.")] = None
    repetition: Annotated[Character | None, key("Between repetitions.")] = None
    release: Annotated[Character | None, key("EDIFACT only: before a service character.")] = None
    decimal: Annotated[Character | None, key("EDIFACT only: the decimal mark.")] = None


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """How the interchanges look that we write: documents of a direction "out", receipts of a direction "in"."""

    control_number_start: Annotated[int, key("The first control number; it only counts up from here.", ge=1)] = 1
    test: Annotated[bool | None, key("Mark as test (ISA15, UNB 0035). Left out: as the lane says.")] = None
    acknowledgment_requested: Annotated[bool, key("Ask for TA1 (ISA14) or CONTRL (UNB 0031).")] = False
    version: Annotated[str, key('ISA12, such as "00401". Left out: by the version of the document.')] = ""
    syntax: Annotated[str, key('UNB S001, such as "UNOC:3".')] = "UNOC:3"
    group_sender: Annotated[str, key("GS02. Left out: the identifier of the interchange's sender.")] = ""
    group_receiver: Annotated[str, key("GS03. Left out: the identifier of the interchange's receiver.")] = ""
    application_reference: Annotated[str, key("UNB 0026.")] = ""
    delimiters: Annotated[Characters, key("The service characters.")] = Characters()
    form: Annotated[Literal["xml", "flat"], key("IDoc: XML, or records of fixed columns.")] = "xml"
    line_break: Annotated[bool, key("A line break after each segment, for people who look into files.")] = False


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What one sender may make us do. Left out: as ``crossdock.toml`` says."""

    document_bytes: Annotated[Count | None, key("The longest document that is read.")] = None
    segment_bytes: Annotated[Count | None, key("The longest segment that is read.")] = None
    issues_per_document: Annotated[Count | None, key("Issues that are listed for one document.")] = None


Percent = Annotated[float, msgspec.Meta(ge=0, le=1000)]


class Trading(msgspec.Struct, frozen=True, kw_only=True):
    """How documents that come in are set against their order. What is outside is told, and passed on all the same."""

    await_: Annotated[
        tuple[Literal["order", "response", "despatch", "receipt"], ...],
        key(
            'Hold what comes before this, until it has come: ["order"] all that is about an unknown order, "response" '
            'despatch advices, receipts and invoices before the answer, "despatch" receipts and invoices before the '
            'goods are advised, "receipt" invoices before the goods arrived. Left out: pass on.'
        ),
    ] = msgspec.field(name="await", default=())
    quantity_percent: Annotated[Percent, key("How much more than is open may be despatched or invoiced.")] = 0.0
    price_percent: Annotated[Percent, key("How much an invoice's price may be above that of the order.")] = 0.0


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """What one party and one of our own have agreed on one type of document, in one direction and lane."""

    name: Annotated[str, key("Unique among all agreements.", pattern=NAME)]
    with_: Annotated[str, key("The own party on our side of it.", pattern=NAME)] = msgspec.field(name="with")
    direction: Annotated[
        Literal["in", "out"], key("in: documents come from the party of the file; out: they go to it.")
    ]
    standard: Annotated[Standard, key("How the document is written.")]
    lane: Annotated[Lane, key("production or test: what comes in on one never leaves on the other.")] = "production"
    version: Annotated[
        str,
        key(
            'The version: "004010", "D.96A". What builds on it (004010VICS, D.96A with EAN008) is admitted too, unless '
            'the longer name ("004010VICS", "D.96A:EAN008") has an agreement of its own. Of csv the folder of its '
            "description below schemas/csv/."
        ),
    ] = ""
    type: Annotated[
        str,
        key(
            'Transaction set or message: "850", "ORDERS". For json only where it comes from a web shop: '
            '"shopify.orders/create", "woocommerce.order.created". Of csv the name of its description, "orders". Of '
            'ceb "CEB621Message"; direction in: "*" is every message.'
        ),
    ] = ""
    document: Annotated[str, key('The canonical document, "Order": required for json and for the direction out.')] = ""
    mapping: Annotated[str, key('The mapping between the two, "x12/850". Not for json.')] = ""
    guide: Annotated[
        str,
        key(
            'The guide that narrows the standard here, "acme" (schemas/x12/004010/guides/acme.txt). Left out: the one '
            "that the version names, where there is one (004010VICS, EAN008). Not for ubl and json."
        ),
    ] = ""
    base: Annotated[
        str,
        key(
            'The version whose tables serve where this one has none: "004010" for 003040, "D.01B" for D.02A. Not for '
            "json."
        ),
    ] = ""
    endpoint: Annotated[str, key("Direction out: the endpoint that documents leave by.")] = ""
    batch: Annotated[
        Literal["document", "interchange", "window"],
        key(
            "Direction out: one file for each document, for all documents of one incoming interchange, or for all that "
            "leave at one time of `send`."
        ),
    ] = "document"
    having: Annotated[
        tuple[str, ...],
        key(
            "Direction out: fields that a document must have to leave by this agreement, which then goes before those "
            'that ask for none: ["sequence_number_id"] tells an 865 from an 855.'
        ),
    ] = ()
    batch_documents: Annotated[Count | None, key("Direction out: documents in one file at most.")] = None
    send: Annotated[
        str, key('Direction out: when documents leave, "*/15 6-19 * * mon-fri" as in cron. Left out: at once.')
    ] = ""
    time_zone: Annotated[str, key('Direction out: the time zone of `send`, "Europe/Berlin".')] = "UTC"
    acknowledgments: Annotated[tuple[Receipt, ...], key("Direction in: the receipts that we send.")] = ()
    acknowledge_through: Annotated[str, key("Direction in: the endpoint that receipts leave by.")] = ""
    duplicate: Annotated[
        Literal["answer", "ta1", "silence"],
        key("A repeated interchange gets: the same verdict again, a TA1 with code 025, or nothing."),
    ] = "answer"
    reject: Annotated[
        Literal["document", "group", "interchange"],
        key("What is refused because of one bad document: it alone, its group, or the whole interchange."),
    ] = "document"
    number_gaps: Annotated[
        Literal["interchange", "group", "ignore"],
        key(
            "Direction in: what the partner numbers one by one, so that a missing number is noticed: interchanges "
            "(ISA13, UNB 0020), groups (GS06, where a network makes the interchanges), or nothing."
        ),
    ] = "interchange"
    unmapped: Annotated[
        Literal["report", "hold", "ignore"] | None,
        key(
            "Data that the mapping does not carry: report it, hold the document, or say nothing. Left out: report what "
            "came in, hold what would leave."
        ),
    ] = None
    severities: Annotated[
        dict[str, Severity], key('Issue codes that weigh otherwise here: { "X12-E07" = "warning" }.')
    ] = {}
    handlers: Annotated[
        tuple[str, ...], key('Direction in: who handles the document, ["trading"]. Left out: by the document.')
    ] = ()
    route: Annotated[str, key("Direction in: pass the document on to this agreement (direction out) unhandled.")] = ""
    order: Annotated[
        Literal["key", "none"],
        key("key: documents of one business key are handled in the order of receipt; none: as they come."),
    ] = "key"
    charset: Annotated[
        str,
        key(
            "The character set. Direction in: where the interchange does not say it or says it wrongly. Direction out: "
            "left out, ASCII for X12, and what the syntax says for EDIFACT."
        ),
    ] = ""
    deadlines: Annotated[
        dict[str, str],
        key('Direction out: the answers that must come, and by when: { "997" = "24h" } (s, m, h, d).'),
    ] = {}
    limits: Annotated[Bounds, key("Bounds for documents of this agreement.")] = Bounds()
    trading: Annotated[Trading, key("Direction in: tolerances, and what awaits what.")] = Trading()
    customs: Annotated[Customs, key("Of ceb: who declares, who signs, and what must be there before.")] = Customs()
    envelope: Annotated[Envelope, key("The envelope of what we write.")] = Envelope()
    party: Annotated[str, key("The party of the file.", internal=True)] = ""
    digest: Annotated[str, key("A hash of the agreement and its parties' identities.", internal=True)] = ""

    @property
    def message(self) -> str:
        """What it is called on the wire: ``850``, ``ORDERS``, or the canonical document for json."""
        return self.type or self.document

    def next_time(self, after: int) -> int:
        """When documents leave that are ready at this moment, in microseconds. Raises ValueError without `send`."""
        return next_time(self.send, self.time_zone, after)

    def deadline(self, answer: str) -> int | None:
        """Seconds until an answer (``997``, ``CONTRL`` …) must have come, None where none is awaited."""
        text = self.deadlines.get(answer)
        return None if text is None else duration(text)


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who sends or receives documents: one of our own, or a partner, a carrier, an authority."""

    id: Annotated[str, key("Unique among all parties; by custom the name of the file.", pattern=NAME)]
    name: Annotated[str, key("The name that people know.", min_length=1)]
    kind: Annotated[
        Literal["own", "external"], key("own: our legal entities, ERPs and shops; external: everybody else.")
    ] = "external"
    identities: Annotated[tuple[Identity, ...], key("Its names in envelopes.")] = msgspec.field(
        name="identity", default=()
    )
    endpoints: Annotated[tuple[Endpoint, ...], key("Its doors.")] = msgspec.field(name="endpoint", default=())
    agreements: Annotated[tuple[Agreement, ...], key("What was agreed with it.")] = msgspec.field(
        name="agreement", default=()
    )
    as2: Annotated[As2 | None, key("Who it is in AS2.")] = None
    file: Annotated[str, key("The file that describes it.", internal=True)] = ""

    @property
    def own(self) -> bool:
        return self.kind == "own"

    def identity(self, standard: str) -> Identity | None:
        """The name that we write in envelopes of a standard: the first that the file gives."""
        return next((identity for identity in self.identities if identity.standard == standard), None)


def duration(text: str) -> int:
    """``90s``, ``30m``, ``24h``, ``2d`` in seconds. Raises :class:`ValueError` for anything else."""
    found = re.fullmatch(r"([1-9][0-9]{0,6})([smhd])", text)
    if found is None:
        raise ValueError(f'"{text}" is no length of time: write 90s, 30m, 24h or 2d')
    return int(found[1]) * _SECONDS[found[2]]
