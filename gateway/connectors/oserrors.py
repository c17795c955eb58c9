"""Errors of the operating system as connector errors: one table, used by every connector that touches files."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from gateway.core.errors import ConnectorError, DeliveryRefusedError

HINTS: dict[int, str] = {
    errno.ENOSPC: "The disk is full: make room.",
    errno.EDQUOT: "The quota of the account is used up: make room.",
    errno.ENOENT: "Is the folder there, and is its file system mounted?",
    errno.ENOTDIR: "A folder is expected there.",
    errno.EACCES: "The account that runs the gateway needs read and write permission.",
    errno.EPERM: "The account that runs the gateway needs read and write permission.",
    errno.EROFS: "The file system is mounted read-only.",
    errno.EMFILE: "Too many files are open: raise the limit (ulimit -n).",
    errno.ENOLCK: "The file system must support locks; over NFS the lock service must run.",
    errno.ESTALE: "The file system was mounted anew: it is tried again.",
}

#: What would fail again however often it is tried.
HOPELESS = frozenset({errno.ENAMETOOLONG, errno.EILSEQ, errno.EFBIG})


def connector_error(error: OSError, doing: str) -> ConnectorError:
    """``error`` in the project's tree; ``doing`` says what was attempted, for the operator."""
    kind = DeliveryRefusedError if error.errno in HOPELESS else ConnectorError
    reason = error.strerror or str(error)
    return kind(f"{doing}: {reason}.", hint=HINTS.get(error.errno or 0))


@contextmanager
def os_errors(doing: str) -> Iterator[None]:
    """Turn every :class:`OSError` of the block into a :class:`ConnectorError`."""
    try:
        yield
    except OSError as error:
        raise connector_error(error, doing) from error
