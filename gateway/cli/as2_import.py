"""``crossdock as2 import``: the certificate that a partner mailed, or the key pair of a program that we had before."""

from __future__ import annotations

import re
from contextlib import suppress
from hashlib import sha1
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli import as2_home
from gateway.cli.as2_home import New
from gateway.cli.output import Output, Record, results
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from gateway.agreements import Party
    from gateway.agreements.as2 import As2
    from gateway.as2.cms import Certificate

#: Bytes of the largest file that is looked at.
_MOST = 1024 * 1024


@click.command("import")
@click.argument("party")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--passphrase", metavar="REFERENCE", help="env:NAME or file:PATH: what a file with a key is encrypted with."
)
@click.option("--encryption", is_flag=True, help="The partner signs with another one: this one is to encrypt for it.")
@results
@pass_session
def import_(session: Session, party: str, file: Path, passphrase: str | None, encryption: bool, out: Output) -> None:
    """Take a partner's certificate, or a key pair of our own, into the home.

    PEM, DER and PKCS #7 (.cer, .crt, .p7b) are read, and for our own parties PKCS #12 (.p12, .pfx) and PEM with a key:
    OpenAS2, mendelson and others export it; it is kept encrypted with the same passphrase. Compare the fingerprint with
    the partner, by telephone. The line for the file of the party is shown, which need not be there yet; what is there
    already is left as it is.

    Example:

    \b
        crossdock --home dock as2 import globex globex.cer
        crossdock --home dock as2 import acme old.p12 --passphrase file:keys/passphrase
    """
    from gateway.agreements import Party
    from gateway.agreements.model import NAME
    from gateway.core.errors import UsageError

    found = as2_home.agreements(session).parties.get(party)
    if found is None and not re.fullmatch(NAME, party):
        raise UsageError(f'"{party}" is no name of a party.', hint="Small letters, digits and dashes.")
    known = found or Party(id=party, name=party, file=f"partners/{party}.toml")
    data = file.read_bytes()[: _MOST + 1]
    if len(data) > _MOST:
        raise UsageError(f"{file} is too large to be a certificate.")
    if known.own:
        record = _key(session, known, data, file, passphrase)
    else:
        record = _certificates(session, known, data, file, encryption)
    out.record(record, _told)


def _key(session: Session, own: Party, data: bytes, file: Path, passphrase: str | None) -> Record:
    from gateway.as2 import cms
    from gateway.core.errors import UsageError

    secret = as2_home.secret(session, passphrase)
    if secret is None:
        text = f"{own.id} is one of our own parties: its key is kept encrypted."
        raise UsageError(text, hint="--passphrase env:NAME or file:PATH: what the file is encrypted with.")
    try:
        (found,) = cms.private_keys(data, secret)
    except cms.KeyFileError as error:
        raise UsageError(f"{file}: {error.detail}", hint=error.hint) from None
    if found.certificate in [key.certificate for key in as2_home.keyring(session).keys(own)]:
        return _record(own, [found.certificate], "", "")
    home, data = session.config.home, cms.key_file(found, secret)
    name = _there(home, found.certificate) or _keep(home, "keys", own, found.certificate, data, 0o600)
    lines = _lines(own.as2, own.id.upper(), "keys", name)
    if own.as2 is None or own.as2.passphrase != passphrase:
        lines.append(f'passphrase = "{passphrase}"')
    return _record(own, [found.certificate], name, "\n".join(lines))


