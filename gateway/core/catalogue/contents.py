"""Issues of what one document says: sums, quantities, items, packing."""

from __future__ import annotations

from gateway.core.issues import IssueKind, Level, Severity

_E, _W = Severity.ERROR, Severity.WARNING
_B = Level.BUSINESS

KINDS: tuple[IssueKind, ...] = (
    IssueKind(
        "TRD-LINE-AMOUNT",
        _B,
        _W,
        "{field} is {value}; quantity, price, charges and allowances of the line make {expected}.",
        "Ask the sender which of them is meant.",
    ),
    IssueKind("TRD-LINE-SUM", _B, _W, "{field} is {value}; the lines add up to {expected}.", "Ask the sender."),
    IssueKind(
        "TRD-CHARGES",
        _B,
        _W,
        "{field} is {value}; the document's own charges or allowances add up to {expected}.",
        "Ask the sender. Those of lines are in the lines' amounts.",
    ),
    IssueKind(
        "TRD-EXCLUSIVE",
        _B,
        _W,
        "{field} is {value}; lines, charges and allowances make {expected}.",
        "Ask the sender whether something is not in the document.",
    ),
    IssueKind(
        "TRD-INCLUSIVE",
        _B,
        _W,
        "{field} is {value}; the amount without tax and the tax make {expected}.",
        "Ask the sender which of them is meant.",
    ),
    IssueKind(
        "TRD-PAYABLE",
        _B,
        _W,
        "{field} is {value}; lines, charges, allowances and tax, less what was paid before, make {expected}.",
        "Ask the sender whether something is not in the document.",
    ),
    IssueKind(
        "TRD-PERCENT",
        _B,
        _W,
        "{field} is {value}; its percentage makes {expected}.",
        "Ask the sender whether the amount or the percentage is meant.",
    ),
    IssueKind("TRD-TAX", _B, _W, "{field} is {value}; rate and parts make {expected}.", "Ask the sender."),
    IssueKind("TRD-REMITTED", _B, _W, "{field} is {value}; what is paid adds up to {expected}.", "Ask the payer."),
    IssueKind("TRD-CHARGED", _B, _W, "{field} is {value}; the charges add up to {expected}.", "Ask the carrier."),
    IssueKind(
        "TRD-REMITTED-LINE",
        _B,
        _W,
        "Of {document} {value} are paid and {off} taken off; it is about {amount}.",
        "Ask the payer what is meant: the parts of a payment are not more than its document.",
    ),
    IssueKind(
        "TRD-DECIMALS",
        _B,
        _W,
        "{field} is {value}, with more than two decimals.",
        "Prices may have more, amounts of money may not.",
    ),
    IssueKind("TRD-NEGATIVE", _B, _E, "{field} is {value}: it cannot be negative.", "A credit is another document."),
    IssueKind(
        "TRD-BASE-QUANTITY",
        _B,
        _E,
        "{field} is {value}: a price is for a quantity above zero.",
        "Leave it out for one unit.",
    ),
    IssueKind(
        "TRD-LINE-TWICE",
        _B,
        _E,
        '{field} is "{value}", and so is that of {other}.',
        "Answers and shipments name lines by their number: each needs its own.",
    ),
    IssueKind(
        "TRD-PACK-TWICE",
        _B,
        _E,
        'The packing has "{value}" twice.',
        "What stands in it names it by this number: ask the sender for a new advice.",
    ),
    IssueKind(
        "TRD-PACK-PARENT",
        _B,
        _E,
        'Nothing before {field} has the number "{value}".',
        "A part of the packing comes after the one that it is in: ask the sender for a new advice.",
    ),
    IssueKind(
        "TRD-PACK-LEVEL",
        _B,
        _W,
        "{field}: {value} does not stand in {parent} in the structure that the advice names.",
        "X12: BSN05 says in which order the levels come.",
    ),
    IssueKind(
        "TRD-PACK-COUNT",
        _B,
        _W,
        "{field} says {value}; there are {found} levels.",
        "Look whether something is missing, or was counted twice.",
    ),
    IssueKind(
        "TRD-SSCC",
        _B,
        _W,
        '"{value}" in {field} is no SSCC: 18 digits, the last one their check digit.',
        "The label cannot be scanned as that: ask the sender.",
    ),
    IssueKind(
        "TRD-SSCC-TWICE",
        _B,
        _W,
        '"{value}" in {field} is the number of {other} too.',
        "Each unit has its own, except that one with goods of several orders stands below each.",
    ),
    IssueKind("TRD-ITEM", _B, _W, '"{value}" in {field} is no {scheme}.', "Its check digit is wrong: ask the sender."),
)
