"""What a party is called in AS2, and where its certificates and keys lie: the table ``[as2]`` of its file.

Names and paths only; whoever needs the files reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, NamedTuple

import msgspec

from gateway.core.secrets import is_reference
from gateway.core.strict import key

#: AS2-From and AS2-To: 1 to 128 printable characters of ASCII (RFC 4130, 6.2).
AS2_ID = r"^[ -~]{1,128}$"

_ID = re.compile(AS2_ID)


class As2(msgspec.Struct, frozen=True, kw_only=True):
    """Who it is in AS2. Of a partner its certificates, of our own parties the keys; paths are from the home."""

    id: Annotated[str, key("AS2-From and AS2-To, without the quotes; capitals matter.", pattern=AS2_ID)]
    ids: Annotated[tuple[str, ...], key("Further names: a party may be moved from one to another.")] = ()
    certificates: Annotated[
        tuple[str, ...],
        key(
            "Of a partner: the files of its certificates (PEM, DER or p7b). What it signed is tried with each, so that "
            "an old and a new one overlap; what it gets is encrypted for the newest that is valid."
        ),
    ] = ()
    encryption_certificates: Annotated[
        tuple[str, ...], key("Of a partner: those to encrypt for, where they are others than it signs with.")
    ] = ()
    keys: Annotated[
        tuple[str, ...],
        key(
            "Of our own parties: the files of private keys with their certificates (PEM or PKCS #12). What comes in is "
            "tried with each; what leaves is signed with the newest that is valid."
        ),
    ] = ()
    passphrase: Annotated[str, key("Of our own parties: a reference to the passphrase of the keys.")] = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All its names, the usual one first."""
        return (self.id, *self.ids)


class Wrong(NamedTuple):
    """``key`` within the table."""

    key: str
    text: str
    hint: str = ""


def wrong(table: As2, *, own: bool) -> Iterator[Wrong]:
    """What does not fit together in one table. ``own``: of one of our own parties."""
    for number, name in enumerate(table.ids):
        if not _ID.match(name):
            yield Wrong(f"ids[{number}]", "this is no name in AS2.", "1 to 128 printable characters of ASCII are.")
    for name in sorted({name for name in table.names if table.names.count(name) > 1}):
        yield Wrong("ids", f'"{name}" stands here twice.')
    excluded = ("certificates", "encryption_certificates") if own else ("keys", "passphrase")
    for word in excluded:
        if getattr(table, word):
            hint = "Our own parties have keys." if own else "Partners have certificates; nobody has their keys."
            yield Wrong(word, f"this key has no meaning for {'an own party' if own else 'a partner'}.", hint)
    for word in ("certificates", "encryption_certificates", "keys"):
        files = getattr(table, word)
        for name in sorted({name for name in files if files.count(name) > 1}):
            yield Wrong(word, f'"{name}" stands here twice.')
    if table.passphrase and not is_reference(table.passphrase):
        hint = 'Write passphrase = "env:NAME" or passphrase = "file:PATH".'
        yield Wrong("passphrase", "a secret is never written here.", hint)
    elif table.passphrase and not table.keys:
        yield Wrong("passphrase", "it is the passphrase of keys, which are missing.")
