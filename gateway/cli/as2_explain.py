"""``crossdock as2 explain``: a stored exchange told layer by layer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.output import Output, Record, results
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from rich.text import Text

    from gateway.as2.account import Line
    from gateway.core.errors import CrossdockError
    from gateway.core.exchanges import Pairs
    from gateway.core.spooled import Body
    from gateway.service import Service

_MOST = 64 * 1024 * 1024


@click.command()
@click.argument("what", metavar="FILE|ID")
@results
@pass_session
@click.pass_context
def explain(context: click.Context, session: Session, what: str, out: Output) -> None:
    """Tell an AS2 message or MDN layer by layer, and what would make it succeed.

    ID is a transmission (tx_…): a message that came, taken or refused, as it went over the wire; or one of ours, of
    which the MDN is told. FILE has the headers of a request or answer, an empty line, and the body. The parties of the
    home say which keys and certificates are tried, so that a change of theirs can be tried on what was refused. Exit
    code 1: it would be refused.

    Example:

    \b
        crossdock --home dock as2 explain tx_42
        crossdock --home dock as2 explain message.as2
    """
    from gateway.as2.account import account
    from gateway.as2.mdn import is_mdn
    from gateway.core.spooled import open_body

    with session.service() as service:
        fields, body = _from_file(Path(what)) if Path(what).exists() else _from_record(service, what)
        how = _how(service, fields)
        with open_body(body) as stream:
            lines = list(account(fields, stream, **how))
            if not is_mdn(fields, stream):
                lines = _of_strangers(service, fields, lines)
    for line in lines:
        out.record(line._asdict(), _shown)
    context.exit(0 if all(line.good for line in lines if line.layer == "verdict") else 1)


def _of_strangers(service: Service, fields: Pairs, lines: list[Line]) -> list[Line]:
    """However well it opens: what nobody is agreed on under these names is refused."""
    from gateway.as2.account import Line
    from gateway.connectors.as2.relations import relations_of

    agreements = service.current().agreements
    names = _names(fields)
    if relations_of(agreements).inbound(*names) is not None:
        return lines
    text = 'It is refused: unknown-trading-relationship. Nobody is agreed on under AS2-From "{}" and AS2-To "{}".'
    known = [name for party in agreements.parties.values() if party.as2 for name in party.as2.names]
    hint = f"Names of parties: {', '.join(known) or 'none'}. id or ids of [as2], and an endpoint in, would admit it."
    opened = [line for line in lines if line.layer != "verdict" or not line.good]
    return [*opened, Line("verdict", text.format(*names), good=False), Line("setting", hint)]


def _names(fields: Pairs) -> tuple[str, str]:
    """AS2-From and AS2-To."""
    from gateway.as2 import headers

    as2_from, as2_to = (headers.unquoted(headers.value(fields, name)) for name in ("as2-from", "as2-to"))
    return as2_from, as2_to


def _from_file(file: Path) -> tuple[Pairs, bytes]:
    from gateway.as2 import headers
    from gateway.core.errors import UnreadableError

    if not file.is_file():
        raise UnreadableError(f"{file} is no file.")
    with file.open("rb") as stream:
        data = stream.read(_MOST + 1)
    if len(data) > _MOST:
        raise _too_long(str(file))
    head, separator, body = data.partition(b"\r\n\r\n")
    if not separator:
        head, separator, body = data.partition(b"\n\n")
    return headers.parse(head), body


def _from_record(service: Service, id: str) -> tuple[Pairs, Body]:
    from gateway.core.errors import UsageError
    from gateway.core.spooled import size_of
    from gateway.store import ids, wire

    try:
        reference = ids.parse(id)
    except UsageError:
        hint = "Name a file, or a transmission: crossdock transmissions lists them."
        raise UsageError(f"{id} is no file, and no id.", hint=hint) from None
    with service.database.read() as connection:
        fields, body = wire.wire_of(connection, reference)
    if size_of(body) > _MOST:
        raise _too_long(id)
    return fields, body


def _too_long(what: str) -> CrossdockError:
    from gateway.core.errors import UsageError

    return UsageError(f"{what} has more than {_MOST} bytes.")


def _how(service: Service, fields: Pairs) -> dict[str, Any]:
    """Keys and certificates of the two sides; where they are not agreed on, those of all parties are tried."""
    from gateway.as2.opening import Means, in_memory
    from gateway.connectors.as2.relations import relations_of

    agreements = service.current().agreements
    keyring = service.as2.keyring()
    known = relations_of(agreements)
    names = _names(fields)
    inbound = known.inbound(names[0], names[1])
    others = {party.id: keyring.certificates(party) for party in agreements.parties.values() if party.as2}
    if inbound is None:
        partner = agreements.party_by_as2(names[0])
        own = known.own(names[1])
        keys = keyring.keys(own) if own else [key for each in agreements.own() for key in keyring.keys(each)]
        pinned = [each for found in others.values() for each in found]
        if partner is not None:  # of what we sent ourselves, our own
            mine = [key.certificate for key in keyring.keys(partner)]
            pinned = mine if partner.own else keyring.certificates(partner)
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
