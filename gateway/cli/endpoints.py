"""Trying the doors of parties: are the options right, does the door open, and may we do there what we must do?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from gateway.agreements import Endpoint
from gateway.connectors import open_inbox, open_outbox
from gateway.connectors.directory.claims import CONTROL
from gateway.core.errors import ConfigurationError, CrossdockError
from gateway.doors import is_polled, mistakes_of


def steps_of(endpoint: Endpoint, base: Path) -> Iterator[dict[str, Any]]:
    """Each step with what came of it, up to the first that does not work."""
    for step, act in _steps(endpoint, base):
        found = {"endpoint": endpoint.name, "party": endpoint.party, "step": step}
        try:
            yield found | {"works": True, "detail": act()}
        except (CrossdockError, OSError) as error:
            text = str(error) if isinstance(error, CrossdockError) else f"{error.strerror or error}."
            yield found | {"works": False, "detail": text}
            return


def _steps(endpoint: Endpoint, base: Path) -> Iterator[tuple[str, Callable[[], str]]]:
    yield "options", lambda: _options(endpoint)
    if endpoint.direction == "out" or is_polled(endpoint):
        yield "open", lambda: _open(endpoint, base)
    if endpoint.connector == "directory":
        folder = Path(os.path.realpath(base / Path(str(endpoint.options["path"])).expanduser()))
        yield "folder", lambda: _folder(folder)
        yield "read", lambda: _read(folder)
        yield "write", lambda: _write(folder)
        yield "rename", lambda: _rename(folder, claims=endpoint.direction == "in")


def _options(endpoint: Endpoint) -> str:
    for mistake in mistakes_of(endpoint, "partners"):
        raise mistake
    return f"{endpoint.connector}, {endpoint.direction}"


def _open(endpoint: Endpoint, base: Path) -> str:
    door: Any
    if endpoint.direction == "in":
        door = open_inbox(endpoint.connector, endpoint.options, base, "test", name=endpoint.name, party=endpoint.party)
    else:
        door = open_outbox(endpoint.connector, endpoint.options, base, "test", name=endpoint.name)
    door.close()
    return ""


def _folder(folder: Path) -> str:
    if not folder.is_dir():
        hint = "Make it, or mount its file system."
        raise ConfigurationError("there is no such folder.", file=str(folder), hint=hint)
    return str(folder)


def _read(folder: Path) -> str:
    with os.scandir(folder) as entries:
        files = sum(entry.is_file(follow_symlinks=False) for entry in entries if not entry.name.startswith("."))
    return f"{files} file{'' if files == 1 else 's'} in it"


def _write(folder: Path) -> str:
    place = _temporary(folder)
    try:
        with place.open("xb") as file:
            file.write(b"test")
            file.flush()
            os.fsync(file.fileno())
    finally:
        place.unlink(missing_ok=True)
    return ""


def _rename(folder: Path, *, claims: bool) -> str:
    """A folder that we take from must let files move into its ``.crossdock``; one that we put into, in itself."""
    source = _temporary(folder)
    room = folder / CONTROL if claims else folder
    room.mkdir(exist_ok=True)
    target = _temporary(room)
    try:
        source.write_bytes(b"test")
        source.rename(target)
    finally:
        source.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
    return ""


def _temporary(folder: Path) -> Path:
    """A name that no poller takes for a document."""
    return folder / f".crossdock.test-{uuid4().hex[:12]}.tmp"
