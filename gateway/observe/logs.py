"""Logs: one line per event, always on standard error. JSON on a pipe, readable on a terminal.

Events are named after the lifecycles (``transmission.received``, ``document.held``), as in the events table: one word
finds a thing everywhere. Lines of what was committed carry its ids (:mod:`gateway.pipeline.narrate`); content and
personal data stand on none (:mod:`gateway.observe.redact`).

A module logs with ``log = structlog.get_logger(__name__)``. The command calls :func:`configure` before
anything else; without it structlog's own defaults write to standard output.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Literal

import msgspec
import structlog
from structlog.typing import Processor

from gateway.core.errors import UsageError
from gateway.observe.redact import redact

Format = Literal["auto", "json", "console"]

LEVELS = ("debug", "info", "warning", "error", "critical")

#: Libraries that would log statements with their values, secret addresses, or every frame, below these levels.
QUIET = {
    **dict.fromkeys(("sqlalchemy", "kombu", "amqp", "alembic", "httpx", "httpcore"), logging.WARNING),
    "uvicorn": logging.ERROR,  # that it begins and ends we say ourselves; what strangers send is answered, and counted
}


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
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
    redact,
]


def _finish(format: Format) -> list[Processor]:
    if format == "json" or (format == "auto" and not sys.stderr.isatty()):
        return [structlog.processors.JSONRenderer(serializer=_json)]
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            exception_formatter=structlog.dev.plain_traceback,  # the richer one shows local variables
        )
    ]


def _json(event: object, **_options: object) -> str:
    """One line. What could not be decoded, msgspec does not write: then the slower way does."""
    try:
        return msgspec.json.encode(event, enc_hook=str).decode()
    except UnicodeEncodeError:
        return json.dumps(event, ensure_ascii=False, default=str)


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
