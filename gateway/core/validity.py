"""How long keys and certificates are good for, and when somebody should hear of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

DAY = 24 * 3600 * 1_000_000

#: Days before the end at which it is told.
STEPS = (60, 30, 7, 1)


class Credential(NamedTuple):
    """A key or certificate in a file of the home. ``party`` is empty for those of our servers.

    ``use``: key, certificate, encryption, client (of TLS), server (of TLS). Times in microseconds since 1970;
    ``error`` says why the file cannot be read: then nothing else is known.
    """

    party: str
    use: str
    file: str
    not_before: int = 0
    not_after: int = 0
    sha256: str = ""
    error: str = ""


class End(NamedTuple):
    """Until when a party can do with what it has for a use: the end of what ends last.

    An old certificate that a new one overlaps with is no trouble; ``error``: one of the files cannot be read.
    """

    party: str
    use: str
    until: int
    error: str = ""

    def days(self, now: int) -> int:
        """Whole days that are left; negative when it is over."""
        return (self.until - now) // DAY

    def step(self, now: int) -> int | None:
        """The last of the steps that is reached, 0 when it is over, None before the first."""
        left = self.until - now
        return 0 if left < 0 else min((step for step in STEPS if left <= step * DAY), default=None)

    @property
    def name(self) -> str:
        """As people call it."""
        what = _WORDS.get(self.use, self.use)
        return f"{what} of {self.party}" if self.party else what


_WORDS = {
    "key": "key",
    "certificate": "certificate",
    "encryption": "certificate for encryption",
    "client": "certificate for TLS",
    "server": "certificate of our own server",
}


def ends(found: Iterable[Credential]) -> list[End]:
    """One for each party and use, what ends first before the others."""
    last: dict[tuple[str, str], End] = {}
    for each in found:
        known = last.get((each.party, each.use), End(each.party, each.use, 0))
        last[each.party, each.use] = known._replace(
            until=max(known.until, each.not_after), error=known.error or each.error
        )
    return sorted(last.values(), key=lambda end: (end.until, end.party, end.use))
