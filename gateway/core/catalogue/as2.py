"""Issues of AS2: messages that were refused, and MDNs that say no or cannot be believed."""

from __future__ import annotations

from gateway.core.issues import IssueKind, Level, Severity

_E, _W = Severity.ERROR, Severity.WARNING
_I = Level.INTERCHANGE

KINDS: tuple[IssueKind, ...] = (
    # Of what came in
    IssueKind(
        "AS2-REFUSED",
        _I,
        _E,
        "The message {value} was refused with {disposition}: {reason}.",
        "The sender was told, and may send it again. crossdock as2 explain says what would have to be set otherwise.",
    ),
    IssueKind(
        "AS2-CONFLICT",
        _I,
        _E,
        "The message {value} came before, as {earlier}, with other content. It was refused.",
        "Ask the partner which of the two it means; it sends the other one under a Message-ID of its own.",
    ),
    IssueKind(
        "AS2-STRANGER",
        _I,
        _E,
        "{value}: nobody is agreed on under these names. The message was refused (unknown-trading-relationship).",
        '[as2] id = "…" in the party\'s file and an endpoint with connector = "as2", direction = "in" would admit it.',
    ),
    # Of what we sent
    IssueKind(
        "AS2-MIC",
        _I,
        _E,
        "{partner} says that it has something else than was sent ({value}): its MIC is {reported}, ours is {sent}.",
        "Compare what the partner stored with crossdock show; then crossdock resend sends it under a new Message-ID.",
    ),
    IssueKind(
        "AS2-NO-MIC",
        _I,
        _E,
        "The MDN of {partner} says that {value} was processed, and not what it received: it has no MIC.",
        "The partner must send signed MDNs with Received-Content-MIC. crossdock resend sends it again.",
    ),
    IssueKind(
        "AS2-NEGATIVE",
        _I,
        _E,
        "{partner} could not take it ({value}): {reason}.",
        "Mend the cause, then crossdock resend sends it again, under a new Message-ID.",
    ),
    IssueKind(
        "AS2-UNVERIFIED",
        _I,
        _E,
        "The MDN for {value} cannot be believed: {reason}.",
        "Is the certificate that {partner} signs with among its certificates? Then crossdock resend sends it again.",
    ),
)
