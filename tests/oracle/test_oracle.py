"""pyx12 as an independent judge: mutated orders and claims are judged as we judge them, or the difference is justified.

``python -m tests.oracle.account 850 5000`` does the same with more, and prints the account.
"""

from __future__ import annotations

import os

import pytest

from tests.oracle.account import account, table
from tests.oracle.courts import court
from tests.oracle.trial import trials

#: Mutations of each type of document. pyx12 takes about ten milliseconds for one.
COUNT = int(os.environ.get("CROSSDOCK_ORACLE", "150"))


@pytest.mark.parametrize("type", ["850", "ORDERS", "837"])
def test_every_difference_is_justified(type: str) -> None:
    found = account(trials(court(type), COUNT, seed=5))
    assert not found.open, table(found)
    assert found.trials == COUNT
    assert found.agreed > COUNT / 2
