"""Numbers that rise one by one, as they arrive: which are missing, and which come late. Pure.

A number counts once. Numbers may overtake each other, come twice, begin anew or wrap around at their largest.
"""

from __future__ import annotations

import msgspec

#: A jump over more numbers than this is a new series, and not so many things that were lost; the same backwards.
LARGEST_GAP = 1000

#: Gaps that are remembered of one series. Older ones are forgotten: what fills them is taken for a repeat.
MOST_GAPS = 100


class Gap(msgspec.Struct, array_like=True):
    """Numbers that have not arrived, as ranges of (first, last). ``id`` is whatever the gap is filed under."""

    id: int
    missing: list[tuple[int, int]]

    def __str__(self) -> str:
        """``1041–1043, 1047``."""
        return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in self.missing)


class Series(msgspec.Struct, kw_only=True):
    """``highest`` is the last number of the series that is counted now; the oldest gap is first."""

    highest: int
    gaps: list[Gap] = []

    def arrive(self, number: int) -> Gap | None:
        """Takes note of a number; returns the gap that it opens or makes smaller, None where it does neither.

        A gap that has nothing missing any more is closed, and forgotten.
        """
        ahead = number - self.highest
        if 0 < ahead <= LARGEST_GAP + 1:
            return self._forward(number)
        found = self._late(number)
        if found is None and (abs(ahead) > LARGEST_GAP or number == 1):
            self.highest = number
        return found

    def _forward(self, number: int) -> Gap | None:
        first, self.highest = self.highest + 1, number
        if first == number:
            return None
        gap = Gap(0, [(first, number - 1)])
        self.gaps = [*self.gaps, gap][-MOST_GAPS:]
        return gap

    def _late(self, number: int) -> Gap | None:
        for gap in self.gaps:
            for place, (first, last) in enumerate(gap.missing):
                if first <= number <= last:
                    parts = [(first, number - 1), (number + 1, last)]
                    gap.missing[place : place + 1] = [part for part in parts if part[0] <= part[1]]
                    self.gaps = [each for each in self.gaps if each.missing]
                    return gap
        return None
