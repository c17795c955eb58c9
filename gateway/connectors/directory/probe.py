"""Trying a folder: is it there, and may we do in it what we must? Files that lie in it are not touched."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from uuid import uuid4

from gateway.connectors.directory.claims import CONTROL
from gateway.connectors.directory.options import InboxOptions, OutboxOptions
from gateway.connectors.oserrors import connector_error
from gateway.core.ports import ProbeStep
from gateway.core.strict import convert


def probe(options: Mapping[str, object], direction: str, base: Path, *, name: str = "") -> Iterator[ProbeStep]:
    """The folder, reading it, writing into it, and renaming there. Raises ConfigurationError for wrong options."""
    kind: type[InboxOptions | OutboxOptions] = InboxOptions if direction == "in" else OutboxOptions
    checked = convert(options, kind, name or "directory")
    folder = Path(os.path.realpath(base / Path(checked.path).expanduser()))
    made = checked.create or (checked.create is None and not Path(checked.path).expanduser().is_absolute())
    steps: tuple[tuple[str, Callable[[], str]], ...] = (
        ("folder", lambda: _folder(folder, made=made)),
        ("read", lambda: _read(folder)),
        ("write", lambda: _write(folder)),
        ("rename", lambda: _rename(folder, claims=direction == "in")),
    )
    for step, act in steps:
        try:
            yield ProbeStep(step, True, act())
        except OSError as error:
            told = connector_error(error, str(folder))
            yield ProbeStep(step, False, told.detail, told.hint or "")
            return


def _folder(folder: Path, *, made: bool) -> str:
    if made:
        folder.mkdir(parents=True, exist_ok=True)
    if not folder.is_dir():
        os.listdir(folder)
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
