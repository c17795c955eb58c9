"""Names of claimed files: when they were claimed, by whom, and what they were called.

A server has no locks that a client could hold, so a claim is a lease: after a while another poller may take it over.
Should its owner be alive after all, both receive the same file, which is recognised by its identity.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_PREFIX = ".crossdock-claim."
_FORM = re.compile(re.escape(_PREFIX) + r"([0-9a-f]{1,16})\.([0-9a-f]{8})\.(.+)", re.DOTALL)


class Claim(NamedTuple):
    """``at``: seconds since 1970."""

    at: int
    owner: str
    name: str

    @property
    def claimed_name(self) -> str:
        return f"{_PREFIX}{self.at:x}.{self.owner}.{self.name}"


def claim_in(name: str) -> Claim | None:
    """What a name says, None where it is no claim."""
    found = _FORM.fullmatch(name)
    return None if found is None else Claim(int(found[1], 16), found[2], found[3])
