"""How long keys and certificates are good for, as a metric; a file that cannot be read is left out."""

from __future__ import annotations

from gateway.core.validity import End
from gateway.store import Database
from gateway.work.exposition import exposition
from tests.observe.test_observe_metrics import Still, samples

NOW = Still().now()


def test_the_seconds_that_are_left_are_told(database: Database) -> None:
    known = [
        End("globex", "certificate", NOW + 3_000_000),
        End("", "server", NOW - 1_000_000),
        End("acme", "key", 0, "partners/acme.toml: as2.keys[0]: it is gone."),
    ]
    found = samples(exposition(database, Still(), ends=lambda: known))
    assert {key: value for key, value in found.items() if key[0] == "crossdock_certificate_seconds"} == {
        ("crossdock_certificate_seconds", "globex", "certificate"): 3,
        ("crossdock_certificate_seconds", "", "server"): -1,
    }
