"""Issues of the gateway itself: formats, agreements, duplicates, envelopes."""

from __future__ import annotations

from gateway.core.issues import IssueKind, Level, Severity

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.INFORMATION
_I, _D = Level.INTERCHANGE, Level.DOCUMENT

KINDS: tuple[IssueKind, ...] = (
    IssueKind(
        "GTW-FORMAT",
        _I,
        _E,
        "This is no format that the gateway knows.",
        "crossdock detect FILE says what it looks like.",
    ),
    IssueKind(
        "GTW-COLUMNS",
        _I,
        _E,
        "The first row of this file names the columns of no description that was agreed on.",
        "There are: {descriptions}.",
    ),
    IssueKind("GTW-EMPTY", _I, _E, "The transmission is empty.", "Send it again."),
    IssueKind("GTW-SENDER", _I, _E, "Sender {value} is not known.", "{configuration}"),
    IssueKind("GTW-RECEIVER", _I, _E, "Receiver {value} is not one of our own parties.", "{configuration}"),
    IssueKind(
        "GTW-ENDPOINT",
        _I,
        _E,
        "Documents of {sender} may not come through {value}, which belongs to {party}.",
        "{configuration}",
    ),
    IssueKind("GTW-AGREEMENT", _D, _E, "{sender} and {receiver} have no agreement on {value}.", "{configuration}"),
    IssueKind(
        "GTW-VERSION", _D, _E, "Version {value} of {type} is not agreed with {sender}: {agreed}.", "{configuration}"
    ),
    IssueKind("GTW-LANE", _D, _E, "The {value} lane is not agreed with {sender} for {type}.", "{configuration}"),
    IssueKind(
        "GTW-SCHEMA",
        _D,
        _E,
        "{value} is agreed on and cannot be checked: {reason}.",
        "Put its tables into schemas/ of the home{nearest}, then release it.",
    ),
    IssueKind(
        "GTW-TABLE",
        _D,
        _E,
        "{value} is agreed on and cannot be checked: {reason}.",
        "Mend that line of schemas/, then release it.",
    ),
    IssueKind("GTW-MAPPING", _D, _E, "Mapping {value} of the agreement cannot be used: {reason}.", ""),
    IssueKind(
        "GTW-HANDLER",
        _D,
        _E,
        "No handler subscribes to {value} and the agreement names no route.",
        "Name a route in the agreement, or subscribe a handler.",
    ),
    IssueKind(
        "GTW-CONFLICT",
        _I,
        _E,
        "Control number {value} was used before by {earlier} with other content.",
        "Ask the sender which of the two counts; cancel or release this one.",
    ),
    IssueKind(
        "GTW-DUPLICATE",
        _I,
        _N,
        "This interchange is a repeat of {earlier}.",
        "It was answered again and not processed again.",
    ),
    IssueKind(
        "GTW-GAP",
        _I,
        _W,
        "Numbers {value} of {party} have not arrived.",
        "Ask the partner to send them again, or say number_gaps in the agreement where it does not count one by one.",
    ),
    IssueKind(
        "GTW-SIBLING",
        _D,
        _E,
        "The {scope} is refused as a whole because another document in it is.",
        'The agreement says reject = "{scope}".',
    ),
    IssueKind("GTW-FAILED", _D, _E, "Processing failed: {reason}.", "crossdock reprocess {id} tries again."),
    IssueKind(
        "GTW-UNMAPPED",
        _D,
        _E,
        "The document has data that its mapping does not carry, and the agreement says hold.",
        "Release it to go on without, or extend the mapping.",
    ),
    IssueKind(
        "GTW-NOBODY",
        _D,
        _W,
        "None of our own parties has agreed to get {value} from {own} in the {lane} lane: it went to nobody.",
        'An agreement with direction = "out" says who gets it: that of an ERP, say.',
    ),
    IssueKind("GTW-ROUTE", _D, _E, "Nothing says whom this {value} is for: {reason}.", "{configuration}"),
    IssueKind(
        "GTW-ENVELOPE",
        _D,
        _E,
        "The envelope of agreement {value} cannot be written: {reason}.",
        "crossdock partners check says where.",
    ),
    IssueKind(
        "GTW-UNWRITTEN",
        _D,
        _E,
        "Mapping {value} has no place for what the document says in {fields}: it would be lost.",
        'Extend the mapping; or unmapped = "report" in the agreement lets it go without.',
    ),
    IssueKind(
        "GTW-INVALID",
        _D,
        _E,
        "Written as {value} the document would not be valid: {reason}.",
        "Mend the document and send it again, or the mapping and release it.",
    ),
    IssueKind(
        "GTW-NUMBERS",
        _I,
        _E,
        "The control numbers from {own} to {value} are used up.",
        "None is given twice. Agree with the partner on another identity of one side, and begin again with that.",
    ),
)
