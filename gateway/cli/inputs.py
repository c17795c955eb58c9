"""Files that commands look at: opened for reading from the start more than once, with progress on a terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

import click

#: A file to read; ``-`` is standard input.
FILE = click.Path(exists=True, dir_okay=False, readable=True, allow_dash=True)

_IN_MEMORY = 16 * 1024 * 1024
_WORTH_A_BAR = 8 * 1024 * 1024


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """The file, seekable: what comes through a pipe is kept aside first. Raises OSError."""
    with click.open_file(path, "rb") as stream:
        if stream.seekable():
            yield cast(BinaryIO, stream)
            return
        with SpooledTemporaryFile(_IN_MEMORY) as copy:
            shutil.copyfileobj(stream, copy)
            copy.seek(0)
            yield cast(BinaryIO, copy)


@contextmanager
def watched(stream: BinaryIO, label: str, *, quiet: bool = False) -> Iterator[BinaryIO]:
    """The rest of the stream with a bar on stderr while it is read, when it is long and somebody watches.

    ``quiet``: nothing is printed meanwhile, so a terminal that shows stdout has room for the bar.
    """
    size = _left(stream)
    free = quiet or not sys.stdout.isatty()
    if size < _WORTH_A_BAR or not sys.stderr.isatty() or not free:
        yield stream
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        yield bar.wrap_file(stream, total=size, description=label)


def shown(path: str) -> str:
    """The name of a file in results."""
    return "(standard input)" if path == "-" else path


def _left(stream: BinaryIO) -> int:
    here = stream.tell()
    end = stream.seek(0, 2)
    stream.seek(here)
    return end - here
