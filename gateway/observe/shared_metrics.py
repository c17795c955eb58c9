"""Metrics of several processes: each counts in files of its own in one folder, and who asks gets the sum.

What a process counted that ended is kept: its files are added to those of nobody (process 0), so that counters never
fall. A lock keeps those who read from seeing something twice or not at all.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from gateway.core.locked import locked

_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"

#: Below the home.
FOLDER = "run/metrics"
LOCK = "lock"

_GONE = 0


def share(home: Path) -> None:
    """This process and those that it starts count in the home's folder, from now on; what ended is added up."""
    folder = (home / FOLDER).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ[_VARIABLE] = str(folder)
    if "prometheus_client" in sys.modules:  # it chose when it was imported
        from prometheus_client import values

        values.ValueClass = values.MultiProcessValue()
    keep_of_dead(folder)


def shared_folder() -> Path | None:
    """Where this process counts; None: in its memory."""
    named = os.environ.get(_VARIABLE)
    return Path(named) if named else None


def keep_of_dead(folder: Path) -> int:
    """Adds up what processes counted that are gone; returns how many files that were."""
    with locked(folder / LOCK, alone=True):
        dead = [file for file in sorted(folder.glob("*_*.db")) if not _alive(_process(file))]
        for file in dead:
            _keep(folder, file)
    return len(dead)


def _keep(folder: Path, file: Path) -> None:
    from prometheus_client.mmap_dict import MmapedDict

    kind = file.stem.rpartition("_")[0]
    if not kind.startswith("gauge"):
        kept = MmapedDict(str(folder / f"{kind}_{_GONE}.db"))
        try:
            for key, value, moment, _ in MmapedDict.read_all_values_from_file(str(file)):
                before, _ = kept.read_value(key)
                kept.write_value(key, before + value, moment)
        finally:
            kept.close()
    file.unlink()


def _process(file: Path) -> int:
    number = file.stem.rpartition("_")[2]
    return int(number) if number.isdecimal() else _GONE


def _alive(process: int) -> bool:
    if process == _GONE:
        return True  # nobody's own files
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
