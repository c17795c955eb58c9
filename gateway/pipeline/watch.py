"""Watching a partner's control numbers, so that an interchange that never arrived is noticed. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.pipeline.plan import InterchangePlan
from gateway.store import Changes
from gateway.store.arrivals import Arrival

#: How long a number may be overtaken by later ones, in microseconds: files travel in parallel, and workers too.
GRACE = 5 * 60 * 1_000_000

_MOST_DIGITS = 14  # of UNB 0020


def watch_numbers(changes: Changes, plan: InterchangePlan, watched: str, transmission: int, interchange: int) -> None:
    """Takes note of the numbers of one interchange. ``watched``: its own, those of its groups, or none.

    What a partner calls its interchanges is its own affair: references that are no numbers are passed over.
    """
    for series, text in _numbers(plan, watched):
        if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS:
            arrival = Arrival(series, int(text), plan.partner.id, changes.at + GRACE, transmission, interchange)
            changes.arrived(arrival)


def _numbers(plan: InterchangePlan, watched: str) -> Iterator[tuple[str, str]]:
    """Each series is one of a pair of identities: test systems count by themselves."""
    header = plan.summary.header
    if watched == "interchange":
        yield f"{header.standard}|{plan.lane}|interchange|{header.sender}>{header.receiver}", header.control_number
    elif watched == "group":
        for group in plan.summary.groups:
            if group.header is not None:
                sides = f"{group.header.sender}>{group.header.receiver}"
                yield f"{header.standard}|{plan.lane}|group|{sides}", group.header.control_number
