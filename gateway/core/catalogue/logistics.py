"""Issues of the logistics handler: consignments and what is told of them."""

from __future__ import annotations

from gateway.core.issues import IssueKind, Level, Severity

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.INFORMATION
_B = Level.BUSINESS

KINDS: tuple[IssueKind, ...] = (
    IssueKind(
        "LOG-NAMELESS",
        _B,
        _E,
        "Nothing that {value} sent says which consignment it is about.",
        "A bill of lading, a carrier's number, a container, a label: ask the sender for one of them.",
    ),
    IssueKind(
        "LOG-SEVERAL",
        _B,
        _W,
        "{value} is taken for a consignment of its own: several others share a number with it.",
        "crossdock consignment shows them. A bill of lading or the carrier's number in both joins them.",
    ),
    IssueKind(
        "LOG-REPEAT",
        _B,
        _N,
        "{value} tells nothing that is not known.",
        "It was passed on; nothing else changed.",
    ),
    IssueKind(
        "LOG-EVENT",
        _B,
        _N,
        'The event "{value}" is not one of the list: it is kept and changes no state.',
        "A row in the code table of the mapping gives it a meaning.",
    ),
    IssueKind(
        "LOG-TIME",
        _B,
        _W,
        'The event "{value}" says no date: it is kept and changes no state.',
        "Ask the sender when it happened.",
    ),
    IssueKind(
        "LOG-LATE",
        _B,
        _N,
        'The event "{value}" of {told} came after others that happened later.',
        "It is kept at its place; what came after it still counts.",
    ),
    IssueKind(
        "LOG-CONDITION",
        _B,
        _W,
        "The consignment is {state}, and {value}.",
        "crossdock consignment shows what was told of it.",
    ),
    IssueKind(
        "LOG-NUMBER",
        _B,
        _W,
        '"{value}" in {field} is no {called}.',
        "Its check digit or its form is wrong: goods cannot be found by it. Ask the sender.",
    ),
    IssueKind(
        "LOG-DELAY",
        _B,
        _W,
        "The consignment comes later than planned, by days: {value}.",
        "crossdock consignment shows plan and estimate.",
    ),
    IssueKind(
        "LOG-FREIGHT-UNTENDERED",
        _B,
        _W,
        "Freight invoice {value} of {carrier} is for goods of which no tender is known.",
        "It is compared when the tender comes. Look whether the carriage was ordered.",
    ),
    IssueKind(
        "LOG-FREIGHT-EARLY",
        _B,
        _N,
        "Freight invoice {value} of {carrier} came before the delivery was told.",
        "Look at the proof of delivery before it is paid.",
    ),
    IssueKind(
        "LOG-FREIGHT-TWICE",
        _B,
        _W,
        "Freight invoice {value} of {carrier} came before with other content.",
        "The one that was issued first counts. Do not pay both.",
    ),
    IssueKind(
        "LOG-FREIGHT-CARRIER",
        _B,
        _W,
        "Freight invoice {value} is of {found}; the tender went to {tendered}.",
        "Ask who carried the goods.",
    ),
    IssueKind(
        "LOG-FREIGHT-METHOD",
        _B,
        _W,
        "Freight invoice {value} of {carrier} says {found}; the tender says {tendered} (who pays the freight).",
        "Ask the carrier whom it charges.",
    ),
    IssueKind(
        "LOG-FREIGHT-AMOUNT",
        _B,
        _W,
        "Freight invoice {value} of {carrier} is about {found}; {tendered} was tendered.",
        "Ask for the reason, or allow more: price_percent under [agreement.trading].",
    ),
    IssueKind(
        "LOG-FREIGHT-WEIGHT",
        _B,
        _W,
        "Freight invoice {value} of {carrier} charges for a weight of {found}; {tendered} was tendered.",
        "Ask for the reason, or allow more: quantity_percent under [agreement.trading].",
    ),
    IssueKind(
        "LOG-FREIGHT-PACKAGES",
        _B,
        _W,
        "Freight invoice {value} of {carrier} charges for {found} packages; {tendered} were tendered.",
        "Ask for the reason, or allow more: quantity_percent under [agreement.trading].",
    ),
    IssueKind(
        "LOG-WAREHOUSE-SHORT",
        _B,
        _W,
        "The warehouse shipped {value} of {ordered} that were ordered of {item}.",
        "Order the rest again, or tell the customer.",
    ),
    IssueKind(
        "LOG-WAREHOUSE-EXCEPTION",
        _B,
        _W,
        "Of {item} {value} are not in order at the warehouse ({condition}).",
        "Ask the warehouse, and the carrier who brought them.",
    ),
)