def _certificates(session: Session, partner: Party, data: bytes, file: Path, encryption: bool) -> Record:
    from gateway.as2 import cms
    from gateway.core.errors import UsageError

    if b"PRIVATE KEY-----" in data:
        text = f"There is a private key in {file}: it is {partner.id}'s alone, and now others have it."
        raise UsageError(text, hint="Tell the partner: it needs a new one, and sends you the certificate only.")
    try:
        found = cms.leaves(cms.certificates(data))
    except cms.KeyFileError as error:
        raise UsageError(f"{file}: {error.detail}", hint=error.hint) from None
    ring, use = as2_home.keyring(session), "encryption_certificates" if encryption else "certificates"
    before: list[Certificate] = []
    if partner.as2 is not None and getattr(partner.as2, use):
        before = ring.encryption_certificates(partner) if encryption else ring.certificates(partner)
    new = [each for each in found if each not in before]
    if not new:
        return _record(partner, found, "", "")
    name = _keep(session.config.home, "certificates", partner, new[0], cms.certificate_file(*new), 0o644)
    return _record(partner, new, name, "\n".join(_lines(partner.as2, partner.id.upper(), use, name)))


def _there(home: Path, wanted: Certificate) -> str:
    """The file of a key that came before and that no party names yet: encrypted anew it would look like another."""
    from gateway.as2 import cms

    for path in sorted(home.glob("keys/*.pem")):
        with suppress(OSError, cms.KeyFileError):
            if wanted in cms.certificates(path.read_bytes()):
                return f"keys/{path.name}"
    return ""


def _keep(home: Path, folder: str, party: Party, found: Certificate, data: bytes, mode: int) -> str:
    """``certificates/globex.pem``; of what comes later with the day from which on it is valid. Returns the name."""
    begin = as2_home.day(found.not_before).replace("-", "")
    names = [f"{folder}/{party.id}{more}.pem" for more in ("", f"-{begin}", f"-{begin}-{found.sha256[:8]}")]
    for name in names:
        if not (home / name).exists() or name == names[-1]:
            as2_home.write(New(home / name, data, mode))
            return name
        if (home / name).read_bytes() == data:
            break
    return name


def _lines(known: As2 | None, id: str, key: str, name: str) -> list[str]:
    if known is None:
        return ["[as2]", f'id = "{id}"', f'{key} = ["{name}"]']
    names = ", ".join(f'"{each}"' for each in (*getattr(known, key), name))
    return [f"{key} = [{names}]"]


def _record(party: Party, found: list[Certificate], name: str, configuration: str) -> Record:
    at = as2_home.now()
    return {
        "party": party.id,
        "written": name or None,
        "certificates": [
            {
                "subject": each.subject,
                "issuer": each.issuer,
                "key": each.kind,
                "from": as2_home.day(each.not_before),
                "until": as2_home.day(each.not_after),
                "sha256": each.sha256,
                "sha1": sha1(each.der, usedforsecurity=False).hexdigest(),
                "warnings": _warnings(each, at),
            }
            for each in found
        ],
        "file": party.file,
        "configuration": configuration,
    }


def _warnings(found: Certificate, at: int) -> list[str]:
    wrong = (
        (found.not_after < at, "It is over: the partner must send its new one."),
        (found.not_before > at, "It is not valid yet: it is used from that day on."),
        (found.weak, "Its key is shorter than 2048 bits."),
        (found.digest in {"md5", "sha1"}, f"It is signed with {found.digest.upper()}."),
    )
    return [text for is_so, text in wrong if is_so]


def _told(record: Any) -> str:
    blocks = [_one(each) for each in record["certificates"]]
    if record["written"] is None:
        return "\n\n".join([*blocks, "It is there already; nothing was written."])
    blocks.append(f"In:         {record['written']}")
    blocks.append(f"In partners/{Path(record['file']).name}:\n\n{record['configuration']}")
    return "\n\n".join(blocks)


def _one(each: Any) -> str:
    lines = [
        f"Subject:    {each['subject']}",
        f"Issuer:     {each['issuer']}",
        f"Key:        {each['key']}",
        f"Valid:      {each['from']} to {each['until']}",
        f"SHA-256:    {_pairs(each['sha256'])}",
        f"SHA-1:      {_pairs(each['sha1'])}",
        *(f"Warning:    {warning}" for warning in each["warnings"]),
    ]
    return "\n".join(lines)


def _pairs(text: str) -> str:
    """As it is read out."""
    return ":".join(text[at : at + 2] for at in range(0, len(text), 2)).upper()
