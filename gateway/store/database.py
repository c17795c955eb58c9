"""Opening the database: SQLite made durable and patient, PostgreSQL told to plan for each statement's values.

SQLite: WAL, ``synchronous=FULL``, and ``BEGIN IMMEDIATE`` for whatever writes. A deferred transaction that turns into a
writing one fails at once when somebody else wrote in between; an immediate one waits its turn.

PostgreSQL: after five executions of a prepared statement the server may choose a plan that does not know the values;
claims become five times slower. Hence ``plan_cache_mode = force_custom_plan``.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from gateway.core.errors import ConfigurationError, StoreError
from gateway.store.idle import Idle
from gateway.store.payloads import Payloads
from gateway.store.statements import both, run

#: Seconds that a writer waits for its turn, and between looks whether it has come.
_PATIENCE = 10
_STEP = 0.0005

_BUSY_TIMEOUT = f"PRAGMA busy_timeout = {_PATIENCE * 1000}"
_SQLITE = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    _BUSY_TIMEOUT,
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = MEMORY",
)

#: More than there are statements: each is prepared once for a connection.
_SQLITE_OPTIONS = {"cached_statements": 1000}

_POSTGRESQL = (
    "SET plan_cache_mode = force_custom_plan",
    "SET synchronous_commit = on",
    "SET default_transaction_isolation = 'read committed'",  # claims judge on a newer snapshot than they lock by
    # A process that is stopped inside a transaction must not stop everybody.
    "SET idle_in_transaction_session_timeout = '120s'",
)

#: What goes away when the work is repeated on what the database says now. SQLSTATE: unique violation, serialization
#: failure, deadlock; SQLite's extended codes: UNIQUE, PRIMARY KEY.
_CONFLICTS = {"23505", "40001", "40P01", 2067, 1555}

#: What a server says that leaves us, and psycopg takes for an error of ours: a transaction that idled too long or took
#: too long (a process that was stopped meanwhile), one that may only read since another server took over.
_GONE = {"25P03", "25P04", "25006"}

_NOW = both("SELECT {now}")
_FILES = both("SELECT file FROM payloads WHERE file {names}")


class ConflictError(StoreError):
    """The commit met what somebody else wrote meanwhile: a unique key, a status that moved on, a deadlock.

    Nothing was written. The work is to be repeated, each item by itself, on what the database says now.
    """


#: Gets the connection and the changes that were written by it; may write more by it.
Listener = Callable[[Connection, Any], None]


class Database:
    """One database and its connections, with the files of its large payloads; threads may share it."""

    def __init__(self, engine: Engine, payloads: Payloads) -> None:
        self.payloads = payloads
        self.engine = engine = engine.execution_options(crossdock_payloads=payloads)
        self.dialect = engine.dialect.name
        self.archived: set[tuple[str, str]] = set()  # texts known to be in the database: (kind, digest)
        self.listeners: list[Listener] = []  # what each commit of changes calls, within its transaction
        self._readers = Idle(engine)
        writing = engine.execution_options(crossdock_write=True, crossdock_listeners=self.listeners)
        self._writers = Idle(writing, self._readers)
        self._turn = threading.Lock() if self.dialect == "sqlite" else nullcontext()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes; committed at the end, rolled back by any exception.

        Raises :class:`ConflictError` and :class:`~gateway.core.errors.StoreError`.
        """
        with self._turn, map_exceptions(self.engine), self._writers.lend() as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads, and waits for nobody. Raises :class:`~gateway.core.errors.StoreError`."""
        with map_exceptions(self.engine), self._readers.lend() as connection:
            transaction = connection.begin()
            yield connection
            transaction.rollback()

    def now(self) -> int:
        """The time of the database's own clock, in microseconds: leases are measured by it alone."""
        with self.read() as connection:
            return clock(connection)

    def sweep_payloads(self) -> int:
        """Removes files of the payload store that no row names, when they are a day old; returns how many."""
        return self.payloads.sweep(self._named)

    def _named(self, files: Sequence[str]) -> list[str]:
        with self.read() as connection:
            return [str(name) for name in run(connection, _FILES, names=list(files)).scalars()]

    def close(self) -> None:
        self._readers.clear()
        self._writers.clear()
        self.engine.dispose()


