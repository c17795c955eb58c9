"""Helpers of the folder tests: files of a given age, and a clock that stands still until it is turned."""

from __future__ import annotations

import os
from pathlib import Path

from gateway.connectors.directory import Times

DAY = 1_767_225_600.0  # 2026-01-01, midnight UTC


class Hands:
    """A clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def turn(self, seconds: float) -> None:
        self.seconds += seconds

    @property
    def times(self) -> Times:
        return Times(day=lambda: DAY + self.seconds, ticks=lambda: self.seconds)


def put(folder: Path, name: str, body: bytes = b"ISA*", age: float = 0.0) -> Path:
    """A file that was changed ``age`` seconds ago."""
    path = folder / name
    path.write_bytes(body)
    if age:
        moment = path.stat().st_mtime - age
        os.utime(path, (moment, moment))
    return path


def files(folder: Path) -> dict[str, bytes]:
    """What lies in a folder, sub folders apart."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def everything(folder: Path) -> list[str]:
    """All files in a folder and below it, as relative paths."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
