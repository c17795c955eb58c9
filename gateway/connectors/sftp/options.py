"""The options of both ends of the SFTP connector."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from gateway.connectors.directory.looks import TEMPORARY
from gateway.connectors.sftp.algorithms import OLD
from gateway.connectors.sftp.pins import Pin
from gateway.core.secrets import is_reference
from gateway.core.strict import key

_HOST_KEY = (
    'The server\'s host key, one or several: `"ssh-ed25519 AAAA…"` as in known_hosts, or its fingerprint '
    '`"SHA256:…"`. No other key is accepted. `crossdock partners test` shows the one that it meets: compare it with '
    "what the partner says, by another way than this connection."
)
_ALLOW = (
    "Algorithms of old servers to allow besides those of today; the error of a server that has none in common names "
    f"them. There are: {', '.join(f'`{name}`' for name in OLD)}."
)


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Where the server is, how it is known, and who we are there."""

    host: Annotated[str, key("The server's name or address.", min_length=1)]
    port: Annotated[int, key("The port of the server.", ge=1, le=65535)] = 22
    username: Annotated[str, key("Our account there.", min_length=1)]
    host_key: Annotated[tuple[str, ...], key(_HOST_KEY)] = ()
    key: Annotated[
        str, key('A reference to our private key, as ssh-keygen writes it: `"file:keys/globex"`, `"env:GLOBEX_KEY"`.')
    ] = ""
    passphrase: Annotated[str, key("A reference to what the private key is protected with.")] = ""
    password: Annotated[str, key("A reference to the password of the account. Keys are better.")] = ""
    path: Annotated[str, key("The folder at the server, absolute or from where the account begins.", min_length=1)] = (
        "."
    )
    allow: Annotated[tuple[str, ...], key(_ALLOW)] = ()
    connect_seconds: Annotated[float, key("How long a connection may take to come about.", gt=0, le=120)] = 10.0
    banner_seconds: Annotated[
        float, key("How long the server may take to greet and to exchange keys.", gt=0, le=300)
    ] = 20.0
    auth_seconds: Annotated[float, key("How long it may take to let us in.", gt=0, le=300)] = 20.0
    seconds: Annotated[float, key("How long an answer may take, or a piece of a file.", gt=0, le=600)] = 30.0
    keepalive: Annotated[int, key("Seconds between signs of life on a quiet connection.", ge=1, le=3600)] = 20
    in_flight: Annotated[
        int, key("Requests that wait for an answer at most. Some servers lose their way with many.", ge=1, le=256)
    ] = 64

    def __post_init__(self) -> None:
        for each in self.host_key:
            Pin.parse(each)
        for word, value in (("key", self.key), ("passphrase", self.passphrase), ("password", self.password)):
            if value and not is_reference(value):
                raise ValueError(f'{word} is no reference to a secret: write "env:NAME" or "file:PATH"')
        for name in self.allow:
            if name not in OLD:
                raise ValueError(f"allow: there is no algorithm {name}; there are {', '.join(OLD)}")

    @property
    def where(self) -> str:
        """The account, as messages name it."""
        return f"sftp://{self.username}@{self.host}:{self.port}"

    @property
    def door(self) -> str:
        """The folder, as messages name it."""
        return f"{self.where}/{self.path.removeprefix('/')}"


class InboxOptions(Account, frozen=True, kw_only=True):
    """A folder at a server that documents are fetched from."""

    wanted: Annotated[tuple[str, ...], key("Patterns of names to take.", min_length=1)] = ("*",)
    temporary: Annotated[
        tuple[str, ...], key("Patterns of names to leave: files still being written.", min_length=1)
    ] = TEMPORARY
    complete: Annotated[
        Literal["stable", "done-file", "rename"],
        key(
            "When a file is complete: unchanged for `settle_seconds` between two looks; with a companion file "
            "`suffix`; or as soon as it has no temporary name, for partners that rename what they finished."
        ),
    ] = "stable"
    settle_seconds: Annotated[float, key('How long a file must be unchanged (`complete = "stable"`).', ge=0)] = 5.0
    suffix: Annotated[str, key('What the companion\'s name has more (`complete = "done-file"`).', min_length=1)] = (
        ".done"
    )
    claim: Annotated[
        str,
        key(
            'A folder in `path` that a file is moved into before it is fetched ("." : it is renamed where it lies), so '
            "that other programs leave it alone. Left out: it stays where it is until it was received."
        ),
    ] = ""
    claim_seconds: Annotated[float, key("After so long a claim of another poller is taken over (`claim`).", ge=1)] = (
        900.0
    )
    after: Annotated[
        Literal["leave", "archive", "delete"],
        key(
            "What becomes of a file that was received: it stays and is not fetched again until it changes; it is moved "
            "into the folder `archive`; it is deleted."
        ),
    ] = "leave"
    archive: Annotated[str, key('The folder for received files, in `path` (`after = "archive"`).', min_length=1)] = (
        "archive"
    )
    max_bytes: Annotated[int, key("Larger files are left where they are; the log says so.", ge=1)] = 256 * 1024 * 1024

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.claim and self.after == "leave":
            raise ValueError('claim moves files: write after = "archive" or "delete", or leave claim out')


class OutboxOptions(Account, frozen=True, kw_only=True):
    """A folder at a server that documents are put into."""

    upload: Annotated[
        Literal["rename", "direct"],
        key(
            "Under a temporary name that is renamed when all is there; or under its own name from the start, for "
            "servers that allow no renaming."
        ),
    ] = "rename"
    prefix: Annotated[str, key('What temporary names begin with (`upload = "rename"`).', min_length=1)] = ".crossdock."
    create: Annotated[bool, key("Make the folder when it is missing.")] = False
