"""``crossdock as2 explain``: a stored exchange told layer by layer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.output import Output, Record, results
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from rich.text import Text

    from gateway.core.exchanges import Pairs
    from gateway.service import Service

_MOST = 64 * 1024 * 1024


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@results
@pass_session
@click.pass_context
def explain(context: click.Context, session: Session, file: Path, out: Output) -> None:
    """Tell an AS2 message or MDN layer by layer, and what would make it succeed.

    FILE has the headers of the request or answer, an empty line, and the body, as they went over the wire. The parties
    of the home say which keys and certificates are tried. Exit code 1: it would be refused.

    Example:

    \b
        crossdock --home dock as2 explain message.as2
    """
    from io import BytesIO

    from gateway.as2 import headers
    from gateway.as2.account import account
    from gateway.core.errors import UsageError

    data = file.read_bytes()[: _MOST + 1]
    if len(data) > _MOST:
        raise UsageError(f"{file} has more than {_MOST} bytes.")
    head, separator, body = data.partition(b"\r\n\r\n")
    if not separator:
        head, separator, body = data.partition(b"\n\n")
    fields = headers.parse(head)
    with session.service() as service:
        how = _how(service, fields)
        lines = list(account(fields, BytesIO(body), **how))
    for line in lines:
        out.record(line._asdict(), _shown)
    context.exit(0 if all(line.good for line in lines if line.layer == "verdict") else 1)


def _how(service: Service, fields: Pairs) -> dict[str, Any]:
    """Keys and certificates of the two sides; where they are not agreed on, those of all parties are tried."""
    from gateway.as2 import headers
    from gateway.as2.opening import Means, in_memory
    from gateway.connectors.as2.relations import relations_of

    agreements = service.current().agreements
    keyring = service.as2.keyring()
    known = relations_of(agreements)
    names = [headers.unquoted(headers.value(fields, name)) for name in ("as2-from", "as2-to")]
    inbound = known.inbound(names[0], names[1])
    others = {party.id: keyring.certificates(party) for party in agreements.parties.values() if party.as2}
    if inbound is None:
        partner = agreements.party_by_as2(names[0])
        own = known.own(names[1])
        keys = keyring.keys(own) if own else [key for each in agreements.own() for key in keyring.keys(each)]
        pinned = keyring.certificates(partner) if partner else [each for found in others.values() for each in found]
        least: tuple[str, ...] = ()
        allow: tuple[str, ...] = ("md5", "sha1", "3des")
    else:
        keys, pinned = keyring.keys(inbound.own), keyring.certificates(inbound.partner)
        least, allow = inbound.options.least, inbound.options.allow
    means = Means(keys, pinned, in_memory(), _MOST, "sha256", "signed" in least)
    return {"means": means, "least": least, "allow": allow, "others": others}


def _shown(record: Record) -> Text:
    from rich.text import Text

    text = f"{'✓' if record['good'] else '✗'} {record['layer']:<11}{record['text']}"
    return Text(text, style="" if record["good"] else "red")
