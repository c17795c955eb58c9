"""Issues of customs messages, beyond their form: what does not fit together in them, and would be refused."""

from __future__ import annotations

from gateway.core.issues import IssueKind, Level, Severity

_W = Severity.WARNING
_B = Level.BUSINESS

KINDS: tuple[IssueKind, ...] = (
    IssueKind(
        "CEB-SUM",
        _B,
        _W,
        "{name} is {value}, and {formula} makes {expected}.",
        "Customs compares the two; a difference of less than 0.01 is none.",
    ),
    IssueKind("CEB-VALUE", Level.ELEMENT, _W, '{name} has "{value}", which it cannot have here.', "{expected}"),
    IssueKind(
        "CEB-OPEN",
        Level.DOCUMENT,
        Severity.ERROR,
        "This message of the exchange system cannot be opened: {reason}.",
        "It is a DxpMsg with one business message in base64.",
    ),
    IssueKind(
        "CEB-CHARACTER", Level.ELEMENT, Severity.ERROR, "{name} has a character that no XML can hold.", "Replace it."
    ),
    IssueKind("CEB-NAME", Level.ELEMENT, Severity.ERROR, "{parent} has no element {value}.", "It has: {expected}."),
    IssueKind(
        "CEB-GUARANTOR",
        _B,
        _W,
        "{name} is {value}, which is none of the enterprises of this list.",
        "Who guarantees the tax is one of: {expected}.",
    ),
    IssueKind(
        "CEB-CARD",
        _B,
        _W,
        "{name} is no number of an identity card: its date or its check digit is wrong.",
        "Ask the buyer. Customs compares it with the register of persons.",
    ),
    IssueKind("CEB-MODE-NEEDS", _B, _W, "{name} is missing; mode {mode} needs it.", ""),
    IssueKind("CEB-MODE-WITHOUT", _B, _W, "{name} is {value}; in mode {mode} it stays empty.", "Leave it out."),
    IssueKind("CEB-MODE-VALUE", _B, _W, "{name} is {value}; in mode {mode} it is {expected}.", ""),
    IssueKind(
        "CEB-LINES",
        _B,
        _W,
        "A line has the number {value}, and is the {expected}. of its document.",
        "Lines count from 1 without gaps.",
    ),
    IssueKind("CEB-PARCEL", _B, _W, "{name} is {value}, and a waybill is of one parcel.", "Write 1."),
    IssueKind("CEB-SERIES", _B, _W, "{name} is {value} of {expected}.", "It counts from 1 up to msgCount."),
    IssueKind(
        "CEB-SIGN",
        _B,
        _W,
        "{type} is declared (appStatus 2) and has no signature.",
        "Sign it: the port refuses what is declared without (-621026).",
    ),
    IssueKind("CEB-PERIOD", _B, _W, "The period is {value}.", "Write both, the earlier one first, or neither."),
    IssueKind(
        "CEB-UNIT",
        _B,
        _W,
        "A second unit and its quantity stand together and are more than nothing; {name} is {value}.",
        "Some commodities have one by law: write both, or neither (-625009).",
    ),
    IssueKind(
        "CEB-WEIGHT",
        _B,
        _W,
        "Gross and net weight are {value}.",
        "Gross is not less than net, and net more than nothing.",
    ),
    IssueKind(
        "CEB-TABLE",
        Level.DOCUMENT,
        _W,
        "There is no table for {value}: nothing in it was checked.",
        "crossdock schemas list shows the tables there are.",
    ),
)

