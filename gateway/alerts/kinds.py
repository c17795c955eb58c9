"""The kinds of alerts: one row each."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

Severity = Literal["warning", "critical"]

_DAY = 86_400_000_000
_HOUR = 3_600_000_000


class Kind(NamedTuple):
    """``text`` has places for what a condition says; ``hint`` is what to do. ``lingers``: microseconds for which an
    alert stays open though nothing is found, where what is looked for is a moment and no state. ``staged``: it is told
    again when its count changes, and not after a time."""

    severity: Severity
    text: str
    hint: str
    lingers: int = 0
    staged: bool = False


KINDS: dict[str, Kind] = {
    "overdue": Kind(
        "warning",
        "{count} of what {party} must answer with {what} did not arrive in time.",
        "crossdock expectations --overdue --party {party}",
    ),
    "missing": Kind(
        "warning",
        "Interchanges of {party} that never arrived, while later numbers did: {count}.",
        "crossdock expectations --kind {what} --party {party}, and ask the partner to send them again.",
    ),
    "documents": Kind(
        "warning",
        "Documents of {party} that are {status} ({what}): {count}.",
        "crossdock documents --status {status}, then crossdock trace of one of them.",
    ),
    "transmissions": Kind(
        "critical",
        "Transmissions at {endpoint} that are {status}: {count}.",
        "crossdock transmissions --status {status}, then crossdock trace of one of them.",
    ),
    "endpoint": Kind(
        "critical",
        "Nothing gets through at {endpoint} since {since} (failures in a row: {count}): {what}",
        "What is to be delivered waits, and leaves when it works again; crossdock partners test says where it ends.",
    ),
    "unfetched": Kind(
        "warning",
        "Files at {endpoint} that wait for {party} to fetch them: {count}, the first since {since}.",
        "crossdock transmissions --status deposited; ask the partner whether its program runs.",
    ),
    "silent": Kind(
        "warning",
        "Nothing came in at {endpoint} of {party} for longer than {what}.",
        "Ask the partner, and look whether the endpoint works.",
    ),
    "as2_refused": Kind(
        "warning",
        "AS2 messages from {party} refused at {endpoint} within an hour: {count}.",
        "crossdock transmissions --status refused, then crossdock as2 explain of one of them says what would admit it.",
        _HOUR,
    ),
    "as2_stranger": Kind(
        "warning",
        "AS2 messages within an hour under names that nobody is agreed on, {what}: {count}.",
        '[as2] id = "…" in a party\'s file and an endpoint with connector = "as2", direction = "in" would admit them.',
        _HOUR,
    ),
    "expiry": Kind(
        "warning",
        "The {what} ends on {since}; days left: {count} or less.",
        "crossdock as2 expiry lists them all; docs/how-to/as2.md says how a new one takes over.",
        staged=True,
    ),
    "expired": Kind(
        "critical",
        "The {what} is over since {since}.",
        "crossdock as2 expiry lists them all; docs/how-to/as2.md says how a new one takes over.",
    ),
    "unreadable": Kind(
        "critical",
        "The {what} cannot be used: {reason}",
        "crossdock as2 expiry lists them all.",
    ),
    "unmapped": Kind(
        "warning",
        "Documents {type} of {party} with data that the mapping has no line for: {count}.",
        "crossdock documents --party {party} --type {type}, then crossdock trace shows the places.",
        _DAY,
    ),
    "backlog": Kind(
        "critical",
        "Work of the step {what} has waited since {since}: no worker takes it, or there are too few.",
        "crossdock doctor; crossdock metrics; start more workers.",
    ),
    "worker": Kind(
        "critical",
        "Processes that work and ended by themselves: {count} ({what}).",
        "The log says why. They are started again.",
        600_000_000,
    ),
    "test": Kind("warning", "This is a test of the channels that alerts go by.", "Nothing is to be done.", 1_000_000),
}


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """What is found now: one alert for each ``kind`` and ``subject``. ``values`` fill in the text of the kind."""

    kind: str
    subject: str
    count: int = 1
    values: dict[str, str] = {}

    @property
    def text(self) -> str:
        return KINDS[self.kind].text.format_map(_Blank(self.values | {"count": str(self.count)}))

    @property
    def hint(self) -> str:
        return KINDS[self.kind].hint.format_map(_Blank(self.values))


class _Blank(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "?"
