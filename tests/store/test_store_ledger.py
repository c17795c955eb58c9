"""What is remembered of files that stay at a partner's server."""

from __future__ import annotations

from gateway.core.ports import Met
from gateway.store import Database
from gateway.store.ledger import DatabaseLedger


class Clock:
    def now(self) -> int:
        return 7


def test_remembered_exchanged_and_forgotten_by_endpoint_and_folder(database: Database) -> None:
    ledger = DatabaseLedger(database, Clock())
    one, two = Met(1, 100, "aa"), Met(2, 200, "bb")
    ledger.remember("in", "out", {"a": one, "caf\\xe9": two})
    ledger.remember("in", "other", {"a": two})
    ledger.remember("in", "out", {"a": two})
    assert ledger.known("in", "out") == {"a": two, "caf\\xe9": two}
    ledger.forget("in", "out", ["a", "never"])
    assert ledger.known("in", "out") == {"caf\\xe9": two}
    assert ledger.known("in", "other") == {"a": two}
    assert ledger.known("elsewhere", "out") == {}
