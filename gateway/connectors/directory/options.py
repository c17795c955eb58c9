"""The options of both ends of the directory connector."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from gateway.connectors.directory.looks import TEMPORARY
from gateway.core.strict import key

_PATH = "The folder. A relative path starts at `exchange` of the configuration, usually in the home."
_CREATE = (
    "Make the folder when it is missing. Left out: a relative one is made, an absolute one is not, since it may be a "
    "share that is not mounted."
)


class InboxOptions(msgspec.Struct, frozen=True, kw_only=True):
    """A folder that documents come in by."""

    path: Annotated[str, key(_PATH, min_length=1)]
    complete: Annotated[
        Literal["stable", "done-file", "rename"],
        key(
            "When a file is complete: unchanged for some `seconds`; with a companion file `suffix`; "
            "or as soon as it has no temporary name, for senders that rename what they finished."
        ),
    ] = "stable"
    seconds: Annotated[float, key('How long a file must be unchanged (`complete = "stable"`).', ge=0)] = 2.0
    suffix: Annotated[str, key('What the companion\'s name has more (`complete = "done-file"`).', min_length=1)] = (
        ".done"
    )
    wanted: Annotated[tuple[str, ...], key("Patterns of names to take.", min_length=1)] = ("*",)
    temporary: Annotated[
        tuple[str, ...], key("Patterns of names to leave: files still being written.", min_length=1)
    ] = TEMPORARY
    archive: Annotated[
        Literal["keep", "delete"],
        key("What becomes of a file that was received: kept under `.crossdock/done/`, or deleted."),
    ] = "keep"
    keep_days: Annotated[int, key("Days that kept files stay before they are purged.", ge=1)] = 30
    max_bytes: Annotated[
        int, key("Larger files are set aside in `.crossdock/refused/` with the reason beside them.", ge=1)
    ] = 256 * 1024 * 1024
    inodes: Annotated[
        bool,
        key(
            "Files are told apart by their inode numbers too. False where these change by themselves, as on some "
            "shares (CIFS with noserverino, FUSE): then the same name, time, size and content is the same file."
        ),
    ] = True
    create: Annotated[bool | None, key(_CREATE)] = None


class OutboxOptions(msgspec.Struct, frozen=True, kw_only=True):
    """A folder that documents leave by."""

    path: Annotated[str, key(_PATH, min_length=1)]
    create: Annotated[bool | None, key(_CREATE)] = None
