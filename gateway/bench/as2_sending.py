"""Messages that leave by AS2: Globex's gateway, one endpoint and so one thread, to Acme's door."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from gateway.as2 import cms
from gateway.bench.as2_home import Dock, Keys
from gateway.bench.figures import BenchmarkError
from gateway.observe import configure
from gateway.pipeline.deliver import Deliver
from gateway.service import Service
from gateway.store import Changes, Step, commit
from gateway.store.statements import both, run
from gateway.work.bell import NullBell
from gateway.work.worker import Worker

_OWN = """\
id = "globex"
name = "Globex"
kind = "own"
[as2]
id = "GLOBEX"
keys = ["globex.pem"]
"""
_PARTNER = """\
id = "acme"
name = "Acme"
[as2]
id = "ACME"
certificates = ["acme.crt"]
[[endpoint]]
name = "acme-out"
connector = "as2"
direction = "out"
own = "globex"
url = "http://127.0.0.1:{port}/as2"
"""


def sent(dock: Dock, keys: Keys, contents: Sequence[bytes], folder: Path | None) -> float:
    """Messages a second: packed, signed, encrypted, sent, and their signed MDNs judged and on record.

    Raises BenchmarkError when one is not confirmed.
    """
    with tempfile.TemporaryDirectory(prefix="crossdock-bench-", dir=folder) as name:
        home = Path(name)
        (home / "partners").mkdir()
        (home / "partners/globex.toml").write_text(_OWN, encoding="utf-8")
        (home / "partners/acme.toml").write_text(_PARTNER.format(port=dock.port), encoding="utf-8")
        (home / "globex.pem").write_bytes(cms.key_file(keys.globex, None))
        (home / "globex.pem").chmod(0o600)
        (home / "acme.crt").write_bytes(cms.certificate_file(keys.acme.certificate))
        configure("console", "warning")
        service = Service.open(home, {})
        try:
            _leave(service, contents)
            begin = time.perf_counter()
            Worker(service.database, [Deliver(service.context, service.door)], bell=NullBell()).run_until_idle()
            seconds = time.perf_counter() - begin
            _confirmed(service, len(contents))
        finally:
            service.close()
    return len(contents) / seconds


def _leave(service: Service, contents: Sequence[bytes]) -> None:
    """As what was composed for a partner."""
    changes = Changes(service.clock.now())
    for number, content in enumerate(contents, 1):
        id = changes.new(
            "transmissions",
            direction="out",
            endpoint="acme-out",
            transport_id=f"bench-{number}",
            party="acme",
            status="composed",
            payload_id=changes.payload(content),
            size=len(content),
            sha256=sha256(content).hexdigest(),
            file_name=f"order-{number}.x12",
        )
        changes.work(Step.DELIVER, id, "acme-out", turn=(id, 0), size=len(content))
    commit(service.database, changes)


def _confirmed(service: Service, count: int) -> None:
    with service.database.read() as connection:
        rows = run(connection, both("SELECT status FROM exchanges WHERE direction = 'out'")).all()
    found = [str(row.status) for row in rows]
    if found != ["confirmed"] * count:
        raise BenchmarkError(f"{count} messages were sent, and {found.count('confirmed')} of them confirmed.")
