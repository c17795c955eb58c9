"""Issues that partners tell us of in their receipts, and of receipts that do not fit what we sent."""

from __future__ import annotations

from gateway.core.issues import IssueKind, Level, Severity

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.INFORMATION
_I, _D, _S, _L = Level.INTERCHANGE, Level.DOCUMENT, Level.SEGMENT, Level.ELEMENT

KINDS: tuple[IssueKind, ...] = (
    # Of what we sent, in the words of whoever received it
    IssueKind(
        "RCP-INTERCHANGE",
        _I,
        _E,
        "{partner} says in {receipt}: {words} ({value}).",
        "Mend the cause, then crossdock resend sends it again.",
    ),
    IssueKind(
        "RCP-DOCUMENT",
        _D,
        _E,
        "{partner} says in {receipt}: {words} ({value}).",
        "Mend the cause, then send the document anew.",
    ),
    IssueKind("RCP-SEGMENT", _S, _E, "{partner} says in {receipt} of {tag}: {words} ({code}).", ""),
    IssueKind("RCP-ELEMENT", _L, _E, '{partner} says in {receipt} of {place} "{value}": {words} ({code}).', ""),
    # Of the receipt itself
    IssueKind(
        "RCP-UNREADABLE",
        _D,
        _E,
        "The {value} cannot be read for what it says: {reason}.",
        "Ask the partner to send it again; cancel this one.",
    ),
    IssueKind(
        "RCP-UNKNOWN",
        _D,
        _E,
        "The {receipt} answers {subject} {value}, which was never sent to {partner}.",
        "Ask the partner which of our files it means. Cancel it, or release it once that was found out.",
    ),
    IssueKind(
        "RCP-VOID",
        _D,
        _E,
        "The {receipt} answers {subject} {value}, which was cancelled and never left.",
        "Ask the partner where it has it from; then cancel this receipt.",
    ),
    IssueKind(
        "RCP-CONTRADICTION",
        _D,
        _E,
        "{receipt} says that {document} is {value}; {earlier} said that it is {before}.",
        "Nothing was changed. Ask the partner what holds; release this receipt to let it hold, or cancel it.",
    ),
    IssueKind(
        "RCP-UNCLEAR",
        _D,
        _E,
        'The {receipt} says "{value}" of {subject}, which is no verdict that we know.',
        "Ask the partner whether it has the documents; then cancel this receipt.",
    ),
    IssueKind(
        "RCP-COUNT",
        _D,
        _W,
        "The {receipt} counts {value} documents as {what}; {found} are.",
        "Documents that it does not name are still awaited where the count of all of them is wrong.",
    ),
    IssueKind(
        "RCP-OTHER", _D, _W, "The {receipt} names document {value}, which is not in {subject}.", "It was passed over."
    ),
)
