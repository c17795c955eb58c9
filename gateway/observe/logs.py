"""Logs: one line per event, always on standard error. JSON on a pipe, readable on a terminal.

Events are named after the lifecycles (``transmission.received``, ``document.held``: :func:`event_name`), as in the
events table, so that one word finds a thing everywhere. Ids are bound once, at the start of a step
(:func:`bound`), and stand on every line inside. Content and personal data never do (:mod:`gateway.observe.redact`).

A module logs with ``log = structlog.get_logger(__name__)``. The command calls :func:`configure` before
anything else; without it structlog's own defaults write to standard output.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import structlog
from structlog.typing import Processor

from gateway.core.errors import UsageError
from gateway.core.lifecycle import TABLES, states
from gateway.observe.redact import redact

Format = Literal["auto", "json", "console"]
Id = str | int | None

LEVELS = ("debug", "info", "warning", "error", "critical")

#: Libraries that would log statements with their values, or every frame, below these levels.
QUIET = {"sqlalchemy": logging.WARNING, "kombu": logging.WARNING, "amqp": logging.WARNING, "alembic": logging.WARNING}


def event_name(lifecycle: str, state: str) -> str:
    """The event of reaching ``state``: ``transmission.received``, ``expectation.resolved_late``.

    Raises :class:`UsageError` for a state that the lifecycle does not have.
    """
    table = TABLES.get(lifecycle)
    if table is None or state not in states(table):
        raise UsageError(f"'{lifecycle}' has no state '{state}'.")
    return f"{lifecycle}.{state.replace(' ', '_')}"


@contextmanager
def bound(
    *,
    transmission: Id = None,
    interchange: Id = None,
    document: Id = None,
    correlation: Id = None,
    party: str | None = None,
    type: str | None = None,
    control_number: str | None = None,
    step: str | None = None,
) -> Iterator[None]:
    """Put ids on every line that is logged inside, in this thread or task. What is None keeps the outer value."""
    given = {
        "transmission": transmission,
        "interchange": interchange,
        "document": document,
        "correlation": correlation,
        "party": party,
        "type": type,
        "control_number": control_number,
        "step": step,
    }
    with structlog.contextvars.bound_contextvars(**{key: value for key, value in given.items() if value is not None}):
        yield


def configure(format: Format = "auto", level: str = "info") -> None:
    """Send all logs, those of libraries too, to standard error. May be called again.

    ``auto``: ``console`` on a terminal, otherwise ``json``. Raises :class:`UsageError` for a level that is none.
    """
    if level.lower() not in LEVELS:
        raise UsageError(f"'{level}' is no level of the log.", hint=f"There are: {', '.join(LEVELS)}.")
    number = getattr(logging, level.upper())
    final = _finish(format)
    structlog.configure(
        processors=[*_COMMON, *final],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=_Logger,
        cache_logger_on_first_use=False,
    )
    _configure_libraries(number, final)


class _StandardError:
    """Standard error as it is when a line is written: tests and consoles replace it."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


class _Logger:
    """Writes finished lines, one call each, so that lines of several processes do not mix."""

    def __init__(self, name: str = "gateway") -> None:
        self.name = name

    def msg(self, line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    debug = info = warning = error = critical = exception = msg


_COMMON: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
    redact,
]


def _finish(format: Format) -> list[Processor]:
    if format == "json" or (format == "auto" and not sys.stderr.isatty()):
        return [structlog.processors.JSONRenderer(ensure_ascii=False, default=str)]
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            exception_formatter=structlog.dev.plain_traceback,  # the richer one shows local variables
        )
    ]


def _configure_libraries(level: int, final: list[Processor]) -> None:
    handler = logging.StreamHandler(_StandardError())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_COMMON,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *final],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(level, least))
    logging.captureWarnings(True)
