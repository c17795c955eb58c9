"""``crossdock as2 keygen``, ``export`` and ``expiry``: keys and certificates of AS2 in a home."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.output import Column, Output, results
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from gateway.agreements import Agreements, Party
    from gateway.as2.cms import Certificate, PrivateKey
    from gateway.connectors.as2.keyring import Keyring

_DAY = 24 * 3600 * 1_000_000

#: Days before the end from which on somebody should do something about it.
SOON = 60


@click.command()
@click.argument("party")
@click.option("--bits", type=click.Choice(["2048", "3072", "4096"]), default="3072", show_default=True)
@click.option("--days", type=click.IntRange(1, 3650), default=730, show_default=True, help="How long it is valid.")
@click.option(
    "--from",
    "begin",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="From when on it is valid (UTC). Until then an older key signs, and this one decrypts already. Left out: now.",
)
@click.option("--passphrase", metavar="REFERENCE", help="env:NAME or file:PATH: what the key is encrypted with.")
@click.option("--no-passphrase", is_flag=True, help="Leave the key as it is: who reads the file has it.")
@results
@pass_session
def keygen(
    session: Session,
    party: str,
    bits: str,
    days: int,
    begin: datetime | None,
    passphrase: str | None,
    no_passphrase: bool,
    out: Output,
) -> None:
    """Make a private key and a certificate for one of our own parties.

    HOME/keys gets the key, which stays here, HOME/certificates the certificate, which partners get. Nothing is
    overwritten. The lines for the file of the party are shown.

    Example:

    \b
        crossdock --home dock as2 keygen acme --passphrase file:keys/passphrase
        crossdock --home dock as2 keygen acme --passphrase file:keys/passphrase --from 2028-11-01
    """
    from gateway import config
    from gateway.as2 import cms
    from gateway.core.errors import UsageError

    if bool(passphrase) == no_passphrase:
        raise UsageError("Write --passphrase env:NAME, --passphrase file:PATH, or --no-passphrase.")
    own = _own(_agreements(session), party)
    home = session.config.home
    secret = config.resolve_secret(passphrase, home).encode() if passphrase else None
    name = own.as2.id if own.as2 is not None else own.id.upper()
    start = begin.replace(tzinfo=UTC) if begin else datetime.now(UTC)
    made = cms.make_key(name, bits=int(bits), days=days, organization=own.name, now=start)
    stem = f"{own.id}-{start:%Y%m%d}"
    key, certificate = f"keys/{stem}.pem", f"certificates/{stem}.pem"
    _write(home / key, cms.key_file(made, secret), 0o600)
    _write(home / certificate, cms.certificate_file(made.certificate), 0o644)
    lines = [] if own.as2 is not None else ["[as2]", f'id = "{name}"']
    lines += [f'keys = ["{key}"]', *([f'passphrase = "{passphrase}"'] if passphrase else [])]
    record = {
        "key": key,
        "certificate": certificate,
        "sha256": made.certificate.sha256,
        "file": own.file,
        "configuration": "\n".join(lines),
    }
    out.record(record, _made)


@click.command()
@click.argument("party")
@pass_session
def export(session: Session, party: str) -> None:
    """Write our certificate that partners should have now (PEM) to stdout: the newest that is valid.

    Example:

    \b
        crossdock --home dock as2 export acme > acme.pem
    """
    from gateway.as2 import cms
    from gateway.core.errors import NotFoundError

    own = _own(_agreements(session), party)
    found = [key.certificate for key in _keyring(session).keys(own)]
    if not found:
        raise NotFoundError(f"{own.id} has no key.", hint=f"crossdock as2 keygen {own.id}")
    newest = cms.newest_first(found, _now())[0]
    click.echo(cms.certificate_file(newest).decode(), nl=False)


@click.command()
@results
@pass_session
@click.pass_context
def expiry(context: click.Context, session: Session, out: Output) -> None:
    """List the certificates of all parties with the days that are left. Exit code 1: one of them is over.

    Example:

    \b
        crossdock --home dock as2 expiry
    """
    expiring = _expiring(_agreements(session), _keyring(session))
    records = sorted(expiring, key=lambda record: record["days"])
    columns = (
        Column("party", "party"),
        Column("for", "what"),
        Column("valid until", "until"),
        Column("days", "days", right=True),
        Column("", "state", styled=True),
        Column("SHA-256", "sha256"),
    )
    out.table(records, columns, "No party has certificates.")
    context.exit(1 if any(record["days"] < 0 for record in records) else 0)


def _agreements(session: Session) -> Agreements:
    """The parties as they are written: endpoints may still lack what is made or exchanged here."""
    session.make_home()
    return session.knowledge.agreements


def _keyring(session: Session) -> Keyring[Certificate, PrivateKey]:
    from gateway.as2 import cms
    from gateway.config import resolve_secret
    from gateway.connectors.as2.keyring import Keyring
    from gateway.observe import configure

    home = session.config.home
    configure(session.config.log.format, "warning")  # to stderr: stdout is the answer's
    return Keyring(home, lambda reference: resolve_secret(reference, home), cms.certificates, cms.private_keys)


def _now() -> int:
    return int(datetime.now(UTC).timestamp() * 1_000_000)


def _expiring(agreements: Agreements, ring: Keyring[Certificate, PrivateKey]) -> Iterator[dict[str, Any]]:
    now = _now()
    for party in agreements.parties.values():
        if party.as2 is None:
            continue
        found = {"key": [key.certificate for key in ring.keys(party)], "certificate": ring.certificates(party)}
        if party.as2.encryption_certificates:
            found["encryption"] = ring.encryption_certificates(party)
        for what, certificates in found.items():
            for each in certificates:
                days = (each.not_after - now) // _DAY
                yield {
                    "party": party.id,
                    "what": what,
                    "until": f"{datetime.fromtimestamp(each.not_after / 1_000_000, UTC):%Y-%m-%d}",
                    "days": days,
                    "state": "error" if days < 0 else "warning" if days <= SOON else "valid",
                    "sha256": each.sha256,
                }


def _own(agreements: Agreements, name: str) -> Party:
    """Raises NotFoundError for nobody, and UsageError for a partner: its keys are its own."""
    from gateway.core.errors import UsageError

    found = agreements.party(name)
    if not found.own:
        raise UsageError(f"{found.id} is a partner: it makes its own keys and sends you its certificate.")
    return found


def _write(path: Path, data: bytes, mode: int) -> None:
    """A new file; its folder is made. Raises UsageError where there is one."""
    from gateway.core.errors import UsageError

    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
    except FileExistsError:
        raise UsageError(f"{path} is there already.", hint="Move it away first, or go on using it.") from None


def _made(record: Any) -> str:
    return (
        f"Key:          {record['key']} (stays here)\n"
        f"Certificate:  {record['certificate']} (for your partners)\n"
        f"SHA-256:      {record['sha256']}\n\n"
        f"In partners/{Path(record['file']).name}:\n\n{record['configuration']}"
    )
