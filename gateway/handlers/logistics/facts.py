"""What one document says of one consignment: the numbers it goes by, and facts with their time. Pure values."""

from __future__ import annotations

import hashlib

import msgspec

#: The kind of a fact that says nothing but that its document counts: what a cancellation leaves.
WITHDRAWN = "withdrawn"

PLANNED_DELIVERY = "planned-delivery"
ESTIMATED_DELIVERY = "estimated-delivery"

#: What carriage is to cost, by its tender, and what a carrier charges for it: no events.
TERMS, CHARGED = "freight-terms", "freight-charged"
FREIGHT = frozenset({TERMS, CHARGED})

#: Kinds that tell of something to come. Of each the one that was said last counts.
ESTIMATES = frozenset(
    {
        PLANNED_DELIVERY,
        ESTIMATED_DELIVERY,
        "estimated-departure",
        "estimated-arrival",
        "estimated-arrival-at-terminal",
        "pickup-appointment",
        "pickup-appointment-secured",
        "delivery-appointment",
        "delivery-appointment-secured",
        "estimated-delivery-appointment",
    }
)

#: Numbers that one consignment alone goes by. Two consignments that turn out to share one are the same.
STRONG = frozenset(
    {
        "bill-of-lading",
        "house-bill-of-lading",
        "air-waybill",
        "carrier-reference",
        "consignment",
        "shipment",
        "instruction",
        "sscc",
        "parcel",
    }
)

#: Numbers that several may share: a container, a booking. They find a consignment where nothing stronger does.
WEAK = frozenset(
    {"equipment", "booking", "master-bill-of-lading", "despatch-advice", "shipper-reference", "load", "tender"}
)

#: Strong numbers of which a consignment has one only from each issuer.
SINGLE = frozenset({"bill-of-lading", "air-waybill", "carrier-reference", "consignment", "shipment", "instruction"})

#: A function of a document → how much it weighs against the others under the same number that were issued with it.
FUNCTIONS = {"original": 0, "change": 1, "replace": 1, "cancellation": 2}


class Name(msgspec.Struct, frozen=True, order=True):
    """A number that a consignment goes by: ``bill-of-lading`` BOL-55. Scoped numbers have their issuer in front."""

    kind: str
    value: str


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One event, estimate or plan. Times in microseconds since 1970; None where nothing is said.

    ``source`` is the document's own number at its sender, which a later document may replace; ``issued_at`` when it was
    written, ``function`` what it says of itself.
    """

    kind: str
    happened_at: int | None = None
    told: str = ""
    place: str = ""
    reason: str = ""
    description: str = ""
    signatory: str = ""
    own_code: bool = False
    source: str = ""
    issued_at: int = 0
    function: str = "original"

    @property
    def digest(self) -> str:
        """Equal for what is the same in all it says."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a document says of one consignment."""

    names: frozenset[Name]
    facts: tuple[Fact, ...] = ()
