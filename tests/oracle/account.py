"""Counts the differences of many trials by their reasons; ``python -m tests.oracle.account 850 5000`` prints them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from tests.oracle.courts import court
from tests.oracle.justified import REASONS, differences, reason
from tests.oracle.trial import Trial, trials


class Account(NamedTuple):
    """``reasons``: kind of mutation and reason → trials. ``open``: differences that nothing justifies."""

    trials: int
    agreed: int
    reasons: Counter[tuple[str, str]]
    open: list[str]


def account(found: Iterable[Trial]) -> Account:
    """Every difference needs a reason, and one of its own where the verdicts differ."""
    count, agreed, reasons, unexplained = 0, 0, Counter[tuple[str, str]](), []
    for trial in found:
        count += 1
        different = list(differences(trial))
        agreed += not different
        because = set()
        for difference in different:
            why = reason(trial, difference)
            if why is None:
                unexplained.append(f"{trial.mutation.kind}: {trial.mutation.what}: {difference}")
            else:
                because.add(why)
        reasons.update((trial.mutation.kind, why.name) for why in because)
        if bool(trial.issues) != bool(trial.opinion.said) and not any(why.alone for why in because):
            unexplained.append(f"{trial.mutation.kind}: {trial.mutation.what}: one says valid, the other does not")
    return Account(count, agreed, reasons, unexplained)


def table(found: Account) -> str:
    """The account as lines."""
    right = {one.name: one.right for one in REASONS}
    lines = [f"{found.trials} mutations: {found.agreed} judged alike to the last finding"]
    for (kind, why), number in sorted(found.reasons.items()):
        lines.append(f"{kind:24} {why:44} {right[why]:6} {number:6}")
    return "\n".join([*lines, *(f"OPEN {line}" for line in found.open)])


def main(type: str, count: str = "5000", seed: str = "1") -> int:
    """Exit code 1 when a difference is not justified."""
    found = account(trials(court(type), int(count), int(seed)))
    sys.stdout.write(table(found) + "\n")
    return int(bool(found.open))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
