"""``crossdock as2 keygen`` and ``export``: keys of our own parties, and what partners get of them."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli import as2_home
from gateway.cli.as2_home import New
from gateway.cli.output import Output, results
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from gateway.as2.cms import PrivateKey


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
    from gateway.as2 import cms
    from gateway.core.errors import UsageError

    if bool(passphrase) == no_passphrase:
        raise UsageError("Write --passphrase env:NAME, --passphrase file:PATH, or --no-passphrase.")
    own = as2_home.own_party(as2_home.agreements(session), party)
    home = session.config.home
    secret = as2_home.secret(session, passphrase)
    name = own.as2.id if own.as2 is not None else own.id.upper()
    start = begin.replace(tzinfo=UTC) if begin else datetime.now(UTC)
    made = cms.make_key(name, bits=int(bits), days=days, organization=own.name, now=start)
    stem = f"{own.id}-{start:%Y%m%d}"
    key, certificate = f"keys/{stem}.pem", f"certificates/{stem}.pem"
    as2_home.write(
        New(home / key, cms.key_file(made, secret), 0o600),
        New(home / certificate, cms.certificate_file(made.certificate), 0o644),
    )
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
@click.option(
    "--format",
    "form",
    type=click.Choice(["pem", "der", "p7b"]),
    default="pem",
    show_default=True,
    help="Of the certificate; p7b has the certificates above it too.",
)
@click.option("--pkcs12", is_flag=True, help="The private key too, in one encrypted file: a backup, or for a move.")
@click.option("--passphrase", metavar="REFERENCE", help="env:NAME or file:PATH: what the PKCS #12 is encrypted with.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file; it is made anew. Left out: stdout."
)
@pass_session
def export(session: Session, party: str, form: str, pkcs12: bool, passphrase: str | None, output: Path | None) -> None:
    """Write our certificate that partners should have now: the newest that is valid.

    With --pkcs12 the private key goes with it, encrypted, to --output: never to a partner.

    Example:

    \b
        crossdock --home dock as2 export acme > acme.pem
        crossdock --home dock as2 export acme --pkcs12 --passphrase file:safe/passphrase --output acme.p12
    """
    from gateway.as2 import cms
    from gateway.core.errors import NotFoundError, UsageError

    own = as2_home.own_party(as2_home.agreements(session), party)
    found = as2_home.keyring(session).keys(own)
    if not found:
        raise NotFoundError(f"{own.id} has no key.", hint=f"crossdock as2 keygen {own.id}")
    newest = cms.newest_first([key.certificate for key in found], as2_home.now())[0]
    if newest.not_after < as2_home.now() and not pkcs12:
        text = f"The certificate of {own.id} is over since {as2_home.day(newest.not_after)}: no partner can use it."
        raise UsageError(text, hint=f"crossdock as2 keygen {own.id}")
    key = next(key for key in found if key.certificate == newest)
    if not pkcs12:
        data, mode = _certificate(key, form), 0o644
    elif passphrase and output:
        data, mode = cms.pkcs12_file(key, as2_home.secret(session, passphrase) or b"", own.id), 0o600
    else:
        raise UsageError("A private key is written with --passphrase REFERENCE, and to --output FILE.")
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        as2_home.write(New(output, data, mode))


def _certificate(key: PrivateKey, form: str) -> bytes:
    from gateway.as2 import cms

    if form == "der":
        return key.certificate.der
    return cms.pkcs7_file(key.certificate, *key.chain) if form == "p7b" else cms.certificate_file(key.certificate)


def _made(record: Any) -> str:
    return (
        f"Key:          {record['key']} (stays here)\n"
        f"Certificate:  {record['certificate']} (for your partners)\n"
        f"SHA-256:      {record['sha256']}\n\n"
        f"In partners/{Path(record['file']).name}:\n\n{record['configuration']}"
    )
