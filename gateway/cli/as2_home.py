"""What the commands about keys share: the parties as they are written, and the files of the home."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gateway.cli.session import Session
from gateway.core.errors import UsageError

if TYPE_CHECKING:
    from gateway.agreements import Agreements, Party
    from gateway.connectors.as2.credentials import Credentials, Ring


class New(NamedTuple):
    """A file that is to be."""

    path: Path
    data: bytes
    mode: int


def agreements(session: Session) -> Agreements:
    """The parties as they are written: endpoints may still lack what is made or exchanged here."""
    session.make_home()
    return session.knowledge.agreements


def keyring(session: Session) -> Ring:
    """Of the home; what it has to say goes to stderr, since stdout is the answer's."""
    from gateway.as2 import cms
    from gateway.config import resolve_secret
    from gateway.connectors.as2.keyring import Keyring
    from gateway.observe import configure

    home = session.config.home
    configure(session.config.log.format, "warning")
    return Keyring(home, lambda reference: resolve_secret(reference, home), cms.certificates, cms.private_keys)


def credentials(session: Session) -> Credentials:
    """All that the home has."""
    from gateway.connectors.as2.credentials import Credentials

    known = agreements(session)
    return Credentials(session.config, lambda: known, keyring(session))


def own_party(known: Agreements, name: str) -> Party:
    """Raises NotFoundError for nobody, and UsageError for a partner: its keys are its own."""
    found = known.party(name)
    if not found.own:
        raise UsageError(f"{found.id} is a partner: it makes its own keys and sends you its certificate.")
    return found


def secret(session: Session, reference: str | None) -> bytes | None:
    """What a reference stands for. Raises ConfigurationError where it leads nowhere."""
    from gateway.config import resolve_secret

    return resolve_secret(reference, session.config.home).encode() if reference else None


def now() -> int:
    """Microseconds since 1970."""
    return int(datetime.now(UTC).timestamp() * 1_000_000)


def day(at: int) -> str:
    """``2028-11-01``, UTC."""
    return f"{datetime.fromtimestamp(at / 1_000_000, UTC):%Y-%m-%d}"


def write(*files: New) -> None:
    """All of them or none; their folders are made. Raises UsageError where one is there already."""
    begun: list[Path] = []
    try:
        for each in files:
            each.path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(each.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, each.mode))
            begun.append(each.path)
        for each in files:
            each.path.write_bytes(each.data)
    except BaseException as error:
        for path in begun:
            path.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            text = f"{error.filename} is there already."
            raise UsageError(text, hint="Move it away first, or go on using it.") from None
        if isinstance(error, OSError):
            raise UsageError(f"{error.filename} cannot be written: {error.strerror}.") from None
        raise