HANDLER_KINDS: tuple[IssueKind, ...] = (
    IssueKind(
        "CUS-NOTHING",
        _B,
        Severity.ERROR,
        "Nothing that {value} sent says what is declared.",
        "A declaration names its order and its number.",
    ),
    IssueKind(
        "CUS-NOBODY",
        _B,
        Severity.ERROR,
        "The declaration {value} leaves nowhere: {own} has no agreement on a list of the direction {direction}.",
        'An agreement with direction = "out", standard = "ceb", document = "Declaration" and type = "CEB621Message" '
        "(import) or CEB603Message (export).",
    ),
    IssueKind(
        "CUS-FUNCTION",
        _B,
        Severity.ERROR,
        "{value} is no function of a declaration.",
        "original, replace, cancellation.",
    ),
    IssueKind(
        "CUS-MISSING",
        _B,
        Severity.ERROR,
        "The declaration {value} is not complete. Missing: {fields}.",
        "Send it again with these fields; behind each stands what customs calls it.",
    ),
    IssueKind(
        "CUS-CANCEL",
        _B,
        Severity.ERROR,
        "The declaration {value} has left ({state}): customs itself has to cancel it.",
        "Send a cancellation message (623 for imports, 605 for exports) with the number that customs gave (invtNo).",
    ),
    IssueKind(
        "CUS-CONFLICT",
        _B,
        Severity.ERROR,
        "The declaration {value} is on record with other content.",
        'A change says so: "function_code": "replace".',
    ),
    IssueKind(
        "CUS-STATE",
        _B,
        Severity.ERROR,
        "{number} {value} is {state}: it cannot be declared anew.",
        "What was released goes back by a return (625, 213).",
    ),
    IssueKind(
        "CUS-DELETE",
        _B,
        Severity.ERROR,
        "{number} {value} cannot be deleted: its list is at customs ({state}).",
        "Customs refuses it (-301011). Cancel the list first (623, 605).",
    ),
    IssueKind(
        "CUS-DIFFERS",
        _B,
        _W,
        "{left} is not {right}: {value}.",
        "The list does not leave until they agree: correct one of the two. Values of persons are not shown.",
    ),
    IssueKind(
        "CUS-DIFFERS-SLIGHTLY",
        _B,
        _W,
        "{left} is not {right}: {value}.",
        "It does not keep the list here; customs may ask.",
    ),
    IssueKind(
        "CUS-REOPENED",
        _B,
        _W,
        "What was declared does not agree any more; the declaration is {state}.",
        "Send a changed declaration, or correct what changed.",
    ),
    IssueKind(
        "CUS-SEVERAL",
        _B,
        _W,
        "The {kind} number {value} is that of another case too.",
        "crossdock declaration shows both; what comes under that number alone is of the first.",
    ),
    IssueKind(
        "CUS-UNKNOWN",
        _B,
        _W,
        "A receipt is about {value}, of which nothing is known.",
        "It is kept, and counts as soon as what it is about comes in.",
    ),
    IssueKind(
        "CUS-ANSWER",
        _B,
        _W,
        "Customs says of {subject} that it is {state} ({value}): {text}.",
        "crossdock declaration shows where it stands.",
    ),
    IssueKind(
        "CUS-NUMBER",
        _B,
        _W,
        "Customs gives {name} {value}, and gave {known} before.",
        "One of the two receipts is about something else: ask the port. The first number counts.",
    ),
    IssueKind(
        "CUS-PASSED",
        _B,
        Severity.INFORMATION,
        "A receipt {value} leads nowhere: {subject} was {state}.",
        "It is kept.",
    ),
    IssueKind("CUS-TAX-SUM", _B, _W, "{name} of the tax bill is {value}; its lines make {expected}.", "Ask the port."),
    IssueKind(
        "CUS-TAX-ORDER",
        _B,
        _W,
        "The tax bill is {value}; the order has {expected} (taxTotal).",
        "Who paid too little or too much is told by the bill.",
    ),
    IssueKind(
        "CUS-OLDER",
        _B,
        Severity.INFORMATION,
        "It is of {value}, older than what is known ({known}).",
        "It is kept and changes nothing.",
    ),
    IssueKind(
        "CUS-AGREEMENT",
        _B,
        _W,
        "{number} cannot leave: the agreement {value} is gone.",
        "Send the declaration again.",
    ),
    IssueKind(
        "CUS-SIGNER",
        Level.DOCUMENT,
        Severity.ERROR,
        "It cannot be signed: {reason}.",
        "private_key and certificate in [agreement.customs]; then crossdock release.",
    ),
)