def clock(connection: Connection) -> int:
    """The database's time in microseconds since 1970, UTC."""
    return int(run(connection, _NOW).scalar_one())


def payloads_of(connection: Connection) -> Payloads:
    """The files of the large payloads of the connection's database."""
    payloads: Payloads = connection.get_execution_options()["crossdock_payloads"]
    return payloads


def open_database(url: str | URL, payloads: Payloads | None = None) -> Database:
    """The database at ``sqlite:///…`` or ``postgresql+psycopg://…``; the schema is not touched.

    ``payloads``: where its large payloads are; left out, in the folder ``payloads`` beside an embedded database, or of
    the working folder. Raises :class:`~gateway.core.errors.ConfigurationError` for another URL or a driver that is not
    installed.
    """
    # Values stay out of messages and tracebacks: they are what partners wrote.
    known = _known(url)
    options = _SQLITE_OPTIONS if known.get_backend_name() == "sqlite" else {}
    engine = create_engine(known, pool_size=10, max_overflow=50, hide_parameters=True, connect_args=options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
    return Database(engine, payloads or Payloads(_beside(known)))


def _beside(url: URL) -> Path:
    embedded = url.get_backend_name() == "sqlite" and url.database
    return Path(url.database or "").parent / "payloads" if embedded else Path("payloads")


def _known(url: str | URL) -> URL:
    """The URL, checked: the two databases that claims are written for."""
    wrong = ConfigurationError(
        "must be sqlite:///FILE or postgresql+psycopg://…", file="crossdock.toml", key="database"
    )
    try:
        parsed = make_url(url)
        parsed.get_dialect().import_dbapi()
    except (ArgumentError, NoSuchModuleError) as error:
        raise wrong from error
    except ModuleNotFoundError as error:
        hint = "pip install 'crossdock[postgres]'"
        raise ConfigurationError(f"needs {error.name}", file="crossdock.toml", key="database", hint=hint) from error
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        raise wrong
    if parsed.get_backend_name() == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise ConfigurationError("names no file", file="crossdock.toml", key="database", hint="sqlite:///crossdock.db")
    return parsed


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: see _begin_sqlite
    for pragma in _SQLITE:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("crossdock_write", False):
        _begin_immediate(connection.connection.driver_connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_immediate(driver: Any) -> None:
    """Waits for other processes in short steps: SQLite's own wait grows to a tenth of a second, while writers that
    come later go before."""
    until = time.monotonic() + _PATIENCE
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                driver.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
            time.sleep(_STEP)
    finally:
        driver.execute(_BUSY_TIMEOUT)


def _prepare_postgresql(connection: Any, record: object) -> None:
    connection.autocommit = True
    for setting in _POSTGRESQL:
        connection.execute(setting)
    connection.autocommit = False


@contextmanager
def map_exceptions(engine: Engine) -> Iterator[None]:
    """Exceptions of SQLAlchemy and of the driver become :class:`ConflictError` or ``StoreError``."""
    driver = engine.dialect.loaded_dbapi
    try:
        yield
    except DBAPIError as error:
        raise _translated(error.orig or error, driver) from None  # PostgreSQL shows whole rows in DETAIL
    except driver.Error as error:
        raise _translated(error, driver) from None
    except SQLAlchemyError as error:
        raise _store_error(error, retryable=False) from None


def _translated(error: BaseException, driver: Any) -> StoreError:
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorcode", None)
    if code in _CONFLICTS:
        return ConflictError(_first_line(error))
    # OperationalError and InterfaceError: out of reach, busy, disk full. Others would fail again.
    gone = code in _GONE or isinstance(error, driver.OperationalError | driver.InterfaceError)
    return _store_error(error, retryable=gone)


def _store_error(error: BaseException, *, retryable: bool) -> StoreError:
    result = StoreError(_first_line(error))
    result.retryable = retryable
    return result


def _first_line(error: BaseException) -> str:
    """What the driver says, without the statement and its values."""
    return f"The database said: {(str(error).splitlines() or [type(error).__name__])[0]}"
