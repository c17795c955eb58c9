"""The options of both ends of an account of the SFTP server."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from gateway.agreements.model import duration
from gateway.connectors.sftp_server.keys import parse_key
from gateway.core.strict import key

#: How a user may be called: it stands in log lines and in what partners type.
USERNAME = r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$"

_USERNAME = (
    "The account that the partner logs in with. An endpoint in and one out may share an account: then it has all of "
    "`inbox/`, `outbox/` and `ack/`."
)
_KEYS = 'Public keys that may log in, as in authorized_keys: `["ssh-ed25519 AAAA… name"]`.'
_HASH = (
    'A reference to the argon2 hash of a password (`"env:NAME"`, `"file:PATH"`); `crossdock sftp hash-password` makes '
    "one. Keys are better."
)


class AccountOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Who may come in. Keys and password may stand at either endpoint of an account."""

    username: Annotated[str, key(_USERNAME, pattern=USERNAME)]
    keys: Annotated[tuple[str, ...], key(_KEYS)] = ()
    password: Annotated[str, key(_HASH)] = ""

    def __post_init__(self) -> None:
        for each in self.keys:
            parse_key(each)


class InboxOptions(AccountOptions, frozen=True, kw_only=True):
    """A folder `inbox/` that the partner uploads into."""

    temporary: Annotated[
        tuple[str, ...],
        key(
            "Patterns of names, in small letters or capitals, under which the partner uploads what it then renames; "
            "only the rename counts."
        ),
    ] = ("*.filepart", "*.tmp", "*.part", "*.partial", ".*")
    rename_only: Annotated[
        bool,
        key(
            "Refuse uploads under other names: a client that its user interrupts may close half a file, but does not "
            "rename it."
        ),
    ] = False
    interrupted: Annotated[
        Literal["refuse", "receive"],
        key(
            "An upload without a rename that ends where a piece of its client ends, as after Ctrl-C, and whose format "
            "has no end of its own (CSV, fixed records): `refuse` it the first time and receive it when it comes "
            "again just so, or `receive` it at once."
        ),
    ] = "refuse"
    visible: Annotated[
        str,
        key(
            "How long a received file is still shown (s, m, h, d). In that time the same name with the same bytes is "
            "the same upload again."
        ),
    ] = "24h"
    max_bytes: Annotated[int, key("The largest file.", ge=1)] = 256 * 1024 * 1024
    quota: Annotated[int, key("Bytes of unfinished uploads at most.", ge=1)] = 1024 * 1024 * 1024

    def __post_init__(self) -> None:
        super().__post_init__()
        duration(self.visible)


class OutboxOptions(AccountOptions, frozen=True, kw_only=True):
    """A folder `outbox/` that the partner fetches documents from, and `ack/` for receipts."""

    receipts: Annotated[
        Literal["ack", "outbox"],
        key("The folder of receipts (TA1, 997, 999, 824, CONTRL, APERAK, ApplicationResponse)."),
    ] = "ack"
    visible: Annotated[
        str, key("How long a file is still shown after it was fetched, unless the partner deletes it (s, m, h, d).")
    ] = "7d"

    def __post_init__(self) -> None:
        super().__post_init__()
        duration(self.visible)
