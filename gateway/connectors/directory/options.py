"""The options of both ends of the directory connector."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from gateway.connectors.directory.looks import TEMPORARY

_PATH = "The folder. A relative path starts at the home."
_CREATE = "Make the folder when it is missing. Leave it false for shares, which may be unmounted."


class InboxOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder that documents come in by."""

    path: Annotated[str, Meta(min_length=1, description=_PATH)]
    complete: Annotated[
        Literal["stable", "done-file", "rename"],
        Meta(
            description="When a file is complete: unchanged for some `seconds`; with a companion file `suffix`; "
            "or as soon as it has no temporary name, for senders that rename what they finished."
        ),
    ] = "stable"
    seconds: Annotated[float, Meta(ge=0, description='How long a file must be unchanged (`complete = "stable"`).')] = (
        2.0
    )
    suffix: Annotated[
        str, Meta(min_length=1, description='What the companion\'s name has more (`complete = "done-file"`).')
    ] = ".done"
    wanted: Annotated[tuple[str, ...], Meta(min_length=1, description="Patterns of names to take.")] = ("*",)
    temporary: Annotated[
        tuple[str, ...], Meta(min_length=1, description="Patterns of names to leave: files still being written.")
    ] = TEMPORARY
    archive: Annotated[
        Literal["keep", "delete"],
        Meta(description="What becomes of a file that was received: kept under `.crossdock/done/`, or deleted."),
    ] = "keep"
    keep_days: Annotated[int, Meta(ge=1, description="Days that kept files stay before they are purged.")] = 30
    max_bytes: Annotated[
        int, Meta(ge=1, description="Larger files are set aside in `.crossdock/refused/` with the reason beside them.")
    ] = 256 * 1024 * 1024
    create: Annotated[bool, Meta(description=_CREATE)] = False


class OutboxOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder that documents leave by."""

    path: Annotated[str, Meta(min_length=1, description=_PATH)]
    create: Annotated[bool, Meta(description=_CREATE)] = False
