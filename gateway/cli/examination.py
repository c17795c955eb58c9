"""The checks of ``crossdock doctor``: each tries one thing and says in a few words what it found."""

from __future__ import annotations

import datetime as dt
import os
import statistics
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from sqlalchemy.engine import make_url

from gateway.cli import examination_doors
from gateway.cli.partners import findings_of
from gateway.cli.session import Session
from gateway.core.errors import ConfigurationError, CrossdockError, StoreError
from gateway.store import Database, migrations, open_database

#: Microseconds that two clocks may differ: deadlines and logs are read together.
_SKEW = 2_000_000
_SYNCS = 9


def examine(session: Session) -> Iterator[dict[str, Any]]:
    """One record for each check: check, works, detail. A check that fails does not end the others."""
    for name, check in _CHECKS.items():
        try:
            yield {"check": name, "works": True, "detail": check(session)}
        except CrossdockError as error:
            yield {"check": name, "works": False, "detail": str(error)}
        except OSError as error:
            yield {"check": name, "works": False, "detail": f"{error.filename or ''}: {error.strerror or error}."}


def _home(session: Session) -> str:
    return _writable(session.config.home)


def _exchange(session: Session) -> str:
    return _writable(Path(session.config.exchange))


def _database(session: Session) -> str:
    file = _file(session)
    if file is not None and not file.is_file():
        return f"{file} is not there yet: the first use makes it"
    database = open_database(session.config.database)
    try:
        return _revision(database)
    finally:
        database.close()


def _revision(database: Database) -> str:
    found, needed = migrations.current(database), migrations.head()
    if found != needed:
        text = f"The database is at revision {found or 'none'}, this program needs {needed}."
        raise StoreError(text, hint="crossdock db upgrade")
    return f"{database.dialect}, revision {found}"


def _disk(session: Session) -> str:
    """How long the disk takes to make a page durable: each commit of the embedded database waits for it."""
    folder = _existing((_file(session) or session.config.home).parent)
    times = []
    with TemporaryFile(dir=folder, prefix=".crossdock.") as file:
        for _ in range(_SYNCS):
            file.write(b"\0" * 4096)
            file.flush()
            begun = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - begun)
    return f"{statistics.median(times) * 1000:.1f} ms for an fsync in {folder}"


def _broker(session: Session) -> str:
    from kombu.connection import Connection
    from kombu.exceptions import KombuError

    url = session.config.broker
    connection = Connection(url, connect_timeout=3)
    try:
        connection.connect()
    except (KombuError, OSError, *connection.connection_errors) as error:
        raise ConfigurationError(f"it does not answer: {error}.", file="crossdock.toml", key="broker") from error
    finally:
        connection.release()
    return url.partition(":")[0]


def _parties(session: Session) -> str:
    wrong = [f"{found['file']}: {found['key']}: {found['text']}" for found in findings_of(session) if _is_error(found)]
    if wrong:
        raise ConfigurationError(wrong[0].partition(": ")[2], file=wrong[0].partition(": ")[0], hint=_more(wrong))
    known = session.knowledge.agreements
    return f"{len(known.parties)} parties, {len(known.agreements())} agreements"


def _is_error(finding: dict[str, Any]) -> bool:
    return bool(finding["severity"] == "error")


def _more(wrong: list[str]) -> str | None:
    return f"And {len(wrong) - 1} more: crossdock partners check." if len(wrong) > 1 else None


def _mappings(session: Session) -> str:
    names = session.knowledge.mappings.names()
    for name in names:
        session.knowledge.mappings.find(name)
    return f"{len(names)} mappings"


def _schemas(session: Session) -> str:
    """Those of the versions that the home has files for are read; the others are as they were released."""
    texts, schemas = session.knowledge.resources, session.knowledge.schemas
    for standard, version in sorted({tuple(name.split("/")[:2]) for name in texts.schemas.own() if "/" in name}):
        for one in schemas.available(standard, version) if version in schemas.versions(standard) else ():
            schemas.message(standard, version, one.type)
    return f"{len(schemas.available())} messages"


def _digest(session: Session) -> str:
    """Equal on machines whose parties, mappings and schemas are equal."""
    texts = session.knowledge.resources
    parts = "".join(section.digest() for section in (texts.partners, texts.mappings, texts.schemas))
    return sha256(parts.encode()).hexdigest()


def _sftp(session: Session) -> str:
    """Our host keys, which partners compare."""
    settings = session.config.sftp
    folder = Path(settings.folder)
    if not settings.listen:
        return "off: [sftp] listen is empty"
    if not folder.exists():
        return f"{settings.listen}, {folder} is made when it starts"
    from gateway.connectors.sftp_server.host_keys import host_keys

    return ", ".join((settings.listen, *(key.fingerprint for key in host_keys(folder))))


def _clock(session: Session) -> str:
    """Compared with the database's, by which leases are measured."""
    now = time.time_ns() // 1000
    shown = dt.datetime.fromtimestamp(now / 1_000_000, dt.UTC).isoformat(timespec="seconds")
    if _file(session) is not None:
        return shown
    database = open_database(session.config.database)
    try:
        skew = database.now() - time.time_ns() // 1000
    finally:
        database.close()
    if abs(skew) > _SKEW:
        raise StoreError(f"The database's clock is {skew / 1_000_000:+.1f} s off ours.", hint="Run NTP on both.")
    return f"{shown}, the database {skew / 1000:+.0f} ms"


_CHECKS: dict[str, Callable[[Session], str]] = {
    "home": _home,
    "exchange": _exchange,
    "database": _database,
    "disk": _disk,
    "broker": _broker,
    "payloads": examination_doors.payloads,
    "sftp": _sftp,
    "web": examination_doors.web,
    "as2": examination_doors.as2,
    "parties": _parties,
    "secrets": examination_doors.secrets,
    "mappings": _mappings,
    "schemas": _schemas,
    "digest": _digest,
    "clock": _clock,
}


def _file(session: Session) -> Path | None:
    """The file of an embedded database."""
    url = make_url(session.config.database)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _writable(folder: Path) -> str:
    """A folder that is not there yet is made when it is needed: then the one above must let us."""
    place = _existing(folder)
    with TemporaryFile(dir=place, prefix=".crossdock."):
        pass
    return str(folder) if place == folder else f"{folder} is not there yet: it is made when it is needed"


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())
